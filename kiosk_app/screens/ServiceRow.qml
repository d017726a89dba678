// One service: in columns where they fit, else its name over the rest (R18).
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: row

    required property var service // name, other (its name in the other language), fee, time, phone
    required property var widths  // of fee, time and phone
    required property bool stacked
    // Stacked, and too narrow even so: the telephone number takes a line of its own.
    property bool phoneBelow: false
    property int nameLines: 2
    property bool bilingual: false
    property color color: Theme.ink
    readonly property real gap: Theme.mm(4)
    readonly property real restWidth: widths.fee + widths.time + widths.phone + 2 * gap

    implicitHeight: stacked ? names.height + (phoneBelow ? 2 : 1) * phone.implicitHeight : Math.max(names.height, fee.implicitHeight, time.implicitHeight)

    component Part: ScreenText {
        color: row.stacked ? Theme.softInk : row.color
        elide: Text.ElideRight
        maximumLineCount: row.stacked ? 1 : 2
        // All stand on the line of the first.
        y: row.stacked ? names.height + phone.baselineOffset - baselineOffset : name.baselineOffset - baselineOffset
    }

    Column {
        id: names

        width: row.stacked ? row.width : row.width - row.restWidth - row.gap

        ScreenText {
            id: name

            color: row.color
            elide: Text.ElideRight
            maximumLineCount: row.nameLines
            text: row.service.name
            width: parent.width
        }
        ScreenText {
            color: Theme.softInk
            elide: Text.ElideRight
            maximumLineCount: row.nameLines
            text: row.service.other
            visible: row.bilingual && text !== ""
            width: parent.width
        }
    }
    Part {
        id: fee

        text: row.service.fee
        width: row.widths.fee
        x: row.stacked ? 0 : row.width - row.restWidth
    }
    Part {
        id: time

        text: row.service.time
        width: row.widths.time
        x: fee.x + row.widths.fee + row.gap
    }
    Part {
        id: phone

        text: row.service.phone
        width: row.widths.phone
        x: row.phoneBelow ? 0 : time.x + row.widths.time + row.gap
        y: row.phoneBelow ? names.height + Math.max(fee.height, time.height) : row.stacked ? names.height : name.baselineOffset - baselineOffset
    }
}
