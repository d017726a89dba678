// A question before something is done: nothing else can be touched until it is answered.
import QtQuick
import QtQuick.Layouts
import ".."

Rectangle {
    id: question

    required property var view
    readonly property var asked: view.confirm

    color: Theme.panel

    MouseArea {
        anchors.fill: parent
    }
    Rectangle {
        anchors.centerIn: parent
        color: Theme.card
        height: parts.implicitHeight + 2 * Theme.mm(Theme.compact ? 5 : 9)
        radius: Theme.radius
        width: Math.min(parent.width - 2 * Theme.margin, Theme.mm(132))

        ColumnLayout {
            id: parts

            anchors.centerIn: parent
            spacing: Theme.mm(Theme.compact ? 5 : 9)
            width: parent.width - 2 * Theme.mm(Theme.compact ? 5 : 9)

            Words {
                Accessible.role: Accessible.Heading
                Layout.fillWidth: true
                font.bold: true
                glyph: Theme.messageHeight
                text: question.asked.question ?? ""
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.mm(6)

                ActionButton {
                    Layout.fillWidth: true
                    Layout.preferredWidth: Theme.mm(20)
                    objectName: "answer-no"
                    text: question.view.texts["view.no"]
                    onClicked: question.view.act(question.asked.no_action, "")
                }
                ActionButton {
                    Layout.fillWidth: true
                    Layout.preferredWidth: Theme.mm(20)
                    objectName: "answer-yes"
                    primary: true
                    text: question.view.texts["view.yes"]
                    onClicked: question.view.act(question.asked.yes_action, question.asked.yes_value)
                }
            }
        }
    }
}
