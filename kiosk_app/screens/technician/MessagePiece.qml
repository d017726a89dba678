// One thing said: how it is told by a symbol and a word, not only by colour.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property real padding: Theme.mm(Theme.compact ? 1.2 : 2.4)
    readonly property string mark: ({
            good: "ok",
            bad: "problem",
            info: "info"
        })[content.kind]

    Accessible.name: content.word + ": " + content.text
    Accessible.role: Accessible.AlertMessage
    space: Theme.mm(Theme.compact ? 0.8 : 1.5)
    function need(): real {
        return Math.max(words.implicitHeight, symbol.size) + 2 * padding;
    }

    Rectangle {
        anchors.fill: parent
        border.color: piece.mark === "problem" ? Theme.choiceColours.very_dissatisfied : piece.mark === "ok" ? Theme.choiceColours.very_satisfied : Theme.outline
        border.width: piece.mark === "info" ? Theme.line : Theme.thickLine
        color: Theme.card
        radius: Theme.radius
    }
    StateMark {
        id: symbol

        anchors.verticalCenter: parent.verticalCenter
        name: piece.mark
        size: Theme.mm(Theme.compact ? 5 : 7)
        view: piece.view
        x: piece.padding
    }
    Words {
        id: words

        Accessible.ignored: true
        anchors.verticalCenter: parent.verticalCenter
        font.bold: piece.mark !== "info"
        glyph: Theme.compact ? 4 : Theme.strongHeight
        text: piece.content.text
        width: parent.width - x - piece.padding
        x: 2 * piece.padding + symbol.size
    }
}
