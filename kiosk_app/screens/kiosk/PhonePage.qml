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
            Layout.alignment: Qt.AlignVCenter
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

                ScreenText {
                    Accessible.name: page.view.texts["kiosk.typed"].replace("{text}", text)
                    anchors.centerIn: parent
                    font.bold: true
                    glyph: Math.min(Theme.compact ? 5.5 : 8.5, parent.width / Theme.unit / 13)
                    text: page.content.typed
                    wrapMode: Text.NoWrap
                }
            }
        }
        DigitPad {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            Layout.rowSpan: Theme.portrait ? 1 : 2
            view: page.view
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap
            uniformCellSizes: true

            ActionButton {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
                glyph: Theme.compact ? 4.2 : 5.5
                objectName: "skip"
                text: page.view.texts["kiosk.skip"]
                visible: page.content.skippable
                onClicked: page.view.skip()
            }
            ActionButton {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
                enabled: page.content.complete
                glyph: Theme.compact ? 4.2 : 5.5
                objectName: "confirm"
                primary: true
                text: page.view.texts["kiosk.confirm"]
                onClicked: page.view.confirm()
            }
        }
    }
}
