// One option of the page after the press: ticked or not, told by a check, a border and a ground.
import QtQuick
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
    focusPolicy: Qt.TabFocus
    objectName: "option-" + code
    onClicked: view.toggle_option(code)

    background: Rectangle {
        border.color: tile.chosen || tile.visualFocus ? Theme.accent : Theme.outline
        border.width: tile.chosen || tile.visualFocus ? Theme.thickLine : Theme.line
        color: tile.chosen || tile.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
    contentItem: ScreenText {
        leftPadding: Theme.compact ? 0 : check.width + Theme.optionPadding
        text: tile.text
        verticalAlignment: Text.AlignVCenter
    }

    // Before the text; on a small screen, where the text needs the width, on the corner and only when ticked.
    Icon {
        id: check

        anchors.right: Theme.compact ? parent.right : undefined
        anchors.rightMargin: -width * 0.4
        anchors.top: Theme.compact ? parent.top : undefined
        anchors.topMargin: -height * 0.4
        anchors.verticalCenter: Theme.compact ? undefined : parent.verticalCenter
        name: tile.chosen ? "box-checked" : "box"
        size: Theme.optionCheck
        view: tile.view
        visible: tile.chosen || !Theme.compact
        x: tile.leftPadding
    }
}
