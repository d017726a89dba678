// One option of the page after the press: ticked or not, told by a check, a border and a ground.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

T.AbstractButton {
    id: tile

    required property string code
    required property bool chosen
    required property var view

    Accessible.checkable: true
    Accessible.checked: chosen
    Accessible.name: text
    Accessible.role: Accessible.CheckBox
    horizontalPadding: Theme.optionPadding
    objectName: "option-" + code
    onClicked: view.toggle_option(code)

    background: Rectangle {
        border.color: tile.chosen || tile.visualFocus ? Theme.accent : Theme.outline
        border.width: tile.chosen || tile.visualFocus ? Theme.thickLine : Theme.line
        color: tile.chosen || tile.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
    contentItem: RowLayout {
        spacing: Theme.optionPadding

        Icon {
            name: tile.chosen ? "box-checked" : "box"
            size: Theme.optionIcon
            view: tile.view
        }
        ScreenText {
            Layout.fillWidth: true
            text: tile.text
        }
    }
}
