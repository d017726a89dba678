"""What could not be inferred, and what the technician should know."""

from collections.abc import Iterator

from device_drivers.evaluator.learning.candidates import Candidate
from device_drivers.evaluator.learning.columns import Column
from device_drivers.evaluator.learning.counters import counting
from device_drivers.evaluator.learning.design import Design
from device_drivers.evaluator.learning.note import Note, NoteCode
from device_drivers.evaluator.learning.replay import Outcome
from device_drivers.evaluator.learning.words import WORDS, hexed


def notes_of(candidate: Candidate, design: Design, outcome: Outcome, upper: set[int]) -> tuple[Note, ...]:
    """One for each thing that is not known for sure."""
    return (
        *_about_checksum(candidate, design),
        *_about_counter(candidate, upper),
        *_about_constants(candidate, design),
        *_about_missed(candidate, outcome),
        *_about_talk(candidate, design, outcome),
        *_about_repeats(outcome),
        *_about_others(outcome),
    )


def _about_checksum(candidate: Candidate, design: Design) -> Iterator[Note]:
    rule, columns = candidate.rule, candidate.columns
    quiet = design.frames.quiet_ms or 0
    if rule is not None:
        if candidate.rivals:
            yield Note(
                NoteCode.RIVALS,
                {"kind": rule.kind, "rivals": ", ".join(candidate.rivals)},
                f"{' and '.join(candidate.rivals)} would explain the checksum as well as {rule.kind}; all of them read"
                " what was shown, and the plainest was taken.",
            )
        if rule.has_holes:
            yield Note(
                NoteCode.HOLES,
                {},
                "The checksum is right for everything that was shown, but over bytes that do not stand together:"
                " ask the manufacturer which bytes it covers.",
            )
        return
    alone = f"a frame counts only where it stands alone, {quiet} ms of silence before and after it."
    frame = range(candidate.extent.start, candidate.extent.stop)
    different = {columns.values[column] for column in frame if columns.kinds[column] is not Column.SAME}
    if len(different) > 1:
        yield Note(
            NoteCode.UNKNOWN_CHECKSUM,
            {"quiet": quiet},
            "No checksum that is known here explains the bytes that change with the key, so each key's whole frame is"
            f" compared, and {alone} A byte changed on the line makes another frame, never another key unless it"
            " happens to be that key's frame.",
        )
    else:
        yield Note(NoteCode.NO_CHECKSUM, {"quiet": quiet}, f"The frames carry no checksum: {alone}")


def _about_counter(candidate: Candidate, upper: set[int]) -> Iterator[Note]:
    places = counting(candidate)
    if not places:
        return
    numbers = ", ".join(str(column - candidate.extent.start + 1) for column in sorted({*places, *upper}))
    yield Note(
        NoteCode.COUNTER,
        {"bytes": numbers},
        f"Byte {numbers} of the frame changes whatever key is pressed (a counter or a time) and is not compared."
        " Should bytes beside it belong to it, which never changed here, presses will not be known once they change:"
        " then learn again.",
    )


def _about_constants(candidate: Candidate, design: Design) -> Iterator[Note]:
    """An address looks like any other constant byte."""
    if candidate.extent.stop - candidate.extent.start > 1 and Column.SAME in {
        candidate.columns.kinds[column] for column in range(candidate.extent.start, candidate.extent.stop)
    }:
        where = " (in the buttons as fixed)" if any("fixed" in field for field in design.frames.rules.sizes) else ""
        yield Note(
            NoteCode.CONSTANTS,
            {},
            f"Bytes that were the same in every press{where} have to be the same always; one of them may be this"
            " device's address, so an evaluator with another address has to be learned again.",
        )


def _about_missed(candidate: Candidate, outcome: Outcome) -> Iterator[Note]:
    if outcome.missed:
        presses = [candidate.columns.recording.presses[number] for number in outcome.missed]
        words = ", ".join(f"{asked.press} of {WORDS[asked.level]}" for asked in presses)
        yield Note(
            NoteCode.MISSED,
            {"levels": " ".join(asked.level for asked in presses)},
            f"Press {words} was not read, as something else on the line spoke at that moment, and without a checksum"
            " that cannot be taken apart: such a key has to be pressed again. An evaluator alone on its line has no"
            " such trouble.",
        )


def _about_talk(candidate: Candidate, design: Design, outcome: Outcome) -> Iterator[Note]:
    """What has not happened while learning will happen in a year of presses."""
    speaks = outcome.counters.no_button or outcome.counters.noise_bytes
    if candidate.rule is None and speaks and not outcome.missed:
        quiet = design.frames.quiet_ms or 0
        yield Note(
            NoteCode.TALK,
            {"quiet": quiet},
            f"The line speaks by itself: a press within {quiet} ms of that is not read, as no checksum takes the two"
            " apart, and the key has to be pressed again. An evaluator alone on its line has no such trouble.",
        )


def _about_repeats(outcome: Outcome) -> Iterator[Note]:
    if not outcome.repeats:
        return
    gaps = sorted(outcome.repeat_gaps)
    apart = round(1000 * gaps[len(gaps) // 2])
    yield Note(
        NoteCode.REPEATS,
        {"times": outcome.repeats + 1, "apart": apart},
        f"The device sent a press up to {outcome.repeats + 1} times, about {apart} ms apart: it may wait for an"
        " acknowledgement, whose bytes cannot be learned by listening; ask the manufacturer and add it in [host].",
    )
    if outcome.extra:
        yield Note(
            NoteCode.REPEATS_COUNT,
            {},
            "Some of these repeats are counted as presses of their own, as they came 1 s or more after the last or"
            " with other bytes; only the first counts as a rating, the others as stray presses.",
        )


def _about_others(outcome: Outcome) -> Iterator[Note]:
    counters = outcome.counters
    if counters.no_button:
        yield Note(
            NoteCode.NO_KEY,
            {"count": counters.no_button},
            f"{counters.no_button} frames of the same form that mean no key were heard (heartbeats, key released,"
            " other devices); they are skipped.",
        )
    if counters.noise_bytes:
        text = f"{counters.noise_bytes} bytes of other frames or noise were heard on the line; they are skipped."
        yield Note(NoteCode.NOISE, {"count": counters.noise_bytes}, text)


def origin_of(candidate: Candidate) -> str:
    """Where the file comes from: for its first lines."""
    columns, extent = candidate.columns, candidate.extent
    presses = columns.recording.levels
    frame = columns.frames(extent.start, extent.stop)[0]
    return (
        f"Learned by listening: {len(presses)} presses of {len(set(presses))} keys, each of which was read back by this"
        f" file from what was heard. The first one was {hexed(frame, 40)}."
    )
