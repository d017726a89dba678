// What is about to happen, and the one button that makes it happen.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "check-list"
    title: content.title

    Rows {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.maximumHeight: Math.max(wantedHeight, Theme.mm(30))
        rows: page.content.rows
        view: page.view
        visible: rows.length > 0
    }
    HelpLine {
        Layout.fillWidth: true
        fault: page.content.note
        help: ""
        view: page.view
        visible: fault !== ""
    }
    ActionButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.compact ? 16 : 26)
        glyph: Theme.compact ? 5.5 : 8
        objectName: "confirm"
        primary: true
        text: page.content.confirm
        onClicked: page.view.confirm()
    }
    Item {
        Layout.fillHeight: true
        Layout.preferredHeight: 0
    }
}
