// What an item needs, to read here or to take along on paper (R21); and what became of a rating.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: view.page === "my_rating" ? "my_rating" : "guide"
    tight: true
    title: content.title

    PrintingLine {
        Layout.fillWidth: true
        printing: page.content.printing
        text: page.content.printing_line
        view: page.view
    }
    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.gap
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gap

        Rows {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            rows: page.content.rows
            view: page.view
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignBottom
            Layout.fillWidth: true
            Layout.maximumWidth: Theme.portrait ? Number.POSITIVE_INFINITY : Theme.mm(Theme.compact ? 26 : 40)
            Layout.preferredWidth: 10
            spacing: Theme.gap
            visible: page.content.may_print

            ActionButton {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
                glyph: Theme.compact ? 4 : 5
                objectName: "copy"
                primary: true
                text: page.view.texts["kiosk.print"]
                visible: page.content.may_print
                onClicked: page.view.copy()
            }
        }
    }
}
