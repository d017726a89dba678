"""The evaluator: how it is, the rating test that is also its confirmation, and which port it is at (interfaces §3)."""

from collections import deque
from dataclasses import dataclass, replace

from device_drivers.evaluator.frame_reader import Counters
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.evaluator.protocol_file import ProtocolFileError
from device_drivers.serial_ports import AUTO
from device_drivers.stable_ports import StablePort, stable_ports
from kiosk_app.configuration import ConfigurationError
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician.rating_test import Asked, Confirmed, Connection, FrameHeard, KeyTried, Noise, RatingTest, Told
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.jobs import Job
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.pages.ports import PortChoice
from kiosk_app.technician_screen.reading import journal_of
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    KeyLight,
    Keys,
    Lines,
    Message,
    Page,
    Words,
)
from kiosk_app.terminal.lending import Device, NotLentError

TEST, STOP, LEARN = "test", "stop", "learn"
EVALUATOR_TEST = "evaluator_test"
MOST_LINES = 8


@dataclass(frozen=True)
class EvaluatorFacts:
    """What is known while no test runs."""

    protocol: EvaluatorProtocol | None
    protocol_fault: str
    confirmed: bool
    connected: bool
    port_name: str
    detail: str
    counters: Counters
    ports: tuple[StablePort, ...]


@dataclass
class _Test:
    """A rating test that runs."""

    job: Job
    protocol: str
    keys: dict[str, KeyLight]
    asked: str | None = None
    connection: Connection | None = None
    outcome: str = "stopped"


