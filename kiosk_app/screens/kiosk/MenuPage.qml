// A few large choices, the first the largest where there are five.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content
    readonly property var entries: content.entries
    readonly property bool five: entries.length === 5
    readonly property int columns: five ? (Theme.portrait ? 2 : 3) : entries.length === 4 ? 2 : Theme.portrait ? 1 : Math.max(1, entries.length)

    headPart: five ? 0.11 : 0.2
    symbol: Theme.portrait && !five ? "welcome" : ""
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        // Two choices need not be as high as a poster.
        Layout.maximumHeight: page.five ? Number.POSITIVE_INFINITY : Theme.mm(Theme.portrait ? 52 * page.entries.length : 100)
        columnSpacing: Theme.gap
        columns: page.columns
        rowSpacing: Theme.gap
        uniformCellHeights: true
        uniformCellWidths: true

        Repeater {
            model: page.entries

            MenuTile {
                required property int index
                required property var modelData

                readonly property bool first: page.five && index === 0

                Layout.columnSpan: first && Theme.portrait ? 2 : 1
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: 1
                Layout.preferredWidth: 1
                Layout.rowSpan: first && !Theme.portrait ? 2 : 1
                entry: modelData
                view: page.view
            }
        }
    }
    Item {
        Layout.fillHeight: true
        Layout.preferredHeight: 0
        visible: !page.five && Theme.portrait
    }
}
