// Someone is being served: whose turn it is, and what will be asked afterwards.
import QtQuick
import QtQuick.Layouts

Item {
    id: page

    required property var view

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.mm(Theme.compact ? 4 : 8)

        PageTitle {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            text: page.view.texts["serving.title"]
        }
        ScreenText {
            Layout.fillWidth: true
            color: Theme.accent
            font.bold: true
            glyph: Theme.displayHeight * 1.3
            horizontalAlignment: Text.AlignHCenter
            text: page.view.texts["serving.ticket"].replace("{ticket}", page.view.ticket)
            visible: page.view.ticket !== ""
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        color: Theme.accentTint
        implicitHeight: after.implicitHeight + 2 * Theme.mm(3)
        radius: Theme.radius

        ColumnLayout {
            id: after

            anchors.left: parent.left
            anchors.margins: Theme.mm(4)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.smallGap

            ScreenText {
                Layout.fillWidth: true
                text: page.view.texts["serving.after"]
            }
            PrivacyLine {
                Layout.fillWidth: true
                view: page.view
            }
        }
    }
}
