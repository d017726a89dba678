// After 不评价: no reproach (R6).
import QtQuick

MessagePage {
    lines: [view.texts["not_now.text"]]
    symbol: "no-rating"
    title: view.texts["not_now.title"]
}
