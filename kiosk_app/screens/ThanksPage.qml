// The rating is on disk: thanks, the same for every level.
import QtQuick

MessagePage {
    lines: [view.texts["thanks.text"]]
    symbol: "check-circle"
    title: view.texts["thanks.title"]
}
