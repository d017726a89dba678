// Idle: the window's sign (R18).
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: page

    required property var view
    readonly property bool empty: view.services.length === 0
    // Title and time come first; the title in the other language and the date where there is room.
    readonly property real titleWidth: title.implicitWidth + time.implicitWidth + 3 * Theme.mm(3)

    spacing: Theme.mm(Theme.compact ? 2 : 4)

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.mm(3)

        PageTitle {
            id: title

            Layout.alignment: Qt.AlignBaseline
            Layout.maximumWidth: page.width - time.implicitWidth - Theme.mm(3)
            text: page.view.texts[page.empty ? "sign.title.empty" : "sign.title"]
        }
        ScreenText {
            id: otherTitle

            Layout.alignment: Qt.AlignBaseline
            color: Theme.softInk
            text: page.view.other_texts[page.empty ? "sign.title.empty" : "sign.title"] ?? ""
            visible: implicitWidth + page.titleWidth <= page.width
            wrapMode: Text.NoWrap
        }
        Item {
            Layout.fillWidth: true
        }
        ScreenText {
            Layout.alignment: Qt.AlignBaseline
            color: Theme.softInk
            text: page.view.clock_date
            visible: (otherTitle.visible ? otherTitle.implicitWidth + Theme.mm(3) : 0) + implicitWidth + page.titleWidth <= page.width
            wrapMode: Text.NoWrap
        }
        ScreenText {
            id: time

            Layout.alignment: Qt.AlignBaseline
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
