"""A terminal's technician's screens without a screen: real files, real jobs, a clock in the test's hand."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.protocol_file import ProtocolFileError
from device_drivers.printer.driver import PrinterDriver
from device_drivers.serial_ports import ListedPort
from kiosk_app.configuration import load_settings
from kiosk_app.domain.health import Health
from kiosk_app.domain.records import Record
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.pins import TECHNICIANS, PinStore
from kiosk_app.journal.reader import JournalReader
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician_screen.door import Door
from kiosk_app.technician_screen.means import Means
from kiosk_app.technician_screen.state import (
    Block,
    Buttons,
    Confirm,
    Facts,
    Message,
    Page,
    TechnicianState,
    Text,
    Words,
)
from kiosk_app.technician_screen.station import TechnicianStation
from kiosk_app.terminal.lending import Device, Lending, NotLentError
from kiosk_app.terminal.recorder import Recorder
from tests.journal.storage import DEVICE, open_journal
from tests.manual_clock import ManualClock

PIN, WRONG = "271828", "314159"
NAME = "technician"
PATIENCE = 30.0
LISTED: list[ListedPort] = []
"""The serial ports that the machine has; a pty is none that it lists."""

_BASE = """
[terminal]
device_id = "{device}"
short_id = 12
profile = "{profile}"
hall = "灵武市政务服务中心"
area_code = "640181000000"

[storage]
directory = "storage"

[platform]
url = "https://platform.intra/evaluation"
secret_file = "platform.secret"
"""
EVALUATOR = '\n[evaluator]\nprotocol = "shared-bus-68"\nport = "{port}"\naddress = 129\n'
PROFILES = {"window": '\n[window]\nnumber = "12"\n', "kiosk": "\n[kiosk]\n"}

B = TypeVar("B", bound=Block)


class Nobody:
    """A driver's listener that wants to know nothing."""

    def key_pressed(self, press: object) -> None: ...

    def connection_changed(self, connected: bool, detail: str) -> None: ...

    def printed(self, job_id: str, state: object, detail: str) -> None: ...

    def condition_changed(self, condition: object, detail: str) -> None: ...


@dataclass
class House:
    """The app around it: lends real drivers, unless a citizen is asked."""

    citizen_is_asked: bool = False
    returned_devices: list[Device] = field(default_factory=list)
    back: threading.Condition = field(default_factory=threading.Condition)

    def lend(self, device: Device, borrower: str, release: Callable[[], None]) -> None:
        if self.citizen_is_asked:
            raise NotLentError("a citizen is asked to rate; try again in a moment")
        release()

    def returned(self, device: Device) -> None:
        with self.back:
            self.returned_devices.append(device)
            self.back.notify_all()

    def wait_until_returned(self, device: Device) -> None:
        with self.back:
            assert self.back.wait_for(lambda: device in self.returned_devices, PATIENCE)


