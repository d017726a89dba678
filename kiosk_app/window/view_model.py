"""Between the window's core and its QML: values in, touches out.

The core hands over a `ScreenState` from any thread; QML reads properties that notify. A touch is stamped with
CLOCK_BOOTTIME before anything else happens to it (R5) and handed to the core. No rule of the visit is decided here.
"""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import Property, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QImageReader

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.window.screen_state import Page, ScreenState, StaffCard
from kiosk_app.window.service import ScreenActions
from kiosk_app.window.sounds import Player
from kiosk_app.window.wording import (
    Table,
    Wording,
    back_text,
    in_language,
    service_row,
    staff_card,
    time_text,
    weekday_text,
)

GUARD_SECONDS = 0.6
"""A page that a touch leads to ignores touches for so long: the second tap of a shaky finger chooses nothing."""

FORGET_SECONDS = 60
"""After so long without a touch the idle pages go back to the default language and type (R24)."""

# The types that QML reads as JavaScript objects and arrays; PySide takes them by name, its stubs do not say so.
_MAP = cast(type, "QVariantMap")
_LIST = cast(type, "QVariantList")
_STRINGS = cast(type, "QStringList")

_SAME_CITIZEN = {
    (Page.SIGN, Page.SERVING),
    (Page.SIGN, Page.CHOICES),
    (Page.SERVING, Page.CHOICES),
    (Page.CHOICES, Page.DETAILS),
    (Page.CHOICES, Page.THANKS),
    (Page.CHOICES, Page.NOT_NOW),
    (Page.DETAILS, Page.THANKS),
}
"""Changes of page within one person's visit; at any other, language and type go back to the default."""


