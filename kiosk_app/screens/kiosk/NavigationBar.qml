// Back, home, language and type: within reach, and on every page in the same place.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: bar

    required property var view
    readonly property real padding: Theme.mm(Theme.compact ? 2 : 4)

    color: Theme.panel
    implicitHeight: buttons.implicitHeight + 2 * padding

    GridLayout {
        id: buttons

        anchors.left: parent.left
        anchors.margins: bar.padding
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        columnSpacing: Theme.gap
        columns: Theme.portrait ? 3 : 1
        rowSpacing: Theme.gap

        // The places stay where the buttons are not.
        Item {
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.mm(20)
            implicitHeight: back.implicitHeight

            IconButton {
                id: back

                anchors.fill: parent
                icon.name: "back"
                raised: true
                objectName: "back"
                text: bar.view.texts["kiosk.back"]
                view: bar.view
                visible: bar.view.can_go_back
                onClicked: bar.view.go_back()
            }
        }
        Item {
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.mm(20)
            implicitHeight: home.implicitHeight

            IconButton {
                id: home

                anchors.fill: parent
                icon.name: "home"
                raised: true
                objectName: "home"
                text: bar.view.texts["kiosk.home"]
                view: bar.view
                visible: bar.view.can_go_home
                onClicked: bar.view.go_home()
            }
        }
        Switches {
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.mm(40)
            columns: Theme.portrait ? 2 : 1
            view: bar.view
        }
    }
}