class TechnicianRig:
    """One terminal."""

    def __init__(self, directory: Path, profile: str = "window", more: str = "") -> None:
        self.config = directory / "config"
        self.config.mkdir(exist_ok=True)
        self.storage = self.config / "storage"
        secret = self.config / "platform.secret"
        secret.write_text("a secret of the hall", encoding="utf-8")
        secret.chmod(0o600)
        self._text = _BASE.format(device=DEVICE, profile=profile) + PROFILES[profile] + more
        (self.config / "terminal.toml").write_text(self._text, encoding="utf-8")
        self.clock = ManualClock()
        self.health = Health()
        self.house = House()
        self.played: list[str] = []
        self.sound_fault: str | None = None
        self.restarts = 0
        self.cannot_restart: str | None = None
        self.cannot_open: str | None = None
        self.states: list[TechnicianState] = [TechnicianState()]
        self._changed = threading.Condition()
        self._drivers: list[Any] = []
        self.mounts = directory / "mounts"
        self.mounts.write_text("", encoding="utf-8")
        with closing(open_journal(self.storage, self.clock)):
            pass
        self.begin()

    # -- life ---------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start it, as after a restart of the app."""
        settings = load_settings(self.config)
        evaluator = printer = None
        devices: dict[Device, Any] = {}
        protocol = None
        with suppress(ProtocolFileError):
            protocol = protocol_in_use(settings, self.config)
        if settings.evaluator is not None and protocol is not None:
            port, address = settings.evaluator.port, settings.evaluator.address
            evaluator = devices[Device.EVALUATOR] = EvaluatorDriver(protocol, port, address, Nobody())
        if settings.printer is not None:
            printer = devices[Device.PRINTER] = PrinterDriver(
                settings.printer.port, settings.printer.baud, settings.printer.width_mm, Nobody()
            )
        self._drivers = list(devices.values())
        for driver in self._drivers:
            driver.start()
        means = Means(
            settings=settings,
            config=self.config,
            lender=Lending(devices, self.house),
            health=lambda: self.health,
            restart=self._restart,
            play_sound=self._play,
            citizen_is_asked=lambda: self.house.citizen_is_asked,
            evaluator=evaluator,
            printer=printer,
            list_ports=lambda: LISTED,
            mounts_file=self.mounts,
            mount_roots=(self.mounts.parent / "media",),
        )
        door = Door(self.storage, self.clock, lambda: round(self.clock.wall.timestamp() * 1000))
        self.station = TechnicianStation(means, self.clock, Recorder(self._open_journal, self.clock), door)
        self.station.attach_screen(self._show, {"pixels": "1280 × 800"})
        self.station.start()

    def close(self) -> None:
        """End it in good order."""
        self.station.close()
        for driver in self._drivers:
            driver.close()

    def _open_journal(self) -> Journal:
        if self.cannot_open is not None:
            raise JournalUnavailableError(self.cannot_open)
        return open_journal(self.storage, self.clock)

    def _play(self, sound: str) -> str | None:
        self.played.append(sound)
        return self.sound_fault

    def _restart(self) -> None:
        if self.cannot_restart is not None:
            raise RuntimeError(self.cannot_restart)
        self.restarts += 1

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, state: TechnicianState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    @property
    def state(self) -> TechnicianState:
        with self._changed:
            return self.states[-1]

    def wait_for(self, wanted: Callable[[TechnicianState], object]) -> TechnicianState:
        """The present state, once it is so."""
        with self._changed:
            found = self._changed.wait_for(lambda: wanted(self.states[-1]), PATIENCE)
            assert found, self.states[-1]
            return self.states[-1]

    def settled(self) -> TechnicianState:
        """The state once all that was posted is done."""
        self.station._mailbox.ask(lambda: None)
        self.station._mailbox.ask(lambda: None)
        return self.state

    def wait_for_page(self, page: Page) -> TechnicianState:
        """The page, with everything that it reads."""
        return self.wait_for(lambda state: state.page is page and not state.busy and state.blocks)

    def wait_for_message(self, key: str) -> Message:
        def said(state: TechnicianState) -> bool:
            return state.message is not None and state.message.words.key == key

        message = self.wait_for(said).message
        assert message is not None
        return message

    def question(self) -> Confirm:
        (confirm,) = blocks(self.wait_for(lambda state: blocks(state, Confirm)), Confirm)
        return confirm

    # -- what is done -------------------------------------------------------------------------------------------------

    def set_pin(self, pin: str = PIN, name: str = NAME) -> None:
        with closing(PinStore.open(self.storage, lambda: 0, TECHNICIANS)) as pins:
            pins.set(name, pin)

    def open(self) -> None:
        self.station.opened(self.clock.seconds)

    def type_pin(self, pin: str = PIN, name: str = NAME) -> None:
        self.station.sign_in(name, pin, self.clock.seconds)

    def tries(self) -> int:
        """How many wrong tries in a row the door has counted since it was made."""
        return self.station._door._wrong.get(NAME, (0, 0))[0]

    def try_wrong(self, count: int = 1) -> None:
        """Type a wrong PIN so often, each time until it is answered."""
        for _ in range(count):
            before = self.tries()
            self.type_pin(WRONG)
            with self._changed:
                assert self._changed.wait_for(lambda before=before: self.tries() > before, PATIENCE)  # type: ignore[misc]
            self.settled()
            self.wait_for(lambda state: not state.busy)

    def signed_in(self) -> "TechnicianRig":
        """Somebody is signed in and sees the overview."""
        self.set_pin()
        self.open()
        self.wait_for(lambda state: state.page is Page.SIGN_IN and state.technicians)
        self.type_pin()
        self.wait_for_page(Page.OVERVIEW)
        return self

    def go(self, page: Page) -> TechnicianState:
        self.station.go(page)
        return self.wait_for_page(page)

    def act(self, action: str, value: str = "") -> None:
        self.station.act(action, value, self.clock.seconds)

    def yes(self) -> None:
        """Answer the question that is shown."""
        question = self.question()
        self.act(question.yes_action, question.yes_value)

    def pass_time(self, seconds: float) -> None:
        """Time passes, and is noticed."""
        self.settled()
        self.clock.advance(seconds)
        self.station._mailbox.ask(lambda: None)

    # -- what is on the disk ------------------------------------------------------------------------------------------

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        with closing(open_journal(self.storage, self.clock)) as journal:
            yield journal

    def hall(self, staff: list[dict[str, Any]]) -> None:
        with closing(HallStore.open(self.storage)) as hall:
            hall.replace_all({"staff": staff})

    def records(self, kind: str = "operator_action") -> list[Record]:
        with closing(JournalReader.open(self.storage)) as reader:
            return list(reader.all_records(kind=kind))

    def actions(self) -> list[tuple[str, str, str]]:
        """Action, target, outcome of all that operators did."""
        self.settled()
        return self._actions()

    def wait_for_action(self, action: str) -> tuple[str, str, str]:
        """The last action of this name, once there is one on the disk."""
        end = time.monotonic() + PATIENCE
        with self._changed:
            while not (found := [done for done in self._actions() if done[0] == action]):
                assert time.monotonic() < end, self._actions()
                self._changed.wait(0.05)
        return found[-1]

    def _actions(self) -> list[tuple[str, str, str]]:
        return [(r.payload["action"], r.payload["target"], r.payload["outcome"]) for r in self.records()]


def blocks(state: TechnicianState, kind: type[B]) -> list[B]:
    """All blocks of a kind."""
    return [block for block in state.blocks if isinstance(block, kind)]


def fact(state: TechnicianState, label: str) -> Text:
    """The value of a fact."""
    return next(f.value for facts in blocks(state, Facts) for f in facts.rows if f.label.key == label)


def light(state: TechnicianState, label: str) -> str:
    """How a fact is."""
    return next(f.state for facts in blocks(state, Facts) for f in facts.rows if f.label.key == label)


def labels(state: TechnicianState) -> list[str]:
    """The labels of all buttons that can be touched."""
    return [b.label.key for row in blocks(state, Buttons) for b in row.buttons if b.enabled]


def says(state: TechnicianState, key: str) -> bool:
    """Whether a message on the page says this."""
    return any(message.words.key == key for message in blocks(state, Message))


def all_words(state: TechnicianState) -> list[Words]:
    """Every Words value that a state holds, wherever it stands."""
    found: list[Words] = []

    def look(value: object) -> None:
        if isinstance(value, Words):
            found.append(value)
        elif isinstance(value, tuple):
            for each in value:
                look(each)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                look(getattr(value, name))

    look((state.blocks, state.message))
    return found
