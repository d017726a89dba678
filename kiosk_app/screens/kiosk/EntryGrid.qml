// Any number of choices, in columns and pages: all of one size, as high as the longest of them needs.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: grid

    required property var view
    required property var entries
    property real glyph: Theme.compact ? 4.2 : Theme.strongHeight * 1.15
    property int fewestColumns: Theme.portrait || Theme.compact ? 1 : 2
    property real highest: Theme.mm(Theme.portrait ? 28 : 26)

    // As many columns as hold the longest name in one line; but not more than are needed.
    readonly property real inset: 2 * Theme.mm(Theme.compact ? 2 : 4) + (Theme.compact ? 0 : Theme.mm(7))
    readonly property real longest: entries.reduce((most, entry) => Math.max(most, advance(entry.title, glyph), advance(entry.detail, Theme.buttonHeight)), 0)
    readonly property int mostColumns: Math.max(fewestColumns, Math.min(4, Math.floor((width + Theme.gap) / (longest + inset + Theme.gap))))
    readonly property int columns: {
        for (let fewer = fewestColumns; fewer < mostColumns; fewer++)
            if (entries.length <= fewer * rowsIn(height, Theme.touch))
                return fewer;
        return mostColumns;
    }
    readonly property real tileWidth: Math.floor((width - (columns - 1) * Theme.gap) / columns)
    readonly property real smallest: Math.max(Theme.touch, rulers.childrenRect.height + Theme.mm(Theme.compact ? 1.5 : 3))
    readonly property real pagerHeight: pager.implicitHeight + Theme.gap
    readonly property int perPage: {
        const all = columns * rowsIn(height, smallest);
        return entries.length <= all ? all : columns * rowsIn(height - pagerHeight, smallest);
    }
    readonly property int pages: Math.max(1, Math.ceil(entries.length / perPage))
    readonly property int rows: pages > 1 ? perPage / columns : Math.max(1, Math.ceil(entries.length / columns))
    readonly property real room: height - (pages > 1 ? pagerHeight : 0)
    readonly property real tileHeight: Math.min(Math.floor((room + Theme.gap) / rows) - Theme.gap, Math.max(smallest, highest))
    readonly property var shown: entries.slice(pager.pageIndex * perPage, (pager.pageIndex + 1) * perPage)

    function advance(text: string, glyph: real): real {
        return metrics.advanceWidth(text) * Theme.evenSize(glyph, text) / 100 + 2;
    }
    function rowsIn(room: real, tile: real): int {
        return Math.max(1, Math.floor((room + Theme.gap) / (tile + Theme.gap)));
    }

    FontMetrics {
        id: metrics

        font.bold: true
        font.pixelSize: 100
    }
    Item {
        id: rulers

        visible: false

        Repeater {
            model: grid.entries

            EntryWords {
                required property var modelData

                entry: modelData
                glyph: grid.glyph
                width: grid.tileWidth - grid.inset
            }
        }
    }
    Grid {
        columns: grid.columns
        spacing: Theme.gap

        Repeater {
            model: grid.shown

            EntryTile {
                required property var modelData

                entry: modelData
                glyph: grid.glyph
                height: grid.tileHeight
                view: grid.view
                width: grid.tileWidth
            }
        }
    }
    Pager {
        id: pager

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        pages: grid.pages
        view: grid.view
    }
}
