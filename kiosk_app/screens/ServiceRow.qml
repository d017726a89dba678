// One service: in columns where they fit, else its name over the rest (R18).
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Layouts

GridLayout {
    id: row

    required property var service // name, fee, time, phone
    required property var widths  // of fee, time and phone
    required property bool stacked
    property int nameLines: 2
    property color color: Theme.ink

    columnSpacing: Theme.mm(4)
    columns: stacked ? 3 : 4
    rowSpacing: 0

    ScreenText {
        Layout.columnSpan: row.stacked ? 3 : 1
        Layout.fillWidth: true
        color: row.color
        elide: Text.ElideRight
        maximumLineCount: row.nameLines
        text: row.service.name
    }
    Repeater {
        model: ["fee", "time", "phone"]

        ScreenText {
            required property string modelData

            Layout.fillWidth: row.stacked && modelData === "phone"
            Layout.maximumWidth: row.widths[modelData]
            Layout.preferredWidth: row.widths[modelData]
            color: row.stacked ? Theme.softInk : row.color
            elide: Text.ElideRight
            maximumLineCount: row.stacked ? 1 : 2
            text: row.service[modelData]
        }
    }
}
