"""What can be wrong with an evaluator, in words for those who can mend it (R20)."""

from dataclasses import dataclass

from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.shared_problems import ambiguous_port

NOISY_FROM = 20
"""Fewer bad frames than this tell nothing: plugging in makes some."""
NOISY_SHARE = 10
"""One bad frame among so many is too much."""
BABBLE_BYTES = 200
"""So many bytes without a single frame are no glitch."""


@dataclass(frozen=True)
class Heard:
    """What came over the line since the port was opened last."""

    good: int = 0
    bad: int = 0
    """Frames with a wrong checksum, length or trailer."""
    noise_bytes: int = 0
    """Bytes that belong to no good frame."""


def evaluator_problems(fault: str | None, *, keys_confirmed: bool, heard: Heard, asks: bool = False) -> list[Problem]:
    """The evaluator's problems; `fault` is why it is away, in the driver's words.

    `asks`: several ports may be its own, and a person has to help.
    """
    found = []
    if fault is not None and asks:
        found.append(ambiguous_port("evaluator", fault))
    elif fault is not None:
        found.append(
            Problem(
                "evaluator_lost",
                f"evaluator: {fault}",
                "check its cable and [evaluator] port; citizens can rate on the screen meanwhile",
            )
        )
    if not keys_confirmed:
        found.append(
            Problem(
                "evaluator_not_confirmed",
                "nobody has confirmed yet which word each key of the evaluator bears",
                "press each key once: on the technician's page of the evaluator, or with: "
                "kiosk-admin evaluator confirm",
                Severity.WARNING,
            )
        )
    return found + noise_problems(heard)


def noise_problems(heard: Heard) -> list[Problem]:
    """A line that brings much that is no frame."""
    if heard.good == 0 and heard.noise_bytes >= BABBLE_BYTES:
        return [
            Problem(
                "evaluator_noisy",
                f"{heard.noise_bytes} bytes came from the evaluator, and not one frame of its protocol",
                "the protocol or the line's speed is wrong, or another device is on this port: see what comes with "
                "kiosk-admin evaluator listen, or let it be learned with: kiosk-admin evaluator learn",
                Severity.WARNING,
            )
        ]
    if heard.bad >= NOISY_FROM and heard.bad * NOISY_SHARE > heard.good:
        return [
            Problem(
                "evaluator_noisy",
                f"{heard.bad} of {heard.bad + heard.good} frames from the evaluator were damaged",
                "check the cable, its shield and its plugs, and lead it away from power lines; no rating is counted "
                "from a damaged frame",
                Severity.WARNING,
            )
        ]
    return []
