// One thing said, what to do, and the button that goes on.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: page

    required property var view
    required property var content

    spacing: Theme.gap

    MessagePage {
        Layout.fillHeight: true
        Layout.fillWidth: true
        lines: page.content.lines
        symbol: page.content.symbol
        title: page.content.title
        view: page.view
    }
    ActionButton {
        Layout.alignment: Qt.AlignHCenter
        Layout.preferredHeight: Theme.mm(Theme.compact ? 16 : 22)
        Layout.preferredWidth: Math.min(Theme.mm(100), page.width)
        glyph: Theme.compact ? 5 : 6.5
        objectName: "done"
        primary: true
        text: page.view.texts[page.view.done ? "kiosk.done" : "kiosk.understood"]
        visible: page.view.done || page.view.can_go_back
        onClicked: page.view.done ? page.view.confirm() : page.view.go_back()
    }
    Item {
        Layout.preferredHeight: Theme.portrait ? page.height * 0.12 : 0
        visible: Theme.portrait
    }
}
