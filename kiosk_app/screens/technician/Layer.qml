// The technician's screens over those of the citizens: nothing at all until they are opened.
import QtQuick

FocusScope {
    id: layer

    // Null where this terminal has no technician's screens.
    property var technician: null
    // While a citizen is invited, the corner is the citizen's alone.
    property bool inviting: false
    readonly property bool open: technician !== null && technician.open
    property Item focusedBelow: null
    // What lies below is seen and touched again.
    signal closed

    function take(): void {
        if (open) {
            focusedBelow = Window.activeFocusItem;
            main.forceActiveFocus();
        } else {
            focus = false;
            focusedBelow?.forceActiveFocus();
            focusedBelow = null;
        }
    }

    Loader {
        active: layer.technician !== null && !layer.open && !layer.inviting
        source: active ? "Corner.qml" : ""
    }
    Loader {
        id: main

        active: layer.open
        anchors.fill: parent
        focus: true
    }
    onOpenChanged: {
        if (open)
            main.setSource("TechnicianMain.qml", {
                view: layer.technician
            });
        else
            main.source = "";
        take();
        if (!open)
            closed();
    }
    Component.onCompleted: {
        if (open)
            openChanged();
    }
}
