// What a worried citizen looks for, where they look for it: over the choices (R6).
import QtQuick
import QtQuick.Layouts

RowLayout {
    id: privacy

    required property var view

    spacing: Theme.mm(2)

    Icon {
        Layout.alignment: Qt.AlignVCenter
        name: "shield-check"
        size: Theme.mm(Theme.strongHeight * 1.3)
        view: privacy.view
    }
    ScreenText {
        Layout.fillWidth: true
        color: Theme.accent
        font.bold: true
        glyph: Theme.buttonHeight // one line of it leaves a small screen room for the faces
        text: privacy.view.texts["choices.privacy"]
    }
}
