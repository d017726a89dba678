// A large choice: drawing, word, and what it is for; one that cannot be made now stays and says why.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: tile

    required property var entry
    required property var view
    readonly property bool wide: width > height * 1.7
    readonly property bool tall: height > width * 1.2
    readonly property int align: wide ? Text.AlignLeft : Text.AlignHCenter
    readonly property real wordsWidth: availableWidth * (wide ? 0.64 : 1)
    // The drawing takes what one line of title and two of detail leave: the same in every tile of one size.
    readonly property real room: wide ? availableHeight : availableHeight - title.implicitHeight - reserved - 2 * parts.rowSpacing
    readonly property real reserved: Math.ceil((Theme.compact ? 3.1 : 2.1) * Theme.evenSize(Theme.buttonHeight, "") * Theme.lineHeight)

    Accessible.description: entry.detail
    Accessible.name: entry.title
    Accessible.role: Accessible.Button
    enabled: entry.enabled
    focusPolicy: Qt.TabFocus
    objectName: "choose-" + entry.id
    padding: Theme.mm(Theme.compact ? 1.5 : 3)
    onClicked: view.choose(entry.id)

    background: Rectangle {
        border.color: tile.visualFocus || tile.enabled ? Theme.accent : Theme.hairline
        border.width: tile.visualFocus ? 2 * Theme.thickLine : tile.enabled ? Theme.thickLine : Theme.line
        color: !tile.enabled ? Theme.ground : tile.down ? Theme.accentTint : Theme.card
        radius: Theme.mm(Theme.compact ? 2 : 4)
    }
    contentItem: Item {
        FontMetrics {
            id: metrics

            font.bold: true
            font.pixelSize: 100
        }
        GridLayout {
            id: parts

            anchors.centerIn: parent
            columnSpacing: Theme.mm(6)
            columns: tile.wide ? 2 : 1
            rowSpacing: Theme.mm(Theme.compact ? 0.6 : 1.5)

            Icon {
                id: drawing

                Layout.alignment: Qt.AlignCenter
                Layout.preferredHeight: size
                Layout.preferredWidth: size
                name: tile.entry.icon
                opacity: tile.enabled ? 1 : 0.45
                size: Math.max(0, Math.min(tile.room, Theme.mm(Theme.compact ? 14 : 34), tile.availableWidth * (tile.wide ? 0.3 : 0.6)))
                view: tile.view
                visible: name !== "" && size >= Theme.mm(4)
            }
            ColumnLayout {
                spacing: parts.rowSpacing

                Words {
                    id: title

                    // One line of it, if need be in smaller type; in a tall tile there is room for two.
                    readonly property int wished: Theme.evenSize(Theme.compact ? 5 : Theme.largeType ? 9 : 8, text)
                    readonly property int widest: tile.tall ? wished : Math.floor(tile.wordsWidth / metrics.advanceWidth(text) * 100)

                    Layout.alignment: tile.wide ? Qt.AlignLeft : Qt.AlignHCenter
                    Layout.maximumWidth: tile.wordsWidth
                    color: tile.enabled ? Theme.ink : Theme.softInk
                    font.bold: true
                    font.pixelSize: Math.max(Math.min(wished, widest), Theme.evenSize(Theme.buttonHeight, text))
                    horizontalAlignment: tile.align
                    text: tile.entry.title
                    wrapMode: tile.tall || widest < font.pixelSize ? Text.Wrap : Text.NoWrap
                }
                Words {
                    Layout.alignment: tile.wide ? Qt.AlignLeft : Qt.AlignHCenter
                    Layout.maximumWidth: tile.wordsWidth
                    color: Theme.softInk
                    glyph: Theme.buttonHeight
                    horizontalAlignment: tile.align
                    text: tile.entry.detail
                    visible: text !== ""
                }
            }
        }
    }
}
