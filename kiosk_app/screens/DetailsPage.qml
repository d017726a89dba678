// After the press: the same page for every level; it names none and shows no face (R7).
import QtQuick
import QtQuick.Layouts

GridLayout {
    id: page

    required property var view
    property string contact // offers to leave a telephone number (R11); empty where none is asked for
    property bool contactLeft: false
    readonly property real actionWidth: Theme.mm(Theme.compact ? 20 : 28)

    columnSpacing: Theme.gap
    columns: Theme.portrait ? 1 : 2
    rowSpacing: Theme.mm(Theme.compact ? 0.9 : 2.5)

    RowLayout {
        Layout.column: 0
        Layout.columnSpan: page.columns
        Layout.fillWidth: true
        Layout.row: 0
        spacing: Theme.mm(Theme.compact ? 2 : 4)

        Icon {
            name: "check-circle"
            size: Theme.mm(Theme.titleHeight * 1.45)
            view: page.view
        }
        PageTitle {
            Layout.fillWidth: true
            text: page.view.texts["details.title"]
        }
        CountdownBar {
            barWidth: Theme.mm(Theme.compact || Theme.portrait ? 14 : 30)
            view: page.view
        }
    }
    ScreenText {
        Layout.column: 0
        Layout.fillWidth: true
        Layout.row: 1
        color: Theme.softInk
        text: page.view.texts[page.view.options.length > 0 ? "details.question" : "details.no_options"]
    }
    OptionGrid {
        id: grid

        Layout.column: 0
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.row: 2
        view: page.view
    }
    // Beside the options, so that a low screen holds four rows of them; below them on a tall one.
    GridLayout {
        Layout.column: Theme.portrait ? 0 : 1
        Layout.fillHeight: !Theme.portrait
        Layout.fillWidth: Theme.portrait
        Layout.maximumWidth: Theme.portrait ? Number.POSITIVE_INFINITY : page.actionWidth
        Layout.row: Theme.portrait ? 3 : 1
        Layout.rowSpan: Theme.portrait ? 1 : 2
        columnSpacing: Theme.gap
        columns: Theme.portrait ? 2 : 1
        rowSpacing: Theme.gap

        ActionButton {
            Layout.columnSpan: Theme.portrait ? 2 : 1
            Layout.fillWidth: true
            objectName: "next"
            primary: true
            text: page.view.texts["details.next"]
            visible: page.view.next_invited
            onClicked: page.view.show_invitation()
        }
        ActionButton {
            Layout.columnSpan: Theme.portrait ? 2 : 1
            Layout.fillWidth: true
            enabled: !page.contactLeft
            objectName: "contact"
            text: page.contact
            visible: text !== ""
            onClicked: page.view.leave_contact()
        }
        ActionButton {
            Layout.columnSpan: Theme.portrait ? 2 : 1
            Layout.fillWidth: true
            objectName: "more"
            text: page.view.texts["details.more"] + " " + (grid.pageIndex + 1) + "/" + grid.pages
            visible: grid.pages > 1
            onClicked: grid.turn()
        }
        Item {
            Layout.fillHeight: true
            visible: !Theme.portrait
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredWidth: page.actionWidth
            objectName: "skip"
            text: page.view.texts["details.skip"]
            onClicked: page.view.skip()
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredWidth: page.actionWidth
            objectName: "done"
            primary: true
            text: page.view.texts["details.done"]
            onClicked: page.view.finish()
        }
    }
}
