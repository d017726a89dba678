// Nothing can be recorded now: said plainly, with what to do instead; never a thanks (R20).
import QtQuick

MessagePage {
    lines: [view.texts["cannot_record.text"], view.texts["cannot_record.ask"]]
    symbol: "warning"
    title: view.texts["cannot_record.title"]
}
