// The touchable ground of a row or tile; what is chosen or here now is told by border and check, not only by colour.
import QtQuick
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: surface

    property bool chosen: false

    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus

    background: Rectangle {
        border.color: surface.chosen || surface.visualFocus ? Theme.accent : Theme.outline
        border.width: surface.chosen || surface.visualFocus ? Theme.thickLine : Theme.line
        color: !surface.enabled ? Theme.ground : surface.chosen || surface.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
}
