// Who is there, and the PIN: its digits are seen by nobody, only how many they are.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

GridLayout {
    id: page

    required property var view
    readonly property bool usable: view.technicians.length > 0 && view.wait_seconds === 0
    readonly property string chosen: view.operator !== "" ? view.operator : view.technicians[0] ?? ""

    function begin(): void {
        flow.pageIndex = 0;
    }
    function enter(): void {
        if (usable)
            view.sign_in(chosen);
    }

    columnSpacing: Theme.mm(Theme.compact ? 4 : 8)
    columns: Theme.portrait ? 1 : 2
    rowSpacing: Theme.mm(6)

    ColumnLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.maximumHeight: Theme.portrait ? page.height * 0.42 : page.height
        Layout.preferredWidth: 0
        spacing: Theme.gap

        Heading {
            Layout.fillWidth: true
            flow: flow
            titled: !paged || !Theme.compact
            view: page.view
        }
        Rectangle {
            Accessible.name: page.view.wait_seconds > 0 ? field.text : page.view.texts["view.pin.typed"].replace("{n}", page.view.typed)
            Accessible.role: Accessible.StaticText
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.touch
            border.color: Theme.outline
            border.width: Theme.thickLine
            color: Theme.card
            objectName: "pin"
            radius: Theme.radius

            Words {
                id: field

                readonly property bool waiting: page.view.wait_seconds > 0

                Accessible.ignored: true
                anchors.centerIn: parent
                color: waiting || page.view.typed > 0 ? Theme.ink : Theme.softInk
                font.bold: waiting || page.view.typed > 0
                text: waiting ? page.view.texts["view.wait"].replace("{n}", page.view.wait_seconds) : page.view.typed > 0 ? "●".repeat(page.view.typed) : page.view.texts["view.pin"]
                wrapMode: Text.NoWrap
            }
        }
        PieceFlow {
            id: flow

            active: page.visible
            Layout.fillHeight: true
            Layout.fillWidth: true
            view: page.view
        }
    }
    PinPad {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.maximumWidth: Theme.portrait ? page.width : page.width * 0.5
        Layout.preferredWidth: 0
        usable: page.usable
        view: page.view
        onEntered: page.enter()
    }
}
