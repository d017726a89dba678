// The pages there are; beside a page's name what the overview said of it.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: menu

    required property var view
    required property int columns
    property bool raised: false
    property bool tall: false // fill the height there is
    readonly property int rows: Math.ceil(view.menu.length / columns)
    readonly property real cellWidth: Math.floor((width - (columns - 1) * Theme.gap) / columns)
    readonly property real cellHeight: tall ? Math.min(Theme.mm(26), Math.floor((height + Theme.gap) / Math.max(1, rows)) - Theme.gap) : Theme.touch

    implicitHeight: rows * (Theme.touch + Theme.gap) - Theme.gap

    Repeater {
        model: menu.view.menu.length

        MenuButton {
            required property int index

            entry: menu.view.menu[index] ?? ({})
            height: menu.cellHeight
            raised: menu.raised
            view: menu.view
            width: menu.cellWidth
            x: (index % menu.columns) * (menu.cellWidth + Theme.gap)
            y: Math.floor(index / menu.columns) * (menu.cellHeight + Theme.gap)
        }
    }
}
