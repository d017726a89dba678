// Something was done, and what to keep: the number or code, larger than anything else; its QR code; the paper.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "check-circle"
    tight: true
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.gap
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gap

        Rectangle {
            id: card

            readonly property real padding: Theme.mm(Theme.compact ? 1.5 : 4)

            Layout.columnSpan: Theme.portrait ? 1 : 2
            Layout.fillWidth: true
            border.color: Theme.accent
            border.width: Theme.thickLine
            color: Theme.card
            implicitHeight: Math.max(keep.implicitHeight, qr.visible ? qr.size : 0) + 2 * padding
            radius: Theme.mm(3)

            ColumnLayout {
                id: keep

                anchors.left: parent.left
                anchors.margins: card.padding
                anchors.right: qr.visible ? qr.left : parent.right
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.mm(Theme.compact ? 0.5 : 2)

                ScreenText {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    glyph: Theme.compact ? 4 : Theme.strongHeight
                    text: page.content.label
                }
                ScreenText {
                    id: big

                    // As large as the card allows: a short number is seen from afar, a long code stays on one line.
                    readonly property real widest: (keep.width - 2) / (metrics.advanceWidth(text) / 100)

                    Layout.fillWidth: true
                    color: Theme.accent
                    font.bold: true
                    font.pixelSize: Math.max(8, Math.floor(Math.min(widest, Theme.pixelSize(Theme.compact ? 12 : 24, text))))
                    objectName: "big"
                    text: page.content.big
                    wrapMode: Text.NoWrap
                }
            }
            QrPicture {
                id: qr

                readonly property real size: Theme.mm(Theme.compact ? 22 : 40)

                anchors.margins: card.padding
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                height: size
                name: page.view.texts["kiosk.qr"]
                source: page.content.qr
                visible: page.content.qr !== ""
                width: size
            }
        }
        PrintingLine {
            Layout.columnSpan: Theme.portrait ? 1 : 2
            Layout.fillWidth: true
            printing: page.content.printing
            text: page.content.printing_line
            view: page.view
        }
        Rows {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: Math.max(wantedHeight, Theme.mm(20))
            Layout.preferredWidth: 20
            rows: page.content.rows
            view: page.view
            visible: rows.length > 0
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignTop
            Layout.fillWidth: true
            Layout.preferredWidth: 15
            spacing: Theme.mm(Theme.compact ? 1 : 3)

            Repeater {
                model: page.content.lines

                ScreenText {
                    required property string modelData

                    Layout.fillWidth: true
                    glyph: Theme.compact ? 4 : Theme.strongHeight
                    text: modelData
                }
            }
        }
    }
    Item {
        Layout.fillHeight: true
        Layout.preferredHeight: 0
    }
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.gap
        uniformCellSizes: true

        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
            glyph: Theme.compact ? 4 : 5.5
            objectName: "copy"
            text: page.view.texts["kiosk.copy"]
            visible: page.content.may_print
            onClicked: page.view.copy()
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.compact ? 15 : 20)
            glyph: Theme.compact ? 4.2 : 5.5
            objectName: "done"
            primary: true
            text: page.view.texts["kiosk.done"]
            visible: page.view.done
            onClicked: page.view.confirm()
        }
    }

    FontMetrics {
        id: metrics

        font.bold: true
        font.pixelSize: 100
    }
}
