// The way in, of which nothing is seen or heard: taps into the upper left corner, below which everything works.
import QtQuick
import ".."

Item {
    id: corner

    required property var technician

    height: Math.ceil(15 * Theme.density)
    objectName: "technician-corner"
    width: height

    PointHandler {
        onActiveChanged: {
            if (active)
                corner.technician.corner_touched();
        }
    }
}
