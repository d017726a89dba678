// What to do here; or, in the same place, why the last thing was refused.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: line

    required property var view
    required property string help
    property string fault

    border.color: Theme.noticeInk
    border.width: fault === "" ? 0 : Theme.line
    color: fault === "" ? "transparent" : Theme.noticeGround
    implicitHeight: parts.implicitHeight + 2 * Theme.mm(Theme.compact ? 0.6 : 2)
    radius: Theme.radius

    RowLayout {
        id: parts

        anchors.left: parent.left
        anchors.leftMargin: line.fault === "" ? 0 : Theme.mm(3)
        anchors.right: parent.right
        anchors.rightMargin: line.fault === "" ? 0 : Theme.mm(3)
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.mm(2)

        Icon {
            Layout.preferredHeight: size
            Layout.preferredWidth: size
            name: "warning"
            size: Theme.mm(Theme.compact ? 5 : 8)
            view: line.view
            visible: line.fault !== ""
        }
        Words {
            Layout.fillWidth: true
            color: line.fault === "" ? Theme.softInk : Theme.noticeInk
            font.bold: line.fault !== ""
            glyph: Theme.compact ? 4 : Theme.strongHeight
            horizontalAlignment: line.fault === "" && Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
            text: line.fault === "" ? line.help : line.fault
        }
    }
}
