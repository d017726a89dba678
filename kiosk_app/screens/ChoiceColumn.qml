// One of the five choices: face, word, stars, colour and place all say the same (R6).
import QtQuick
import QtQuick.Templates as T

T.AbstractButton {
    id: choice

    required property string level
    required property int stars
    required property var view
    required property real wordSize // pixels, one for all five
    readonly property color ground: Theme.choiceColours[level]
    // The face takes what word and stars leave.
    readonly property real faceSize: Math.min(width * 0.66, height - words.height - rating.height - 4 * parts.spacing)

    Accessible.name: view.texts["level." + level + ".name"]
    Accessible.role: Accessible.Button
    focusPolicy: Qt.TabFocus
    objectName: "choice-" + level
    onClicked: view.press(level)
    onPressed: view.touch_began()

    background: Rectangle {
        border.color: choice.down || choice.visualFocus ? Theme.choiceText : choice.ground
        border.width: Theme.thickLine
        color: choice.ground
        radius: Theme.radius
    }
    contentItem: Item {
        Column {
            id: parts

            anchors.centerIn: parent
            spacing: Theme.mm(Theme.compact ? 1.5 : 4)
            width: parent.width

            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: "face-" + choice.level
                size: choice.faceSize
                view: choice.view
            }
            // Two lines high for all, so that the faces stand in one row.
            Item {
                id: words

                height: word.lineHeight * 2
                width: parent.width

                ScreenText {
                    id: word

                    anchors.centerIn: parent
                    color: Theme.choiceText
                    font.bold: true
                    font.pixelSize: choice.wordSize
                    horizontalAlignment: Text.AlignHCenter
                    objectName: "choiceWord"
                    text: choice.view.texts["level." + choice.level]
                    wrapMode: Text.NoWrap
                }
            }
            Stars {
                id: rating

                anchors.horizontalCenter: parent.horizontalCenter
                count: choice.stars
                size: Math.min(Theme.mm(4.6), choice.width / 7)
                view: choice.view
            }
        }
    }
}
