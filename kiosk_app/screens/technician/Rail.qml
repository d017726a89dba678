// Who is signed in, the pages, language and the way out: at the left, on a tall screen on top.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: rail

    required property var view
    required property bool listing
    readonly property real padding: Theme.mm(Theme.compact ? 1.8 : 4)
    readonly property bool leaving: view.counting && view.remaining_seconds <= 30
    readonly property string worst: ["problem", "warning"].find(state => view.menu.some(entry => entry.state === state)) ?? "none"
    signal list

    color: Theme.panel
    implicitHeight: parts.implicitHeight + 2 * padding
    implicitWidth: Theme.mm(Theme.compact ? 33.5 : 73)

    GridLayout {
        id: parts

        anchors.fill: parent
        anchors.margins: rail.padding
        columnSpacing: Theme.gap
        columns: Theme.portrait ? 3 : 1
        rowSpacing: Theme.gap

        ColumnLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.compact || !Theme.portrait ? -1 : Theme.touch
            spacing: Theme.mm(Theme.compact ? 0 : 1)

            Words {
                Accessible.role: Accessible.Heading
                Layout.fillWidth: true
                color: Theme.panelText
                elide: Text.ElideRight
                font.bold: true
                glyph: Theme.compact ? 4 : Theme.panelStrongHeight
                maximumLineCount: Theme.compact ? 2 : 1
                text: rail.view.texts[Theme.compact ? "view.title.short" : "view.title"]
            }
            Words {
                Layout.fillWidth: true
                color: Theme.softPanelText
                elide: Text.ElideRight
                maximumLineCount: 1
                text: rail.view.page === "sign_in" ? "" : rail.view.operator
                visible: !rail.leaving && text !== ""
                wrapMode: Text.WrapAnywhere
            }
            // The last half minute, in the place of the name.
            Words {
                Layout.fillWidth: true
                color: Theme.gold
                font.bold: true
                objectName: "leaving"
                text: rail.view.texts[Theme.compact ? "view.leaving.short" : "view.leaving"].replace("{n}", rail.view.remaining_seconds)
                visible: rail.leaving
                wrapMode: Text.NoWrap
            }
        }
        ActionButton {
            Layout.fillWidth: !Theme.portrait
            Layout.preferredWidth: Theme.mm(26)
            Accessible.name: rail.worst === "none" ? text : text + ": " + rail.view.texts["view.state." + rail.worst]
            objectName: "technician-menu"
            raised: true
            text: rail.view.texts[rail.listing ? "view.back" : "view.pages"]
            visible: Theme.compact && rail.view.menu.length > 0
            onClicked: rail.list()

            StateMark {
                anchors.margins: Theme.mm(0.6)
                anchors.right: parent.right
                anchors.top: parent.top
                name: rail.worst
                size: Theme.mm(4)
                view: rail.view
            }
        }
        Menu {
            Layout.columnSpan: Theme.portrait ? 3 : 1
            Layout.fillWidth: true
            Layout.row: Theme.portrait ? 1 : -1
            columns: Theme.portrait ? 4 : 2
            raised: true
            view: rail.view
            visible: !Theme.compact && rail.view.menu.length > 0
        }
        Item {
            Layout.fillHeight: true
            visible: !Theme.portrait
        }
        GridLayout {
            Layout.column: Theme.portrait ? 1 : -1
            Layout.columnSpan: Theme.portrait ? 2 : 1
            Layout.fillWidth: !Theme.portrait
            Layout.row: Theme.portrait ? 0 : -1
            columnSpacing: Theme.gap
            columns: Theme.compact ? 1 : 2
            rowSpacing: Theme.gap
            uniformCellWidths: true

            ActionButton {
                Accessible.name: rail.view.texts["language.switch"].replace("{language}", text)
                Layout.fillWidth: true
                Layout.preferredWidth: Theme.mm(Theme.compact ? 20 : 28)
                objectName: "technician-language"
                raised: true
                text: rail.view.other_texts["language.name"] ?? ""
                visible: text !== ""
                onClicked: rail.view.switch_language()
            }
            ActionButton {
                Layout.fillWidth: true
                Layout.preferredWidth: Theme.mm(Theme.compact ? 20 : 28)
                objectName: "technician-leave"
                raised: true
                text: rail.view.texts["view.leave"]
                onClicked: rail.view.leave()
            }
        }
    }
}
