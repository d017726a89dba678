// The time left: a calm bar and a number, changing once a second.
import QtQuick
import QtQuick.Layouts

RowLayout {
    id: countdown

    required property var view
    property real barWidth: Theme.mm(30)

    Accessible.name: view.texts["countdown.name"].replace("{n}", view.remaining_seconds)
    Accessible.role: Accessible.ProgressBar
    spacing: Theme.mm(2)
    visible: view.counting

    Rectangle {
        Layout.fillWidth: true
        Layout.preferredHeight: Theme.mm(1.8)
        Layout.preferredWidth: countdown.barWidth
        border.color: Theme.outline
        border.width: Theme.line
        color: Theme.card
        radius: height / 2

        Rectangle {
            color: Theme.accent
            height: parent.height
            radius: height / 2
            width: Math.max(height, parent.width * countdown.view.remaining_fraction)
        }
    }
    ScreenText {
        // Room for the longest number, so that the bar keeps its length.
        Layout.preferredWidth: Math.ceil(longest.advanceWidth)
        Accessible.ignored: true
        color: Theme.softInk
        horizontalAlignment: Text.AlignRight
        text: countdown.view.texts["countdown.seconds"].replace("{n}", countdown.view.remaining_seconds)
        wrapMode: Text.NoWrap

        TextMetrics {
            id: longest

            font.pixelSize: Theme.pixelSize(Theme.bodyHeight, text)
            text: countdown.view.texts["countdown.seconds"].replace("{n}", "000")
        }
    }
}