class EvaluatorPage(ReadingPage[EvaluatorFacts]):
    """Of a terminal with `[evaluator]`."""

    name = Page.EVALUATOR
    refresh_ms = 2_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._test: _Test | None = None
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._port = PortChoice(desk, "evaluator")

    def read(self) -> EvaluatorFacts:
        """Protocol, confirmation, connection, ports."""
        means = self.desk.means
        try:
            protocol, fault = protocol_in_use(means.settings, means.config), ""
        except (ProtocolFileError, ConfigurationError) as error:
            protocol, fault = None, str(error)
        with journal_of(means.directory) as journal:
            confirmed = bool(journal and protocol and journal.was_done(KEYS_CONFIRMED, protocol.sha256))
        device = means.evaluator
        return EvaluatorFacts(
            protocol=protocol,
            protocol_fault=fault,
            confirmed=confirmed,
            connected=device is not None and device.connected,
            port_name=(device.port_name or "") if device is not None else "",
            detail=device.detail if device is not None else fault,
            counters=device.counters if device is not None else Counters(),
            ports=tuple(stable_ports(means.list_ports)),
        )

    def content(self, data: EvaluatorFacts) -> tuple[Block, ...]:
        """The test while one runs, else the facts."""
        lines = (Lines(tuple(self._lines)),) if self._lines else ()
        if self._test is not None:
            return (*self._running(self._test), *lines)
        learn = Button(LEARN, "", Words("evaluator.learn"))
        if self.desk.means.settings.evaluator is None:
            return (Message("info", Words("evaluator.none")), Buttons((learn,)))
        question = (self._port.question,) if self._port.question is not None else ()
        buttons = (
            Button(TEST, "", Words("evaluator.test"), primary=True, enabled=data.protocol is not None),
            learn,
        )
        ports = () if data.connected else self._port.table(data.ports)
        return (*question, self._facts(data), Buttons(buttons), *ports, *lines)

    def act(self, action: str, value: str, /) -> Page | None:
        """Begin and end the test, go to learning, use another port."""
        if action == LEARN:
            return Page.LEARN
        if action == TEST and self._test is None and self.data is not None and self.data.protocol is not None:
            self._start(self.data.protocol)
        elif action == STOP and self._test is not None:
            self._end()
            self.look_again()
        else:
            self._port.act(action, value)
        return None

    def left(self) -> None:
        """The device is the app's again, whatever the test was at."""
        self._end()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _facts(self, data: EvaluatorFacts) -> Facts:
        settings = self.desk.means.settings.evaluator
        wanted = settings.port if settings is not None else ""
        port = data.port_name or (Words("evaluator.port.auto") if wanted == AUTO else wanted)
        name = data.protocol.name if data.protocol is not None else data.protocol_fault
        counters = data.counters
        bad = counters.bad_checksum + counters.bad_length + counters.bad_trailer
        connected = Fact(Words("evaluator.connection"), Words("evaluator.connected"), "ok")
        lost = Fact(Words("evaluator.connection"), data.detail or Words("evaluator.lost"), "problem")
        yes = Fact(Words("evaluator.confirmed"), Words("evaluator.confirmed.yes"), "ok")
        no = Fact(Words("evaluator.confirmed"), Words("evaluator.confirmed.no"), "warning")
        return Facts(
            (
                connected if data.connected else lost,
                Fact(Words("evaluator.port"), port),
                Fact(Words("evaluator.protocol"), name, "none" if data.protocol is not None else "problem"),
                yes if data.confirmed else no,
                Fact(Words("evaluator.frames"), str(counters.good)),
                Fact(Words("evaluator.bad"), str(bad), "warning" if bad > counters.good else "none"),
                Fact(Words("evaluator.noise"), str(counters.noise_bytes)),
            )
        )

    def _running(self, test: _Test) -> tuple[Block, ...]:
        said: tuple[Block, ...] = ()
        if test.connection is not None and not test.connection.connected:
            said = (Message("bad", Words("evaluator.lost"), test.connection.detail),)
        elif test.asked is not None:
            said = (Message("info", Words("evaluator.test.ask")),)
        return (
            Message("info", Words("evaluator.test.is_no_rating")),
            *said,
            Keys(tuple(test.keys[level] for level in LEVELS), test.asked),
            Buttons((Button(STOP, "", Words("evaluator.test.stop"), primary=test.outcome == "confirmed"),)),
        )

    # -- the test -----------------------------------------------------------------------------------------------------

    def _start(self, protocol: EvaluatorProtocol) -> None:
        desk, settings = self.desk, self.desk.means.settings.evaluator
        if settings is None:
            return
        desk.message, operator = None, desk.operator
        self._lines.clear()

        def note(action: str, target: str, outcome: str) -> None:
            # By the driver's thread. It counts also if the page is left before it is recorded.
            desk.post(lambda: desk.note(action, target, outcome, operator=operator))

        def run(job: Job) -> None:
            with desk.means.lender.borrow(Device.EVALUATOR, operator):
                test = RatingTest(
                    settings, protocol, tell, note, list_ports=desk.means.list_ports, ports=desk.means.ports
                )
                try:
                    if not job.stop.is_set():
                        test.start()
                        job.stop.wait()
                finally:
                    test.close()

        def tell(told: Told) -> None:
            desk.post(lambda: self._told(running, told))

        job = desk.work("evaluator test", run, lambda _: None, self._failed, quiet=True)
        running = self._test = _Test(job, protocol.name, {level: KeyLight(level) for level in LEVELS})

    def _told(self, test: _Test, told: Told) -> None:
        if test is not self._test:
            return
        match told:
            case KeyTried():
                self.desk.still_there()
                self._tried(test, told)
            case Asked(level):
                if level == LEVELS[0]:  # from the beginning, also after a key that was wrong
                    test.keys = {each: replace(key, lit=False) for each, key in test.keys.items()}
                test.asked = level
            case Confirmed():
                test.asked, test.outcome = None, "confirmed"
                self.desk.say("good", "evaluator.test.passed")
            case Connection():
                test.connection = told
            case FrameHeard(frame, kind, level):
                self._lines.append(f"{frame.raw.hex(' ')}  {level or kind.value}")
            case Noise(count):
                self._lines.append(f"… {count} bytes of no frame")

    def _tried(self, test: _Test, told: KeyTried) -> None:
        key = test.keys[told.level]
        if told.repeat == 0:
            latency = round(told.latency_ms) if told.latency_ms is not None else None
            key = replace(key, lit=True, presses=key.presses + 1, latency_ms=latency, wrong=told.right is False)
        test.keys[told.level] = key
        if told.right is False:
            test.outcome = f"failed: {told.asked} was asked, {told.level} came"
            self.desk.say("bad", "evaluator.test.wrong")

    def _failed(self, error: Exception) -> None:
        test, self._test = self._test, None
        self.desk.say("bad", "common.not_lent" if isinstance(error, NotLentError) else "common.failed", words_of(error))
        if test is not None:
            self.desk.note(EVALUATOR_TEST, test.protocol, f"failed: {words_of(error)}")

    def _end(self) -> None:
        test, self._test = self._test, None
        if test is None:
            return
        test.job.stop.set()
        self.desk.note(EVALUATOR_TEST, test.protocol, test.outcome)
