// The options in two columns, in pages where they do not all fit.
//
// A tile has room for the longest text of the built-in catalogue, whichever texts are shown: the page has the same
// form for every level (R7). Only a text that is longer still makes the tiles higher.
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: grid

    required property var view
    readonly property var options: view.options
    readonly property int columns: 2
    readonly property real tileWidth: Math.floor((width - (columns - 1) * Theme.gap) / columns)
    readonly property real textWidth: tileWidth - Theme.optionInset
    readonly property real neededHeight: Math.max(usualHeight(), rulers.childrenRect.height) + Theme.mm(1.4)
    readonly property real smallestTile: Math.max(Theme.touch, neededHeight)
    readonly property int rowsThatFit: Math.max(1, Math.floor((height + Theme.gap) / (smallestTile + Theme.gap)))
    readonly property int rows: Math.min(rowsThatFit, Math.max(4, Math.ceil(options.length / columns)))
    readonly property int perPage: rows * columns
    readonly property int pages: Math.max(1, Math.ceil(options.length / perPage))
    readonly property real tileHeight: Math.min(Math.floor((height + Theme.gap) / rows - Theme.gap), Math.max(smallestTile, Theme.mm(24)))
    property int pageIndex: 0
    readonly property var shown: options.slice(pageIndex * perPage, (pageIndex + 1) * perPage)

    // The height of a text of 18 Han characters, or of 48 letters, two to a square, and a ragged edge.
    function usualHeight(): real {
        const text = options.length > 0 ? options[0].text : "";
        const size = Theme.pixelSize(Theme.bodyHeight, text);
        const perLine = Math.max(1, textWidth / size);
        const lines = Theme.hasHan(text) ? Math.ceil(18 / Math.floor(perLine)) : Math.ceil(24 / perLine + 0.4);
        return lines * Math.ceil(size * Theme.lineHeight);
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
                width: grid.textWidth
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
