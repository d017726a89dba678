// The invitation: five choices of equal size and effort, and 不评价 (R6). Nothing is preselected.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: page

    required property var view
    property string title: view.texts["choices.title"]
    property bool low: true // what room is left stands above, so that the choices are in reach
    readonly property real columnWidth: (width - 4 * Theme.gap) / 5

    // As large as the longest line of the five words allows.
    readonly property int wordSize: {
        const lines = view.levels.map(level => view.texts["level." + level]).join("\n").split("\n");
        const longest = Math.max(...lines.map(line => word.advanceWidth(line) / 100));
        return Math.floor((columnWidth - Theme.mm(2.6)) / longest);
    }

    spacing: Theme.compact ? Theme.gap : Theme.mm(4)

    FontMetrics {
        id: word

        font.bold: true
        font.pixelSize: 100
    }

    Item {
        Layout.fillHeight: true
        visible: page.low
    }
    PageTitle {
        Layout.fillWidth: true
        // The words of the choices stay the largest text.
        font.pixelSize: Math.min(Theme.pixelSize(glyph, text), page.wordSize - 2)
        text: page.title
    }
    PrivacyLine {
        Layout.fillWidth: true
        view: page.view
    }
    Row {
        id: choices

        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.maximumHeight: page.columnWidth * 4
        spacing: Theme.gap

        Repeater {
            model: page.view.levels

            ChoiceColumn {
                required property int index
                required property string modelData

                height: choices.height
                level: modelData
                stars: 5 - index
                view: page.view
                width: Math.floor(page.columnWidth)
                wordSize: page.wordSize
            }
        }
    }
    RowLayout {
        spacing: Theme.mm(4)

        ActionButton {
            Layout.preferredWidth: Math.max(Theme.mm(26), implicitWidth)
            objectName: "decline"
            text: page.view.texts["choices.decline"]
            onClicked: page.view.decline()
            onPressed: page.view.touch_began()
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 0

            ScreenText {
                Layout.fillWidth: true
                color: Theme.softInk
                text: page.view.texts[page.view.evaluator ? "choices.touch_or_key" : "choices.touch"]
                visible: !(Theme.compact && Theme.largeType)
            }
            CountdownBar {
                Layout.fillWidth: true
                view: page.view
            }
        }
    }
}
