// A code from a slip, typed or scanned. Booking codes are digits, rating codes have letters too (R10).
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content
    readonly property bool digits: view.page === "check_in_code" || view.page === "cancel_code"

    symbol: "scan"
    title: content.title

    HelpLine {
        Layout.fillWidth: true
        fault: page.content.fault
        help: page.content.help
        view: page.view
    }
    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.mm(Theme.compact ? 3 : 8)
        columns: page.digits && !Theme.portrait ? 2 : 1
        rowSpacing: Theme.gap

        CodeCells {
            Layout.alignment: Qt.AlignVCenter
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            name: page.view.texts["kiosk.typed"].replace("{text}", page.content.typed)
            places: page.digits ? 12 : 16
            typed: page.content.typed
        }
        ActionButton {
            Layout.column: 0
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
            Layout.row: page.digits && !Theme.portrait ? 1 : 2
            enabled: page.content.complete
            glyph: Theme.compact ? 5 : 6
            objectName: "confirm"
            primary: true
            text: page.view.texts["kiosk.confirm"]
            onClicked: page.view.confirm()
        }
        Loader {
            Layout.column: page.digits && !Theme.portrait ? 1 : 0
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            Layout.row: page.digits && !Theme.portrait ? 0 : 1
            Layout.rowSpan: page.digits && !Theme.portrait ? 2 : 1
            sourceComponent: page.digits ? digitPad : letterPad
        }
    }

    Component {
        id: digitPad

        DigitPad {
            view: page.view
        }
    }
    Component {
        id: letterPad

        CodePad {
            view: page.view
        }
    }
}
