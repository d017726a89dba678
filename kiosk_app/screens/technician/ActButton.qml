// Something to do.
import QtQuick
import ".."

ActionButton {
    id: button

    required property var content
    required property var view

    enabled: content.enabled && !view.busy
    objectName: "act-" + content.action + (content.value === "" ? "" : "-" + content.value)
    primary: content.primary
    text: content.text
    onClicked: view.act(content.action, content.value)
}
