// Where one is, and what time it is: on top of a tall screen, in the side panel of a wide one.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: panel

    required property var view
    readonly property real padding: Theme.mm(Theme.compact ? 1.4 : 4)

    color: Theme.panel
    implicitHeight: Theme.portrait ? Theme.mm(24) : 0
    implicitWidth: Theme.mm(Theme.compact ? 26 : 44)

    GridLayout {
        anchors.fill: parent
        anchors.margins: panel.padding
        columnSpacing: Theme.mm(6)
        columns: Theme.portrait ? 2 : 1
        rowSpacing: Theme.mm(3)

        Words {
            Layout.fillWidth: true
            // A very long name is shortened before it pushes the clock away.
            Layout.maximumHeight: maximumLineCount * lineHeight
            color: Theme.panelText
            elide: Text.ElideRight
            font.bold: !Theme.compact
            glyph: Theme.portrait ? 6 : Theme.compact ? 4 : 4.8
            maximumLineCount: Theme.portrait || Theme.compact ? 2 : 3
            text: panel.view.hall
        }
        ColumnLayout {
            spacing: Theme.mm(Theme.portrait ? 1 : 2)
            visible: !Theme.compact // a seven-inch screen has no room for it

            Words {
                Layout.alignment: Theme.portrait ? Qt.AlignRight : Qt.AlignLeft
                color: Theme.panelText
                font.bold: true
                glyph: Theme.portrait ? 7 : 9
                text: panel.view.clock_time
                wrapMode: Text.NoWrap
            }
            Words {
                Layout.alignment: Theme.portrait ? Qt.AlignRight : Qt.AlignLeft
                Layout.fillWidth: !Theme.portrait
                color: Theme.softPanelText
                glyph: Theme.panelHeight
                text: panel.view.clock_date
                wrapMode: Theme.portrait ? Text.NoWrap : Text.Wrap
            }
        }
        Item {
            Layout.fillHeight: true
            visible: !Theme.portrait
        }
    }
}
