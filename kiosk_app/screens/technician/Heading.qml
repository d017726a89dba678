// The page's title, the way back, and the parts of a page that is longer than the screen.
import QtQuick
import QtQuick.Layouts
import ".."

RowLayout {
    id: heading

    required property var view
    required property var flow
    property bool titled: true
    readonly property bool paged: flow.visible && flow.pages > 1

    spacing: Theme.gap

    ActionButton {
        Layout.preferredWidth: Math.max(Theme.mm(Theme.compact ? 17 : 22), implicitWidth)
        objectName: "technician-back"
        text: heading.view.texts["view.back"]
        visible: heading.view.may_go_back
        onClicked: heading.view.go_back()
    }
    Words {
        Accessible.role: Accessible.Heading
        Layout.fillWidth: true
        Layout.minimumHeight: Theme.compact ? 0 : Theme.touch
        elide: Text.ElideRight
        font.bold: true
        glyph: Theme.compact ? 4.4 : Theme.titleHeight
        maximumLineCount: 2
        text: heading.titled ? heading.view.texts[heading.view.page + ".title"] ?? "" : ""
        verticalAlignment: Text.AlignVCenter
    }
    Words {
        color: Theme.softInk
        objectName: "busy"
        text: heading.view.texts["view.busy"]
        visible: heading.view.busy
        wrapMode: Text.NoWrap
    }
    TurnButton {
        by: -1
        flow: heading.flow
        objectName: "technician-previous"
        text: heading.view.texts["view.previous"]
        view: heading.view
        visible: heading.paged
    }
    Words {
        Accessible.name: heading.view.texts["sign.page"].replace("{n}", heading.flow.pageIndex + 1).replace("{of}", heading.flow.pages)
        horizontalAlignment: Text.AlignHCenter
        objectName: "technician-part"
        text: (heading.flow.pageIndex + 1) + " / " + heading.flow.pages
        visible: heading.paged
        wrapMode: Text.NoWrap
    }
    TurnButton {
        by: 1
        flow: heading.flow
        objectName: "technician-next"
        text: heading.view.texts["view.next"]
        view: heading.view
        visible: heading.paged
    }
}
