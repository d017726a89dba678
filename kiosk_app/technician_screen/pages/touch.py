"""Nine targets, three by three: how far from the finger does a touch arrive?"""

from dataclasses import replace
from statistics import fmean

from kiosk_app.technician.screen_trials import TOUCH_TEST
from kiosk_app.technician_screen.desk import Desk
from kiosk_app.technician_screen.pages.page import TechnicianPage
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    Message,
    Page,
    Target,
    Targets,
    Words,
)

AGAIN = "again"
TARGETS = 9
GOOD_MM, FAIR_MM = (3.0, 6.0), (5.0, 8.0)
"""Mean and worst. A touch target is at least 15 mm: 7.5 mm off its middle it is missed."""


class TouchPage(TechnicianPage):
    """The whole screen is its own."""

    name = Page.TOUCH

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._targets = [Target(index) for index in range(TARGETS)]
        self._next = 0

    def blocks(self) -> tuple[Block, ...]:
        """The targets; when all were touched, how good it was."""
        targets = Targets(tuple(self._targets), self._next)
        if self._next < TARGETS:
            return (Message("info", Words("touch.explain")), targets)
        again = Buttons((Button(AGAIN, "", Words("touch.again")),))
        return (*touch_facts(self.desk.touch_result), targets, again)

    def act(self, action: str, _value: str, /) -> Page | None:
        """Begin again."""
        if action == AGAIN and self._next == TARGETS:
            self._targets = [Target(index) for index in range(TARGETS)]
            self._next = 0
        return None

    def target_touched(self, index: int, off_mm: float, /) -> Page | None:
        """The one that is asked for was touched; any other is not meant."""
        if index == self._next and self._next < TARGETS and 0 <= off_mm < float("inf"):
            self._targets[index] = replace(self._targets[index], done=True, off_mm=round(off_mm, 1))
            self._next += 1
            if self._next == TARGETS:
                self._finish()
        return None

    def left(self) -> None:
        """Ended before the last target."""
        if 0 < self._next < TARGETS:
            self.desk.note(TOUCH_TEST, "screen", f"stopped after {self._next} of {TARGETS}")

    def _finish(self) -> None:
        offs = [target.off_mm or 0.0 for target in self._targets]
        mean, worst = self.desk.touch_result = round(fmean(offs), 1), max(offs)
        self.desk.note(TOUCH_TEST, "screen", f"{_grade(mean, worst)}: mean {mean} mm, worst {worst} mm")


def touch_facts(result: tuple[float, float] | None) -> tuple[Block, ...]:
    """The last result; it is worded as it is on both pages."""
    if result is None:
        return (Facts((Fact(Words("sound_screen.touch.last"), Words("sound_screen.touch.never")),)),)
    mean, worst = result
    grade = _grade(mean, worst)
    kind = {"good": "good", "fair": "info", "bad": "bad"}
    return (
        Facts(
            (
                Fact(Words("sound_screen.touch.mean"), Words("sound_screen.touch.mm", {"mm": str(mean)})),
                Fact(Words("sound_screen.touch.worst"), Words("sound_screen.touch.mm", {"mm": str(worst)})),
            )
        ),
        Message(kind[grade], Words(f"sound_screen.touch.{grade}")),  # type: ignore[arg-type]
    )


def _grade(mean: float, worst: float) -> str:
    if mean <= GOOD_MM[0] and worst <= GOOD_MM[1]:
        return "good"
    return "fair" if mean <= FAIR_MM[0] and worst <= FAIR_MM[1] else "bad"
