// Nobody has touched for long: the page is covered, nothing of it can be read, and one button goes on (R24).
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: cover

    required property var view

    color: Theme.panel

    // What lies below takes no touch.
    MouseArea {
        anchors.fill: parent
    }
    ColumnLayout {
        anchors.centerIn: parent
        spacing: Theme.mm(Theme.compact ? 3 : 8)
        width: parent.width - 4 * Theme.margin

        Words {
            Accessible.role: Accessible.Heading
            Layout.fillWidth: true
            color: Theme.panelText
            font.bold: true
            glyph: Theme.compact ? 8 : 11
            horizontalAlignment: Text.AlignHCenter
            text: cover.view.texts["idle.title"]
        }
        Words {
            Layout.fillWidth: true
            color: Theme.gold
            font.bold: true
            glyph: Theme.compact ? 14 : 24
            horizontalAlignment: Text.AlignHCenter
            text: cover.view.remaining_seconds
        }
        Words {
            Layout.fillWidth: true
            color: Theme.softPanelText
            glyph: Theme.messageHeight
            horizontalAlignment: Text.AlignHCenter
            text: cover.view.texts["idle.text"]
        }
        ActionButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredHeight: Theme.mm(Theme.compact ? 18 : 26)
            Layout.preferredWidth: Theme.mm(80)
            glyph: Theme.compact ? 6 : 8
            objectName: "stay"
            text: cover.view.texts["idle.stay"]
            onClicked: cover.view.stay()
        }
    }
}
