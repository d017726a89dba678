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

    // Which lines there is room for, and the height they leave to the photo.
    property bool showsBadge: false
    property bool showsStars: false
    property bool showsTitle: false
    property bool showsHonours: false
    property real rest: 0
    readonly property real photoHeight: Math.min(Theme.portrait ? height : rest - gap, Theme.mm(42))

    // Not as bindings: a hidden text is measured only when it is asked, and would change what is just being computed.
    function fit() {
        rest = height - name.implicitHeight;
        showsBadge = takes(staff.badge !== "", badge.implicitHeight);
        showsStars = takes(staff.stars >= 0, stars.size);
        showsTitle = takes(staff.title !== "" && !Theme.compact, title.implicitHeight);
        showsHonours = takes(staff.honours.length > 0, honours.implicitHeight);
    }

    function takes(wanted: bool, lineHeight: real): bool {
        const fits = wanted && rest >= lineHeight + gap;
        if (fits)
            rest -= lineHeight + gap;
        return fits;
    }

    function fitSoon() {
        Qt.callLater(fit);
    }

    component Line: ScreenText {
        color: Theme.softPanelText
        elide: Text.ElideRight
        glyph: Theme.panelHeight
        maximumLineCount: 1
        width: lines.width
        onImplicitHeightChanged: card.fitSoon()
    }

    Component.onCompleted: fit()
    clip: true
    onGapChanged: fitSoon()
    onHeightChanged: fitSoon()
    onStaffChanged: fitSoon()
    onWidthChanged: fitSoon()
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
            visible: card.showsBadge
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
            visible: card.showsStars
        }
        Line {
            id: title

            text: card.staff.title
            visible: card.showsTitle
        }
        Line {
            id: honours

            color: Theme.gold
            maximumLineCount: 2
            text: card.staff.honours.join("  ")
            visible: card.showsHonours
        }
    }
}
