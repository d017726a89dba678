"""Learning an evaluator that no file describes: asks, hears, says what is in the way, and puts the result to use."""

from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from device_drivers.evaluator.learner import Learner
from device_drivers.evaluator.learner_events import (
    PROOF,
    Ask,
    HeardBytes,
    LearningFailedError,
    LearningStoppedError,
    Patience,
    Result,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import Note, NoteCode
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.serial_ports import AUTO
from device_drivers.stable_ports import StablePort, stable_ports
from kiosk_app.configuration import ConfigurationError
from kiosk_app.configuration_editing import set_values
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.jobs import Job
from kiosk_app.technician_screen.keys import KEYS
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    KeyLight,
    Keys,
    Lines,
    Message,
    Notes,
    Option,
    Options,
    Page,
    Text,
    Words,
)
from kiosk_app.terminal.lending import Device, NotLentError

PORT, START, STOP, USE = "port", "start", "stop", "use"
LEARN = "evaluator_learn"
MOST_LINES = 10


@dataclass
class _Learning:
    """What was told so far."""

    job: Job
    port: str
    asked: Ask | None = None
    listening: bool = True
    """Nothing is to be pressed now."""
    presses: dict[str, int] = field(default_factory=dict)
    """Presses of each key that were heard and taken."""
    trouble: Trouble | None = None
    notes: list[Note] = field(default_factory=list)
    heard: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))


@dataclass(frozen=True)
class _Learned:
    """The proved protocol file."""

    file: Path
    sha256: str


