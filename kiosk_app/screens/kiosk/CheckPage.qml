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
        Layout.maximumHeight: wantedHeight
        Layout.preferredHeight: wantedHeight
        glyph: Theme.compact ? Theme.bodyHeight : Theme.messageHeight * (Theme.portrait ? 1.25 : 1)
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
    Item {
        Layout.fillHeight: true
        Layout.preferredHeight: 0
        visible: Theme.portrait
    }
    ActionButton {
        Layout.fillHeight: !Theme.portrait
        Layout.fillWidth: true
        Layout.maximumHeight: Theme.mm(Theme.compact ? 24 : 34)
        Layout.preferredHeight: Theme.mm(Theme.compact ? 16 : 30)
        glyph: Theme.compact ? 5.5 : 8
        objectName: "confirm"
        primary: true
        text: page.content.confirm
        onClicked: page.view.confirm()
    }
    // The button stands where a hand reaches easily, not at the edge of a tall screen.
    Item {
        Layout.fillHeight: !Theme.portrait
        Layout.preferredHeight: Theme.portrait ? Theme.mm(16) : 0
    }
}
