// One choice of a list: its name, and what there is to know about it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import ".."

T.AbstractButton {
    id: tile

    required property var entry
    required property var view
    property real glyph: Theme.strongHeight

    Accessible.description: entry.detail
    Accessible.name: entry.title
    Accessible.role: Accessible.Button
    enabled: entry.enabled
    focusPolicy: Qt.TabFocus
    horizontalPadding: Theme.mm(Theme.compact ? 2 : 4)
    objectName: "choose-" + entry.id
    onClicked: view.choose(entry.id)

    background: Rectangle {
        border.color: tile.visualFocus ? Theme.accent : tile.enabled ? Theme.outline : Theme.hairline
        border.width: tile.visualFocus ? Theme.thickLine : Theme.line
        color: !tile.enabled ? Theme.ground : tile.down ? Theme.accentTint : Theme.card
        radius: Theme.radius
    }
    contentItem: RowLayout {
        spacing: Theme.mm(2)

        EntryWords {
            Layout.fillWidth: true
            enabled: tile.enabled
            entry: tile.entry
            glyph: tile.glyph
        }
        Icon {
            Layout.preferredHeight: size
            Layout.preferredWidth: size
            name: "next"
            size: Theme.mm(5)
            view: tile.view
            visible: tile.enabled && !Theme.compact
        }
    }
}