class LearnPage(ReadingPage[tuple[StablePort, ...]]):
    """Reached from the evaluator's page."""

    name = Page.LEARN
    refresh_ms = 2_000

    patience = Patience()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        evaluator = desk.means.settings.evaluator
        self._port = evaluator.port if evaluator is not None else AUTO
        self._learning: _Learning | None = None
        self._done: _Learning | None = None
        """What ended last."""
        self._result: Path | None = None

    def read(self) -> tuple[StablePort, ...]:
        """The ports there are."""
        return tuple(stable_ports(self.desk.means.list_ports))

    def content(self, data: tuple[StablePort, ...]) -> tuple[Block, ...]:
        """The learning while it goes on; then what it came to, until another one begins."""
        if self._learning is not None:
            return self._running(self._learning)
        if self._result is not None:
            return self._came_to(self._result)
        names = [port.best_name for port in data]
        known = names if self._port in (AUTO, *names) else [self._port, *names]
        options = (Option(AUTO, Words("evaluator.port.auto")), *(Option(name, name) for name in known))
        return (
            Message("info", Words("learn.explain")),
            Options(PORT, options, self._port, Words("learn.port")),
            Buttons((Button(START, "", Words("learn.start"), primary=True),)),
        )

    def act(self, action: str, value: str, /) -> Page | None:
        """Choose a port, begin, end, use the result."""
        if action == PORT and self._learning is None:
            self._port = value
        elif action == START and self._learning is None:
            self._start()
        elif action == STOP and self._learning is not None:
            self._learning.job.stop.set()
        elif action == USE and self._result is not None:
            self._use(self._result)
        return None

    def left(self) -> None:
        """The device is the app's again; how it ended is recorded by itself."""
        if self._learning is not None:
            self._learning.job.stop.set()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _running(self, learning: _Learning) -> tuple[Block, ...]:
        asked = learning.asked if not learning.listening else None
        said = Message("info", Words("learn.listening"))
        if asked is not None and asked.press == PROOF:
            said = Message("info", Words("learn.ask.proof"))
        elif asked is not None:
            said = Message("info", Words("learn.ask", {"press": asked.press}))
        keys = tuple(
            KeyLight(level, lit=learning.presses.get(level, 0) >= 1, presses=learning.presses.get(level, 0))
            for level in LEVELS
        )
        trouble = learning.trouble
        return (
            said,
            *((Message("bad", Words(f"learn.trouble.{trouble.kind}"), trouble.text),) if trouble is not None else ()),
            Keys(keys, asked.level if asked is not None else None),
            Buttons((Button(STOP, "", Words("learn.stop")),)),
            *((Message("info", Words("learn.heard")), Lines(tuple(learning.heard))) if learning.heard else ()),
        )

    def _came_to(self, result: Path) -> tuple[Block, ...]:
        """What to do now comes first."""
        notes = self._done.notes if self._done is not None else []
        return (
            Message("good", Words("learn.result", {"file": result.name}), str(result)),
            Buttons((Button(USE, "", Words("learn.use"), primary=True), Button(START, "", Words("learn.again")))),
            *((Notes(tuple(map(words_of_note, notes)), Words("learn.notes")),) if notes else ()),
        )

    # -- what is done -------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        desk, port = self.desk, self._port
        desk.message, self._result, self._done = None, None, None
        operator, evaluators = desk.operator, desk.means.config / "evaluators"

        def run(job: Job) -> _Learned:
            with self._borrowed(operator):
                learner = Learner(
                    port, evaluators, None, tell, patience=self.patience, list_ports=desk.means.list_ports
                )
                job.stop.then(learner.stop)
                file = learner.run()
                return _Learned(file, load_protocol(file).sha256)

        def tell(told: Told) -> None:
            desk.post(lambda: self._told(learning, told))

        def record(outcome: _Learned | Exception) -> None:
            desk.note(LEARN, port, _outcome(outcome), operator=operator)
            if isinstance(outcome, _Learned):
                # The proof was the confirmation of the keys, too (interfaces §3).
                desk.note(KEYS_CONFIRMED, outcome.sha256, "done", operator=operator)

        job = desk.work("learns the evaluator", run, self._learned, self._failed, quiet=True, whatever_page=record)
        learning = self._learning = _Learning(job, port)

    def _borrowed(self, operator: str) -> AbstractContextManager[None]:
        """An app without an evaluator in its configuration has no port to lend."""
        means = self.desk.means
        if means.settings.evaluator is None:
            return nullcontext()
        return means.lender.borrow(Device.EVALUATOR, operator)

    def _told(self, learning: _Learning, told: Told) -> None:
        if learning is not self._learning:
            return
        if _tells_of_a_press(told, learning.asked):
            self.desk.still_there()
        match told:
            case Ask(level, press):
                learning.asked, learning.trouble = told, None if learning.asked != told else learning.trouble
                learning.listening = False
                learning.presses[level] = press - 1 if press != PROOF else 3
            case HeardBytes(data):
                learning.heard.append(data.hex(" "))
            case Trouble():
                learning.trouble = told
            case Note(code=NoteCode.LISTENING):
                learning.listening = True
            case Note():
                learning.notes.append(told)
            case Result(file):
                self._result = file

    def _learned(self, learned: _Learned) -> None:
        self._done, self._learning, self._result = self._learning, None, learned.file

    def _failed(self, error: Exception) -> None:
        self._done, self._learning = self._learning, None
        if isinstance(error, LearningStoppedError):
            self.desk.say("info", "learn.stopped")
        elif isinstance(error, NotLentError):
            self.desk.say("bad", "common.not_lent", words_of(error))
        elif isinstance(error, LearningFailedError) and (key := f"learn.failed.{error.code}") in KEYS:
            self.desk.say("bad", key, words_of(error), **error.values)
        else:
            self.desk.say("bad", "learn.failed", words_of(error))

    def _use(self, file: Path) -> None:
        """Put the learned protocol to use, at the port where it was learned."""
        port = self._done.port if self._done is not None else self._port
        try:
            set_values(self.desk.means.config, "evaluator", {"protocol": file.stem, "port": port})
        except ConfigurationError as error:
            self.desk.note("evaluator_protocol", file.stem, f"failed: {error}")
            self.desk.failed(error)
            return
        self.desk.note("evaluator_protocol", file.stem, "set")
        if self.desk.begin_anew():
            self.desk.say("good", "learn.used", protocol=file.stem)


def _tells_of_a_press(told: Told, asked: Ask | None) -> bool:
    """Whether somebody must have pressed a key: the learner asks, and a line may speak, for hours by itself."""
    if isinstance(told, Trouble):
        return told.kind not in (TroubleKind.UNPLUGGED, TroubleKind.UNANSWERED)
    return isinstance(told, Result) or (isinstance(told, Ask) and asked is not None and told != asked)


def words_of_note(note: Note) -> Text:
    """A note in any language; one that nobody has translated in the learner's own words."""
    key = f"learn.note.{note.code}"
    return Words(key, note.values) if key in KEYS else note.text


def _outcome(outcome: _Learned | Exception) -> str:
    if isinstance(outcome, _Learned):
        return f"learned: {outcome.file.name}"
    return "stopped" if isinstance(outcome, LearningStoppedError) else f"failed: {words_of(outcome)}"
