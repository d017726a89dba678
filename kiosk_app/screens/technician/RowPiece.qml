// A row of a table: its short cells side by side, a long text below them; a button where it can be touched.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property bool acts: content.action !== ""
    readonly property real padding: Theme.mm(Theme.compact ? 1.2 : 2.4)
    readonly property string name: [...content.cells, content.below].filter(text => text !== "").join(", ")

    space: acts ? Theme.gap : 0
    function need(): real {
        const below = content.below === "" ? 0 : text.implicitHeight;
        return Math.max(acts ? Theme.touch : 0, cells.tallest() + below + 2 * Theme.mm(Theme.compact ? 0.8 : 1.4));
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.card
        visible: !piece.acts

        Rectangle {
            color: Theme.hairline
            height: Theme.line
            width: parent.width
        }
    }
    Surface {
        Accessible.name: piece.name
        anchors.fill: parent
        chosen: piece.content.chosen
        enabled: !piece.view.busy
        objectName: "row-" + piece.content.id
        visible: piece.acts
        onClicked: piece.view.act(piece.content.action, piece.content.id)
    }
    Cells {
        id: cells

        height: piece.content.below === "" ? parent.height : tallest()
        strong: piece.content.chosen
        least: piece.content.least
        texts: piece.content.cells
        widths: piece.content.widths
        width: parent.width - 2 * piece.padding
        x: piece.padding
        y: piece.content.below === "" ? 0 : Theme.mm(Theme.compact ? 0.8 : 1.4)
    }
    Words {
        id: text

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.mm(Theme.compact ? 0.8 : 1.4)
        color: Theme.softInk
        text: piece.content.below
        visible: text !== ""
        width: parent.width - 2 * piece.padding
        x: piece.padding
    }
}
