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
            fee: view.texts["sign.fee"],
            time: view.texts["sign.time"],
            phone: view.texts["sign.phone"]
        })
    readonly property real rowWidth: width - 2 * Theme.mm(4)
    readonly property var widths: ({
            fee: columnWidth("fee"),
            time: columnWidth("time"),
            phone: columnWidth("phone")
        })
    readonly property real besideName: widths.fee + widths.time + widths.phone + 3 * Theme.mm(4)
    readonly property bool stacked: rowWidth - besideName < Theme.mm(48)
    readonly property int nameLines: textWidth("name") > (stacked ? rowWidth : rowWidth - besideName) ? 2 : 1
    readonly property real lineHeight: Math.ceil(Theme.mm(Theme.bodyHeight / Theme.capitalRatio) * Theme.lineHeight)
    readonly property real smallestRow: (stacked ? nameLines + 1 : nameLines) * lineHeight + Theme.mm(2.4)
    readonly property real roomForRows: body.height - (stacked ? 0 : head.height)
    readonly property int withoutPaging: Math.max(1, Math.floor(roomForRows / smallestRow))
    readonly property int perPage: services.length <= withoutPaging ? withoutPaging : Math.max(1, Math.floor((roomForRows - pager.implicitHeight) / smallestRow))
    readonly property int pages: Math.max(1, Math.ceil(services.length / perPage))
    readonly property real rowHeight: Math.min(Math.floor((roomForRows - (pages > 1 ? pager.implicitHeight : 0)) / perPage), Math.max(smallestRow, Theme.mm(17)))
    property int pageIndex: 0
    readonly property var shown: services.slice(pageIndex * perPage, (pageIndex + 1) * perPage)

    function advance(text: string): real {
        return Math.ceil(metrics.advanceWidth(text) * Theme.pixelSize(Theme.bodyHeight, text) / 100) + 1;
    }
    function textWidth(key: string): real {
        return services.reduce((longest, service) => Math.max(longest, advance(service[key])), advance(header[key]));
    }
    function columnWidth(key: string): real {
        return Math.min(textWidth(key), rowWidth * 0.33);
    }
    function turn(): void {
        pageIndex = (pageIndex + 1) % pages;
    }

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
        running: table.pages > 1
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

            height: table.lineHeight + Theme.mm(3)
            visible: !table.stacked
            width: parent.width

            ServiceRow {
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
            width: parent.width

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
                        nameLines: table.nameLines
                        service: slot.modelData
                        stacked: table.stacked
                        widths: table.widths
                    }
                }
            }
        }
        RowLayout {
            id: pager

            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.mm(2)
            anchors.left: parent.left
            anchors.right: parent.right
            visible: table.pages > 1

            ScreenText {
                Layout.fillWidth: true
                color: Theme.softInk
                text: table.view.texts["sign.page"].replace("{n}", table.pageIndex + 1).replace("{of}", table.pages)
            }
            ActionButton {
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
