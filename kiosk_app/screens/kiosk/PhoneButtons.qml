// With the number, or without one where it may be left out.
import QtQuick
import QtQuick.Layouts
import ".."

RowLayout {
    id: buttons

    required property var page

    spacing: Theme.gap
    uniformCellSizes: true

    ActionButton {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
        glyph: Theme.compact ? 4.2 : Theme.hasHan(text) ? 6 : 4.8
        objectName: "skip"
        text: buttons.page.view.texts["kiosk.skip"]
        visible: buttons.page.content.skippable
        onClicked: buttons.page.view.skip()
    }
    ConfirmButton {
        Layout.fillWidth: true
        page: buttons.page
    }
}
