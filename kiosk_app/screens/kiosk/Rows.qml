// Labels and what they say, on a card; in pages where they do not all fit, a long text over several of them.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: table

    required property var view
    required property var rows // label, value
    // As large and as loose as is wished where everything fits on one page so.
    property real glyph: Theme.compact ? Theme.bodyHeight : Theme.strongHeight
    property real fittingGlyph: glyph
    property real space: wishedSpace
    readonly property real padding: Theme.mm(Theme.compact ? 1.5 : Theme.portrait ? 5 : 3)
    readonly property real wishedSpace: Theme.mm(Theme.compact ? 1.5 : Theme.portrait ? 4 : 2.6)
    readonly property real innerWidth: width - 2 * padding
    readonly property real labelWidth: Math.min(Math.ceil(rows.reduce((most, row) => Math.max(most, advance(row.label)), 0)), innerWidth * (Theme.portrait || Theme.compact ? 0.34 : 0.28))
    readonly property real valueWidth: innerWidth - labelWidth - Theme.mm(4)
    property var shownPages: [[]]
    property real used: 0 // height of the rows, where one page holds them

    function advance(text: string): real {
        return metrics.advanceWidth(text) * Theme.evenSize(Theme.bodyHeight, text) / 100 + 2;
    }
    function textHeight(ruler: Words, text: string, size: int): real {
        ruler.font.pixelSize = size;
        ruler.text = text;
        return ruler.implicitHeight;
    }
    function valueHeight(row: var): real {
        return textHeight(valueRuler, row.value, Theme.evenSize(table.fittingGlyph, row.value));
    }
    function rowHeight(row: var): real {
        return Math.max(textHeight(labelRuler, row.label, Theme.evenSize(Theme.bodyHeight, row.label)), valueHeight(row));
    }
    // As much of a text's beginning as has this height; cut between words, or between characters of Chinese.
    function beginning(row: var, room: real): string {
        let fits = 0;
        let tooMuch = row.value.length;
        while (tooMuch - fits > 1) {
            const middle = Math.floor((fits + tooMuch) / 2);
            if (textHeight(valueRuler, row.value.slice(0, middle), Theme.evenSize(table.fittingGlyph, row.value)) <= room)
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
            if (part.length > 0 && (page.length === 0 || rest > 3 * fittingGlyph * Theme.unit)) {
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
            if (row.value === "" && part !== "")
                return;
            pages.push([]);
            rest = room;
            add(row);
        };
        rows.forEach(add);
        return pages;
    }
    // Not as bindings: measuring changes the rulers' texts, and every binding that asked them would be asked again.
    function fit(): void {
        if (valueWidth <= 0 || height <= 0)
            return;
        const room = height - 2 * padding;
        let pages = [];
        for (const part of [1, 0.88, 0.76, 0.64]) {
            fittingGlyph = Math.max(Math.min(glyph, Theme.bodyHeight), glyph * part);
            space = wishedSpace * part;
            pages = paged(room);
            if (pages.length === 1)
                break;
        }
        if (pages.length > 1)
            pages = paged(room - pager.implicitHeight - Theme.gap);
        shownPages = pages;
        used = pages[0].reduce((sum, row) => sum + rowHeight(row), 0) + 2 * space * Math.max(0, pages[0].length - 1) + 2 * padding;
    }

    Component.onCompleted: fit()
    onHeightChanged: fit()
    onGlyphChanged: fit()
    onRowsChanged: fit()
    onValueWidthChanged: fit()
    onWishedSpaceChanged: fit()

    FontMetrics {
        id: metrics

        font.pixelSize: 100
    }
    Words {
        id: labelRuler

        visible: false
        width: table.labelWidth
    }
    Words {
        id: valueRuler

        font.bold: true
        visible: false
        width: table.valueWidth
    }
    Rectangle {
        border.color: Theme.hairline
        border.width: Theme.line
        color: Theme.card
        height: pager.visible ? parent.height - pager.implicitHeight - Theme.gap : Math.min(parent.height, table.used)
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
                    Words {
                        id: label

                        color: Theme.softInk
                        text: row.modelData.label
                        width: table.labelWidth
                        y: (line.visible ? table.space : 0) + Math.max(0, value.baselineOffset - baselineOffset)
                    }
                    Words {
                        id: value

                        font.bold: true
                        glyph: table.fittingGlyph
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
