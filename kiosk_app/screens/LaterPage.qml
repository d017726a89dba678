// The visit ended without a rating: the code to rate with later, until its last day (R10, R20).
import QtQuick
import QtQuick.Layouts

Item {
    id: page

    required property var view
    readonly property var later: view.later

    // Under the buttons: a touch anywhere else says that the code is still read.
    MouseArea {
        anchors.fill: parent
        onClicked: page.view.keep_code()
    }
    ColumnLayout {
        anchors.fill: parent
        spacing: Theme.mm(Theme.compact ? 1.2 : 4)

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.mm(Theme.compact ? 2 : 4)

            PageTitle {
                Layout.fillWidth: true
                text: page.later.title ?? ""
            }
            CountdownBar {
                barWidth: Theme.mm(Theme.compact || Theme.portrait ? 14 : 30)
                view: page.view
            }
        }
        GridLayout {
            id: middle

            Layout.fillHeight: true
            Layout.fillWidth: true
            columnSpacing: Theme.mm(4)
            columns: Theme.portrait ? 1 : 2
            rowSpacing: Theme.mm(4)

            ColumnLayout {
                Layout.fillHeight: true
                Layout.fillWidth: true
                Layout.preferredHeight: 0
                Layout.verticalStretchFactor: 1
                spacing: Theme.smallGap

                ScreenText {
                    Layout.fillWidth: true
                    glyph: Theme.buttonHeight // what it leaves is the code's
                    text: page.later.until ?? ""
                }
                ScreenText {
                    Layout.fillWidth: true
                    color: Theme.softInk
                    text: page.view.texts["later.stay"]
                    visible: (page.later.may_stay ?? false) && !Theme.compact && (Theme.portrait || !Theme.largeType)
                }
                CodeGroups {
                    Layout.fillHeight: true
                    Layout.fillWidth: true
                    groups: page.later.groups ?? []
                    objectName: "code"
                    text: page.view.texts["later.code"] + " " + (page.later.code ?? "")
                }
            }
            // Beside the words on a wide screen, below them on a tall one.
            Item {
                Layout.fillHeight: true
                Layout.fillWidth: Theme.portrait
                Layout.preferredHeight: 0
                Layout.preferredWidth: page.width * 0.36
                Layout.verticalStretchFactor: 1

                Image {
                    Accessible.name: page.view.texts["later.qr"]
                    Accessible.role: Accessible.Graphic
                    anchors.centerIn: parent
                    fillMode: Image.PreserveAspectFit
                    height: width
                    objectName: "qr"
                    source: page.later.qr ?? ""
                    width: Math.floor(Math.min(parent.width, parent.height))
                }
            }
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.gap

            ScreenText {
                Layout.fillWidth: true
                glyph: Theme.buttonHeight
                text: page.later.paper ?? ""
            }
            ActionButton {
                Layout.preferredWidth: Math.max(Theme.mm(24), implicitWidth)
                enabled: page.later.may_print ?? false
                objectName: "print"
                primary: enabled
                text: page.later.print ?? ""
                visible: page.later.has_printer ?? false
                onClicked: page.view.print_code()
            }
            ActionButton {
                Layout.preferredWidth: Math.max(Theme.mm(20), implicitWidth)
                objectName: "done"
                text: page.view.texts["later.done"]
                onClicked: page.view.close_code()
            }
        }
    }
}
