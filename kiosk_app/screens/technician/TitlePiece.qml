// The title of a list.
import QtQuick
import ".."

Piece {
    id: piece

    space: Theme.mm(Theme.compact ? 1 : 2)
    function need(): real {
        return words.implicitHeight;
    }

    Words {
        id: words

        Accessible.role: Accessible.Heading
        font.bold: true
        glyph: Theme.compact ? 4 : Theme.strongHeight
        text: piece.content.text
        width: parent.width
    }
}
