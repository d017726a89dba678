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
        glyph: Theme.panelHeight
        maximumLineCount: 2
        text: plate.view.sign.department
        visible: text !== ""
    }
    Item {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.numberHeight * 1.2)

        ScreenText {
            id: number

            Accessible.name: text + " " + label.text
            anchors.baseline: parent.bottom
            anchors.baselineOffset: -Theme.mm(Theme.numberHeight * 0.1)
            color: Theme.panelText
            font.bold: true
            // A number of four or more characters is rare, and still has to fit.
            glyph: plate.quiet ? Theme.panelHeight : Theme.numberHeight * Math.min(1, 3 / text.length)
            text: plate.view.sign.number
            wrapMode: Text.NoWrap
        }
        ScreenText {
            id: label

            Accessible.ignored: true
            anchors.bottom: parent.bottom
            anchors.left: number.right
            anchors.leftMargin: Theme.mm(2)
            color: Theme.softPanelText
            glyph: Theme.panelHeight
            text: [plate.view.texts, plate.view.other_texts].map(texts => texts["panel.window"] ?? "").join("\n").trim()
            visible: x + implicitWidth <= parent.width
            wrapMode: Text.NoWrap
        }
    }
}
