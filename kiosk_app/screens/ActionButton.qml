// A button with a word on it: a touch target of 15 mm or more that says with form, not only with colour, what it is.
import QtQuick
import QtQuick.Templates as T

T.AbstractButton {
    id: button

    property bool primary: false
    property bool raised: false
    property real glyph: raised ? Theme.panelHeight : Theme.buttonHeight
    readonly property color ground: !enabled ? Theme.ground : primary ? (down ? Theme.accentPressed : Theme.accent) : raised ? (down ? Theme.panel : Theme.panelRaised) : (down ? Theme.accentTint : Theme.card)
    readonly property color foreground: !enabled ? Theme.softInk : primary ? Theme.accentText : raised ? Theme.panelText : Theme.ink
    readonly property color edge: !enabled ? Theme.hairline : primary ? Theme.accent : raised ? Theme.softPanelText : Theme.outline

    Accessible.name: text
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus // a touch leaves the keys to whoever types or scans
    implicitHeight: Math.max(Theme.touch, implicitContentHeight + topPadding + bottomPadding)
    implicitWidth: Math.max(Theme.touch, implicitContentWidth + leftPadding + rightPadding)
    horizontalPadding: Theme.mm(raised ? 0.6 : Theme.compact ? 1 : 3)
    verticalPadding: Theme.mm(0.5)

    background: Rectangle {
        border.color: button.visualFocus ? Theme.gold : button.edge
        border.width: button.visualFocus ? Theme.thickLine : Theme.line
        color: button.ground
        radius: Theme.radius
    }
    contentItem: ScreenText {
        color: button.foreground
        font.bold: button.primary
        glyph: button.glyph
        horizontalAlignment: Text.AlignHCenter
        text: button.text
        verticalAlignment: Text.AlignVCenter
    }
}
