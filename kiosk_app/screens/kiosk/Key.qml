// A key of the keys on the screen.
import QtQuick
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: key

    required property var view
    property string symbol // a drawing instead of a character

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus

    background: Rectangle {
        border.color: key.visualFocus ? Theme.accent : Theme.outline
        border.width: key.visualFocus || key.down ? Theme.thickLine : Theme.line
        color: key.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
    contentItem: Item {
        Words {
            anchors.centerIn: parent
            font.bold: true
            glyph: Math.max(4, Math.min(9, key.height / Theme.unit * 0.42))
            text: key.symbol === "" ? key.text : ""
            visible: text !== ""
            wrapMode: Text.NoWrap
        }
        Icon {
            anchors.centerIn: parent
            name: key.symbol
            size: Math.min(key.height * 0.6, Theme.mm(10))
            view: key.view
            visible: name !== ""
        }
    }
}
