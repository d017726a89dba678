// The window's screen: the panel that never changes its place, and the page.
import QtQuick
import QtQuick.Layouts
import "technician" as Technician

Rectangle {
    id: root

    required property var view
    // The technician's screens over this one; null where there are none.
    property var technician: null
    // Pixels per millimetre, where the screen's own word is not taken; 0 otherwise.
    property real fixedDensity: 0

    readonly property var pages: ({
            sign: "SignPage.qml",
            serving: "ServingPage.qml",
            choices: "ChoicesPage.qml",
            details: "DetailsPage.qml",
            thanks: "ThanksPage.qml",
            not_now: "NotNowPage.qml",
            later: "LaterPage.qml",
            away: "AwayPage.qml",
            cannot_record: "CannotRecordPage.qml"
        })

    function showPage(): void {
        page.setSource(root.pages[root.view.page], {
            view: root.view
        });
    }

    color: Theme.ground
    Component.onCompleted: showPage()

    Binding {
        target: Theme
        property: "windowWidth"
        value: root.width
    }
    Binding {
        target: Theme
        property: "windowHeight"
        value: root.height
    }
    Binding {
        target: Theme
        property: "screenDensity"
        value: root.fixedDensity > 0 ? root.fixedDensity : Screen.pixelDensity
    }
    Binding {
        target: Theme
        property: "largeType"
        value: root.view.large_type && !layer.covering
    }

    Connections {
        target: root.view
        function onPage_changed(): void {
            root.showPage();
        }
    }

    GridLayout {
        anchors.fill: parent
        columns: Theme.portrait ? 1 : 2
        columnSpacing: 0
        rowSpacing: 0
        visible: !layer.covering

        SidePanel {
            view: root.view
            Layout.fillWidth: Theme.portrait
            Layout.fillHeight: !Theme.portrait
        }
        Loader {
            id: page

            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.margins: Theme.margin
            // What a page would like to have must not push the panel about.
            Layout.preferredHeight: 0
            Layout.preferredWidth: 0
        }
    }
    Technician.Layer {
        id: layer

        anchors.fill: parent
        inviting: root.view.page === "choices" || root.view.next_invited
        technician: root.technician
        onClosed: root.view.uncovered()
    }
}
