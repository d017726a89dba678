// One of several that exclude each other: the chosen one is told by its ring, border and ground.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property bool brief: content.brief // letters, as narrow as a finger
    readonly property real padding: Theme.mm(Theme.compact ? 1.2 : 2)
    readonly property real ringSize: brief ? 0 : Theme.mm(5)

    most: 12
    space: Theme.gap
    function need(): real {
        return Math.max(Theme.touch, words.implicitHeight + 2 * Theme.mm(1));
    }
    function narrowest(): real {
        return brief ? Theme.touch : Math.ceil(metrics.advanceWidth) + ringSize + 3 * padding + 4;
    }

    TextMetrics {
        id: metrics

        font.bold: true
        font.pixelSize: words.font.pixelSize
        text: piece.content.text
    }
    Surface {
        Accessible.checkable: true
        Accessible.checked: piece.content.chosen
        Accessible.name: piece.content.text
        Accessible.role: Accessible.RadioButton
        anchors.fill: parent
        chosen: piece.content.chosen
        enabled: !piece.view.busy
        objectName: "option-" + piece.content.value
        onClicked: piece.view.act(piece.content.action, piece.content.value)
    }
    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        border.color: Theme.accent
        border.width: Theme.thickLine
        color: Theme.card
        height: piece.ringSize
        radius: height / 2
        visible: !piece.brief
        width: piece.ringSize
        x: piece.padding

        Rectangle {
            anchors.centerIn: parent
            color: Theme.accent
            height: parent.height * 0.5
            radius: height / 2
            visible: piece.content.chosen
            width: height
        }
    }
    Words {
        id: words

        Accessible.ignored: true
        anchors.verticalCenter: parent.verticalCenter
        font.bold: piece.content.chosen
        horizontalAlignment: piece.brief ? Text.AlignHCenter : Text.AlignLeft
        text: piece.content.text
        width: parent.width - x - (piece.brief ? 0 : piece.padding)
        x: piece.brief ? 0 : 2 * piece.padding + piece.ringSize
    }
}
