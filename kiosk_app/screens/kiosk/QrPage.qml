// A QR code to go on with on a phone.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "phone"
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.mm(8)
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.mm(6)

        Item {
            id: room

            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: Theme.mm(96)
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10

            QrPicture {
                anchors.centerIn: parent
                height: width
                name: page.view.texts["kiosk.qr"]
                source: page.content.qr
                width: Math.min(room.width, room.height)
            }
        }
        ColumnLayout {
            Layout.alignment: Theme.portrait ? Qt.AlignTop : Qt.AlignVCenter
            Layout.fillWidth: true
            Layout.preferredWidth: 10
            spacing: Theme.mm(Theme.compact ? 2 : 4)

            Repeater {
                model: page.content.lines

                Words {
                    required property string modelData

                    Layout.fillWidth: true
                    font.bold: true
                    glyph: Theme.messageHeight
                    horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
                    text: modelData
                }
            }
        }
    }
    Item {
        Layout.preferredHeight: Theme.mm(6)
        visible: Theme.portrait
    }
}