def boot_time() -> float:
    """CLOCK_BOOTTIME in seconds: no operator and no network time can move it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _china_now() -> datetime:
    return datetime.now(CHINA_TIME)


class WindowViewModel(QObject):
    """What QML shows and what QML may ask; lives on Qt's thread, `show` may be called from any."""

    page_changed = Signal()
    sign_changed = Signal()
    visit_changed = Signal()
    options_changed = Signal()
    selection_changed = Signal()
    look_changed = Signal()
    remaining_changed = Signal()
    clock_changed = Signal()
    _arrived = Signal(object)

    def __init__(
        self,
        actions: ScreenActions,
        state: ScreenState,
        *,
        assets: Path,
        languages: tuple[str, ...],
        sounds: Player,
        boot: Callable[[], float] = boot_time,
        wall: Callable[[], datetime] = _china_now,
    ) -> None:
        super().__init__()
        self._actions = actions
        self._state = state
        self._assets = assets
        self._wording = Wording(assets, languages)
        self._sounds = sounds
        self._boot = boot
        self._wall = wall
        self._language = self._wording.default_language
        self._large_type = False
        self._selected: tuple[str, ...] = ()
        self._ticked_for = state.rating_id
        self._thanked = state.rating_id
        self._guarded_until = -math.inf
        self._touch_began: float | None = None
        self._countdown_timer = self._single_shot(self._count_down)
        self._clock_timer = self._single_shot(self._tell_time)
        self._forget_timer = self._single_shot(self._forget)
        self._arrived.connect(self._apply, Qt.ConnectionType.QueuedConnection)
        self._count_down()
        self._tell_time()

    def _single_shot(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    # --- from the core -------------------------------------------------------------------------------------------

    def show(self, state: ScreenState) -> None:
        """Show this from now on; from any thread, never waits."""
        self._arrived.emit(state)

    @Slot(object)
    def _apply(self, state: ScreenState) -> None:
        before, self._state = self._state, state
        if _is_new_citizen(before, state):
            self._set_look(self._wording.default_language, large_type=False)
        self._emit_changes(before, state)
        self._count_down()
        self._announce(before, state)
        # Last, when the page has been built: the citizen cannot have meant what was not there yet.
        self._guard_new_page(before, state)

    def _emit_changes(self, before: ScreenState, state: ScreenState) -> None:
        if state.page is Page.DETAILS and state.rating_id != self._ticked_for:
            self._ticked_for = state.rating_id
            self._select(())
        if state.sign != before.sign:
            self.sign_changed.emit()
        if state.options != before.options:
            self.options_changed.emit()
        self.visit_changed.emit()
        if state.page != before.page:
            self.page_changed.emit()

    def _guard_new_page(self, before: ScreenState, state: ScreenState) -> None:
        appears = (state.page, state.rating_id) != (before.page, before.rating_id)
        if appears and (state.page is Page.DETAILS or self._is_guarded(self._boot())):
            self._guard()

    def _announce(self, before: ScreenState, state: ScreenState) -> None:
        """Speak once when a citizen is invited, and once when a rating was recorded."""
        if _is_invited(state) and not _is_invited(before):
            self._sounds.play("invite", self._language)
        elif state.page is Page.DETAILS and state.rating_id != self._thanked:
            self._thanked = state.rating_id
            self._sounds.play("thanks", self._language)
        elif state.page is Page.THANKS and before.page is Page.CHOICES:
            self._sounds.play("thanks", self._language)

    # --- what QML shows ------------------------------------------------------------------------------------------

    @Property(str, constant=True)
    def icons(self) -> str:
        """The URL of the directory of icons."""
        return QUrl.fromLocalFile(str(self._assets / "icons")).toString()

    @Property(_STRINGS, constant=True)
    def levels(self) -> list[str]:
        """The five levels, best first, as the keys of the evaluator stand (R1)."""
        return [level.value for level in Level]

    @Property(str, notify=look_changed)
    def language(self) -> str:
        """The language shown."""
        return self._language

    @Property(_MAP, notify=look_changed)
    def texts(self) -> dict[str, str]:
        """Every text of the language shown."""
        return self._table

    @Property(_MAP, notify=look_changed)
    def other_texts(self) -> dict[str, str]:
        """Every text of the language that the switch leads to; none if there is only one."""
        other = self._wording.after(self._language)
        return {} if other == self._language else self._wording.table(other)

    @Property(bool, notify=look_changed)
    def large_type(self) -> bool:
        """Whether the citizen asked for large type."""
        return self._large_type

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """The name of the page to show."""
        return self._state.page.value

    @Property(_MAP, notify=sign_changed)
    def sign(self) -> dict[str, str]:
        """Hall, window number and department (R18)."""
        sign = self._state.sign
        return {"hall": sign.hall, "number": sign.number, "department": sign.department}

    @Property(_MAP, notify=sign_changed)
    def staff(self) -> dict[str, object]:
        """Who serves here (R18); an empty name where nobody is bound to the window."""
        card = self._state.sign.staff or StaffCard(name="")
        if card.photo_file and not QImageReader(card.photo_file).canRead():
            card = replace(card, photo_file="")
        return staff_card(self._language, card)

    @Property(_LIST, notify=sign_changed)
    def services(self) -> list[dict[str, str]]:
        """What can be done here (R18)."""
        return [service_row(self._table, self._language, service) for service in self._state.sign.services]

    @Property(_LIST, notify=sign_changed)
    def notices(self) -> list[dict[str, str]]:
        """The hall's notices."""
        return [{"title": notice.title, "text": notice.text} for notice in self._state.sign.notices]

    @Property(str, notify=visit_changed)
    def ticket(self) -> str:
        """The queue number being served; empty where there is none."""
        return self._state.ticket_no

    @Property(bool, notify=visit_changed)
    def evaluator(self) -> bool:
        """Whether the keys of the evaluator can be pressed as well."""
        return self._state.evaluator

    @Property(bool, notify=visit_changed)
    def next_invited(self) -> bool:
        """Whether the next citizen is invited while the last one's page is still open (R7)."""
        return self._state.next_invited

    @Property(str, notify=visit_changed)
    def away_reason(self) -> str:
        """Why the window is paused (R19)."""
        return self._state.away_reason

    @Property(str, notify=visit_changed)
    def away_until(self) -> str:
        """When the window goes on (R19); empty where it is not known."""
        return back_text(self._table, self._state.back_at, self._wall())

    @Property(_LIST, notify=options_changed)
    def options(self) -> list[dict[str, str]]:
        """The options of the page after the press, in the catalogue's order (R8)."""
        return [
            {"code": option.code, "text": in_language(self._language, option.text, option.text_en)}
            for option in self._state.options
        ]

    @Property(_STRINGS, notify=selection_changed)
    def selected(self) -> list[str]:
        """The codes ticked so far."""
        return list(self._selected)

    @Property(bool, notify=visit_changed)
    def counting(self) -> bool:
        """Whether the page leaves by itself."""
        return self._state.countdown is not None

    @Property(int, notify=remaining_changed)
    def remaining_seconds(self) -> int:
        """Whole seconds left, rounded up: 1 until the very end."""
        return math.ceil(self._remaining())

    @Property(float, notify=remaining_changed)
    def remaining_fraction(self) -> float:
        """The part of the countdown that is left, 1 to 0."""
        countdown = self._state.countdown
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

    # --- what a touch does ---------------------------------------------------------------------------------------

    @Slot()
    def touch_began(self) -> None:
        """A finger came down on a choice: this moment is judged, not the one at which it is lifted (R5)."""
        self._touch_began = self._boot()

    @Slot(str)
    def press(self, level: str) -> None:
        """Rate: the first valid press counts (R3)."""
        if (at := self._touch()) is not None:
            self._guard()
            self._actions.press(Level(level), self._arrival(at))

    @Slot()
    def decline(self) -> None:
        """不评价 (R6)."""
        if (at := self._touch()) is not None:
            self._guard()
            self._actions.decline(self._arrival(at))

    @Slot(str)
    def toggle_option(self, code: str) -> None:
        """Tick or untick an option; what is ticked stands if the page's time runs out (R7)."""
        if self._touch() is None:
            return
        chosen = set(self._selected) ^ {code}
        self._select(tuple(option.code for option in self._state.options if option.code in chosen))
        self._actions.choose_reasons(self._state.rating_id, self._selected)

    @Slot()
    def finish(self) -> None:
        """好了: give what is ticked."""
        self._give_reasons(self._selected)

    @Slot()
    def skip(self) -> None:
        """不说了: give nothing, whatever was ticked."""
        self._give_reasons(())

    @Slot()
    def show_invitation(self) -> None:
        """The next citizen wants the five choices (R7)."""
        if self._touch() is not None:
            self._guard()
            self._actions.show_invitation()

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
        self._forget_timer.start(FORGET_SECONDS * 1000)
        return at

    def _give_reasons(self, codes: tuple[str, ...]) -> None:
        if self._touch() is not None:
            self._guard()
            self._actions.give_reasons(self._state.rating_id, codes, "")

    # --- inside --------------------------------------------------------------------------------------------------

    @property
    def _table(self) -> Table:
        return self._wording.table(self._language)

    def _guard(self) -> None:
        self._guarded_until = self._boot() + GUARD_SECONDS

    def _is_guarded(self, at: float) -> bool:
        return at < self._guarded_until

    def _select(self, codes: tuple[str, ...]) -> None:
        if codes != self._selected:
            self._selected = codes
            self.selection_changed.emit()

    def _set_look(self, language: str, *, large_type: bool) -> None:
        if (language, large_type) == (self._language, self._large_type):
            return
        self._language, self._large_type = language, large_type
        for changed in (
            self.look_changed,
            self.sign_changed,
            self.visit_changed,
            self.options_changed,
            self.clock_changed,
        ):
            changed.emit()

    def _forget(self) -> None:
        """Nobody has touched the idle page for a while: the next reader is someone else (R24)."""
        if self._state.page in {Page.SIGN, Page.AWAY}:
            self._set_look(self._wording.default_language, large_type=False)

    def _remaining(self) -> float:
        countdown = self._state.countdown
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


def _is_new_citizen(before: ScreenState, state: ScreenState) -> bool:
    """Whether someone else may be reading now: language and type go back to the default."""
    if state.page is before.page:
        return state.page is Page.SERVING and state.ticket_no != before.ticket_no
    return state.page is not Page.CANNOT_RECORD and (before.page, state.page) not in _SAME_CITIZEN


def _is_invited(state: ScreenState) -> bool:
    return state.page is Page.CHOICES or state.next_invited
