// A button with a drawing before its word.
import QtQuick
import ".."

ActionButton {
    id: button

    required property var view
    property real iconSize: Theme.mm(Theme.compact ? 4 : 5.5)

    contentItem: Item {
        implicitHeight: word.implicitHeight
        implicitWidth: parts.implicitWidth

        Row {
            id: parts

            anchors.centerIn: parent
            spacing: Theme.mm(Theme.compact ? 1 : 2)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: button.icon.name
                size: button.iconSize
                view: button.view
            }
            Words {
                id: word

                anchors.verticalCenter: parent.verticalCenter
                color: button.foreground
                font.bold: button.primary
                glyph: button.glyph
                text: button.text
                wrapMode: Text.NoWrap
            }
        }
    }
}
