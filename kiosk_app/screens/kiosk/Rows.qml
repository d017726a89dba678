// Labels and what they say, on a card; in pages where they do not all fit, a long text over several of them.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: table

    required property var view
    required property var rows // label, value
    property real glyph: Theme.compact ? Theme.bodyHeight : Theme.strongHeight
    readonly property real padding: Theme.mm(Theme.compact ? 2 : 5)
    readonly property real space: Theme.mm(Theme.compact ? 1.5 : 4)
    readonly property real innerWidth: width - 2 * padding
    readonly property real labelWidth: Math.min(Math.ceil(rows.reduce((most, row) => Math.max(most, advance(row.label)), 0)), innerWidth * 0.36)
    readonly property real valueWidth: innerWidth - labelWidth - Theme.mm(4)
    property var shownPages: [[]]
    readonly property real wantedHeight: needed + 2 * padding
    property real needed: 0 // of all rows on one page

    function advance(text: string): real {
        return metrics.advanceWidth(text) * Theme.pixelSize(Theme.bodyHeight, text) / 100 + 2;
    }
    function textHeight(ruler: ScreenText, text: string, size: int): real {
        ruler.font.pixelSize = size;
        ruler.text = text;
        return ruler.implicitHeight;
    }
    function valueHeight(row: var): real {
        return textHeight(valueRuler, row.value, Theme.pixelSize(table.glyph, row.value));
    }
    function rowHeight(row: var): real {
        return Math.max(textHeight(labelRuler, row.label, Theme.pixelSize(Theme.bodyHeight, row.label)), valueHeight(row));
    }
    // As much of a text's beginning as has this height; cut between words, or between characters of Chinese.
    function beginning(row: var, room: real): string {
        let fits = 0;
        let tooMuch = row.value.length;
        while (tooMuch - fits > 1) {
            const middle = Math.floor((fits + tooMuch) / 2);
            if (textHeight(valueRuler, row.value.slice(0, middle), Theme.pixelSize(table.glyph, row.value)) <= room)
                fits = middle;
            else
                tooMuch = middle;
        }
        const cut = row.value.slice(0, fits + 1).search(/\s[^\s\u3400-\u9fff]*$/);
        return row.value.slice(0, cut > 0 ? cut : fits);
    }
    function paged(room: real): var {
        const pages = [[]];
        let rest = room;
        const add = row => {
            const tall = rowHeight(row);
            const page = pages[pages.length - 1];
            if (tall <= rest) {
                page.push(row);
                rest -= tall + 2 * space;
                return;
            }
            const part = tall > room ? beginning(row, rest) : "";
            // Less than two lines of a text are not worth a place on this page.
            if (part.length > 0 && (page.length === 0 || rest > 3 * glyph * Theme.unit)) {
                page.push({
                    label: row.label,
                    value: part
                });
                row = {
                    label: row.label,
                    value: row.value.slice(part.length).trim()
                };
            } else if (page.length === 0) {
                page.push(row);
                return;
            }
            pages.push([]);
            rest = room;
            add(row);
        };
        rows.forEach(add);
        return pages;
    }
    function fit(): void {
        if (innerWidth <= 0 || height <= 0)
            return;
        needed = rows.reduce((sum, row) => sum + rowHeight(row), 0) + 2 * space * Math.max(0, rows.length - 1);
        let pages = paged(height - 2 * padding);
        if (pages.length > 1)
            pages = paged(height - 2 * padding - Theme.touch - Theme.gap);
        shownPages = pages;
    }
    function fitSoon(): void {
        Qt.callLater(fit);
    }

    Component.onCompleted: fit()
    onHeightChanged: fitSoon()
    onGlyphChanged: fitSoon()
    onRowsChanged: fitSoon()
    onValueWidthChanged: fitSoon()
    onSpaceChanged: fitSoon()

    FontMetrics {
        id: metrics

        font.pixelSize: 100
    }
    ScreenText {
        id: labelRuler

        visible: false
        width: table.labelWidth
    }
    ScreenText {
        id: valueRuler

        font.bold: true
        visible: false
        width: table.valueWidth
    }
    Rectangle {
        border.color: Theme.hairline
        border.width: Theme.line
        color: Theme.card
        height: parent.height - (pager.visible ? Theme.touch + Theme.gap : 0)
        radius: Theme.radius
        width: parent.width

        Column {
            anchors.left: parent.left
            anchors.margins: table.padding
            anchors.right: parent.right
            anchors.top: parent.top
            spacing: table.space

            Repeater {
                model: table.shownPages[pager.pageIndex] ?? []

                Item {
                    id: row

                    required property int index
                    required property var modelData

                    height: Math.max(label.implicitHeight, value.implicitHeight) + (line.visible ? table.space : 0)
                    width: parent.width

                    Rectangle {
                        id: line

                        color: Theme.hairline
                        height: Theme.line
                        visible: row.index > 0
                        width: parent.width
                    }
                    ScreenText {
                        id: label

                        color: Theme.softInk
                        text: row.modelData.label
                        width: table.labelWidth
                        y: (line.visible ? table.space : 0) + Math.max(0, value.baselineOffset - baselineOffset)
                    }
                    ScreenText {
                        id: value

                        font.bold: true
                        glyph: table.glyph
                        text: row.modelData.value
                        width: table.valueWidth
                        x: parent.width - width
                        y: line.visible ? table.space : 0
                    }
                }
            }
        }
    }
    Pager {
        id: pager

        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        pages: table.shownPages.length
        view: table.view
    }
}
