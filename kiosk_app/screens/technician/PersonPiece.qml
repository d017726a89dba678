// One of the staff: photo or silhouette, name, number and department, and where the person sits now.
import QtQuick
import ".."

Piece {
    id: piece

    readonly property real padding: Theme.mm(Theme.compact ? 1 : 1.6)
    readonly property real photoSize: Theme.mm(Theme.compact ? 13 : 16)

    most: 3
    space: Theme.gap
    function need(): real {
        return Math.max(photoSize, lines.implicitHeight) + 2 * padding;
    }
    function narrowest(): real {
        return Theme.mm(Theme.compact ? 55 : 60);
    }

    Surface {
        Accessible.checkable: true
        Accessible.checked: piece.content.chosen
        Accessible.name: [piece.content.name, piece.content.number, piece.content.department, piece.content.note].filter(text => text !== "").join(", ")
        anchors.fill: parent
        chosen: piece.content.chosen
        enabled: !piece.view.busy
        objectName: "person-" + piece.content.value
        onClicked: piece.view.act(piece.content.action, piece.content.value)
    }
    Item {
        height: piece.photoSize
        width: piece.photoSize
        x: piece.padding
        y: Math.round((parent.height - height) / 2)

        Icon {
            anchors.fill: parent
            name: "silhouette"
            size: piece.photoSize
            view: piece.view
            visible: photo.status !== Image.Ready
        }
        Image {
            id: photo

            Accessible.ignored: true
            anchors.fill: parent
            fillMode: Image.PreserveAspectCrop
            source: piece.content.photo
            sourceSize.width: width
            verticalAlignment: Image.AlignTop
        }
    }
    Column {
        id: lines

        anchors.verticalCenter: parent.verticalCenter
        width: parent.width - x - piece.padding
        x: piece.photoSize + 2 * piece.padding

        Words {
            Accessible.ignored: true
            elide: Text.ElideRight
            font.bold: true
            maximumLineCount: 2
            text: piece.content.name + "  " + piece.content.number
            width: parent.width
        }
        Words {
            Accessible.ignored: true
            color: Theme.softInk
            elide: Text.ElideRight
            maximumLineCount: 2
            text: piece.content.department
            visible: text !== ""
            width: parent.width
        }
        Words {
            Accessible.ignored: true
            elide: Text.ElideRight
            font.bold: true
            maximumLineCount: 2
            text: piece.content.note
            visible: text !== ""
            width: parent.width
        }
    }
}
