// The options in two columns, or in one where that holds more of them; in pages where they do not all fit.
//
// A tile has room for the longest text of the built-in catalogue, whichever texts are shown: the page has the same
// form for every level (R7). Only a text that is longer still makes the tiles higher.
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: grid

    required property var view
    readonly property var options: view.options
    readonly property int columns: perPageIn(2) >= perPageIn(1) ? 2 : 1
    readonly property real tileWidth: tileWidthIn(columns)
    readonly property real smallestTile: tileFor(Math.max(usualHeight(tileWidth), rulers.childrenRect.height))
    readonly property int rows: Math.min(rowsOf(smallestTile), Math.max(Math.ceil(8 / columns), Math.ceil(options.length / columns)))
    readonly property int perPage: rows * columns
    readonly property int pages: Math.max(1, Math.ceil(options.length / perPage))
    readonly property real tileHeight: Math.min(Math.floor((height + Theme.gap) / rows - Theme.gap), Math.max(smallestTile, Theme.mm(24)))
    property int pageIndex: 0
    readonly property var shown: options.slice(pageIndex * perPage, (pageIndex + 1) * perPage)

    function tileWidthIn(columns: int): real {
        return Math.floor((width - (columns - 1) * Theme.gap) / columns);
    }
    // The height of 18 Han characters; or of 47 letters, two to a square, where every line loses half a word.
    function usualHeight(tileWidth: real): real {
        const text = options.length > 0 ? options[0].text : "";
        const size = Theme.pixelSize(Theme.bodyHeight, text);
        const perLine = Math.max(2, (tileWidth - Theme.optionInset) / size);
        const lines = Theme.hasHan(text) ? 18 / Math.floor(perLine) : 23.5 / (perLine - 1.2);
        return Math.ceil(Math.ceil(lines) * size * Theme.lineHeight + size * 0.1);
    }
    function tileFor(textHeight: real): real {
        return Math.max(Theme.touch, textHeight + Theme.mm(1.2));
    }
    function rowsOf(tileHeight: real): int {
        return Math.max(1, Math.floor((height + Theme.gap) / (tileHeight + Theme.gap)));
    }
    function perPageIn(columns: int): int {
        return columns * rowsOf(tileFor(usualHeight(tileWidthIn(columns))));
    }

    function turn(): void {
        pageIndex = (pageIndex + 1) % pages;
        view.turn();
    }

    onOptionsChanged: pageIndex = 0
    onPagesChanged: pageIndex = 0

    Item {
        id: rulers

        visible: false

        Repeater {
            model: grid.options

            ScreenText {
                required property var modelData

                text: modelData.text
                width: grid.tileWidth - Theme.optionInset
            }
        }
    }
    Grid {
        columns: grid.columns
        spacing: Theme.gap

        Repeater {
            model: grid.shown

            OptionTile {
                required property var modelData

                chosen: grid.view.selected.includes(code)
                code: modelData.code
                height: grid.tileHeight
                text: modelData.text
                view: grid.view
                width: grid.tileWidth
            }
        }
    }
}
