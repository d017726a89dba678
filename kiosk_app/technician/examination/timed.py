"""Several looks at once, each given up in time: a stick or a network that hangs must not hang the doctor."""

import threading
import time
from collections.abc import Callable, Mapping

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem

Look = Callable[[], Health]


def all_looks(looks: Mapping[Area, Look], seconds: float) -> list[Health]:
    """What the looks find; one that has not ended after so long, or fails, is a problem of its area."""
    found: dict[Area, Health] = {}

    def look_at(area: Area, look: Look) -> None:
        try:
            found[area] = look()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told as a problem
            found[area] = Health((_failed(area, error),))

    # Daemons: one that hangs in the kernel does not keep the command from ending.
    threads = {
        area: threading.Thread(target=look_at, args=(area, look), name=f"look at {area}", daemon=True)
        for area, look in looks.items()
    }
    for thread in threads.values():
        thread.start()
    end = time.monotonic() + seconds
    for thread in threads.values():
        thread.join(max(0.0, end - time.monotonic()))
    return [found.get(area) or Health((_silent(area, seconds),)) for area in looks]


def _failed(area: Area, error: Exception) -> Problem:
    words = " ".join(str(error).split()) or type(error).__name__
    return Problem(
        f"{area}_not_examined", f"it could not be examined: {words}", "tell this line to the software's makers"
    )


def _silent(area: Area, seconds: float) -> Problem:
    return Problem(
        f"{area}_not_examined",
        f"looking at it did not end within {seconds:g} s",
        "a disk, stick, device or network behind it hangs: unplug it and plug it in again, then try once more",
    )
