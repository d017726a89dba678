// How far from the middle of each target it was touched, on a small picture of the screen.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Piece {
    id: piece

    readonly property real ratio: Theme.windowWidth / Theme.windowHeight

    function need(): real {
        return Math.min(width / ratio, Theme.mm(Theme.compact ? 44 : Theme.portrait ? 110 : 70));
    }

    Rectangle {
        border.color: Theme.outline
        border.width: Theme.thickLine
        color: Theme.card
        height: parent.height
        radius: Theme.radius
        width: Math.min(parent.width, Math.max(Theme.mm(60), height * piece.ratio))

        Repeater {
            model: piece.content.targets.length

            Words {
                required property int index
                readonly property var target: piece.content.targets[index] ?? ({})

                font.bold: true
                objectName: "target-" + index
                text: target.off < 0 ? "—" : piece.view.texts["view.target.off"].replace("{mm}", target.off.toFixed(1))
                wrapMode: Text.NoWrap
                x: (parent.width - width - 2 * Theme.mm(2)) / 2 * (index % 3) + Theme.mm(2)
                y: (parent.height - height - 2 * Theme.mm(1.5)) / 2 * Math.floor(index / 3) + Theme.mm(1.5)
            }
        }
    }
}
