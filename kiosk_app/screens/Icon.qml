// A drawing from assets/icons; told in words beside it, so it is nothing to a screen reader.
import QtQuick

Image {
    required property string name
    required property var view
    property real size: Theme.mm(6)

    Accessible.ignored: true
    fillMode: Image.PreserveAspectFit
    height: size
    source: name === "" ? "" : view.icons + "/" + name + ".svg"
    sourceSize: Qt.size(size, size)
    width: size
}
