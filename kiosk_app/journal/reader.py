"""Questions to the journal; each costs the same with a thousand records and with a million."""

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
from sqlite_utils import Database

from kiosk_app.domain.rating_code import canonical
from kiosk_app.domain.records import Json, Kind, Record
from kiosk_app.journal.chain import record_of
from kiosk_app.journal.database import JOURNAL_FILE, Connection, connect, refuse_half_restored

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
        refuse_half_restored(directory)
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

    def newest(self, limit: int) -> list[Record]:
        """The newest records, newest first."""
        return self._records("ORDER BY sequence DESC LIMIT ?", (limit,))

    def count_after(self, sequence: int) -> int:
        """How many records have greater sequences; each restore may have left some sequences free."""
        newest, _ = self.head() or (0, "")
        return max(newest - sequence, 0) - sum(
            max(last - max(first - 1, sequence), 0) for first, last in self.gaps() if last > sequence
        )

    def gaps(self) -> list[tuple[int, int]]:
        """Closed ranges of sequences that are not here, because a restored journal goes on behind them."""
        starts = self.connection.execute(
            "SELECT sequence FROM records WHERE kind = 'journal_started' ORDER BY sequence"
        )
        found = []
        for (start,) in starts.fetchall():
            (before,) = self.connection.execute(
                "SELECT max(sequence) FROM records WHERE sequence < ?", (start,)
            ).fetchone()
            if before is not None and before < start - 1:
                found.append((before + 1, start - 1))
        return found

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

    def was_done(self, action: str, target: str) -> bool:
        """Whether an operator has ever done this to that target; quick where it was the last time."""
        last = self.last_action(action)
        if last is None or last["target"] == target:
            return last is not None
        found = self.connection.execute(
            "SELECT 1 FROM records WHERE kind = ? AND json_extract(body, '$.payload.action') = ? "
            "AND json_extract(body, '$.payload.target') = ? LIMIT 1",
            (Kind.OPERATOR_ACTION.value, action, target),
        )
        return found.fetchone() is not None

    # Numbers, codes and bookings. An old journal answers these once it has been opened for writing.

    def last_code_counter(self, short_id: int, day: date) -> int | None:
        """The greatest counter in any rating code of that device and day; None if none is here (interfaces §7)."""
        return self._one("SELECT counter FROM code_use WHERE short_id = ? AND day = ?", (short_id, day.isoformat()))

    def last_serial(self, lease_id: str, day: date) -> int | None:
        """The greatest serial given from a lease that day (R22); a platform may give every day's lease the same id."""
        return self._one(
            "SELECT max(serial) FROM lease_use WHERE lease_id = ? AND day = ?", (lease_id, day.isoformat())
        )

    def ticket_by_code(self, rating_code: str) -> Record | None:
        """The `ticket_issued` here on which this rating code stands."""
        return self._of_code("ticket_codes", rating_code)

    def rating_by_code(self, rating_code: str) -> Record | None:
        """The first `rating` here that was given by this code, or on the spot for a visit with it (R3)."""
        return self._of_code("rated_codes", rating_code)

    def open_tickets(self, day: date, item_group: str) -> list[Record]:
        """The numbers of an item group that were issued here that day, in order.

        Whether one was called is known where it was called, at a window.
        """
        found = self.connection.execute(
            "SELECT sequence FROM issued_numbers WHERE day = ? AND item_group = ? ORDER BY sequence",
            (day.isoformat(), item_group),
        )
        return self.records_by_sequence([sequence for (sequence,) in found])

    def print_results(self, record_id: str) -> list[Record]:
        """What became of each printed copy of a record, in order."""
        found = self.connection.execute(
            "SELECT sequence FROM prints WHERE printed_id = ? ORDER BY sequence", (record_id,)
        )
        return self.records_by_sequence([sequence for (sequence,) in found])

    def places_taken(self, lease_id: str) -> int:
        """Places of a slot lease that are booked here and not cancelled here (R23)."""
        taken = self._one(
            "SELECT count(*) FROM bookings WHERE lease_id = ? AND NOT EXISTS (SELECT 1 FROM booking_ends "
            "WHERE booking_ends.appointment_no = bookings.appointment_no AND state = 'cancelled')",
            (lease_id,),
        )
        return taken or 0

    def appointment(self, appointment_no: str) -> Json | None:
        """What is recorded here of a booking, and its `state`: `booked`, `cancelled` or `checked_in`.

        One that was booked elsewhere is known from its cancelling or check-in here, and until then not at all.
        """
        ended = self.connection.execute(
            "SELECT state, record_id FROM booking_ends WHERE appointment_no = ?", (appointment_no,)
        ).fetchone()
        booked = self.connection.execute(
            "SELECT 'booked', record_id FROM bookings WHERE appointment_no = ?", (appointment_no,)
        ).fetchone()
        first, last = booked or ended, ended or booked
        record = self.record_by_id(first[1]) if first else None
        return {**record.payload, "state": last[0]} if record else None

    def data_version(self) -> int:
        """A number that changes whenever another connection commits."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def _one(self, question: str, arguments: tuple[Any, ...]) -> int | None:
        row = self.connection.execute(question, arguments).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def _of_code(self, table: str, rating_code: str) -> Record | None:
        code = canonical(rating_code) or rating_code
        # The table's name is one of this module's own.
        found = f"(SELECT record_id FROM {table} WHERE rating_code = ?)"  # noqa: S608
        return next(iter(self._records(f"WHERE record_id = {found}", (code,))), None)

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
