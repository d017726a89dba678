// A code from a slip, typed or scanned. Booking codes are digits, rating codes have letters too (R10).
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content
    readonly property bool digits: view.page === "check_in_code" || view.page === "cancel_code"
    // The few keys of the digits have room beside the code.
    readonly property bool beside: digits && !Theme.portrait
    // On a low screen the many keys of the letters leave the button no line of its own.
    readonly property bool shared: Theme.compact && !digits

    symbol: "scan"
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.mm(Theme.compact ? 3 : 8)
        columns: page.beside ? 2 : 1
        rowSpacing: Theme.gap

        ColumnLayout {
            Layout.fillHeight: page.beside
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            spacing: Theme.gap

            HelpLine {
                Layout.fillWidth: true
                fault: page.content.fault
                help: page.content.help
                view: page.view
            }
            RowLayout {
                spacing: Theme.gap

                CodeCells {
                    Layout.fillWidth: true
                    name: page.view.texts["kiosk.typed"].replace("{text}", page.content.typed)
                    places: page.digits ? 12 : 16
                    typed: page.content.typed
                }
                ConfirmButton {
                    Layout.preferredWidth: Theme.mm(24)
                    page: page
                    visible: page.shared
                }
            }
            Item {
                Layout.fillHeight: true
                visible: page.beside
            }
            ConfirmButton {
                Layout.fillWidth: true
                page: page
                visible: page.beside
            }
        }
        Loader {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            sourceComponent: page.digits ? digitPad : letterPad
        }
        ConfirmButton {
            Layout.fillWidth: true
            page: page
            visible: !page.beside && !page.shared
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
