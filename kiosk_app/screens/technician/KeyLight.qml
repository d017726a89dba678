// One key of the evaluator: dark until it was pressed; lit, asked and wrong are told by word and form.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Rectangle {
    id: key

    required property var light
    required property var view
    property bool brief: false // no numbers
    readonly property bool lit: light.lit ?? false
    readonly property bool wrong: light.wrong ?? false
    readonly property bool asked: light.asked ?? false
    readonly property color foreground: lit && !wrong ? Theme.choiceText : Theme.ink

    Accessible.name: light.name ?? ""
    Accessible.role: Accessible.StaticText
    border.color: wrong ? Theme.choiceColours.very_dissatisfied : asked ? Theme.accent : Theme.outline
    border.width: asked || wrong ? 2 * Theme.thickLine : Theme.line
    color: lit && !wrong ? Theme.choiceColours[light.level] : asked ? Theme.accentTint : Theme.card
    objectName: "key-" + (light.level ?? "")
    radius: Theme.radius

    Column {
        id: words

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.mm(Theme.compact ? 1.5 : 3)
        anchors.left: parent.left
        anchors.right: parent.right

        Line {
            font.bold: true
            text: key.light.word ?? ""
        }
        Line {
            font.bold: key.asked || key.wrong
            text: key.light.told ?? ""
        }
        Line {
            text: key.brief ? "" : [Theme.compact ? "" : key.light.presses, key.light.latency].filter(text => text).join("\n")
        }
    }
    // A dark lamp with a face; in a lit key the whole key is the lamp.
    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: Theme.mm(Theme.compact ? 1.5 : 3)
        color: key.lit && !key.wrong ? "transparent" : Theme.outline
        height: Math.max(0, Math.min(parent.width * 0.7, parent.height - words.height - Theme.mm(Theme.compact ? 3 : 6)))
        radius: height / 2
        visible: height >= Theme.mm(6)
        width: height

        Icon {
            anchors.centerIn: parent
            name: key.light.level ? "face-" + key.light.level : ""
            size: parent.height * 0.86
            view: key.view
        }
    }

    component Line: Words {
        Accessible.ignored: true
        color: key.foreground
        horizontalAlignment: Text.AlignHCenter
        visible: text !== ""
        width: parent.width
    }
}
