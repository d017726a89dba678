"""Times in turn, so that a machine that slows down slows both down; told as medians and as the ratio of each pair."""

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(ours: Callable[[], object], baseline: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Both in turn, `rounds` times; the first round warms up and does not count."""
    pairs = [(seconds(ours), seconds(baseline)) for _ in range(rounds + 1)][1:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def tell(what: str, against: str, ours: list[float], baseline: list[float]) -> None:
    """One line: the median ratio of the pairs, its quartiles, and both medians."""
    ratios = sorted(a / b for a, b in zip(ours, baseline, strict=True))
    low, high = ratios[len(ratios) // 4], ratios[-len(ratios) // 4 - 1] if len(ratios) > 3 else ratios[-1]
    times = f"{statistics.median(ours) * 1e3:.3f} ms / {statistics.median(baseline) * 1e3:.3f} ms, n={len(ours)}"
    print(f"{what:<46} {statistics.median(ratios):7.2f} x {against}   ({low:.2f}…{high:.2f}; {times})", flush=True)
