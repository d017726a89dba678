"""A real station on a real journal, with a clock and an evaluator's keys in the test's hand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from device_drivers.evaluator.key_presses import KeyPress
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.slip import Columns, Line, QrCode, Slip
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.rating_code import device_key
from kiosk_app.domain.records import Record
from kiosk_app.domain.visits import Accepted, Answer, VisitRequest
from kiosk_app.domain.window import Limits
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.sealing import Sealer
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.terminal.rating_codes import RatingCodes
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.wording import Wording
from kiosk_app.window.screen_state import Page, ScreenState
from kiosk_app.window.station import Station, StationSetup
from kiosk_app.window.surroundings import EvaluatorProfile
from tests.manual_clock import ManualClock

DEVICE = "lw-a-w12"
INVITE_SECONDS, DETAIL_SECONDS, VISIT_MAX_MINUTES = 30, 20, 240
PROFILE = EvaluatorProfile("shared-bus-68", "ab" * 32)
HALL_KEY = bytes([0xAB]) * 32
CODES = RatingCodes(hall_id=1, short_id=12, key=device_key(HALL_KEY, 12))
PUBLIC_URL = "https://platform.example.cn"


@dataclass
class Keys:
    """The evaluator as the station sees it: verbs that are noted, and what was on the disk at that moment."""

    directory: Path
    connected: bool = True
    settle_seconds: float = 0.2
    verbs: list[str] = field(default_factory=list)
    stars: list[int] = field(default_factory=list)
    ratings_at_acknowledgement: list[int] = field(default_factory=list)

    def acknowledge(self) -> None:
        reader = JournalReader.open(self.directory)
        self.ratings_at_acknowledgement.append(len(list(reader.all_records(kind="rating"))))
        reader.close()
        self.verbs.append("acknowledge")

    def invite(self) -> None:
        self.verbs.append("invite")

    def thanks(self) -> None:
        self.verbs.append("thanks")

    def show_stars(self, n: int) -> None:
        self.stars.append(n)


@dataclass
class Paper:
    """The printer as the station sees it: slips that were sent, and what the test says became of them."""

    condition: Condition = Condition.READY
    detail: str = ""
    jobs: list[tuple[str, Slip, bool]] = field(default_factory=list)
    tidied: int = 0

    def print(self, job_id: str, slip: Slip, *, reprint: bool = False) -> None:
        self.jobs.append((job_id, slip, reprint))

    def cut_off_remains(self) -> None:
        self.tidied += 1

    def words(self) -> list[str]:
        """What stands on the last slip."""
        _, slip, _ = self.jobs[-1]
        said: list[str] = []
        for element in slip.elements:
            if isinstance(element, Line):
                said.append(element.text)
            elif isinstance(element, Columns):
                said += [element.left, element.right]
            elif isinstance(element, QrCode):
                said.append(element.data)
        return said


class WindowRig:
    """One window on one storage directory; `restart` is a crash of the app alone."""

    def __init__(
        self,
        directory: Path,
        *,
        clock: ManualClock | None = None,
        sealer: Sealer | None = None,
        codes: RatingCodes | None = None,
        printer: bool = False,
    ) -> None:
        self.directory = directory
        self.clock = clock or ManualClock()
        self.broken: str | None = None
        """While set, the journal cannot be opened or written, with this cause."""
        self._sealer = sealer
        self._codes = codes
        self.paper: Paper | None = Paper() if printer else None
        self._presses = 0
        self._changed = threading.Condition()
        self._state: ScreenState | None = None
        self._begin()

    def _begin(self) -> None:
        self.keys = Keys(self.directory)
        setup = StationSetup(
            hall="测试政务服务中心",
            number="12",
            limits=Limits(INVITE_SECONDS * 1000, 20_000, VISIT_MAX_MINUTES * 60_000),
            detail_ms=DETAIL_SECONDS * 1000,
            catalogue=parse_catalogue(read_json("options.json")),
            evaluator=PROFILE,
            rating_codes=self._codes,
            public_url=PUBLIC_URL,
        )
        recorder = Recorder(self._open_journal, self.clock)
        self.station = Station(setup, self.clock, recorder, lambda: HallStore.open(self.directory), self._sealer)
        self.station.attach_evaluator(PROFILE, self.keys)
        if self.paper is not None:
            self.station.attach_printer(self.paper, Wording(assets_directory(), ("zh-CN", "en"), "slips"))
        self._before_start()
        self.station.attach_screen(self._shown)
        self.station.start()
        self.settle()

    def _before_start(self) -> None:
        """For what a rig attaches besides."""

    def _open_journal(self) -> Journal:
        if self.broken:
            raise JournalUnavailableError(self.broken)
        journal = Journal.open_or_start(self.directory, device_id=DEVICE, clock=self.clock, software="test")
        append = journal._append

        def append_unless_broken(*drafts: object, **options: object) -> list[Record]:
            if self.broken:
                raise OSError(28, self.broken)
            return append(*drafts, **options)  # type: ignore[arg-type]

        journal._append = append_unless_broken  # type: ignore[method-assign]
        return journal

    def restart(self, between: Callable[[], object] = lambda: None) -> None:
        """The app is killed and starts again; `between` happens meanwhile."""
        self.station._mailbox.close()
        between()
        self._begin()

    def stop_and_start(self) -> None:
        """An orderly stop, as on an update."""
        self.station.close()
        self._begin()

    def close(self) -> None:
        self.station.close()

    def _shown(self, state: ScreenState) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def settle(self) -> None:
        """Return once the station has handled everything, time included."""
        self.station.refresh()
        self.station._mailbox.ask(self.station._on_time)

    def pass_time(self, seconds: float) -> None:
        """Time passes, and the station notices."""
        self.clock.advance(seconds)
        self.settle()

    def screen(self) -> ScreenState:
        """What is on the screen once everything was handled."""
        self.settle()
        with self._changed:
            self._changed.wait_for(lambda: self._state is not None, timeout=10)
            assert self._state is not None
            return self._state

    def wait_for_page(self, page: Page) -> ScreenState:
        return self.wait_for(lambda state: state.page is page)

    def wait_for(self, wanted: Callable[[ScreenState], bool], timeout: float = 10) -> ScreenState:
        """What is on the screen once it is as wanted."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._state is not None and wanted(self._state), timeout), self._state
            assert self._state is not None
            return self._state

    def open_visit(self, **request: object) -> str:
        return accepted(self.station.open_visit(VisitRequest(**request)))  # type: ignore[arg-type]

    def invited_visit(self, **request: object) -> str:
        return self.open_visit(invite=True, **request)

    def key(self, level: str, *, at: float | None = None) -> KeyPress:
        """A key of the evaluator is pressed for the first time."""
        self._presses += 1
        frame = bytes([0x68, len(level)])
        press = KeyPress(level, frame, self.clock.seconds if at is None else at, self._presses, 0)
        self.station.key_pressed(press)
        self.settle()
        return press

    def repeat(self, press: KeyPress, count: int = 1) -> None:
        """The device repeats a press."""
        self.station.key_pressed(KeyPress(press.level, press.frame, press.at, press.press_id, press.repeat + count))
        self.settle()

    def printed(self, state: PrintState, detail: str = "") -> None:
        """The printer is done with the slip that was sent last."""
        assert self.paper is not None
        self.station.printed(self.paper.jobs[-1][0], state, detail)
        self.settle()

    def printer_is(self, condition: Condition, detail: str = "") -> None:
        """The printer is in this condition from now on."""
        assert self.paper is not None
        self.paper.condition, self.paper.detail = condition, detail
        self.station.condition_changed(condition, detail)
        self.settle()

    def records(self, *kinds: str) -> list[Record]:
        """What is on the disk, seen by another connection."""
        reader = JournalReader.open(self.directory)
        try:
            return [record for record in reader.all_records() if not kinds or record.kind in kinds]
        finally:
            reader.close()

    def outcome(self, visit_id: str) -> Record | None:
        """The visit's one outcome."""
        found = [r for r in self.records("rating", "rating_missed") if r.visit_id == visit_id]
        assert len(found) <= 1
        return found[0] if found else None


def accepted(answer: Answer) -> str:
    assert isinstance(answer, Accepted), answer
    assert answer.visit_id is not None
    return answer.visit_id
