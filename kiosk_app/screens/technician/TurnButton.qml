// To the part of the page before or behind this one; it stays where there is none, and says so.
import QtQuick
import ".."

ActionButton {
    id: button

    required property var view
    required property var flow
    required property int by

    enabled: by < 0 ? flow.pageIndex > 0 : flow.pageIndex < flow.pages - 1
    implicitWidth: Theme.mm(Theme.compact ? 15.5 : 20)
    onClicked: {
        view.turn();
        flow.pageIndex += by;
    }

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: button.by < 0 ? "turn-back" : "turn-on"
            opacity: button.enabled ? 1 : 0.25
            size: Theme.mm(8)
            view: button.view
        }
    }
}
