// A line of what a device said, as it came.
import QtQuick
import ".."

Piece {
    id: piece

    function need(): real {
        return words.implicitHeight + Theme.mm(0.4);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.card
    }
    Words {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        font.family: "monospace"
        text: piece.content.text
        width: parent.width - 2 * x
        x: Theme.mm(2)
    }
}
