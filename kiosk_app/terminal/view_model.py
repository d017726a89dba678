"""What every profile's screen shows and takes: language and type, the countdown, the clock, and touches that count.

A profile's view model adds its pages. QML reads properties that notify; a touch is stamped with CLOCK_BOOTTIME before
anything else happens to it (R5). No rule is decided here.
"""

import math
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import Property, QObject, Qt, QTimer, QUrl, Signal, SignalInstance, Slot

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.terminal.sounds import Player
from kiosk_app.terminal.wording import Table, Wording, time_text, weekday_text

GUARD_SECONDS = 0.6
"""A page that a touch leads to ignores touches for so long: the second tap of a shaky finger chooses nothing."""

# The types that QML reads as JavaScript objects and arrays; PySide takes them by name, its stubs do not say so.
MAP = cast(type, "QVariantMap")
LIST = cast(type, "QVariantList")
STRINGS = cast(type, "QStringList")


def boot_time() -> float:
    """CLOCK_BOOTTIME in seconds: no operator and no network time can move it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def china_now() -> datetime:
    """The wall clock, in China's time zone."""
    return datetime.now(CHINA_TIME)


class ScreenViewModel(QObject):
    """Lives on Qt's thread; `show` may be called from any. A profile says what `_apply` and `_countdown` are."""

    look_changed = Signal()
    countdown_changed = Signal()
    remaining_changed = Signal()
    clock_changed = Signal()
    _arrived = Signal(object)

    def __init__(
        self,
        *,
        assets: Path,
        wording: Wording,
        sounds: Player,
        boot: Callable[[], float] = boot_time,
        wall: Callable[[], datetime] = china_now,
    ) -> None:
        super().__init__()
        self._assets = assets
        self._wording = wording
        self._sounds = sounds
        self._boot = boot
        self._wall = wall
        self._language = wording.default_language
        self._large_type = False
        self._guarded_until = -math.inf
        self._touch_began: float | None = None
        self._countdown_timer = self._single_shot(self._count_down)
        self._clock_timer = self._single_shot(self._tell_time)
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._tell_time()

    def _single_shot(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    # --- from the core -------------------------------------------------------------------------------------------

    def show(self, state: object) -> None:
        """Show this from now on; from any thread, never waits."""
        self._arrived.emit(state)

    @Slot(object)
    def _take(self, state: object) -> None:
        self._apply(state)

    def _apply(self, state: object) -> None:
        """Take over a new state; on Qt's thread."""
        raise NotImplementedError

    def _countdown(self) -> Countdown | None:
        """The countdown of the page shown; None where it stays."""
        raise NotImplementedError

    # --- what QML shows ------------------------------------------------------------------------------------------

    @Property(str, constant=True)
    def icons(self) -> str:
        """The URL of the directory of icons."""
        return QUrl.fromLocalFile(str(self._assets / "icons")).toString()

    @Property(STRINGS, constant=True)
    def levels(self) -> list[str]:
        """The five levels, best first, as the keys of the evaluator stand (R1)."""
        return [level.value for level in Level]

    @Property(str, notify=look_changed)
    def language(self) -> str:
        """The language shown."""
        return self._language

    @Property(MAP, notify=look_changed)
    def texts(self) -> dict[str, str]:
        """Every text of the language shown."""
        return self._table

    @Property(MAP, notify=look_changed)
    def other_texts(self) -> dict[str, str]:
        """Every text of the language that the switch leads to; none if there is only one."""
        other = self._wording.after(self._language)
        return {} if other == self._language else self._wording.table(other)

    @Property(bool, notify=look_changed)
    def large_type(self) -> bool:
        """Whether the citizen asked for large type."""
        return self._large_type

    @Property(bool, notify=countdown_changed)
    def counting(self) -> bool:
        """Whether the page leaves by itself."""
        return self._countdown() is not None

    @Property(int, notify=remaining_changed)
    def remaining_seconds(self) -> int:
        """Whole seconds left, rounded up: 1 until the very end."""
        return math.ceil(self._remaining())

    @Property(float, notify=remaining_changed)
    def remaining_fraction(self) -> float:
        """The part of the countdown that is left, 1 to 0."""
        countdown = self._countdown()
        if countdown is None or countdown.seconds <= 0:
            return 0.0
        return min(self._remaining() / countdown.seconds, 1.0)

    @Property(str, notify=clock_changed)
    def clock_time(self) -> str:
        """The time of day."""
        return time_text(self._wall())

    @Property(str, notify=clock_changed)
    def clock_date(self) -> str:
        """The day and its weekday."""
        return weekday_text(self._table, self._wall().date())

    @Slot(str)
    def sound(self, name: str) -> None:
        """Let a sound be heard, for a technician."""
        self._sounds.play(name, self._language)

    # --- what a touch does ---------------------------------------------------------------------------------------

    @Slot()
    def touch_began(self) -> None:
        """A finger came down on a choice: this moment is judged, not the one at which it is lifted (R5)."""
        self._touch_began = self._boot()

    @Slot()
    def switch_language(self) -> None:
        """Go on in the other language."""
        if self._touch() is not None:
            self._set_look(self._wording.after(self._language), large_type=self._large_type)

    @Slot()
    def toggle_large_type(self) -> None:
        """Go on in large type, or back."""
        if self._touch() is not None:
            self._set_look(self._language, large_type=not self._large_type)

    @Slot()
    def uncovered(self) -> None:
        """What lay over the page is gone: a finger that comes down now was meant for that, not for the page."""
        self._guard()

    @Slot()
    def turn(self) -> None:
        """A list was paged by hand: heard like every touch."""
        self._touch()

    def _arrival(self, lifted: float) -> float:
        """When the touch that ends now began; a key or a screen reader has no such moment."""
        began, self._touch_began = self._touch_began, None
        return lifted if began is None else began

    def _touch(self) -> float | None:
        """When this touch arrived; None if it must do nothing."""
        at = self._boot()
        if self._is_guarded(at):
            return None
        self._sounds.play("key", self._language)
        self._touched()
        return at

    def _touched(self) -> None:
        """A touch counts: for a profile that waits for none."""

    # --- inside --------------------------------------------------------------------------------------------------

    @property
    def _table(self) -> Table:
        return self._wording.table(self._language)

    def _guard(self) -> None:
        self._guarded_until = self._boot() + GUARD_SECONDS

    @property
    def is_guarded(self) -> bool:
        """Whether touches do nothing at this moment."""
        return self._is_guarded(self._boot())

    def _is_guarded(self, at: float) -> bool:
        return at < self._guarded_until

    def _set_look(self, language: str, *, large_type: bool) -> None:
        if (language, large_type) == (self._language, self._large_type):
            return
        self._language, self._large_type = language, large_type
        for changed in (self.look_changed, *self._worded(), self.clock_changed):
            changed.emit()

    def _default_look(self) -> None:
        """Someone else may be reading now (R24)."""
        self._set_look(self._wording.default_language, large_type=False)

    def _worded(self) -> tuple[SignalInstance, ...]:
        """The signals of a profile's properties that are worded in the language shown."""
        return ()

    def _remaining(self) -> float:
        countdown = self._countdown()
        return max(countdown.ends_at - self._boot(), 0.0) if countdown else 0.0

    def _count_down(self) -> None:
        """Tell the remaining time once a second, as the number changes; no timer runs where nothing counts."""
        self.remaining_changed.emit()
        remaining = self._remaining()
        if remaining > 0:
            to_next_second = remaining - (math.ceil(remaining) - 1)
            self._countdown_timer.start(math.ceil(to_next_second * 1000))

    def _tell_time(self) -> None:
        """Tell the time of day once a minute, as it changes."""
        self.clock_changed.emit()
        now = self._wall()
        self._clock_timer.start(60_000 - now.second * 1000 - now.microsecond // 1000)
