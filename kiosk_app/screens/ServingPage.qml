// Someone is being served: whose turn it is, and what will be asked afterwards.
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: page

    required property var view

    spacing: Theme.mm(Theme.compact ? 1 : 6)

    Item {
        Layout.fillHeight: true
    }
    PageTitle {
        Layout.fillWidth: true
        horizontalAlignment: Text.AlignHCenter
        text: page.view.texts["serving.title"]
    }
    ScreenText {
        Layout.fillWidth: true
        color: Theme.accent
        font.bold: true
        glyph: Theme.compact ? 11 : 16
        horizontalAlignment: Text.AlignHCenter
        text: page.view.texts["serving.ticket"].replace("{ticket}", page.view.ticket)
        visible: page.view.ticket !== ""
    }
    Item {
        Layout.fillHeight: true
    }
    Rectangle {
        Layout.fillWidth: true
        color: Theme.accentTint
        implicitHeight: after.implicitHeight + 2 * Theme.mm(Theme.compact ? 1.5 : 3)
        radius: Theme.radius

        ColumnLayout {
            id: after

            anchors.left: parent.left
            anchors.margins: Theme.mm(4)
            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.smallGap

            ScreenText {
                Layout.fillWidth: true
                text: page.view.texts["serving.after"]
            }
            PrivacyLine {
                Layout.fillWidth: true
                view: page.view
            }
        }
    }
}
