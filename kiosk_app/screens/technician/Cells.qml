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
    required property var least // no column is narrower than its longest word, if there is room for all of them
    readonly property real room: width - gap * Math.max(0, widths.length - 1)
    readonly property var places: {
        const letter = 0.62 * Theme.evenSize(Theme.bodyHeight, "n");
        const words = least.map(each => each * letter);
        const free = room - words.reduce((sum, each) => sum + each, 0);
        const wishes = widths.map((each, n) => Math.max(0, each - least[n]) + 1);
        const wished = wishes.reduce((sum, each) => sum + each, 0);
        const total = widths.reduce((sum, each) => sum + each, 0);
        return widths.map((each, n) => Math.floor(free > 0 ? words[n] + free * wishes[n] / wished : room * each / total));
    }

    function leftOf(column: int): real {
        return places.slice(0, column).reduce((sum, each) => sum + each + gap, 0);
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
            width: cells.places[index] ?? 0
            x: cells.leftOf(index)
        }
    }
}
