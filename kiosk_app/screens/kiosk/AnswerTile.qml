// One answer of a question: ticked or not, told by a check, a border and a ground.
import QtQuick
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: tile

    required property var answer
    required property var question
    required property var view
    readonly property bool chosen: question.given === answer.code

    Accessible.checkable: true
    Accessible.checked: chosen
    Accessible.name: question.text + " " + answer.text
    Accessible.role: Accessible.CheckBox
    focusPolicy: Qt.TabFocus
    implicitHeight: Theme.touch
    objectName: "answer-" + question.code + "-" + answer.code
    onClicked: view.answer(question.code, answer.code)

    background: Rectangle {
        border.color: tile.chosen || tile.visualFocus ? Theme.accent : Theme.outline
        border.width: tile.chosen || tile.visualFocus ? Theme.thickLine : Theme.line
        color: tile.chosen || tile.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
    contentItem: Item {
        Row {
            anchors.centerIn: parent
            spacing: Theme.mm(2)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: tile.chosen ? "box-checked" : "box"
                size: Theme.optionCheck
                view: tile.view
            }
            Words {
                anchors.verticalCenter: parent.verticalCenter
                glyph: Theme.buttonHeight
                text: tile.answer.text
                width: Math.min(implicitWidth, tile.width - Theme.optionCheck - Theme.mm(6))
            }
        }
    }
}
