// Idle: the window's sign (R18).
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: page

    required property var view
    readonly property bool empty: view.services.length === 0

    spacing: Theme.mm(Theme.compact ? 2 : 4)

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.mm(4)

        PageTitle {
            Layout.fillWidth: true
            text: page.view.texts[page.empty ? "sign.title.empty" : "sign.title"]
        }
        ScreenText {
            color: Theme.softInk
            text: page.view.clock_date
            visible: !Theme.compact
            wrapMode: Text.NoWrap
        }
        ScreenText {
            glyph: Theme.titleHeight
            text: page.view.clock_time
            wrapMode: Text.NoWrap
        }
    }
    ServiceTable {
        Layout.fillHeight: true
        Layout.fillWidth: true
        view: page.view
        visible: !page.empty
    }
    MessagePage {
        Layout.fillHeight: true
        Layout.fillWidth: true
        symbol: "welcome"
        title: page.view.texts["sign.text.empty"]
        view: page.view
        visible: page.empty
    }
    NoticeBand {
        Layout.fillWidth: true
        view: page.view
    }
}
