"""A real kiosk station on real files, with a clock, a printer and a scanner in the test's hand."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.slip import Columns, Line, QrCode, Slip
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.levels import Level
from kiosk_app.domain.questionnaire import parse_questionnaire
from kiosk_app.domain.rating_code import device_key, make_code
from kiosk_app.domain.records import Json, Record
from kiosk_app.health import kiosk_problems
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.counter import KioskSetup, RatingKey
from kiosk_app.kiosk.screen_state import Content, Page, ScreenState
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.station import KioskStation
from kiosk_app.kiosk_terminal import _delivery_state
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.wording import Wording
from tests.kiosk import small_hall
from tests.manual_clock import ManualClock

DEVICE = "lw-a-k01"
IDLE_SECONDS = 60
LEAVING_SECONDS = 10
SETTLE_SECONDS = 0.5

C = TypeVar("C", bound=Content)


@dataclass
class FakePrinter:
    """The printer as the station sees it: jobs that are noted and finish when the test says so."""

    condition: Condition = Condition.READY
    detail: str = ""
    jobs: list[tuple[str, Slip, bool]] = field(default_factory=list)
    tidied: int = 0

    def print(self, job_id: str, slip: Slip, *, reprint: bool = False) -> None:
        self.jobs.append((job_id, slip, reprint))

    def cut_off_remains(self) -> None:
        self.tidied += 1

    @property
    def slips(self) -> list[Slip]:
        return [slip for _, slip, _ in self.jobs]


def setup(**changes: Any) -> KioskSetup:
    base = KioskSetup(
        hall="测试政务服务中心",
        short_id=small_hall.SHORT_ID,
        wording=Wording(assets_directory(), ("zh-CN", "en"), "slips"),
        catalogue=parse_catalogue(read_json("options.json")),
        questionnaire=parse_questionnaire(read_json("questionnaire.json")),
        public_url=small_hall.PUBLIC_URL,
        idle_ms=IDLE_SECONDS * 1000,
        rating_key=RatingKey(small_hall.HALL_ID, small_hall.HALL_KEY),
    )
    return replace(base, **changes)


class KioskRig:
    """One kiosk on one storage directory; `restart` is a crash of the app alone."""

    def __init__(
        self,
        directory: Path,
        *,
        clock: ManualClock | None = None,
        sealer: Sealer | None = None,
        printer: FakePrinter | None = None,
        sections: Mapping[str, list[Json]] | None = None,
        documents: Mapping[str, Any] | None = None,
        device: str = DEVICE,
        **changes: Any,
    ) -> None:
        self.directory = directory
        self.clock = clock or ManualClock()
        self.printer = printer
        self.setup = setup(**changes)
        self.broken: str | None = None
        """While set, the journal cannot be opened or written, with this cause."""
        self.appends_left: int | None = None
        """After so many appends the disk is full."""
        self.states: list[ScreenState] = []
        self._device = device
        self._sealer = sealer
        self.tell_hall(sections or small_hall.hall(), documents or small_hall.DOCUMENTS)
        self._begin()

    def tell_hall(self, sections: Mapping[str, list[Json]], documents: Mapping[str, Any] | None = None) -> None:
        """The agent pulls this."""
        self.directory.mkdir(parents=True, exist_ok=True)
        with closing(HallStore.open(self.directory)) as store:
            store.replace_all(sections)
            for name, document in (documents or {}).items():
                store.replace_document(name, document)

    def pull(self, sections: Mapping[str, list[Json]]) -> None:
        """The agent pulls this from a platform that has everything recorded so far."""
        newest = self.records()[-1].sequence
        with closing(HallStore.open(self.directory)) as store:
            store.replace_pulled(sections, small_hall.DOCUMENTS, source="platform", etag='"1"', journal_sequence=newest)

    def _begin(self) -> None:
        self.station = KioskStation(
            self.setup,
            self.clock,
            Recorder(self._open_journal, self.clock),
            lambda: HallStore.open(self.directory),
            self._sealer,
            other_problems=lambda: tuple(kiosk_problems(self.directory, self.clock.now())),
            delivery_state=partial(_delivery_state, self.directory),
        )
        if self.printer is not None:
            self.station.attach_printer(self.printer)
        self.station.attach_screen(self._shown)
        self.station.start()
        self.settle()

    def _shown(self, state: ScreenState) -> None:
        self.states[:] = [state]  # a screen remembers nothing but what it shows

    def _open_journal(self) -> Journal:
        if self.broken:
            raise JournalUnavailableError(self.broken)
        journal = Journal.open_or_start(self.directory, device_id=self._device, clock=self.clock, software="test")
        append = journal._append

        def append_unless_broken(*drafts: Any, **options: Any) -> list[Record]:
            if self.broken:
                raise OSError(28, self.broken)
            if self.appends_left is not None:
                if self.appends_left <= 0:
                    raise OSError(28, "killed")
                self.appends_left -= 1
            return append(*drafts, **options)

        journal._append = append_unless_broken  # type: ignore[method-assign]
        return journal

    # -- life ---------------------------------------------------------------------------------------------------------

    def restart(self, between: Callable[[], object] = lambda: None) -> None:
        """The app is killed and starts again; `between` happens meanwhile."""
        self.station._mailbox.close()
        self.station._counter.recorder.close()
        self.station._hall.close()
        between()
        self.states.clear()
        self._begin()

    def stop_and_start(self) -> None:
        """An orderly stop, as on an update."""
        self.station.close()
        self.states.clear()
        self._begin()

    def close(self) -> None:
        self.station.close()

    def settle(self) -> None:
        """Return once the station has handled everything, time included."""
        self.station.refresh()
        self.station._mailbox.ask(self.station._on_time)

    def pass_time(self, seconds: float) -> None:
        """Time passes, and the station notices."""
        self.clock.advance(seconds)
        self.settle()

    # -- the citizen --------------------------------------------------------------------------------------------------

    def act(self, action: Action, value: str = "", *, at: float | None = None) -> ScreenState:
        self.station.act(action, value, self.clock.seconds if at is None else at)
        return self.screen()

    def choose(self, *entry_ids: str) -> ScreenState:
        for entry_id in entry_ids:
            self.act(Action.CHOOSE, entry_id)
        return self.screen()

    def keys(self, text: str) -> ScreenState:
        for character in text:
            self.act(Action.TYPE, character)
        return self.screen()

    def confirm(self) -> ScreenState:
        return self.act(Action.CONFIRM)

    def back(self) -> ScreenState:
        return self.act(Action.BACK)

    def home(self) -> ScreenState:
        return self.act(Action.HOME)

    def scan(self, text: str) -> ScreenState:
        self.station.scanned(text, self.clock.seconds)
        return self.screen()

    def touch(self, *, at: float | None = None) -> ScreenState:
        self.station.touched(self.clock.seconds if at is None else at)
        return self.screen()

    def press(self, level: Level, *, at: float | None = None) -> ScreenState:
        self.station.press(level, self.clock.seconds if at is None else at)
        return self.screen()

    def decline(self) -> ScreenState:
        self.station.decline(self.clock.seconds)
        return self.screen()

    def give_reasons(self, *codes: str) -> ScreenState:
        self.station.give_reasons(codes)
        return self.screen()

    def take_number(self, department: str = "社会保险", item: str = "S-1") -> ScreenState:
        """From home to the number."""
        self.choose("take_number", department, item)
        return self.confirm()

    def book(self, *, phone: str = "", item: str = "S-1", days: int = 1, lease: str = "s-1") -> ScreenState:
        """From home to the booking code."""
        day = (self.clock.wall.date() + timedelta(days=days)).isoformat()
        self.choose("book", "book", "社会保险", item, day, lease)
        if phone:
            self.keys(phone)
            self.confirm()
        return self.confirm()

    # -- what is seen -------------------------------------------------------------------------------------------------

    def screen(self) -> ScreenState:
        """What is on the screen once everything was handled."""
        self.settle()
        return self.states[-1]

    def content(self, kind: type[C]) -> C:
        content = self.screen().content
        assert isinstance(content, kind), content
        return content

    def page(self) -> Page:
        return self.screen().page

    def print_ends(self, state: PrintState = PrintState.CONFIRMED, detail: str = "") -> ScreenState:
        """The printer is done with its last job."""
        assert self.printer is not None
        self.station.printed(self.printer.jobs[-1][0], state, detail)
        return self.screen()

    def printer_becomes(self, condition: Condition) -> ScreenState:
        assert self.printer is not None
        self.printer.condition = condition
        self.station.condition_changed(condition, "")
        return self.screen()

    def records(self, *kinds: str) -> list[Record]:
        """What is on the disk, seen by another connection."""
        with closing(JournalReader.open(self.directory)) as reader:
            return [record for record in reader.all_records() if not kinds or record.kind in kinds]

    def outcome(self, visit_id: str | None) -> Record | None:
        """The visit's one outcome."""
        found = [r for r in self.records("rating", "rating_missed") if r.visit_id == visit_id]
        assert len(found) <= 1
        return found[0] if found else None


def code(days_ago: int = 0, *, short_id: int = small_hall.WINDOW_SHORT_ID, counter: int = 5, hall_id: int = 1) -> str:
    """A genuine code of the hall."""
    day = small_hall.TODAY - timedelta(days=days_ago)
    return make_code(device_key(small_hall.HALL_KEY, short_id), hall_id, short_id, day, counter)


def words_of(slip: Slip) -> str:
    """All that stands on a slip, its QR code included."""
    texts = []
    for element in slip.elements:
        match element:
            case Line(text=text):
                texts.append(text)
            case Columns(left=left, right=right):
                texts.append(f"{left} {right}")
            case QrCode(data=data):
                texts.append(f"<{data}>")
    return "\n".join(texts)
