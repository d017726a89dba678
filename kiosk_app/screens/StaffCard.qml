// Who serves here: photo or silhouette, name, badge number, stars, title, honours (R18).
//
// The panel's place is given; what does not fit into it gives way, from the last line upwards, the photo first.
pragma ComponentBehavior: Bound

import QtQuick

Item {
    id: card

    required property var view
    readonly property var staff: view.staff
    readonly property real gap: Theme.smallGap
    readonly property real photoWidth: Theme.portrait ? Theme.mm(25) : width

    // The height that is left under each line.
    readonly property real underName: height - name.implicitHeight
    readonly property real underBadge: underName - (badge.visible ? badge.implicitHeight + gap : 0)
    readonly property real underStars: underBadge - (stars.visible ? stars.height + gap : 0)
    readonly property real underTitle: underStars - (title.visible ? title.implicitHeight + gap : 0)
    readonly property real underHonours: underTitle - (honours.visible ? honours.implicitHeight + gap : 0)
    readonly property real photoHeight: Math.min(Theme.portrait ? height : underHonours - gap, Theme.mm(42))

    component Line: ScreenText {
        color: Theme.softPanelText
        elide: Text.ElideRight
        glyph: Theme.panelHeight
        maximumLineCount: 1
        width: lines.width
    }

    clip: true
    visible: staff.name !== ""

    Rectangle {
        id: frame

        Accessible.name: card.view.texts["panel.photo"]
        Accessible.role: Accessible.Graphic
        clip: true
        color: Theme.panelRaised
        height: visible ? card.photoHeight : 0
        radius: Theme.radius
        visible: card.photoHeight >= Theme.mm(8) // less shows no face
        width: Math.min(card.photoWidth, card.photoHeight)

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
    Column {
        id: lines

        anchors.left: Theme.portrait ? frame.right : parent.left
        anchors.leftMargin: Theme.portrait ? Theme.mm(4) : 0
        anchors.right: parent.right
        spacing: card.gap
        y: !Theme.portrait && frame.visible ? frame.height + card.gap : 0

        Line {
            id: name

            color: Theme.panelText
            font.bold: true
            glyph: Theme.panelStrongHeight
            maximumLineCount: 2
            text: card.staff.name
        }
        Line {
            id: badge

            maximumLineCount: 2
            text: card.view.texts["panel.badge"].replace("{number}", card.staff.badge)
            visible: card.staff.badge !== "" && card.underName >= implicitHeight + card.gap
        }
        Stars {
            id: stars

            Accessible.ignored: false
            Accessible.name: card.view.texts["panel.stars"].replace("{n}", card.staff.stars)
            Accessible.role: Accessible.StaticText
            colour: "gold"
            count: card.staff.stars
            of: 5
            size: Theme.mm(3.8)
            view: card.view
            visible: card.staff.stars >= 0 && card.underBadge >= size + card.gap
        }
        Line {
            id: title

            text: card.staff.title
            visible: text !== "" && !Theme.compact && card.underStars >= implicitHeight + card.gap
        }
        Line {
            id: honours

            color: Theme.gold
            maximumLineCount: 2
            text: card.staff.honours.join("  ")
            visible: text !== "" && card.underTitle >= implicitHeight + card.gap
        }
    }
}
