// Any number of choices: departments, items, days, times.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    help: content.entries.length === 0 ? content.empty : ""
    title: content.title

    ActionButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 18)
        objectName: "search"
        text: page.view.texts["kiosk.search"]
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
