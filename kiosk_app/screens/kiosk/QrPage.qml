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

        QrPicture {
            readonly property real size: Theme.mm(Theme.compact ? 58 : Theme.portrait ? 84 : 92)

            Layout.alignment: Qt.AlignCenter
            Layout.preferredHeight: size
            Layout.preferredWidth: size
            name: page.view.texts["kiosk.qr"]
            source: page.content.qr
        }
        ColumnLayout {
            Layout.alignment: Theme.portrait ? Qt.AlignTop : Qt.AlignVCenter
            Layout.fillWidth: true
            spacing: Theme.mm(Theme.compact ? 2 : 4)

            Repeater {
                model: page.content.lines

                ScreenText {
                    required property string modelData

                    Layout.fillWidth: true
                    glyph: Theme.messageHeight
                    horizontalAlignment: Theme.portrait ? Text.AlignHCenter : Text.AlignLeft
                    text: modelData
                }
            }
        }
    }
}
