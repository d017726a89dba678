// One line of a list: what, and how it is; a button where it leads to a page.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property bool leads: content.page !== ""
    readonly property bool tile: content.tile // label and state in one line, what is known below
    readonly property bool stated: content.word !== ""
    readonly property real padding: Theme.mm(Theme.compact ? 1.2 : 2)
    readonly property real edge: Theme.mm(Theme.compact ? 0.7 : 1.3)
    readonly property real labelWidth: Math.min(Math.ceil(widest.advanceWidth) + 2, Math.floor(width * 0.45))
    readonly property real stateWidth: stated ? symbol.size + word.implicitWidth + Theme.mm(1) + padding : 0

    most: tile && !Theme.compact ? 2 : 1
    space: tile ? Theme.gap : 0
    function need(): real {
        const tall = tile ? label.implicitHeight + value.implicitHeight : Math.max(label.implicitHeight, value.implicitHeight, word.implicitHeight);
        return Math.max(leads ? Theme.touch : 0, tall + 2 * edge);
    }

    TextMetrics {
        id: widest

        font.pixelSize: Theme.evenSize(Theme.bodyHeight, text)
        text: piece.content.widest
    }
    Rectangle {
        anchors.fill: parent
        border.color: Theme.hairline
        border.width: piece.tile ? Theme.line : 0
        color: Theme.card
        radius: piece.tile ? Theme.radius : 0
        visible: !piece.leads

        Rectangle {
            color: Theme.hairline
            height: Theme.line
            visible: !piece.tile && piece.content.label !== "" && !piece.content.first
            width: parent.width
        }
    }
    Surface {
        Accessible.name: [piece.content.label, piece.content.value, piece.content.word].filter(text => text !== "").join(", ")
        anchors.fill: parent
        objectName: "fact-" + piece.content.key
        visible: piece.leads
        onClicked: piece.view.go(piece.content.page)
    }
    Words {
        id: label

        Accessible.ignored: piece.leads
        color: piece.tile ? Theme.ink : Theme.softInk
        font.bold: piece.tile && !Theme.compact
        text: piece.content.label
        width: piece.tile ? parent.width - 2 * piece.padding - piece.stateWidth : piece.labelWidth
        x: piece.padding
        y: piece.tile ? piece.edge : (parent.height - height) / 2
    }
    Words {
        id: value

        Accessible.ignored: piece.leads
        text: piece.content.value
        width: parent.width - x - piece.padding - (piece.tile ? 0 : piece.stateWidth)
        x: piece.tile ? piece.padding : piece.labelWidth + 3 * piece.padding
        y: piece.tile ? label.y + label.implicitHeight : (parent.height - height) / 2
    }
    StateMark {
        id: symbol

        name: piece.content.state
        size: Theme.mm(5)
        view: piece.view
        x: word.x - width - Theme.mm(1)
        y: word.y + (word.height - height) / 2
    }
    Words {
        id: word

        Accessible.ignored: piece.leads
        text: piece.content.word
        wrapMode: Text.NoWrap
        x: parent.width - width - piece.padding
        y: piece.tile ? piece.edge : (parent.height - height) / 2
    }
}
