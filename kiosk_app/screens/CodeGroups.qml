// The rating code in its groups, as large as the place allows: two by two, or in one row where that is larger.
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: code

    required property string text // as a screen reader says it
    required property var groups
    property real largest: 18 // millimetres of a capital letter
    readonly property real spacing: Theme.mm(2)
    readonly property int columns: sizeIn(4) >= sizeIn(2) ? 4 : 2
    readonly property int wordSize: Math.min(sizeIn(columns), Theme.pixelSize(largest, "H"))
    readonly property real lineHeight: Math.ceil(wordSize * Theme.lineHeight)

    function sizeIn(columns: int): int {
        const rows = Math.ceil(groups.length / columns);
        const widest = Math.max(1, ...groups.map(group => ruler.advanceWidth(group) / 100));
        const across = (width - (columns - 1) * spacing) / columns / (widest + 0.5);
        const down = (height - (rows - 1) * spacing) / rows / Theme.lineHeight;
        return Math.max(1, Math.floor(Math.min(across, down)));
    }

    Accessible.name: text
    Accessible.role: Accessible.StaticText
    implicitHeight: 2 * Theme.pixelSize(8, "H") * Theme.lineHeight + spacing

    FontMetrics {
        id: ruler

        font.bold: true
        font.pixelSize: 100
    }
    Grid {
        anchors.centerIn: parent
        columns: code.columns
        spacing: code.spacing

        Repeater {
            model: code.groups

            Rectangle {
                id: group

                required property string modelData

                border.color: Theme.outline
                border.width: Theme.line
                color: Theme.card
                height: code.lineHeight
                radius: Theme.radius
                width: Math.floor((code.width - (code.columns - 1) * code.spacing) / code.columns)

                ScreenText {
                    Accessible.ignored: true
                    anchors.centerIn: parent
                    font.bold: true
                    font.pixelSize: code.wordSize
                    objectName: "codeGroup"
                    text: group.modelData
                    topPadding: 0
                    wrapMode: Text.NoWrap
                }
            }
        }
    }
}
