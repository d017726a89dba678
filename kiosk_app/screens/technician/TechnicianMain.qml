// The technician's screens: where one is and the way out, which never change their place, and the page.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

FocusScope {
    id: root

    required property var view
    readonly property bool signingIn: view.page === "sign_in"
    readonly property bool asking: view.confirm.question !== undefined
    readonly property bool aiming: view.aim >= 0
    // A small screen shows the list of pages instead of a page, when it is asked for.
    property bool listing: false

    Accessible.role: Accessible.Pane
    Accessible.name: view.texts["view.title"]

    focus: true
    // The whole keyboard is the technician's meanwhile.
    Keys.onPressed: event => {
        root.view.touched();
        event.accepted = event.key !== Qt.Key_Tab && event.key !== Qt.Key_Backtab;
        if (!root.signingIn)
            return;
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            signIn.enter();
        else if (event.key === Qt.Key_Backspace)
            root.view.erase();
        else if (/^[0-9]$/.test(event.text))
            root.view.type(event.text);
    }

    Connections {
        target: root.view
        function onPage_changed(): void {
            root.listing = false;
            flow.pageIndex = 0;
            signIn.begin();
        }
    }

    Binding {
        target: root.view
        property: "letters"
        value: Theme.compact ? 110 : 380
    }
    Rectangle {
        anchors.fill: parent
        color: Theme.ground

        // What lies below takes no touch.
        MouseArea {
            anchors.fill: parent
        }
    }
    GridLayout {
        anchors.fill: parent
        columnSpacing: 0
        columns: Theme.portrait ? 1 : 2
        enabled: !root.asking && !root.aiming
        rowSpacing: 0
        visible: !root.asking && !root.aiming

        Rail {
            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: Theme.portrait
            listing: root.listing
            view: root.view
            onList: root.listing = !root.listing
        }
        ColumnLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.margins: Theme.margin
            Layout.preferredHeight: 0
            Layout.preferredWidth: 0
            spacing: Theme.gap

            Heading {
                Layout.fillWidth: true
                flow: flow
                visible: !root.listing && !root.signingIn
                view: root.view
            }
            SignIn {
                id: signIn

                Layout.fillHeight: true
                Layout.fillWidth: true
                view: root.view
                visible: root.signingIn
            }
            Menu {
                Layout.fillHeight: true
                Layout.fillWidth: true
                columns: 3
                tall: true
                view: root.view
                visible: root.listing
            }
            PieceFlow {
                id: flow

                active: !root.signingIn
                Layout.fillHeight: true
                Layout.fillWidth: true
                view: root.view
                visible: !root.signingIn && !root.listing
            }
            Footer {
                Layout.fillWidth: true
                view: root.view
                visible: !root.signingIn && !root.listing && count > 0
            }
        }
    }
    Question {
        anchors.fill: parent
        view: root.view
        visible: root.asking
    }
    Aim {
        anchors.fill: parent
        view: root.view
        visible: root.aiming
    }
    // Over everything, and in nobody's way: every finger tells that somebody is there.
    Item {
        anchors.fill: parent

        PointHandler {
            onActiveChanged: {
                if (active)
                    root.view.touched();
            }
        }
    }
}
