// The window's number and department (R18).
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: plate

    required property var view
    // On a small screen the five words of the choices stay the largest text; the number keeps its place, smaller.
    readonly property bool quiet: Theme.compact && view.page === "choices"

    spacing: Theme.smallGap

    ScreenText {
        Layout.fillWidth: true
        color: Theme.softPanelText
        elide: Text.ElideRight
        maximumLineCount: 2
        text: plate.view.sign.department
        visible: text !== ""
    }
    RowLayout {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.displayHeight * 1.1)
        spacing: Theme.mm(2)

        ScreenText {
            readonly property real full: Theme.displayHeight * Math.min(1, 3 / text.length)

            Layout.alignment: Qt.AlignVCenter
            color: Theme.panelText
            font.bold: true
            glyph: plate.quiet ? Theme.strongHeight : full
            lineHeight: Math.ceil(font.pixelSize)
            text: plate.view.sign.number
            wrapMode: Text.NoWrap
        }
        ScreenText {
            Layout.alignment: Qt.AlignVCenter
            Layout.fillWidth: true
            color: Theme.softPanelText
            text: plate.view.texts["panel.window"]
        }
    }
}
