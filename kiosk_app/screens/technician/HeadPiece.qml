// What stands over the columns of a table.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property real padding: Theme.mm(Theme.compact ? 1.2 : 2.4)

    space: Theme.mm(0.6)
    function need(): real {
        return cells.tallest() + Theme.mm(1);
    }

    Cells {
        id: cells

        colour: Theme.softInk
        height: parent.height
        strong: true
        least: piece.content.least
        texts: piece.content.cells
        widths: piece.content.widths
        width: parent.width - 2 * piece.padding
        x: piece.padding
    }
}
