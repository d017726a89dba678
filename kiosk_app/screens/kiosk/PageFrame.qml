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
    property real headPart: 0.18 // of a tall screen
    readonly property bool stacked: Theme.portrait && !tight
    default property alias body: body.data

    spacing: Theme.mm(Theme.compact ? 1.5 : 4)

    Item {
        Layout.fillWidth: true
        Layout.preferredHeight: frame.stacked ? Math.max(words.implicitHeight, Theme.windowHeight * frame.headPart) : words.implicitHeight
        implicitHeight: words.implicitHeight
        visible: frame.title !== ""

        GridLayout {
            id: words

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            columnSpacing: Theme.mm(Theme.compact ? 2 : 4)
            columns: frame.stacked ? 1 : 2
            rowSpacing: Theme.mm(3)

            Icon {
                Layout.alignment: frame.stacked ? Qt.AlignHCenter : Qt.AlignVCenter
                Layout.preferredHeight: size
                Layout.preferredWidth: size
                name: frame.symbol
                size: Theme.mm(frame.stacked ? 17 : Theme.compact ? 6 : 11)
                view: frame.view
                visible: name !== ""
            }
            ColumnLayout {
                spacing: Theme.mm(Theme.compact ? 0.5 : 2)

                PageTitle {
                    Layout.fillWidth: true
                    elide: Text.ElideRight
                    font.pixelSize: Theme.evenSize(glyph, text)
                    glyph: Theme.titleHeight * (Theme.portrait ? 1.2 : 1)
                    horizontalAlignment: frame.stacked ? Text.AlignHCenter : Text.AlignLeft
                    maximumLineCount: Theme.portrait ? 3 : 2
                    text: frame.title
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    glyph: Theme.compact ? 4 : Theme.strongHeight
                    horizontalAlignment: frame.stacked ? Text.AlignHCenter : Text.AlignLeft
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
