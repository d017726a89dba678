// The rating test: five lights in the order of the evaluator, each with face and word; the one to press is marked.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Piece {
    id: piece

    readonly property real cell: Math.floor((width - 4 * Theme.smallGap) / 5)
    function need(): real {
        const height = Theme.mm(Theme.compact ? (content.large ? 37 : 39) : content.large ? 46 : 60);
        return height + (content.asked === "" ? 0 : asked.implicitHeight + Theme.smallGap);
    }

    Words {
        id: asked

        font.bold: true
        glyph: Theme.compact ? 6 : Theme.portrait ? 8 : 10
        objectName: "asked"
        text: piece.content.asked
        visible: text !== ""
        width: parent.width - count.width - Theme.mm(2)
    }
    Words {
        id: count

        anchors.right: parent.right
        color: Theme.softInk
        glyph: Theme.compact ? 4 : Theme.strongHeight
        text: piece.content.count
        wrapMode: Text.NoWrap
        y: Math.max(0, asked.baselineOffset - baselineOffset)
    }
    Row {
        id: lights

        anchors.bottom: parent.bottom
        height: parent.height - (asked.visible ? asked.implicitHeight + Theme.smallGap : 0)
        spacing: Theme.smallGap

        Repeater {
            model: piece.content.keys.length

            KeyLight {
                required property int index

                height: lights.height
                brief: piece.content.large
                light: piece.content.keys[index] ?? ({})
                view: piece.view
                width: piece.cell
            }
        }
    }
}
