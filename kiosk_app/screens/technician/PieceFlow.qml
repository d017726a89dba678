// The pieces of a page, one below the other or side by side, in parts where they do not all fit: nothing is scrolled.
//
// Every piece says how high it is at a given width; the head of a table stands on each part on which its rows go on.
pragma ComponentBehavior: Bound

import QtQuick
import ".."

Item {
    id: flow

    required property var view
    property bool active: true
    property int pageIndex: 0
    property int pages: 1
    property var parts: [[]] // the places of the pieces, part by part

    readonly property var files: ({
            title: "TitlePiece.qml",
            message: "MessagePiece.qml",
            cause: "CausePiece.qml",
            fact: "FactPiece.qml",
            problem: "ProblemPiece.qml",
            head: "HeadPiece.qml",
            row: "RowPiece.qml",
            person: "PersonPiece.qml",
            option: "OptionPiece.qml",
            button: "ButtonPiece.qml",
            keys: "KeysPiece.qml",
            line: "LinePiece.qml",
            targets: "TargetsPiece.qml"
        })
    // Nothing of these stands at the end of a part: what they are about follows.
    function isLeading(line: var): bool {
        const piece = line.pieces[0];
        return piece.kind === "title" || piece.kind === "head" || piece.content.goes_on === true;
    }
    function all(): var {
        const found = [];
        for (let n = 0; n < repeater.count; n++) {
            const piece = repeater.itemAt(n) as Loader;
            if (piece?.item)
                found.push(piece);
        }
        return found;
    }
    // Pieces of a block side by side, as many as have room; the narrowest place that one of them needs is for all.
    function lines(): var {
        const found = [];
        const columns = {};
        const every = all();
        for (const piece of every) {
            piece.visible = true;
            const fitting = Math.max(1, Math.floor((width + Theme.gap) / (piece.item.narrowest() + Theme.gap)));
            const kind = piece.block + piece.kind;
            columns[kind] = Math.min(columns[kind] ?? 99, fitting, piece.item.most);
        }
        for (const piece of every) {
            const last = found[found.length - 1];
            const kind = piece.block + piece.kind;
            if (last && last.kind === kind && last.pieces.length < last.columns)
                last.pieces.push(piece);
            else
                found.push({
                    kind: kind,
                    block: piece.block,
                    columns: columns[kind],
                    pieces: [piece]
                });
        }
        for (const line of found) {
            line.cell = Math.floor((width - (line.columns - 1) * Theme.gap) / line.columns);
            line.height = 0;
            for (const piece of line.pieces) {
                piece.width = line.cell;
                line.height = Math.max(line.height, Math.ceil(piece.item.need()));
            }
        }
        return found;
    }
    function gapBetween(above: var, line: var): real {
        const between = above.block === line.block ? 0 : Theme.mm(Theme.compact ? 2.4 : 4);
        return Math.max(between, above.pieces[0].item.space, line.pieces[0].item.space);
    }
    // Not as bindings: measuring a piece sets its width, and every binding that asked for it would be asked again.
    function fit(): void {
        if (width <= 0 || height <= 0)
            return;
        const every = lines();
        const found = [];
        let part = [];
        let used = 0;
        let head = null;
        const fits = line => part.length === 0 || used + gapBetween(part[part.length - 1].line, line) + line.height <= height + 0.5;
        const place = line => {
            used += part.length > 0 ? gapBetween(part[part.length - 1].line, line) : 0;
            part.push({
                line: line,
                y: used
            });
            used += line.height;
        };
        const turn = () => {
            const moved = [];
            while (part.length > 1 && isLeading(part[part.length - 1].line))
                moved.unshift(part.pop().line);
            found.push(part);
            part = [];
            used = 0;
            moved.forEach(place);
        };
        for (const line of every) {
            if (!fits(line)) {
                turn();
                if (head !== null && head.block === line.block && !part.some(each => each.line === head))
                    place(head);
            }
            // So high that it needs a part for itself.
            if (!fits(line)) {
                found.push(part);
                part = [];
                used = 0;
            }
            if (line.pieces[0].kind === "head")
                head = line;
            place(line);
        }
        found.push(part);
        parts = found;
        pages = found.length;
        pageIndex = Math.max(0, Math.min(pageIndex, pages - 1));
        showPart();
    }
    function showPart(): void {
        const shown = [];
        for (const each of parts[pageIndex] ?? []) {
            each.line.pieces.forEach((piece, n) => {
                piece.x = n * (each.line.cell + Theme.gap);
                piece.y = each.y;
                piece.height = each.line.height;
                shown.push(piece);
            });
        }
        // What stays is not hidden for a moment: a finger may be on it.
        for (const piece of all())
            piece.visible = shown.includes(piece);
    }
    clip: true
    Component.onCompleted: fit()
    onHeightChanged: fit()
    onPageIndexChanged: showPart()
    onWidthChanged: fit()
    onActiveChanged: soon.restart()

    Timer {
        id: soon

        interval: 0
        onTriggered: flow.fit()
    }
    Connections {
        target: flow.view
        function onPieces_changed(): void {
            flow.fit();
        }
    }
    Connections {
        target: Theme
        function onUnitChanged(): void {
            soon.restart();
        }
        function onLargeTypeChanged(): void {
            soon.restart();
        }
    }
    Repeater {
        id: repeater

        model: flow.active ? flow.view.pieces : null

        Loader {
            id: piece

            required property string kind
            required property string block
            required property var content

            Component.onCompleted: setSource(flow.files[kind], {
                view: flow.view,
                content: content
            })
            onContentChanged: {
                if (item)
                    item.content = content;
            }
        }
    }
}
