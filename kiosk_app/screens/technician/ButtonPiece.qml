// A button among the pieces of a page.
import QtQuick
import ".."

Piece {
    id: piece

    most: 4
    space: Theme.gap
    function need(): real {
        return button.implicitHeight;
    }
    function narrowest(): real {
        return Math.max(Theme.mm(Theme.compact ? 22 : 34), button.implicitWidth);
    }

    ActButton {
        id: button

        anchors.fill: parent
        content: piece.content
        view: piece.view
    }
}
