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

    Accessible.description: entry.detail
    Accessible.name: entry.title
    Accessible.role: Accessible.Button
    enabled: entry.enabled
    focusPolicy: Qt.TabFocus
    objectName: "choose-" + entry.id
    padding: Theme.mm(Theme.compact ? 1.5 : 4)
    onClicked: view.choose(entry.id)

    background: Rectangle {
        border.color: tile.visualFocus || tile.enabled ? Theme.accent : Theme.hairline
        border.width: tile.visualFocus ? 2 * Theme.thickLine : tile.enabled ? Theme.thickLine : Theme.line
        color: !tile.enabled ? Theme.ground : tile.down ? Theme.accentTint : Theme.card
        radius: Theme.mm(Theme.compact ? 2 : 4)
    }
    contentItem: Item {
        GridLayout {
            anchors.centerIn: parent
            columnSpacing: Theme.mm(6)
            columns: tile.wide ? 2 : 1
            rowSpacing: Theme.mm(Theme.compact ? 1 : 3)
            width: Math.min(implicitWidth, parent.width)

            Icon {
                readonly property real room: tile.wide ? tile.availableHeight : tile.availableHeight - words.implicitHeight - parent.rowSpacing

                Layout.alignment: Qt.AlignCenter
                Layout.preferredHeight: size
                Layout.preferredWidth: size
                name: tile.entry.icon
                opacity: tile.enabled ? 1 : 0.45
                size: Math.max(0, Math.min(room, Theme.mm(Theme.compact ? 12 : 26), tile.availableWidth * 0.4))
                view: tile.view
                visible: name !== "" && size >= Theme.mm(4)
            }
            ColumnLayout {
                id: words

                Layout.fillWidth: true
                spacing: Theme.mm(Theme.compact ? 0.5 : 1.5)

                ScreenText {
                    Layout.fillWidth: true
                    color: tile.enabled ? Theme.ink : Theme.softInk
                    font.bold: true
                    glyph: Theme.compact ? 5 : Theme.largeType ? 9 : 8
                    horizontalAlignment: tile.wide ? Text.AlignLeft : Text.AlignHCenter
                    text: tile.entry.title
                }
                ScreenText {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    glyph: Theme.buttonHeight
                    horizontalAlignment: tile.wide ? Text.AlignLeft : Text.AlignHCenter
                    text: tile.entry.detail
                    visible: text !== ""
                }
            }
        }
    }
}
