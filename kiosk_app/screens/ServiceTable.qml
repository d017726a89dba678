// What can be done here, in calm pages where there is much of it (R18).
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

Rectangle {
    id: table

    required property var view
    readonly property var services: view.services
    readonly property var header: ({
            name: view.texts["sign.item"],
            other: "",
            fee: view.texts["sign.fee"],
            time: view.texts["sign.time"],
            phone: view.texts["sign.phone"]
        })
    // Beside the button, where it stands beside the rows: whether it shows must not change what fits.
    readonly property real rowWidth: body.width - (Theme.compact ? pager.implicitWidth + Theme.gap : 0)
    readonly property real gap: Theme.mm(4)

    // Columns beside the name, where a name has room beside them.
    readonly property bool stacked: rowWidth - restWidth(0.27) - gap < Theme.mm(48)
    readonly property real widest: stacked ? 0.48 : 0.27 // of fee and time, as a part of the row
    readonly property var widths: ({
            fee: columnWidth("fee", widest),
            time: columnWidth("time", widest),
            phone: columnWidth("phone", 1)
        })
    readonly property bool phoneBelow: stacked && restWidth(widest) > rowWidth
    readonly property real nameWidth: stacked ? rowWidth : rowWidth - restWidth(widest) - gap
    readonly property int nameLines: textWidth("name") > nameWidth ? 2 : 1
    readonly property int feeLines: textWidth("fee") > widths.fee || textWidth("time") > widths.time ? 2 : 1
    readonly property real nameHeight: nameLines * lineHeight("name")
    readonly property real smallestRow: {
        const rest = stacked ? (phoneBelow ? 2 : 1) * lineHeight("phone") : 0;
        return Math.max(nameHeight + rest, feeLines * lineHeight("fee")) + Theme.mm(1.6);
    }
    // The names in the other language too, where all services fit on one page with them.
    readonly property real bilingualRow: smallestRow + (textWidth("other") > nameWidth ? 2 : 1) * lineHeight("other")
    readonly property bool bilingual: services.length * bilingualRow <= roomForRows

    // The button to the next page stands beside the rows on a low screen, under them elsewhere.
    readonly property real pagerHeight: Theme.compact ? 0 : pager.implicitHeight + Theme.mm(2)
    readonly property real roomForRows: height - (stacked ? 0 : head.height)
    readonly property int withoutPaging: rowsIn(roomForRows)
    readonly property int perPage: services.length <= withoutPaging ? withoutPaging : rowsIn(roomForRows - pagerHeight)
    readonly property int pages: Math.max(1, Math.ceil(services.length / perPage))
    readonly property real rowHeight: {
        const room = roomForRows - (pages > 1 ? pagerHeight : 0);
        return Math.min(Math.floor(room / Math.min(perPage, services.length)), Math.max(smallestRow * 1.3, Theme.mm(20), bilingual ? bilingualRow * 1.2 : 0));
    }
    readonly property bool turnsByItself: pages > 1
    property int pageIndex: 0
    readonly property var shown: services.slice(pageIndex * perPage, (pageIndex + 1) * perPage)

    function advance(text: string): real {
        return Math.ceil(metrics.advanceWidth(text) * Theme.pixelSize(Theme.bodyHeight, text) / 100) + 1;
    }
    function textWidth(key: string): real {
        return services.reduce((longest, service) => Math.max(longest, advance(service[key])), advance(header[key]));
    }
    function columnWidth(key: string, part: real): real {
        return Math.min(textWidth(key), rowWidth * part);
    }
    function restWidth(part: real): real {
        // A telephone number is never cut; a long fee takes a second line.
        return columnWidth("fee", part) + columnWidth("time", part) + columnWidth("phone", 1) + 2 * gap;
    }
    function lineHeight(key: string): real {
        const size = services.reduce((largest, service) => Math.max(largest, Theme.pixelSize(Theme.bodyHeight, service[key])), 0);
        return Math.ceil(size * Theme.lineHeight);
    }
    function rowsIn(room: real): int {
        return Math.max(1, Math.floor(room / smallestRow));
    }
    function turn(): void {
        pageIndex = (pageIndex + 1) % pages;
    }

    objectName: "services"
    border.color: Theme.hairline
    border.width: Theme.line
    color: Theme.card
    radius: Theme.radius
    onPagesChanged: pageIndex = 0

    FontMetrics {
        id: metrics

        font.pixelSize: 100
    }
    Timer {
        id: slow

        interval: Theme.readingTime
        repeat: true
        running: table.turnsByItself
        onTriggered: turning.start()
    }
    SequentialAnimation {
        id: turning

        NumberAnimation {
            duration: Theme.calm
            property: "opacity"
            target: rows
            to: 0
        }
        ScriptAction {
            script: table.turn()
        }
        NumberAnimation {
            duration: Theme.calm
            property: "opacity"
            target: rows
            to: 1
        }
    }
    Item {
        id: body

        anchors.fill: parent
        anchors.leftMargin: Theme.mm(4)
        anchors.rightMargin: Theme.mm(4)

        Item {
            id: head

            height: heading.implicitHeight + Theme.mm(3)
            visible: !table.stacked
            width: parent.width

            ServiceRow {
                id: heading

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                color: Theme.softInk
                service: table.header
                stacked: false
                widths: table.widths
            }
        }
        Column {
            id: rows

            anchors.top: table.stacked ? parent.top : head.bottom
            width: table.pages > 1 ? table.rowWidth : parent.width

            Repeater {
                model: table.shown

                Item {
                    id: slot

                    required property int index
                    required property var modelData

                    height: table.rowHeight
                    width: rows.width

                    Rectangle {
                        color: Theme.hairline
                        height: Theme.line
                        visible: slot.index > 0 || !table.stacked
                        width: parent.width
                    }
                    ServiceRow {
                        anchors.left: parent.left
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        bilingual: table.bilingual
                        nameLines: table.nameLines
                        phoneBelow: table.phoneBelow
                        service: slot.modelData
                        stacked: table.stacked
                        widths: table.widths
                    }
                }
            }
        }
        GridLayout {
            id: pager

            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.mm(2)
            anchors.left: Theme.compact ? undefined : parent.left
            anchors.right: parent.right
            columnSpacing: Theme.mm(4)
            columns: Theme.compact ? 1 : 2
            visible: table.pages > 1

            ScreenText {
                Accessible.name: table.view.texts["sign.page"].replace("{n}", table.pageIndex + 1).replace("{of}", table.pages)
                Layout.fillWidth: true
                color: Theme.softInk
                horizontalAlignment: Text.AlignRight
                text: (table.pageIndex + 1) + " / " + table.pages
                wrapMode: Text.NoWrap
            }
            ActionButton {
                Layout.alignment: Qt.AlignRight
                objectName: "nextPage"
                text: table.view.texts["sign.next_page"]
                onClicked: {
                    table.view.turn();
                    turning.stop();
                    rows.opacity = 1;
                    table.turn();
                    slow.restart();
                }
            }
        }
    }
}
