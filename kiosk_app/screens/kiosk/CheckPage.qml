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
        glyph: Theme.compact ? Theme.bodyHeight : Theme.messageHeight * 1.25
        rows: page.content.rows
        view: page.view
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
        Layout.preferredHeight: Theme.mm(Theme.compact ? 16 : Theme.portrait ? 30 : 34)
        glyph: Theme.compact ? 5.5 : 8
        objectName: "confirm"
        primary: true
        text: page.content.confirm
        onClicked: page.view.confirm()
    }
    // The button stands where a hand reaches easily, not at the edge of a tall screen.
    Item {
        Layout.preferredHeight: Theme.mm(12)
        visible: Theme.portrait
    }
}
