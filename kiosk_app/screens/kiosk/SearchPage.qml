// Items by the first letters of their pinyin, by the whole pinyin, or by characters from a keyboard.
//
// The letters stand in the order of the alphabet: everybody learned it with pinyin at school, while a typewriter's
// order is known to those who type; and seven wide columns of it need less aiming than ten narrow ones.
import QtQuick
import QtQuick.Layouts
import ".."

PageFrame {
    id: page

    required property var content

    symbol: "look_up"
    tight: true
    title: content.title

    GridLayout {
        Layout.fillHeight: true
        Layout.fillWidth: true
        columnSpacing: Theme.mm(Theme.compact ? 3 : 6)
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gap

        ColumnLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.preferredHeight: 10
            Layout.preferredWidth: 10
            spacing: Theme.gap

            Rectangle {
                id: field

                Layout.fillWidth: true
                border.color: Theme.accent
                border.width: Theme.thickLine
                color: Theme.card
                implicitHeight: Theme.mm(Theme.compact ? 11 : 17)
                radius: Theme.radius

                RowLayout {
                    anchors.fill: parent
                    anchors.leftMargin: Theme.mm(Theme.compact ? 2 : 4)
                    anchors.rightMargin: Theme.mm(Theme.compact ? 2 : 4)
                    spacing: 0

                    Words {
                        id: typed

                        Accessible.name: page.view.texts["kiosk.typed"].replace("{text}", page.content.typed)
                        Layout.maximumWidth: field.width * 0.8
                        elide: Text.ElideLeft
                        font.bold: true
                        glyph: Theme.compact ? 5 : 7
                        text: page.content.typed
                        wrapMode: Text.NoWrap
                    }
                    // Takes what a keyboard and its input method write, and shows what is not yet decided.
                    TextInput {
                        id: keyboard

                        Accessible.name: page.view.texts["kiosk.search"]
                        Layout.fillWidth: true
                        color: Theme.accent
                        focus: true
                        font.bold: true
                        font.pixelSize: typed.font.pixelSize
                        objectName: "keyboard"
                        Component.onCompleted: forceActiveFocus()
                        Keys.onPressed: event => {
                            event.accepted = event.key === Qt.Key_Backspace && text === "" && preeditText === "";
                            if (event.accepted)
                                page.view.erase();
                        }
                        onTextEdited: {
                            const written = text;
                            clear();
                            page.view.type(written);
                        }
                        onVisibleChanged: {
                            if (visible)
                                forceActiveFocus();
                        }
                    }
                }
            }
            Words {
                Layout.fillWidth: true
                color: Theme.softInk
                glyph: Theme.compact ? 4 : Theme.strongHeight
                text: page.view.texts[page.content.typed === "" ? "search.how" : "search.none"]
                visible: page.content.entries.length === 0
            }
            EntryGrid {
                Layout.fillHeight: true
                Layout.fillWidth: true
                entries: page.content.entries
                fewestColumns: 1
                glyph: Theme.compact ? 4 : Theme.bodyHeight * 1.1
                highest: Theme.mm(18)
                view: page.view
            }
        }
        Keypad {
            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.portrait ? implicitHeight : 10
            Layout.preferredWidth: 10
            columns: Theme.portrait ? 7 : 6
            highest: Theme.mm(Theme.portrait ? 14 : 22)
            keys: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            view: page.view
        }
    }
}
