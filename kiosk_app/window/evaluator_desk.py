"""The evaluator at a window: its presses become ratings, acknowledged once they are on the disk (interfaces §3).

A press is judged once, by the moment of its first frame. Its repeats are acknowledged again if it was recorded, are new
tries if it could not be recorded, and are otherwise ignored.
"""

from typing import Protocol

import structlog

from device_drivers.evaluator.key_presses import REPEAT_SECONDS, KeyPress
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import Draft, Json, Kind, Record
from kiosk_app.domain.recovery import moment_of
from kiosk_app.domain.visits import WindowName
from kiosk_app.domain.window import Press
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.window.core import WindowCore
from kiosk_app.window.presses import PressBook
from kiosk_app.window.surroundings import EvaluatorProfile

_log = structlog.get_logger()


class Evaluator(Protocol):
    """The verbs of an evaluator; `device_drivers.evaluator.driver.EvaluatorDriver` is the real one."""

    @property
    def connected(self) -> bool:
        """Whether its keys can be heard."""
        ...

    @property
    def settle_seconds(self) -> float:
        """Longest time between a key's first byte and the call that tells it."""
        ...

    def acknowledge(self) -> None:
        """The press is on the disk."""
        ...

    def invite(self) -> None:
        """Let the device ask."""
        ...

    def thanks(self) -> None:
        """Let the device thank."""
        ...

    def show_stars(self, n: int) -> None:
        """Show the staff member's stars, 0 to 5."""
        ...


class EvaluatorDesk:
    """Between one evaluator and the window's core; on the station's thread."""

    def __init__(self, core: WindowCore, clock: Clock, profile: EvaluatorProfile, device: Evaluator) -> None:
        self.fault: str | None = None
        """Why the device is away; None while it is there."""
        self._lent_to: str | None = None
        self._was_lent = False
        """Whether it has been lent since its port was opened last."""
        self._heard_from_ms = 0
        """On CLOCK_BOOTTIME: what comes before may be the repeat of a key that somebody tried."""
        self._core = core
        self._clock = clock
        self._profile = profile
        self._device = device
        self._presses = PressBook()

    @property
    def connected(self) -> bool:
        """Whether its keys can be pressed now."""
        return self._device.connected

    @property
    def lent_to(self) -> str | None:
        """Who tries the device at the moment; its keys are then no ratings."""
        return self._lent_to

    @lent_to.setter
    def lent_to(self, borrower: str | None) -> None:
        self._lent_to = borrower
        self._was_lent = self._was_lent or borrower is not None

    def recovered(self, last_rating: Record | None) -> None:
        """The app has started again: the device may still repeat the press of the last rating.

        While an invitation is open, every press is its own citizen's.
        """
        told = last_rating.payload.get("evaluator") if last_rating else None
        if last_rating and told and self._core.state.name is not WindowName.INVITING:
            self._presses.recovered(bytes.fromhex(told["frame"]), moment_of(last_rating), self._clock.now())

    def invited(self) -> None:
        """An invitation has opened."""
        self._presses.invited()
        self._device.invite()

    def show_stars(self, stars: int | None) -> None:
        """Show the stars of who is bound; none for nobody, and for a person without."""
        self._device.show_stars(stars or 0)

    def pressed(self, press: KeyPress) -> None:
        """A key, or its repeat, arrived."""
        at = self._clock.at(press.at)
        if self._presses.is_accepted(press.frame, press.press_id, at.boot_ms):
            self._device.acknowledge()
        elif self._presses.is_to_be_judged(press.press_id, press.repeat):
            self._judge(press, at)

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The device came or went; a first arrival is no event."""
        was_lost = self.fault is not None
        self.fault = None if connected else detail
        if connected and self._was_lent:
            self._heard_from_ms = self._clock.now().boot_ms + round(REPEAT_SECONDS * 1000)
            self._was_lent = self._lent_to is not None
        if not connected or was_lost:
            self._record("connected" if connected else "lent" if self.lent_to else "lost", detail)

    def _judge(self, press: KeyPress, at: Moment) -> None:
        if at.boot_ms < self._heard_from_ms:
            # A device may repeat a tried key until somebody acknowledges it; that is no answer to an invitation (R5).
            self._count_stray()
            return
        told: Json = {**vars(self._profile), "frame": press.frame.hex()}
        event = Press(at, Level(press.level), "evaluator", told, self._core.outside_hours(at))
        try:
            stray = self._core.take(event).stray
        except JournalUnavailableError as error:
            self._presses.failed(press.press_id)
            _log.warning("press not recorded", cause=str(error))
            return
        if stray:
            self._count_stray()
            return
        self._presses.accepted(press.frame, press.press_id)
        self._device.acknowledge()
        self._device.thanks()

    def _count_stray(self) -> None:
        if count := self._presses.stray(self._clock.now().boot_ms):
            self._record("stray_press", f"{count} without an open invitation")

    def _record(self, state: str, detail: str) -> None:
        payload = {"device": "evaluator", "state": state, "detail": detail}
        self._core.record(Draft(Kind.DEVICE_EVENT, payload, self._clock.now()))
