// Keys on the screen, in rows, with one that takes back the last.
//
// Their smallest size is 15 mm on the real glass, whatever the theme's millimetre is on a large screen: many keys
// share a row. A large type does not move them.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: pad

    required property var view
    required property string keys // in reading order; a blank is a place without a key
    required property int columns
    property bool erases: true
    property real highest: Theme.mm(22)
    readonly property real gap: Theme.compact ? Theme.mm(1.5) : Math.max(Math.ceil(3 * Theme.density), Theme.mm(2))
    readonly property int rows: Math.ceil((keys.length + (erases ? 1 : 0)) / columns)
    readonly property real keyWidth: Math.floor((width + gap) / columns - gap)
    readonly property real keyHeight: Math.min(Math.floor((height + gap) / rows - gap), highest)
    // The key that takes back fills what the last row has left.
    readonly property int eraseColumns: columns - keys.length % columns

    function placeX(place: int): real {
        return (place % columns) * (keyWidth + gap);
    }
    function placeY(place: int): real {
        return Math.floor(place / columns) * (keyHeight + gap);
    }

    implicitHeight: rows * (highest + gap) - gap

    Repeater {
        model: pad.keys.length

        Key {
            required property int index

            height: pad.keyHeight
            objectName: "key-" + text
            text: pad.keys[index]
            view: pad.view
            visible: text !== " "
            width: pad.keyWidth
            x: pad.placeX(index)
            y: pad.placeY(index)
            onClicked: pad.view.type(text)
        }
    }
    Key {
        height: pad.keyHeight
        objectName: "erase"
        symbol: "erase"
        text: pad.view.texts["kiosk.erase"]
        view: pad.view
        visible: pad.erases
        width: pad.eraseColumns * (pad.keyWidth + pad.gap) - pad.gap
        x: pad.placeX(pad.keys.length)
        y: pad.placeY(pad.keys.length)
        onClicked: pad.view.erase()
    }
}
