// The window is paused: why, and until when (R19).
import QtQuick

MessagePage {
    lines: [view.away_reason, view.away_until, view.texts["away.text"]]
    symbol: "pause"
    title: view.texts["away.title"]
}
