// The touch test: one target at a time, over the whole screen; the way out stands between them.
import QtQuick
import ".."

Rectangle {
    id: aim

    required property var view
    readonly property int index: Math.max(0, view.aim)
    readonly property real inset: Math.ceil(10 * Theme.density)
    readonly property real aimX: inset + (width - 2 * inset) / 2 * (index % 3)
    readonly property real aimY: inset + (height - 2 * inset) / 2 * Math.floor(index / 3)

    color: Theme.card

    MouseArea {
        Accessible.ignored: true
        anchors.fill: parent
        onPressed: mouse => aim.view.target_touched(aim.index, Math.hypot(mouse.x - aim.aimX, mouse.y - aim.aimY) / Theme.density)
    }
    Item {
        Accessible.name: aim.view.texts["view.target"].replace("{n}", aim.index + 1)
        Accessible.role: Accessible.StaticText
        height: 2 * aim.inset
        objectName: "target"
        width: height
        x: aim.aimX - width / 2
        y: aim.aimY - height / 2

        Rectangle {
            anchors.centerIn: parent
            border.color: Theme.accent
            border.width: Theme.thickLine
            color: Theme.accentTint
            height: Math.round(parent.height * 0.7)
            radius: height / 2
            width: height
        }
        Rectangle {
            anchors.centerIn: parent
            color: Theme.ink
            height: Theme.line
            width: parent.width
        }
        Rectangle {
            anchors.centerIn: parent
            color: Theme.ink
            height: parent.height
            width: Theme.line
        }
    }
    Words {
        anchors.horizontalCenter: parent.horizontalCenter
        color: Theme.softInk
        horizontalAlignment: Text.AlignHCenter
        text: aim.view.texts["view.target"].replace("{n}", aim.index + 1)
        width: parent.width * 0.7
        y: parent.height * 0.28 - height / 2
    }
    ActionButton {
        anchors.horizontalCenter: parent.horizontalCenter
        objectName: "technician-leave-targets"
        text: aim.view.texts["view.back"]
        y: Math.round(parent.height * 0.72 - height / 2)
        onClicked: aim.view.go_back()
    }
}
