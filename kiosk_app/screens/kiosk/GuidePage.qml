// What an item needs, to read here or to take along on paper (R21).
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "guide"
    tight: true
    title: content.title

    Rows {
        Layout.fillHeight: true
        Layout.fillWidth: true
        rows: page.content.rows
        view: page.view
    }
    PrintingLine {
        Layout.fillWidth: true
        printing: page.content.printing
        text: page.content.printing_line
        view: page.view
    }
    ActionButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
        glyph: Theme.compact ? 4.2 : 5.5
        objectName: "copy"
        primary: true
        text: page.view.texts["kiosk.print"]
        visible: page.content.may_print
        onClicked: page.view.copy()
    }
}
