// For what the rating is (R4), and the five choices.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: page

    required property var view
    required property var content

    spacing: Theme.mm(Theme.compact ? 1 : 4)

    Rectangle {
        Layout.fillWidth: true
        color: Theme.accentTint
        implicitHeight: of.implicitHeight + 2 * Theme.mm(Theme.compact ? 1 : 3)
        radius: Theme.radius
        visible: page.content.rows.length > 0

        Words {
            id: of

            anchors.left: parent.left
            anchors.margins: Theme.mm(Theme.compact ? 2 : 4)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            elide: Text.ElideRight
            font.bold: true
            glyph: Theme.portrait ? Theme.strongHeight : Theme.buttonHeight
            maximumLineCount: Theme.portrait ? 6 : 2
            text: page.content.rows.map(row => row.value).join(Theme.portrait ? "\n" : "  ·  ")
        }
    }
    ChoicesPage {
        Layout.fillHeight: true
        Layout.fillWidth: true
        low: Theme.portrait
        title: page.content.title
        view: page.view
    }
}
