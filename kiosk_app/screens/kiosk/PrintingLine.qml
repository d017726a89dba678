// What became of the paper, and what to do about it.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: line

    required property var view
    required property string printing
    required property string text
    readonly property bool needsCare: printing === "failed" || printing === "unconfirmed" || printing === "none"

    border.color: Theme.noticeInk
    border.width: needsCare ? Theme.line : 0
    color: needsCare ? Theme.noticeGround : Theme.accentTint
    implicitHeight: parts.implicitHeight + 2 * Theme.mm(Theme.portrait ? 2.5 : 1)
    radius: Theme.radius
    visible: text !== ""

    RowLayout {
        id: parts

        anchors.left: parent.left
        anchors.margins: Theme.mm(Theme.compact ? 2 : 4)
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.mm(Theme.compact ? 2 : 4)

        Icon {
            Layout.preferredHeight: size
            Layout.preferredWidth: size
            name: line.needsCare ? "warning" : "printer"
            size: Theme.mm(Theme.compact ? 5 : 9)
            view: line.view
        }
        Words {
            Layout.fillWidth: true
            color: line.needsCare ? Theme.noticeInk : Theme.accent
            font.bold: true
            glyph: Theme.compact ? 4 : Theme.portrait ? Theme.strongHeight : 4.6
            text: line.text
        }
    }
}
