// Language and large type, one touch away and always in the same place.
import QtQuick
import QtQuick.Layouts

GridLayout {
    id: switches

    required property var view

    columnSpacing: Theme.gap
    columns: Theme.compact || Theme.portrait ? 1 : 2
    uniformCellWidths: true
    rowSpacing: Theme.gap

    ActionButton {
        Accessible.name: switches.view.texts["language.switch"].replace("{language}", text)
        Layout.fillWidth: true
        objectName: "language"
        raised: true
        text: switches.view.other_texts["language.name"] ?? ""
        visible: text !== ""
        onClicked: switches.view.switch_language()
    }
    ActionButton {
        Accessible.name: switches.view.texts["type.name"].replace("{size}", text)
        Layout.fillWidth: true
        objectName: "largeType"
        raised: true
        text: switches.view.texts[switches.view.large_type ? "type.normal" : "type.large"]
        onClicked: switches.view.toggle_large_type()
    }
}
