// The words of who said it, as they came: a cause, a detail, a platform's reason; and a note.
import QtQuick
import ".."

Piece {
    id: piece

    function need(): real {
        return words.implicitHeight + Theme.mm(1);
    }

    Rectangle {
        color: Theme.outline
        height: parent.height
        width: Theme.thickLine
        x: Theme.mm(1)
    }
    Words {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        color: Theme.softInk
        text: piece.content.text
        width: parent.width - x
        wrapMode: Text.Wrap
        x: Theme.mm(4)
    }
}
