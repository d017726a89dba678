// A few sentences, one under the other.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: lines

    required property var texts

    spacing: Theme.mm(Theme.portrait ? 3 : 1)

    Repeater {
        model: lines.texts

        Words {
            required property string modelData

            Layout.fillWidth: true
            glyph: Theme.compact ? 4 : Theme.largeType && Theme.portrait ? Theme.bodyHeight : 4.6
            text: modelData
        }
    }
}
