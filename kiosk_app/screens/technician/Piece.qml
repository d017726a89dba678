// What every piece of a page is: it says how high and how narrow it can be; where it stands is not its matter.
import QtQuick
import ".."

Item {
    required property var view
    required property var content
    property int most: 1 // side by side
    property real space: 0 // between it and the next of its block

    // The height at the present width.
    function need(): real {
        return Theme.touch;
    }
    function narrowest(): real {
        return 0;
    }
}
