// The technician's screens over those of the citizens: nothing at all until they are opened.
import QtQuick

FocusScope {
    id: layer

    // Null where this terminal has no technician's screens.
    property var technician: null
    // While a citizen is invited, the corner is the citizen's alone.
    property bool inviting: false
    // A citizen who is asked goes before the technician, also where that one's side is slow to say so.
    readonly property bool open: technician !== null && technician.open && !inviting
    // What lies below is hidden, neither touched nor read.
    property bool covering: false
    property Item focusedBelow: null
    // What lies below is seen and touched again.
    signal closed

    function follow(): void {
        if (open === covering)
            return;
        if (open) {
            focusedBelow = Window.activeFocusItem;
            covering = true;
            main.setSource("TechnicianMain.qml", {
                view: technician
            });
            main.forceActiveFocus();
        } else {
            main.source = "";
            covering = false;
            focus = false;
            focusedBelow?.forceActiveFocus();
            focusedBelow = null;
            closed();
        }
    }

    Component.onCompleted: follow()
    onOpenChanged: follow()

    Corner {
        technician: layer.technician
        visible: layer.technician !== null && !layer.open && !layer.inviting
    }
    Loader {
        id: main

        anchors.fill: parent
        focus: true
    }
}
