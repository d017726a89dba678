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

    ColumnLayout {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.mm(Theme.compact ? 3 : 6)

        Icon {
            Layout.alignment: Qt.AlignHCenter
            name: message.symbol
            size: Math.min(message.width, message.height) * 0.28
            view: message.view
        }
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
                glyph: Theme.strongHeight
                horizontalAlignment: Text.AlignHCenter
                text: modelData
                visible: text !== ""
            }
        }
    }
    CountdownBar {
        anchors.bottom: parent.bottom
        anchors.horizontalCenter: parent.horizontalCenter
        view: message.view
        width: Math.min(parent.width, implicitWidth)
    }
}
