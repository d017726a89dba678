"""Questions to the journal; each costs the same with a thousand records and with a million."""

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
from sqlite_utils import Database

from kiosk_app.domain.records import Json, Kind, Record
from kiosk_app.journal.chain import record_of
from kiosk_app.journal.database import JOURNAL_FILE, Connection, connect

_COLUMNS = "body, hash, signature"
_PAGE = 500


class JournalReader:
    """Reads the journal of one storage directory. One thread at a time.

    Every question raises `sqlite3.Error` where the file cannot be read or a record in it is damaged.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.database = Database(connection)

    @classmethod
    def open(cls, directory: Path) -> "JournalReader":
        """Open for reading only. Raises `sqlite3.Error` where there is no readable journal."""
        return cls(connect(directory / JOURNAL_FILE, read_only=True))

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()

    @property
    def is_started(self) -> bool:
        """Whether the tables are there: for a moment, a new journal is an empty file."""
        return bool(self.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'records'").fetchone())

    def head(self) -> tuple[int, str] | None:
        """Sequence and hash of the newest record; None in an empty journal."""
        row = self.connection.execute("SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1").fetchone()
        return (int(row[0]), str(row[1])) if row else None

    def records_after(self, sequence: int, limit: int = _PAGE) -> list[Record]:
        """Up to `limit` records with greater sequences, in order."""
        return self._records("WHERE sequence > ? ORDER BY sequence LIMIT ?", (sequence, limit))

    def records_by_sequence(self, sequences: Sequence[int]) -> list[Record]:
        """Those of the given records that exist, in order."""
        return self._records(
            "WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence", (json.dumps(list(sequences)),)
        )

    def record_by_id(self, record_id: str) -> Record | None:
        """The record of that id."""
        return next(iter(self._records("WHERE record_id = ?", (record_id,))), None)

    def all_records(self, *, kind: str | None = None, after: int = 0) -> Iterator[Record]:
        """Every record in order, page by page, so that a large journal does not fill the memory."""
        condition, arguments = ("AND kind = ?", (kind,)) if kind else ("", ())
        while True:
            page = self._records(
                f"WHERE sequence > ? {condition} ORDER BY sequence LIMIT ?", (after, *arguments, _PAGE)
            )
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].sequence

    def of_visit(self, visit_id: str) -> list[Record]:
        """Everything recorded of a visit, in order."""
        return self._records("WHERE visit_id = ? ORDER BY sequence", (visit_id,))

    def latest(self, *kinds: Kind, limit: int = 1) -> list[Record]:
        """The newest records of these kinds, newest first."""
        found = [
            record
            for kind in kinds
            for record in self._records("WHERE kind = ? ORDER BY sequence DESC LIMIT ?", (kind.value, limit))
        ]
        return sorted(found, key=lambda record: -record.sequence)[:limit]

    def awaiting_detail(self) -> list[tuple[str, str | None]]:
        """Bad ratings that have no `rating_detail` yet: rating id and visit id."""
        return [(row["rating_id"], row["visit_id"]) for row in self.database.query("SELECT * FROM awaiting_detail")]

    def bindings(self) -> list[Json]:
        """The bindings in force: window, staff_no, since (R17)."""
        return list(self.database.query("SELECT window, staff_no, since FROM bindings ORDER BY window"))

    def bound_to(self, window: str) -> str | None:
        """Staff number of the person bound to a window."""
        row = self.connection.execute("SELECT staff_no FROM bindings WHERE window = ?", (window,)).fetchone()
        return str(row[0]) if row else None

    def last_action(self, action: str) -> Json | None:
        """What an operator did last of this kind: target, outcome, at."""
        rows = self.database.query("SELECT target, outcome, at FROM last_actions WHERE action = ?", (action,))
        return next(iter(rows), None)

    def data_version(self) -> int:
        """A number that changes whenever another connection commits."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def _records(self, condition: str, arguments: tuple[Any, ...]) -> list[Record]:
        rows = self.connection.execute(f"SELECT {_COLUMNS} FROM records {condition}", arguments).fetchall()  # noqa: S608
        try:
            records = [record_of(*row) for row in rows]
        except (ValueError, TypeError) as error:
            raise sqlite3.DatabaseError(f"a record is damaged ({error}); see: kiosk-admin verify") from error
        return self._with_sealed(records)

    def _with_sealed(self, records: list[Record]) -> list[Record]:
        ids = [r.record_id for r in records if any(name.endswith("_commitment") for name in r.payload)]
        if not ids:
            return records
        sealed: dict[str, dict[str, str]] = {}
        for row in self.database.query(
            "SELECT * FROM sealed WHERE record_id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
        ):
            ciphertext = base64.b64encode(row["ciphertext"]).decode("ascii")
            sealed.setdefault(row["record_id"], {})[row["name"]] = ciphertext
        return [Record(**{**vars(r), "sealed": sealed.get(r.record_id, {})}) for r in records]
