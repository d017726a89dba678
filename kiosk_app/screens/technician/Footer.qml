// The buttons at the end of a page: in reach on each of its parts.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Flow {
    id: footer

    required property var view
    readonly property alias count: repeater.count

    spacing: Theme.gap

    Repeater {
        id: repeater

        model: footer.view.footer

        ActButton {
            width: Math.min(footer.width, Math.max(implicitWidth, Theme.mm(Theme.compact ? 22 : 34)))
            view: footer.view
        }
    }
}
