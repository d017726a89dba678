"""Append, head, what is due and statistics: the large journal against the small one."""

from collections.abc import Callable
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.journal.tallies import tallies
from tests.bench.appending import ABOUT
from tests.bench.filled_journal import fill, open_journal, rating
from tests.bench.measuring import in_turn, tell

ROUNDS = 200


class Filled:
    """A journal of so many records, all but the last hundred confirmed."""

    def __init__(self, directory: Path, records: int) -> None:
        self.journal: Journal = open_journal(directory)
        fill(self.journal, records)
        self.journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.store = DeliveryStore.open(directory)
        self._confirm_all_but(100)

    def _confirm_all_but(self, waiting: int) -> None:
        newest, _ = self.journal.head() or (0, "")
        confirmed = self.journal.records_by_sequence([newest - waiting])[0]
        self.store.set_back((confirmed.sequence, confirmed.hash), 0)
        self.store.admit(self.journal.records_after(confirmed.sequence))

    def statistics(self) -> None:
        """By staff, of the first day, which is a full one in both journals: the cost grows with the days asked for."""
        first = SystemClock().now().wall.astimezone(CHINA_TIME).date()
        tallies(self.journal, "staff", first, first)

    def close(self) -> None:
        self.journal.close()
        self.store.close()


def run(directory: Path, *, small: int, large: int) -> None:
    """Print the ratios."""
    print(f"(filling a journal with {large} records)", flush=True)
    few, many = Filled(directory / "few", small), Filled(directory / "many", large)
    clock = SystemClock()
    questions: dict[str, Callable[[Filled], object]] = {
        "durable append": lambda filled: filled.journal.append(rating(clock, None, ABOUT)),
        "the chain's head": lambda filled: filled.journal.head(),
        "what is due": lambda filled: (filled.store.due(200), filled.store.something_waits(filled.journal)),
        "statistics of a day": lambda filled: filled.statistics(),
    }
    for what, ask in questions.items():
        ours, baseline = in_turn(lambda ask=ask: ask(many), lambda ask=ask: ask(few), ROUNDS)  # type: ignore[misc]
        tell(f"{what}, {large} records", f"{small} records", ours, baseline)
    few.close()
    many.close()
