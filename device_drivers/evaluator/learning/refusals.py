"""Why nothing could be learned, in one line that says what to do."""

from collections.abc import Iterable

from device_drivers.evaluator.learning.known import SILENCES
from device_drivers.evaluator.learning.places import has_common_strings
from device_drivers.evaluator.learning.recording import Recording
from device_drivers.evaluator.learning.samples import CannotInferError, RefusalCode
from device_drivers.evaluator.learning.words import WORDS, hexed, named
from device_drivers.evaluator.protocol import LEVELS

_AGAIN = "learn again and press each key only when it is asked for"
_LEAST_PRESSES = 2
_TELLING = 3
"""So many bytes that all presses of a key have in common are no accident."""

_MANUAL = "a protocol file cannot describe this device: ask its manufacturer for another mode"


def must_be_complete(recording: Recording) -> None:
    """Refuse what lacks a key, or keys of which nothing was heard."""
    missing = [level for level in LEVELS if level not in recording.levels]
    if missing:
        raise CannotInferError(f"{named(missing)} was not pressed; {_AGAIN}", RefusalCode.MISSING, missing)
    once = [level for level in LEVELS if recording.levels.count(level) < _LEAST_PRESSES]
    if once:
        text = f"{named(once)} was pressed only once, which proves nothing; {_AGAIN}"
        raise CannotInferError(text, RefusalCode.ONCE, once)
    if not recording.data:
        raise CannotInferError(
            "nothing was heard at all; check the cable, the device's power, the port and the baud rate, and"
            " learn again",
            RefusalCode.SILENCE,
        )
    silent = {level for level, fresh in zip(recording.levels, recording.fresh, strict=True) if not fresh}
    if silent:
        raise CannotInferError(
            f"nothing was heard when {named(silent)} was pressed, other than what the line sends by itself;"
            " check that the key works and that nobody presses keys before the first is asked for, and learn again",
            RefusalCode.SILENT_KEYS,
            silent,
        )


def why_not(recording: Recording) -> CannotInferError:
    """What is wrong with what was heard, as far as it can be told."""
    for silence in SILENCES[1:]:
        heard = _heard_always(recording, silence)
        if unstable := [level for level, messages in heard.items() if not messages]:
            reason = CannotInferError(
                f"{named(unstable)} sent something else each time ({_example(recording, unstable[0], silence)});"
                f" {_AGAIN}; if it stays so, {_MANUAL}",
                RefusalCode.CHANGING,
                unstable,
            )
            if has_common_strings(recording, _TELLING):
                reason = CannotInferError(
                    "something else on the line spoke in the same moment as several presses, and without a checksum"
                    " that is known here they cannot be told apart; connect the evaluator alone and learn again",
                    RefusalCode.CROWDED,
                )
            continue
        if alike := _alike(heard):
            return CannotInferError(
                f"{named(alike)} send the same bytes ({_shown(heard[alike[0]])}), so nobody can tell them apart;"
                f" check that each key was pressed when it was asked for, and learn again; if it stays so, {_MANUAL}",
                RefusalCode.ALIKE,
                alike,
            )
        sizes = {level: {len(message) for message in messages} for level, messages in heard.items()}
        if not set[int].intersection(*sizes.values()):
            words = ", ".join(f"{WORDS[level]} {_shown(heard[level])}" for level in LEVELS)
            return CannotInferError(
                f"the keys send frames of different sizes ({words}), and {_MANUAL}", RefusalCode.SIZES
            )
        return CannotInferError(
            "the keys send different frames, but no description of them reads every press that was shown, perhaps"
            " because other devices talk without a pause in between; connect the evaluator alone and learn again",
            RefusalCode.UNDESCRIBED,
        )
    return reason


def _heard_always(recording: Recording, silence: float) -> dict[str, set[bytes]]:
    """For each key the messages that each of its presses brought."""
    heard: dict[str, set[bytes]] = {}
    for window, fresh in zip(recording.windows, recording.fresh, strict=True):
        bursts = {recording.burst_at(place, silence) for place in fresh}
        messages = {recording.data[max(start, window.start) : min(stop, window.stop)] for start, stop in bursts}
        heard[window.level] = heard.get(window.level, messages) & messages
    return {level: heard[level] for level in LEVELS}


def _alike(heard: dict[str, set[bytes]]) -> list[str]:
    """Keys of which every message is another's too."""
    for messages in heard.values():
        same = [other for other, others in heard.items() if others == messages]
        if len(same) > 1:
            return same
    return []


def _example(recording: Recording, level: str, silence: float) -> str:
    fresh = [places for other, places in zip(recording.levels, recording.fresh, strict=True) if other == level]
    return ", ".join(hexed(recording.data[slice(*recording.burst_at(places[0], silence))], 12) for places in fresh)


def _shown(messages: Iterable[bytes]) -> str:
    return hexed(min(messages, key=lambda message: (len(message), message)), 12)
