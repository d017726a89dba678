// The one question or message of a page.
import QtQuick

ScreenText {
    Accessible.role: Accessible.Heading
    font.bold: true
    glyph: Theme.titleHeight
}
