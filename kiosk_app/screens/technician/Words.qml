// Text of the technician's screens: one font size for Chinese and English, as they stand together on its pages.
import QtQuick
import ".."

ScreenText {
    font.pixelSize: Theme.evenSize(glyph, text)
}
