"""Learns an evaluator that no file describes: asks for each key three times, writes its protocol file, and proves it.

Three times in a row, and not three rounds of all five: a person presses the same key again without looking for it, and
garbage shows itself before a second key is touched. That a device's repeats are not taken for the next press is left
to a second of silence between two askings (interfaces §3: equal frames less than 1 s apart are one press).
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from device_drivers.evaluator.asking import Asking, WrongLineError
from device_drivers.evaluator.learned_file import LearnedFile
from device_drivers.evaluator.learner_ear import LOOK_SECONDS, Ear, InterruptedLineError, chunk_of
from device_drivers.evaluator.learner_events import (
    FailureCode,
    LearningFailedError,
    Patience,
    Result,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import (
    AskedPress,
    CannotInferError,
    Chunk,
    Learned,
    Note,
    NoteCode,
    background_is_enough,
    infer,
)
from device_drivers.evaluator.line_trials import LineTrials, WrongLine, words_of
from device_drivers.evaluator.pressing import Pressing
from device_drivers.evaluator.proving import BetterFileError, Proving, UnprovedError
from device_drivers.serial_line import boottime
from device_drivers.serial_ports import PortLister, present_ports


class Learner:
    """Learns one device at one port. `tell` is called by the thread that runs it."""

    def __init__(
        self,
        port: str,
        evaluators: Path,
        name: str | None,
        tell: Callable[[Told], None],
        *,
        replace: bool = False,
        patience: Patience | None = None,
        list_ports: PortLister = present_ports,
    ) -> None:
        """Prepare; `port` is a path or "auto", `evaluators` the directory for NAME.toml, None a free name.

        With `replace` an existing file of the name may be replaced.
        """
        self._tell = tell
        self._patience = patience or Patience()
        self._evaluators, self._name, self._replace = evaluators, name, replace
        self._trials = LineTrials()
        self._ear = Ear(port, self._trials.current, tell, self._patience, list_ports)
        self._pressing = Pressing(self._ear, self._patience.answer)
        self._asking = Asking(self._pressing, tell, self._patience)

    def run(self) -> Path:
        """Learn; returns the proved file. Raises `LearningFailedError`, `LearningStoppedError`."""
        try:
            file = LearnedFile(self._evaluators, self._name, replace=self._replace)
            self._ear.open()
            self._listen()
            while not self._prove(file, self._learn(file.name)):
                pass
        finally:
            self._ear.close()
        self._tell(Result(file.path))
        return file.path

    def stop(self) -> None:
        """End it: `run` raises soon. From any thread, at any time."""
        self._ear.stop()

    def _learn(self, name: str) -> Learned:
        """Ask until the presses are enough for a protocol."""
        while True:
            presses = self._presses()
            try:
                return self._infer(name, presses)
            except CannotInferError as error:
                self._forget_what_does_not_fit(name, presses, error)

    def _infer(self, name: str, presses: list[AskedPress]) -> Learned:
        return infer(name, self._trials.current, self._pressing.background, presses)

    def _prove(self, file: LearnedFile, learned: Learned) -> bool:
        """Prove the file, or a better one that a press of the proof leads to, and put it in its place.

        False if instead another line setting is to be tried. Raises `LearningFailedError`.
        """
        presses = self._presses()  # all were asked for already
        while True:
            try:
                with file.candidate(learned.text) as protocol:
                    amend = partial(self._amended, file.name, tuple(presses))
                    Proving(self._ear, self._pressing, self._tell, self._patience, protocol, amend).run()
            except BetterFileError as better:
                learned = better.learned
                presses.append(better.witness)
                text = f"{better.witness.level} was not read right; the file was made anew with this press: press again"
                self._tell(Trouble(TroubleKind.UNREAD, text, better.witness.level))
                continue
            except UnprovedError as error:
                if not self._asking.may_be_garbage or learned.protocol.frames.rules.checksum is not None:
                    raise
                self._try_another_line(WrongLineError(str(error), WrongLine.DOUBTS))
                return False
            for note in learned.notes:
                self._tell(note)
            return True

    def _amended(self, name: str, presses: tuple[AskedPress, ...], witness: AskedPress) -> Learned | None:
        """A file that also reads this press, if there is one; there is none where another key was pressed."""
        try:
            return self._infer(name, [*presses, witness])
        except CannotInferError:
            return None

    def _forget_what_does_not_fit(self, name: str, presses: list[AskedPress], error: CannotInferError) -> None:
        """Find the one press without which the rest is clear, as a wrong key is; else give up."""
        for asked in presses:
            try:
                self._infer(name, [other for other in presses if other is not asked])
            except CannotInferError:
                continue
            text = f"press {asked.press} of {asked.level} does not fit the others; press {asked.level} again"
            self._tell(Trouble(TroubleKind.UNCLEAR, text, asked.level))
            self._asking.forget(asked.level, asked.press)
            return
        if not self._asking.may_be_garbage:
            raise LearningFailedError(str(error), error.code, **error.values) from error
        self._try_another_line(WrongLineError(str(error), WrongLine.DOUBTS))

    def _presses(self) -> list[AskedPress]:
        """Ask for what is missing, at one line setting after the other until one is right."""
        while True:
            try:
                return self._asking.all_presses()
            except WrongLineError as wrong:
                self._try_another_line(wrong)

    # Line settings.

    def _try_another_line(self, wrong: WrongLineError) -> None:
        """Go on to the next usual setting, with nothing heard at it yet."""
        before = words_of(self._trials.current)
        if not self._trials.go_on_after(wrong.reason, wrong.times_slower):
            raise LearningFailedError(
                f"at {before} {wrong}, and at no usual line setting was it better; look up speed and parity in the "
                "device's manual, and write its file by hand",
                FailureCode.NO_LINE,
            ) from wrong
        kind = TroubleKind.UNANSWERED if wrong.reason is WrongLine.SILENCE else TroubleKind.GARBLED
        text = f"at {before} {wrong}; now listening at {words_of(self._trials.current)}: press again"
        self._tell(Trouble(kind, text))
        self._listen()

    def _listen(self) -> None:
        """Hear the background, at a setting at which none of it is damaged if there is one."""
        first = self._trials.current
        while True:
            background, damaged = self._background()
            if not damaged:
                self._pressing.begin(background)
                self._asking.begin()
                self._asking.doubts_count = not self._trials.is_last_chance
                return
            before = words_of(self._trials.current)
            if not self._trials.go_on_after(WrongLine.DAMAGE):
                raise LearningFailedError(
                    f"from {words_of(first)} to {before}, what the line says by itself is damaged; check cable and "
                    "ground, or look up the speed in the device's manual",
                    FailureCode.DAMAGED_LINE,
                )
            text = f"at {before} what the line says by itself is damaged; trying {words_of(self._trials.current)}"
            self._tell(Trouble(TroubleKind.GARBLED, text))

    def _background(self) -> tuple[list[Chunk], bool]:
        """Listen to what comes without a key; also whether any of it was damaged."""
        text = "listening to what the line says by itself; press nothing yet"
        self._tell(Note(NoteCode.LISTENING, {}, text))
        while True:
            background: list[Chunk] = []
            try:
                self._ear.use(self._trials.current)
                began = boottime()
                while not background_is_enough(background, began, boottime()):
                    if heard := self._ear.hear(LOOK_SECONDS):
                        background.append(chunk_of(heard))
                        if heard.damaged:
                            return background, True
            except InterruptedLineError:
                continue
            return background, False
