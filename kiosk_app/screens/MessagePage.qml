// A page that says one thing: a symbol, a heading, a few lines.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

Item {
    id: message

    required property var view
    required property string symbol
    required property string title
    property list<string> lines: []

    // The symbol takes what the words leave.
    readonly property real room: height - words.implicitHeight - (view.counting ? 2 * (countdown.implicitHeight + Theme.gap) : Theme.gap)

    Icon {
        id: symbol

        anchors.bottom: words.top
        anchors.bottomMargin: Theme.smallGap
        anchors.horizontalCenter: parent.horizontalCenter
        name: message.symbol
        size: Math.max(0, Math.min(message.room, Math.min(message.width, message.height) * 0.3))
        view: message.view
    }
    ColumnLayout {
        id: words

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.verticalCenterOffset: symbol.size / 2
        spacing: Theme.mm(Theme.compact ? 2 : 5)

        PageTitle {
            Layout.fillWidth: true
            glyph: Theme.titleHeight * 1.25
            horizontalAlignment: Text.AlignHCenter
            text: message.title
        }
        Repeater {
            model: message.lines

            ScreenText {
                required property string modelData

                Layout.fillWidth: true
                glyph: Theme.messageHeight
                horizontalAlignment: Text.AlignHCenter
                text: modelData
                visible: text !== ""
            }
        }
    }
    CountdownBar {
        id: countdown

        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        view: message.view
    }
}
