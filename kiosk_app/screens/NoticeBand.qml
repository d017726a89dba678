// The hall's notices, one at a time, slowly.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: band

    required property var view
    readonly property var notices: view.notices
    readonly property var notice: notices[index % Math.max(1, notices.length)] ?? ({
            title: "",
            text: ""
        })
    property int index: 0

    color: Theme.noticeGround
    implicitHeight: line.implicitHeight + 2 * Theme.mm(Theme.compact ? 1.5 : 2.5)
    radius: Theme.radius
    visible: notices.length > 0

    Timer {
        interval: Theme.readingTime
        repeat: true
        running: band.notices.length > 1
        onTriggered: band.index = (band.index + 1) % band.notices.length
    }
    RowLayout {
        id: line

        anchors.left: parent.left
        anchors.margins: Theme.mm(3)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.mm(2)

        Icon {
            name: "notice"
            size: Theme.mm(Theme.bodyHeight * 1.4)
            view: band.view
        }
        ScreenText {
            Accessible.name: band.view.texts["sign.notice"] + " " + text
            Layout.fillWidth: true
            color: Theme.noticeInk
            elide: Text.ElideRight
            maximumLineCount: Theme.compact ? 2 : 3
            text: [band.notice.title, band.notice.text].filter(part => part !== "").join("  ")
        }
    }
}
