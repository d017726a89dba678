// What is wrong and what to do about it, in the language shown; its first cause stands below, as it came.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property bool leads: content.page !== ""
    readonly property real padding: Theme.mm(Theme.compact ? 1.4 : 2.4)
    readonly property real inset: 2 * padding + symbol.size

    space: Theme.mm(Theme.compact ? 1.2 : 2)
    function need(): real {
        const told = Theme.compact ? since.implicitHeight : 0;
        return Math.max(leads ? Theme.touch : 0, text.implicitHeight + action.implicitHeight + Theme.mm(1) + told + 2 * padding);
    }

    Surface {
        Accessible.name: piece.content.word + ": " + piece.content.text + " " + piece.content.since + " " + piece.content.action
        anchors.fill: parent
        enabled: piece.leads
        objectName: "problem-" + piece.content.code
        visible: piece.leads
        onClicked: piece.view.go(piece.content.page)
    }
    Rectangle {
        Accessible.name: piece.content.word
        Accessible.role: Accessible.StaticText
        anchors.fill: parent
        border.color: Theme.outline
        border.width: Theme.line
        color: Theme.card
        radius: Theme.radius
        visible: !piece.leads
    }
    StateMark {
        id: symbol

        name: piece.content.severity
        size: Theme.mm(Theme.compact ? 6 : 8)
        view: piece.view
        x: piece.padding
        y: piece.padding
    }
    Words {
        id: text

        Accessible.ignored: piece.leads
        font.bold: true
        glyph: Theme.compact ? 4 : Theme.strongHeight
        text: piece.content.word + "  " + piece.content.text
        width: parent.width - x - piece.padding - (Theme.compact ? 0 : since.implicitWidth + piece.padding)
        x: piece.inset
        y: piece.padding
    }
    Words {
        id: since

        Accessible.ignored: piece.leads
        color: Theme.softInk
        text: piece.content.since
        wrapMode: Text.NoWrap
        x: Theme.compact ? piece.inset : parent.width - width - piece.padding
        y: Theme.compact ? text.y + text.implicitHeight : text.y
    }
    Words {
        id: action

        Accessible.ignored: piece.leads
        text: piece.content.action
        width: parent.width - x - piece.padding
        x: piece.inset
        y: text.y + text.implicitHeight + Theme.mm(1) + (Theme.compact ? since.implicitHeight : 0)
    }
}
