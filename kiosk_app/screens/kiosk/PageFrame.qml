// The form of every page: what it asks on top, at the height of the eyes; what is touched below, in reach of the hand.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: frame

    required property var view
    property string title
    property string help
    property string symbol // a drawing over or before the title; none where it is empty
    property bool tight: false // the page needs the room below
    default property alias body: body.data

    spacing: Theme.mm(Theme.compact ? 1.5 : 4)

    Item {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.portrait && !frame.tight ? Math.max(words.implicitHeight, Theme.windowHeight * 0.19) : words.implicitHeight
        implicitHeight: words.implicitHeight
        visible: frame.title !== ""

        GridLayout {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            columnSpacing: Theme.mm(Theme.compact ? 2 : 4)
            columns: Theme.portrait ? 1 : 2
            rowSpacing: Theme.mm(3)

            Icon {
                Layout.alignment: Theme.portrait ? Qt.AlignHCenter : Qt.AlignVCenter
                Layout.preferredHeight: size
                Layout.preferredWidth: size
                name: frame.symbol
                size: Theme.mm(Theme.portrait ? 17 : Theme.compact ? 6 : 11)
                view: frame.view
                visible: name !== "" && !(Theme.portrait && frame.tight)
            }
            ColumnLayout {
                spacing: Theme.mm(Theme.compact ? 0.5 : 2)

                PageTitle {
                    Layout.fillWidth: true
                    glyph: Theme.titleHeight * (Theme.portrait ? 1.2 : 1)
                    horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
                    text: frame.title
                }
                ScreenText {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    glyph: Theme.compact ? 4 : Theme.strongHeight
                    horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
                    text: frame.help
                    visible: text !== ""
                }
            }
        }
    }
    ColumnLayout {
        id: body

        Layout.fillHeight: true
        Layout.fillWidth: true
        spacing: Theme.gap
    }
}
