// Large keys for a PIN, as on a telephone.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: pad

    required property var view
    required property bool usable
    readonly property real keyWidth: Math.floor((width - 2 * Theme.gap) / 3)
    readonly property real keyHeight: Math.min(Math.floor((height + Theme.gap) / 4) - Theme.gap, Theme.mm(26))
    signal entered

    implicitHeight: 4 * (Theme.touch + Theme.gap) - Theme.gap

    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "erase", "0", "enter"]

        ActionButton {
            id: key

            required property int index
            required property string modelData
            readonly property bool isDigit: modelData.length === 1

            Accessible.name: isDigit ? modelData : pad.view.texts[modelData === "enter" ? "view.sign_in" : "view.erase"]
            enabled: pad.usable && (isDigit || pad.view.typed > 0)
            glyph: isDigit ? (Theme.compact ? 6 : 8) : Theme.compact ? 4 : 5
            height: pad.keyHeight
            horizontalPadding: Theme.mm(0.6)
            objectName: "pin-" + modelData
            primary: modelData === "enter" && enabled
            text: isDigit ? modelData : modelData === "enter" ? pad.view.texts["view.enter"] : ""
            width: pad.keyWidth
            x: (index % 3) * (pad.keyWidth + Theme.gap)
            y: Math.floor(index / 3) * (pad.keyHeight + Theme.gap)
            onClicked: {
                if (isDigit)
                    pad.view.type(modelData);
                else if (modelData === "erase")
                    pad.view.erase();
                else
                    pad.entered();
            }

            Icon {
                anchors.centerIn: parent
                name: key.modelData === "erase" ? "erase" : ""
                opacity: key.enabled ? 1 : 0.35
                size: Math.min(key.height * 0.6, Theme.mm(10))
                view: pad.view
                visible: name !== ""
            }
        }
    }
}
