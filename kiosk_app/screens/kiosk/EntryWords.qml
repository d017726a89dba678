// The words of one choice of a list; also measured, to see how many have room.
import QtQuick
import ".."

Column {
    id: words

    required property var entry
    property real glyph: Theme.strongHeight

    spacing: Theme.mm(Theme.compact ? 0 : 0.5)

    Words {
        color: words.enabled ? Theme.ink : Theme.softInk
        font.bold: true
        glyph: words.glyph
        text: words.entry.title
        width: parent.width
    }
    Words {
        color: words.enabled ? Theme.accent : Theme.softInk
        glyph: Theme.buttonHeight
        text: words.entry.detail
        visible: text !== ""
        width: parent.width
    }
}
