// Text whose size is its physical height, the same for Han characters and for capitals standing alone.
import QtQuick

Text {
    property real glyph: Theme.bodyHeight // millimetres

    color: Theme.ink
    font.pixelSize: Theme.pixelSize(glyph, text)
    lineHeightMode: Text.FixedHeight
    lineHeight: Math.ceil(font.pixelSize * Theme.lineHeight)
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
}
