// Text whose size is its physical height, the same for Han characters and for capitals standing alone.
import QtQuick

Text {
    property real glyph: Theme.bodyHeight // millimetres

    color: Theme.ink
    font.pixelSize: Theme.pixelSize(glyph, text)
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.ceil(font.pixelSize * Theme.lineHeight)
    textFormat: Text.PlainText
    // Chinese fonts keep much room above the first line; with less of it the characters stand in the middle.
    topPadding: -Math.round(font.pixelSize * 0.14)
    wrapMode: Text.Wrap
}
