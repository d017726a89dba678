// The characters of a rating code: the digits, and the letters without I, L, O and U, which look like others (R10).
import QtQuick
import ".."

Item {
    id: pad

    required property var view
    readonly property real rowHeight: Math.min((height + digits.gap) / 4 - digits.gap, Theme.mm(20))

    Keypad {
        id: digits

        columns: 10
        erases: false
        height: pad.rowHeight
        keys: "1234567890"
        view: pad.view
        width: pad.width
    }
    Keypad {
        columns: 8
        height: 3 * pad.rowHeight + 2 * gap
        keys: "ABCDEFGHJKMNPQRSTVWXYZ"
        view: pad.view
        width: pad.width
        y: pad.rowHeight + gap
    }
}
