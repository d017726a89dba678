"""How long a silence a frame without a checksum should need."""

import math

from device_drivers.evaluator.learning.candidates import MIN_SILENCE, Candidate

_USUAL = 0.05
_LONGEST = 1.0
_SHORTEST_PAUSE = 0.005


def quiet_choices(candidate: Candidate) -> list[int]:
    """Milliseconds between the longest pause inside a frame and the shortest beside one, the best first."""
    columns, extent = candidate.columns, candidate.extent
    inside = [pause for column in range(extent.start + 1, extent.stop) for pause in columns.pauses(column)]
    most = max(inside, default=0.0)
    beside = (*columns.pauses(extent.start), *columns.pauses(extent.stop))
    least = min(_LONGEST, *(pause for pause in beside if pause >= MIN_SILENCE))
    middle = math.sqrt(max(most, _SHORTEST_PAUSE) * least)
    choices = [_USUAL] if 2 * most <= _USUAL <= 0.8 * least else []
    choices += [middle, MIN_SILENCE]
    fitting = [max(MIN_SILENCE, choice) for choice in choices if most < max(MIN_SILENCE, choice) <= least]
    return list(dict.fromkeys(round(1000 * choice) for choice in fitting))
