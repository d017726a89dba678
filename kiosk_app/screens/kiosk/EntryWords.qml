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
        elide: Text.ElideRight
        font.bold: true
        glyph: words.glyph
        maximumLineCount: 4 // whatever the hall calls its things, a page holds more than one
        text: words.entry.title
        width: parent.width
    }
    Words {
        color: words.enabled ? Theme.accent : Theme.softInk
        elide: Text.ElideRight
        glyph: Theme.buttonHeight
        maximumLineCount: 1
        text: words.entry.detail
        visible: text !== ""
        width: parent.width
    }
}
