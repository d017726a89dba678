// Which window this is and who serves here: the same on every page, left on a wide screen, on top of a tall one.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: panel

    required property var view
    readonly property real padding: Theme.mm(Theme.compact ? 2 : 4)

    color: Theme.panel
    implicitHeight: content.implicitHeight + 2 * padding
    implicitWidth: Theme.mm(Theme.compact ? 26 : 56)

    GridLayout {
        id: content

        anchors.fill: parent
        anchors.margins: panel.padding
        columnSpacing: Theme.mm(5)
        columns: Theme.portrait ? 3 : 1
        rowSpacing: Theme.mm(Theme.compact ? 1.5 : 3)

        WindowPlate {
            Layout.fillWidth: !Theme.portrait
            Layout.preferredWidth: Theme.mm(27)
            view: panel.view
        }
        StaffCard {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.minimumHeight: 0
            Layout.preferredHeight: Theme.mm(36)
            Layout.preferredWidth: Theme.mm(40)
            view: panel.view
        }
        Item {
            Layout.fillHeight: true
            visible: !Theme.portrait && panel.view.staff.name === ""
        }
        ScreenText {
            Layout.fillWidth: true
            color: Theme.softPanelText
            elide: Text.ElideRight
            glyph: Theme.panelHeight
            maximumLineCount: 2
            text: panel.view.sign.hall
            visible: !Theme.compact && !Theme.portrait
        }
        Switches {
            Layout.alignment: Qt.AlignBottom
            Layout.fillWidth: !Theme.portrait
            Layout.preferredWidth: Theme.mm(28)
            view: panel.view
        }
    }
}
