// For what the rating is (R4), and the five choices.
import QtQuick
import QtQuick.Layouts
import ".."

ColumnLayout {
    id: page

    required property var view
    required property var content

    spacing: Theme.mm(Theme.compact ? 1 : 4)

    Rows {
        Layout.fillHeight: true
        Layout.fillWidth: true
        Layout.maximumHeight: wantedHeight
        Layout.preferredHeight: wantedHeight
        rows: page.content.rows
        view: page.view
        visible: rows.length > 0
    }
    ChoicesPage {
        Layout.fillHeight: true
        Layout.fillWidth: true
        title: page.content.title
        view: page.view
    }
}
