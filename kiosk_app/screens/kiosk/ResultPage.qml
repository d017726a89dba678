// Something was done, and what to keep: the number or code, larger than anything else; its QR code; the paper.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content
    // A long code has a line of its own on a tall screen; a number stands beside its QR code.
    readonly property bool code: content.big.length > 8
    readonly property bool over: Theme.portrait && code
    // On a wide screen a short number leaves room beside it.
    readonly property bool among: !Theme.portrait && !code && content.lines.length > 0

    symbol: "check-circle"
    tight: true
    title: content.title

    Rectangle {
        id: card

        readonly property real padding: Theme.mm(Theme.compact ? 1.5 : Theme.portrait ? 4 : 2.5)

        Layout.fillWidth: true
        border.color: Theme.accent
        border.width: Theme.thickLine
        color: Theme.card
        implicitHeight: keep.implicitHeight + 2 * padding
        radius: Theme.mm(3)

        GridLayout {
            id: keep

            anchors.left: parent.left
            anchors.margins: card.padding
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            columnSpacing: Theme.mm(4)
            columns: page.among ? 3 : 2
            rowSpacing: Theme.mm(3)

            ColumnLayout {
                Layout.columnSpan: page.over ? 2 : 1
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                spacing: Theme.mm(Theme.compact ? 0.5 : 1.5)

                Words {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    glyph: Theme.compact ? 4 : Theme.strongHeight
                    text: page.content.label
                    visible: !Theme.compact
                }
                Words {
                    id: big

                    // As large as the card allows: a short number is seen from afar, a long code stays on one line.
                    readonly property real widest: (width - 2) / (metrics.advanceWidth(text) / 100)

                    Layout.fillWidth: true
                    Layout.preferredWidth: 10
                    color: Theme.accent
                    font.bold: true
                    font.pixelSize: Math.max(8, Math.floor(Math.min(widest, Theme.evenSize(Theme.compact ? 8 : Theme.portrait ? (Theme.largeType ? 19 : 25) : Theme.largeType ? 13 : 15, text))))
                    lineHeight: Math.ceil(font.pixelSize * 1.02)
                    objectName: "big"
                    text: page.content.big
                    wrapMode: Text.NoWrap
                }
            }
            Lines {
                Layout.fillWidth: true
                Layout.preferredWidth: 10
                texts: page.content.lines
                visible: page.among
            }
            QrPicture {
                readonly property real size: Theme.mm(Theme.compact ? 15 : Theme.portrait ? (Theme.largeType ? 32 : 40) : Theme.largeType ? 25 : 28)

                Layout.preferredHeight: size
                Layout.preferredWidth: size
                name: page.view.texts["kiosk.qr"]
                source: page.content.qr
                visible: page.content.qr !== ""
            }
            Lines {
                Layout.fillWidth: true
                texts: page.content.lines
                visible: page.over
            }
        }
    }
    ColumnLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        spacing: Theme.gap

        PrintingLine {
            Layout.fillWidth: true
            printing: page.content.printing
            text: page.content.printing_line
            view: page.view
            visible: text !== "" && Theme.portrait
        }
        Lines {
            Layout.fillWidth: true
            texts: page.content.lines
            visible: Theme.portrait && !page.over && texts.length > 0
        }
        Rows {
            Layout.fillHeight: true
            Layout.fillWidth: true
            // Never less than two lines and the buttons that turn its pages.
            Layout.minimumHeight: Theme.portrait ? Theme.mm(36) : 0
            Layout.preferredHeight: 10
            rows: page.content.rows
            view: page.view
            // A seven-inch screen has room for a code and what to do with it, and no more.
            visible: rows.length > 0 && !(Theme.compact && page.code)
        }
        Lines {
            Layout.fillWidth: true
            texts: page.content.lines
            visible: !Theme.portrait && !page.among && texts.length > 0
        }
    }
    Item {
        Layout.fillHeight: true
        visible: page.content.rows.length === 0 || Theme.compact && page.code
    }
    RowLayout {
        Layout.fillHeight: false
        Layout.fillWidth: true
        spacing: Theme.gap
        uniformCellSizes: Theme.portrait

        PrintingLine {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredWidth: Theme.compact ? 24 : 26
            printing: page.content.printing
            text: page.content.printing_line
            view: page.view
            visible: text !== "" && !Theme.portrait
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.portrait ? (Theme.largeType ? 16 : 22) : Theme.compact ? 15 : 16)
            Layout.preferredWidth: 12
            glyph: Theme.portrait ? 5 : 4
            objectName: "copy"
            text: page.view.texts["kiosk.copy"]
            visible: page.content.may_print
            onClicked: page.view.copy()
        }
        ActionButton {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.mm(Theme.portrait ? (Theme.largeType ? 16 : 22) : Theme.compact ? 15 : 16)
            Layout.preferredWidth: 12
            glyph: Theme.compact ? 4.2 : 6
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
