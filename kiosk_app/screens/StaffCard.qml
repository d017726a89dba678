// Who serves here: photo or silhouette, name, badge number, stars, honours (R18).
import QtQuick
import QtQuick.Layouts

GridLayout {
    id: card

    required property var view
    readonly property var staff: view.staff

    columnSpacing: Theme.mm(4)
    columns: Theme.portrait ? 2 : 1
    rowSpacing: Theme.smallGap
    visible: staff.name !== ""

    Item {
        Layout.fillHeight: true
        Layout.fillWidth: !Theme.portrait
        Layout.maximumHeight: Theme.mm(Theme.portrait ? 32 : 42)
        Layout.minimumHeight: 0
        Layout.preferredHeight: Theme.mm(32)
        Layout.preferredWidth: Theme.mm(25)

        Rectangle {
            Accessible.name: card.view.texts["panel.photo"]
            Accessible.role: Accessible.Graphic
            clip: true
            color: Theme.panelRaised
            height: parent.height
            radius: Theme.radius
            visible: height >= Theme.mm(8) // less shows no face
            width: Math.min(parent.width, height)

            Icon {
                anchors.bottom: parent.bottom
                anchors.horizontalCenter: parent.horizontalCenter
                name: "silhouette"
                size: Math.min(parent.width, parent.height)
                view: card.view
                visible: photo.status !== Image.Ready
            }
            Image {
                id: photo

                anchors.fill: parent
                fillMode: Image.PreserveAspectCrop
                source: card.staff.photo
                sourceSize.width: width
                verticalAlignment: Image.AlignTop // a face is in the upper part of a portrait
            }
        }
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: Theme.smallGap

        ScreenText {
            Layout.fillWidth: true
            color: Theme.panelText
            elide: Text.ElideRight
            font.bold: true
            glyph: Theme.panelStrongHeight
            maximumLineCount: 2
            text: card.staff.name
        }
        ScreenText {
            Layout.fillWidth: true
            color: Theme.softPanelText
            elide: Text.ElideRight
            glyph: Theme.panelHeight
            maximumLineCount: 1
            text: card.staff.title
            visible: text !== "" && !Theme.compact
        }
        ScreenText {
            Layout.fillWidth: true
            color: Theme.softPanelText
            elide: Text.ElideRight
            glyph: Theme.panelHeight
            maximumLineCount: 2
            text: card.view.texts["panel.badge"].replace("{number}", card.staff.badge)
            visible: card.staff.badge !== ""
        }
        Stars {
            Accessible.ignored: false
            Accessible.name: card.view.texts["panel.stars"].replace("{n}", card.staff.stars)
            Accessible.role: Accessible.StaticText
            colour: "gold"
            count: card.staff.stars
            of: 5
            size: Theme.mm(3.8)
            view: card.view
            visible: card.staff.stars >= 0
        }
        ScreenText {
            Layout.fillWidth: true
            color: Theme.gold
            elide: Text.ElideRight
            glyph: Theme.panelHeight
            maximumLineCount: 2
            text: card.staff.honours.join("  ")
            visible: text !== ""
        }
    }
}
