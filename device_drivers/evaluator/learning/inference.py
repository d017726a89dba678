"""Puts the parts together: the likeliest explanation that reads everything that was shown."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from device_drivers.evaluator.learning.candidates import Candidate, candidates
from device_drivers.evaluator.learning.counters import upper_bytes
from device_drivers.evaluator.learning.design import Design, design
from device_drivers.evaluator.learning.notes import notes_of, origin_of
from device_drivers.evaluator.learning.places import anchored, common_strings, first_differences
from device_drivers.evaluator.learning.recording import Recording
from device_drivers.evaluator.learning.refusals import must_be_complete, why_not
from device_drivers.evaluator.learning.replay import Outcome, replay
from device_drivers.evaluator.learning.samples import AskedPress, Chunk, Learned
from device_drivers.evaluator.learning.siblings import alone, look_alikes, valid, widened
from device_drivers.evaluator.learning.silence import quiet_choices
from device_drivers.evaluator.learning.writing import protocol_text
from device_drivers.evaluator.protocol import EvaluatorProtocol, HostFrames
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.serial_line import LineSettings

_MOST_TRIALS = 120
_MUCH_LESS = 8.0
"""An explanation that reads a press twice is better than one that is so much less likely and does not."""


def infer(name: str, line: LineSettings, background: Sequence[Chunk], presses: Sequence[AskedPress]) -> Learned:
    """The protocol of the evaluator that was heard, as a file called `name`.

    `background` is what was heard before the first asking. Raises `CannotInferError` where no file reads all presses.
    """
    recording = Recording.of(background, presses)
    must_be_complete(recording)
    best: _Trial | None = None
    for places in ((first_differences, common_strings), (anchored,)):
        found = candidates(recording, (reference for guess in places for reference in guess(recording)))
        for trial in _trials(name, line, recording, found):
            if best is not None and trial.candidate.weight < best.candidate.weight - _MUCH_LESS:
                break
            if not trial.outcome.extra and not trial.outcome.missed:
                return _learned(name, line, trial)
            if best is None or _faults(trial) < _faults(best):
                best = trial
    if best is None:
        raise why_not(recording)
    return _learned(name, line, best)


@dataclass(frozen=True)
class _Trial:
    """An explanation that reads everything that was shown."""

    candidate: Candidate
    design: Design
    upper: set[int]
    outcome: Outcome


def _faults(trial: _Trial) -> tuple[int, int]:
    return len(trial.outcome.missed), trial.outcome.extra


def _trials(name: str, line: LineSettings, recording: Recording, found: list[Candidate]) -> Iterator[_Trial]:
    for candidate in found[:_MOST_TRIALS]:
        for shape, upper in _designs(candidate):
            outcome = replay(_protocol(name, line, shape), recording)
            if outcome.is_right and _may_miss(candidate, outcome):
                yield _Trial(candidate, shape, upper, outcome)


def _designs(candidate: Candidate) -> Iterator[tuple[Design, set[int]]]:
    """First such that other frames of the same form are good frames too, then as narrow as what was shown."""
    columns, extent, rule = candidate.columns, candidate.extent, candidate.rule
    for quiet in [None] if rule else quiet_choices(candidate):
        alike = valid(rule, extent, look_alikes(columns, extent)) if rule else []
        if quiet is not None:
            alike = alone(columns, extent, quiet / 1000)
        wide = widened(columns, extent, alike)
        upper = upper_bytes(candidate) - wide
        for free in (wide, set[int]()) if wide else (wide,):
            yield design(columns, extent, rule, free, quiet, counters=upper), upper


def _may_miss(candidate: Candidate, outcome: Outcome) -> bool:
    """Whether no press was missed, or where there is no checksum, only presses that another device talked into.

    No file can tell those from noise; the key is pressed again. Of each key most presses have to be read.
    """
    if candidate.rule is not None:
        return not outcome.missed
    glued = candidate.columns.crowded(candidate.extent.start, candidate.extent.stop)
    missed = [candidate.columns.recording.levels[number] for number in outcome.missed]
    return set(outcome.missed) <= set(glued) and all(missed.count(level) <= 1 for level in missed)


def _protocol(name: str, line: LineSettings, shape: Design) -> EvaluatorProtocol:
    return EvaluatorProtocol(
        name=name,
        line=line,
        frames=shape.frames,
        buttons=MappingProxyType(shape.buttons),
        host=HostFrames(),
        source=Path(f"{name}.toml"),
        sha256="",
    )


def _learned(name: str, line: LineSettings, trial: _Trial) -> Learned:
    """The file's text, read back and tried once more as it will be used."""
    recording = trial.candidate.columns.recording
    notes = notes_of(trial.candidate, trial.design, trial.outcome, trial.upper)
    text = protocol_text(name, line, trial.design, origin_of(trial.candidate), [note.text for note in notes])
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        protocol = load_protocol(file)
    again = replay(protocol, recording)
    if not again.is_right or again.missed != trial.outcome.missed:
        raise why_not(recording)
    return Learned(text, notes, replace(protocol, source=Path(file.name)))
