// Goes on with what was typed, once it is complete.
import QtQuick
import QtQuick.Layouts
import ".."

ActionButton {
    id: button

    required property var page

    Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
    enabled: page.content.complete
    glyph: Theme.compact ? 5 : 6
    objectName: "confirm"
    primary: true
    text: page.view.texts["kiosk.confirm"]
    onClicked: page.view.confirm()
}
