// The name of a page, and a symbol where something is wrong there; the page shown is told by form, not only by colour.
import QtQuick
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: button

    required property var entry
    required property var view
    property bool raised: false
    readonly property bool current: entry.current ?? false
    readonly property color ground: current ? (raised ? Theme.card : Theme.accentTint) : raised ? (down ? Theme.panel : Theme.panelRaised) : (down ? Theme.accentTint : Theme.card)

    Accessible.checkable: true
    Accessible.checked: current
    Accessible.name: entry.name ?? ""
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    objectName: "page-" + (entry.page ?? "")
    onClicked: view.go(entry.page)

    background: Rectangle {
        border.color: button.visualFocus ? Theme.gold : button.raised ? Theme.softPanelText : Theme.outline
        border.width: button.visualFocus || button.current ? Theme.thickLine : Theme.line
        color: button.ground
        radius: Theme.radius
    }
    contentItem: Item {
        Words {
            anchors.centerIn: parent
            color: button.current || !button.raised ? Theme.ink : Theme.panelText
            elide: Text.ElideRight
            font.bold: button.current
            horizontalAlignment: Text.AlignHCenter
            text: button.entry.title ?? ""
            width: Math.min(implicitWidth, parent.width)
            wrapMode: Text.NoWrap
        }
        StateMark {
            anchors.right: parent.right
            anchors.rightMargin: Theme.mm(0.6)
            anchors.top: parent.top
            anchors.topMargin: Theme.mm(0.6)
            name: button.entry.state ?? "none"
            size: Theme.mm(4)
            view: button.view
        }
    }
}
