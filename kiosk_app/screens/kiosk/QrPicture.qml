// A QR code with its white border, sharp at any size.
import QtQuick
import ".."

Rectangle {
    id: frame

    required property string source
    required property string name

    color: Theme.card
    implicitHeight: implicitWidth
    radius: Theme.radius

    Image {
        Accessible.name: frame.name
        Accessible.role: Accessible.Graphic
        anchors.fill: parent
        anchors.margins: Theme.mm(0.5)
        fillMode: Image.PreserveAspectFit
        mipmap: true
        objectName: "qr"
        source: frame.source
    }
}
