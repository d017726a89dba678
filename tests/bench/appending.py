"""Durable append of a rating against a bare INSERT and COMMIT of the same bytes under the same pragmas."""

from pathlib import Path

from kiosk_app.journal.database import connect
from kiosk_app.journal.system_clock import SystemClock
from tests.bench.filled_journal import open_journal, rating
from tests.bench.measuring import in_turn, tell

ABOUT: dict[str, object] = {
    "window": "1",
    "staff_no": "0001",
    "ticket_no": "A001",
    "cases": [{"case_no": "BENCH-1", "item_code": "T-1", "department": "综合窗口"}],
    "rating_code": None,
}


def run(directory: Path) -> None:
    """Print the ratio."""
    journal = open_journal(directory)
    clock = SystemClock()
    # By code at another terminal: a rating that needs no visit before it.
    (sample,) = journal.append(rating(clock, None, ABOUT))
    row = (str(sample.to_wire()), sample.hash, sample.signature)
    bare = connect(directory / "bare.sqlite3")
    bare.execute("CREATE TABLE records (sequence INTEGER PRIMARY KEY, body TEXT, hash TEXT, signature TEXT) STRICT")

    def insert_and_commit() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO records (body, hash, signature) VALUES (?, ?, ?)", row)
        bare.execute("COMMIT")

    ours, baseline = in_turn(lambda: journal.append(rating(clock, None, ABOUT)), insert_and_commit, 500)
    tell("durable append of a rating", "bare INSERT+COMMIT", ours, baseline)
    journal.close()
    bare.close()
