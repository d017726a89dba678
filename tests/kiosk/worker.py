"""A kiosk in a process of its own that takes numbers until it is killed: `worker.py DIRECTORY FIRST`."""

import sys
from pathlib import Path

from kiosk_app.domain.moments import Moment
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.kiosk.screen_state import Result
from tests.kiosk import small_hall
from tests.kiosk.kiosk_rig import KioskRig
from tests.manual_clock import ManualClock


class RealClock(ManualClock):
    """The machine's own clock, where a rig expects one that stands still."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = SystemClock()

    def now(self) -> Moment:
        return self._clock.now()

    def at(self, boot_seconds: float) -> Moment:
        return self._clock.at(boot_seconds)

    @property
    def seconds(self) -> float:
        return self.now().boot_ms / 1000


def main(directory: Path, first: int) -> None:
    clock = RealClock()
    lease = small_hall.number_lease(f"n-{first}", first=first, last=9999, day=clock.now().wall.date())
    sections = small_hall.hall(numbers=[lease])
    rig = KioskRig(directory, clock=clock, device=f"lw-a-k{first}", short_id=first, sections=sections)
    while True:
        rig.take_number()
        print(rig.content(Result).big, flush=True)
        rig.home()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
