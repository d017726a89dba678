// Language and large type, one touch away and always in the same place.
import QtQuick
import QtQuick.Layouts

GridLayout {
    id: switches

    required property var view

    columnSpacing: Theme.gap
    columns: 1
    rowSpacing: Theme.gap

    ActionButton {
        Accessible.name: switches.view.texts["language.switch"].replace("{language}", text)
        Layout.fillWidth: true
        objectName: "language"
        raised: true
        text: switches.view.other_language
        visible: text !== ""
        onClicked: switches.view.switch_language()
    }
    ActionButton {
        Layout.fillWidth: true
        objectName: "largeType"
        raised: true
        text: switches.view.texts[switches.view.large_type ? "type.normal" : "type.large"]
        onClicked: switches.view.toggle_large_type()
    }
}
