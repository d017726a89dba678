// The questionnaire: a few questions, every answer voluntary (R9).
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    tight: Theme.compact || Theme.largeType
    symbol: Theme.compact ? "" : "check-list"
    title: content.title

    Item {
        id: room

        readonly property var questions: page.content.questions
        readonly property real space: Theme.mm(Theme.compact ? 1 : 2)
        readonly property real smallest: rulers.childrenRect.height + space + Theme.touch
        readonly property real between: Theme.mm(Theme.compact ? 2 : 5)
        readonly property real pagerHeight: pager.implicitHeight + Theme.gap
        // Two questions beside each other, where every answer has room in one line.
        readonly property real longest: questions.reduce((most, question) => question.answers.reduce((longer, answer) => Math.max(longer, metrics.advanceWidth(answer.text) * Theme.evenSize(Theme.buttonHeight, answer.text) / 100), most), 0)
        readonly property real answerWidth: longest + Theme.optionCheck + Theme.mm(7) + Theme.gap
        readonly property int columns: Theme.portrait || Theme.compact || questions.some(question => question.answers.length * answerWidth > (width - columnSpace) / 2) ? 1 : 2
        readonly property real columnSpace: Theme.mm(8)
        readonly property real blockWidth: Math.floor((width - (columns - 1) * columnSpace) / columns)
        readonly property int perPage: questions.length <= countIn(height) ? countIn(height) : countIn(height - pagerHeight)
        readonly property int rows: Math.ceil(Math.min(perPage, Math.max(1, questions.length)) / columns)
        readonly property real blockHeight: Math.min((height - (pager.visible ? pagerHeight : 0) + between) / rows - between, smallest + Theme.mm(8))

        function countIn(height: real): int {
            return columns * Math.max(1, Math.floor((height + between) / (smallest + between)));
        }

        Layout.fillHeight: true
        Layout.fillWidth: true

        FontMetrics {
            id: metrics

            font.pixelSize: 100
        }
        Item {
            id: rulers

            visible: false

            Repeater {
                model: room.questions

                QuestionText {
                    required property var modelData

                    text: modelData.text
                    width: room.blockWidth
                }
            }
        }
        Grid {
            columnSpacing: room.columnSpace
            columns: room.columns
            rowSpacing: room.between

            Repeater {
                model: room.questions.slice(pager.pageIndex * room.perPage, (pager.pageIndex + 1) * room.perPage)

                ColumnLayout {
                    id: block

                    required property var modelData

                    height: room.blockHeight
                    spacing: room.space
                    width: room.blockWidth

                    QuestionText {
                        Layout.fillWidth: true
                        text: block.modelData.text
                    }
                    RowLayout {
                        Layout.fillHeight: true
                        Layout.fillWidth: true
                        spacing: Theme.gap
                        uniformCellSizes: true

                        Repeater {
                            model: block.modelData.answers

                            AnswerTile {
                                required property var modelData

                                Layout.fillHeight: true
                                Layout.fillWidth: true
                                answer: modelData
                                question: block.modelData
                                view: page.view
                            }
                        }
                    }
                }
            }
        }
        Pager {
            id: pager

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            pages: Math.max(1, Math.ceil(room.questions.length / room.perPage))
            view: page.view
        }
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap
        uniformCellSizes: true

        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 18)
            glyph: Theme.compact ? 4 : 5
            objectName: "skip"
            text: page.view.texts["details.skip"]
            onClicked: page.view.skip()
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 18)
            glyph: Theme.compact ? 4 : 5
            objectName: "confirm"
            primary: true
            text: page.view.texts["details.done"]
            onClicked: page.view.confirm()
        }
    }

    component QuestionText: Words {
        font.bold: true
        glyph: Theme.compact ? 4 : Theme.strongHeight
    }
}
