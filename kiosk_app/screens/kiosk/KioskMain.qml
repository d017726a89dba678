// The kiosk's screen: hall and clock, the page, and the four buttons that never change their place.
import QtQuick
import QtQuick.Layouts
import ".."
import "../technician" as Technician

Rectangle {
    id: root

    required property var view
    // The technician's screens over this one; null where there are none.
    property var technician: null
    // Pixels per millimetre, where the screen's own word is not taken; 0 otherwise.
    property real fixedDensity: 0

    readonly property var forms: ({
            Menu: "MenuPage.qml",
            Listing: "ListingPage.qml",
            Search: "SearchPage.qml",
            CodeEntry: "CodePage.qml",
            PhoneEntry: "PhonePage.qml",
            Check: "CheckPage.qml",
            Result: "ResultPage.qml",
            ShowQr: "QrPage.qml",
            Choices: "RatePage.qml",
            Details: "ReasonsPage.qml",
            Questions: "QuestionsPage.qml",
            Guide: "GuidePage.qml",
            Message: "SayPage.qml"
        })

    function showPage(): void {
        if (!layer.covering)
            root.forceActiveFocus();
        page.setSource(root.forms[root.view.form], {
            view: root.view,
            content: root.view.content
        });
    }

    color: Theme.ground
    focus: true
    Component.onCompleted: showPage()
    // What no field of the page took: a scanner that types, or a keyboard.
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            root.view.key_entered();
        else if (event.key === Qt.Key_Backspace)
            root.view.key_erased();
        else if (/^[\x20-\x7e]+$/.test(event.text))
            root.view.key_typed(event.text);
    }

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
        function onContent_changed(): void {
            page.item.content = root.view.content;
        }
    }

    GridLayout {
        anchors.fill: parent
        columnSpacing: 0
        columns: Theme.portrait ? 1 : 2
        enabled: !root.view.idle
        rowSpacing: 0
        visible: !root.view.idle && !layer.covering

        HallPanel {
            id: hall

            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: Theme.portrait
            view: root.view
        }
        ColumnLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.margins: Theme.margin
            Layout.preferredHeight: 0
            Layout.preferredWidth: 0
            Layout.rowSpan: Theme.portrait ? 1 : 2
            spacing: Theme.margin

            NoticeBand {
                Layout.fillWidth: true
                view: root.view
            }
            Loader {
                id: page

                Layout.fillHeight: true
                Layout.fillWidth: true
                // What a page would like to have must not push the panel about.
                Layout.preferredHeight: 0
                Layout.preferredWidth: 0
            }
        }
        NavigationBar {
            Layout.fillWidth: Theme.portrait
            Layout.preferredWidth: hall.implicitWidth
            view: root.view
        }
    }
    IdleCover {
        anchors.fill: parent
        view: root.view
        visible: root.view.idle && !layer.covering
    }
    // Over everything, and in nobody's way: every finger tells that somebody is there (R24).
    Item {
        anchors.fill: parent
        enabled: !layer.covering

        PointHandler {
            onActiveChanged: {
                if (active)
                    root.view.touched();
            }
        }
    }
    Technician.Layer {
        id: layer

        anchors.fill: parent
        inviting: root.view.page === "choices"
        technician: root.technician
        onClosed: root.view.uncovered()
    }
}
