// A code as it is typed: a place for every character, in groups of four as on the slip.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: cells

    required property string typed
    required property int places
    required property string name
    readonly property string characters: typed.replace(/[^0-9A-Za-z]/g, "")
    readonly property int groups: Math.ceil(places / 4)
    readonly property real space: Theme.mm(Theme.compact ? 0.5 : 1)
    readonly property real groupSpace: Theme.mm(Theme.compact ? 2 : 3)
    readonly property real cellWidth: Math.min(Theme.mm(12), Math.floor((width - (places - groups) * space - (groups - 1) * groupSpace) / places))
    readonly property real wholeWidth: places * cellWidth + (places - groups) * space + (groups - 1) * groupSpace

    Accessible.name: name
    Accessible.role: Accessible.StaticText
    implicitHeight: Math.min(cellWidth * 1.5, Theme.mm(Theme.compact ? 11 : 15))

    Repeater {
        model: cells.places

        Rectangle {
            id: cell

            required property int index
            readonly property string character: cells.characters[index] ?? ""

            border.color: index === cells.characters.length ? Theme.accent : Theme.outline
            border.width: index === cells.characters.length ? Theme.thickLine : Theme.line
            color: Theme.card
            height: cells.implicitHeight
            radius: Theme.radius / 2
            width: cells.cellWidth
            x: (cells.width - cells.wholeWidth) / 2 + index * (cells.cellWidth + cells.space) + Math.floor(index / 4) * (cells.groupSpace - cells.space)

            Words {
                Accessible.ignored: true
                anchors.centerIn: parent
                font.bold: true
                glyph: Math.max(4, Math.min(7, cells.cellWidth / Theme.unit * 0.75))
                text: cell.character
                wrapMode: Text.NoWrap
            }
        }
    }
}
