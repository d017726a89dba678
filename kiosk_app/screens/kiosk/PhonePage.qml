// A telephone number on a keypad of its own (R11, R23).
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "phone"
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.mm(Theme.compact ? 3 : 8)
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gap

        ColumnLayout {
            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            spacing: Theme.gap

            HelpLine {
                Layout.fillWidth: true
                help: page.content.help
                view: page.view
            }
            Rectangle {
                Layout.fillWidth: true
                border.color: Theme.accent
                border.width: Theme.thickLine
                color: Theme.card
                implicitHeight: Theme.mm(Theme.compact ? 12 : 18)
                radius: Theme.radius

                Words {
                    Accessible.name: page.view.texts["kiosk.typed"].replace("{text}", text)
                    anchors.centerIn: parent
                    font.bold: true
                    glyph: Theme.compact ? 5 : 7.5
                    text: page.content.typed
                    wrapMode: Text.NoWrap
                }
            }
            Item {
                Layout.fillHeight: true
                visible: !Theme.portrait
            }
            PhoneButtons {
                Layout.fillWidth: true
                page: page
                visible: !Theme.portrait
            }
        }
        DigitPad {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            view: page.view
        }
        PhoneButtons {
            Layout.fillWidth: true
            page: page
            visible: Theme.portrait
        }
    }
}
