// The ten digits, as on a telephone.
import QtQuick
import ".."

Keypad {
    columns: 3
    highest: Theme.mm(24)
    keys: "123456789 0"
}
