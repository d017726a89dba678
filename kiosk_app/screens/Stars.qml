// A row of stars: so many filled, the rest up to `of` as outlines.
pragma ComponentBehavior: Bound

import QtQuick

Row {
    id: stars

    required property var view
    required property int count
    property int of: count
    property string colour: "white"
    property real size: Theme.mm(3.6)

    Accessible.ignored: true
    spacing: Math.round(size / 5)

    Repeater {
        model: stars.of

        Icon {
            required property int index

            name: (index < stars.count ? "star-" : "star-outline-") + stars.colour
            size: stars.size
            view: stars.view
        }
    }
}
