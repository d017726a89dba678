// How something is, as a form of its own: check, triangle, octagon; the word stands beside it.
import QtQuick
import ".."

Icon {
    required name
    property bool shown: name !== "" && name !== "none"

    source: shown ? view.icons + "/state-" + name + ".svg" : ""
    visible: shown
}
