"""The pieces of a page as a list that QML follows: what stays the same stays the same item, under the same finger."""

from PySide6.QtCore import QAbstractListModel, QByteArray, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk_app.technician_screen.wording import Piece

_KIND, _CONTENT, _BLOCK = (int(Qt.ItemDataRole.UserRole) + n for n in range(1, 4))
_ROLES = {_KIND: QByteArray(b"kind"), _CONTENT: QByteArray(b"content"), _BLOCK: QByteArray(b"block")}
_NOWHERE = QModelIndex()


class PieceModel(QAbstractListModel):
    """A list of pieces; lives on Qt's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: tuple[Piece, ...] = ()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:  # noqa: N802
        """How many pieces there are."""
        return 0 if parent.isValid() else len(self._pieces)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _KIND) -> object:
        """A piece's kind, content or block."""
        piece = self._pieces[index.row()]
        return {_KIND: piece.kind, _CONTENT: piece.content, _BLOCK: piece.block}.get(role)

    def roleNames(self) -> dict[int, QByteArray]:  # noqa: N802
        """The names under which QML reads them."""
        return _ROLES

    def show(self, pieces: tuple[Piece, ...]) -> bool:
        """Show these; whether anything is different.

        Pieces at the beginning and at the end whose keys are the same are kept, the others are taken out and put in.
        """
        before = self._pieces
        if pieces == before:
            return False
        head = _same(before, pieces)
        tail = _same(before[head:][::-1], pieces[head:][::-1])
        old_end, new_end = len(before) - tail, len(pieces) - tail
        if head < old_end:
            self.beginRemoveRows(_NOWHERE, head, old_end - 1)
            self._pieces = (*before[:head], *before[old_end:])
            self.endRemoveRows()
        if head < new_end:
            self.beginInsertRows(_NOWHERE, head, new_end - 1)
            self._pieces = pieces
            self.endInsertRows()
        self._pieces = pieces
        for row in (*range(head), *range(new_end, len(pieces))):
            if pieces[row] != before[row if row < head else row - new_end + old_end]:
                self.dataChanged.emit(self.index(row), self.index(row))
        return True


def _same(before: tuple[Piece, ...], after: tuple[Piece, ...]) -> int:
    """How many pieces at the beginning are the same things, whatever they say."""
    count = 0
    for old, new in zip(before, after, strict=False):
        if (old.key, old.kind) != (new.key, new.kind):
            break
        count += 1
    return count
