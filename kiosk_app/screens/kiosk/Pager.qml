// From page to page of what does not fit on one: two buttons and where one is; no gesture is needed.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts
import ".."

RowLayout {
    id: pager

    required property var view
    required property int pages
    property int pageIndex: 0

    function turn(by: int): void {
        view.turn();
        pageIndex += by;
    }

    spacing: Theme.compact ? Theme.mm(1.5) : Theme.gap
    visible: pages > 1
    onPagesChanged: pageIndex = Math.max(0, Math.min(pageIndex, pages - 1))

    component Turn: Item {
        id: place

        required property int by
        property alias name: button.objectName
        property alias text: button.text

        Layout.preferredWidth: Math.max(Math.min(Theme.mm(32), pager.width * 0.3), button.implicitWidth)
        implicitHeight: button.implicitHeight

        ActionButton {
            id: button

            anchors.fill: parent
            visible: place.by < 0 ? pager.pageIndex > 0 : pager.pageIndex < pager.pages - 1
            onClicked: pager.turn(place.by)
        }
    }

    Turn {
        by: -1
        name: "previousPage"
        text: pager.view.texts["kiosk.previous_page"]
    }
    Words {
        Accessible.name: pager.view.texts["sign.page"].replace("{n}", pager.pageIndex + 1).replace("{of}", pager.pages)
        Layout.fillWidth: true
        glyph: Theme.compact ? 4 : Theme.strongHeight
        horizontalAlignment: Text.AlignHCenter
        text: (pager.pageIndex + 1) + " / " + pager.pages
        wrapMode: Text.NoWrap
    }
    Turn {
        by: 1
        name: "nextPage"
        text: pager.view.texts["sign.next_page"]
    }
}
