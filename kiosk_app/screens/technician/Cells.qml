// The cells of a table's row side by side, each column as wide as its longest text wants.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: cells

    required property var texts
    required property var widths
    property bool strong: false
    property color colour: Theme.ink
    readonly property real gap: Theme.mm(Theme.compact ? 2 : 3)
    readonly property real total: widths.reduce((sum, each) => sum + each, 0)
    readonly property real room: width - gap * Math.max(0, widths.length - 1)

    function leftOf(column: int): real {
        let sum = 0;
        for (let n = 0; n < column; n++)
            sum += Math.floor(room * widths[n] / total) + gap;
        return sum;
    }
    function tallest(): real {
        let most = 0;
        for (let n = 0; n < repeater.count; n++)
            most = Math.max(most, repeater.itemAt(n)?.implicitHeight ?? 0);
        return most;
    }

    Repeater {
        id: repeater

        model: cells.texts

        Words {
            required property int index
            required property string modelData

            anchors.verticalCenter: parent?.verticalCenter
            color: cells.colour
            font.bold: cells.strong
            text: modelData
            width: Math.floor(cells.room * cells.widths[index] / cells.total)
            x: cells.leftOf(index)
        }
    }
}
