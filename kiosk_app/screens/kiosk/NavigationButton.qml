// A button of the panel with a drawing before its word.
import QtQuick
import ".."

ActionButton {
    id: button

    required property var view

    raised: true

    contentItem: Item {
        implicitHeight: word.implicitHeight
        implicitWidth: parts.implicitWidth

        Row {
            id: parts

            anchors.centerIn: parent
            spacing: Theme.mm(1.5)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: button.icon.name
                size: Theme.mm(5.5)
                view: button.view
            }
            ScreenText {
                id: word

                anchors.verticalCenter: parent.verticalCenter
                color: button.foreground
                glyph: button.glyph
                text: button.text
                wrapMode: Text.NoWrap
            }
        }
    }
}
