// Any number of choices: departments, items, days, times.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    headPart: 0.12
    help: content.entries.length === 0 ? content.empty : ""
    title: content.title

    IconButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 18)
        glyph: Theme.compact ? 4 : Theme.strongHeight
        icon.name: "look_up"
        iconSize: Theme.mm(Theme.compact ? 6 : 9)
        objectName: "search"
        text: page.view.texts["kiosk.search"]
        view: page.view
        visible: page.content.searchable
        onClicked: page.view.search()
    }
    EntryGrid {
        Layout.fillHeight: true
        Layout.fillWidth: true
        entries: page.content.entries
        view: page.view
    }
}
