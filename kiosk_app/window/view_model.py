"""Between the window's core and its QML: values in, touches out.

The core hands over a `ScreenState` from any thread; QML reads properties that notify. A touch is stamped with
CLOCK_BOOTTIME before anything else happens to it (R5) and handed to the core. No rule of the visit is decided here.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Property, Signal, SignalInstance, Slot
from PySide6.QtGui import QImageReader

from kiosk_app.domain.levels import Level
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.terminal.sounds import Player
from kiosk_app.terminal.view_model import (
    LIST,
    MAP,
    STRINGS,
    ScreenViewModel,
    boot_time,
    china_now,
)
from kiosk_app.terminal.wording import Wording, in_language
from kiosk_app.window.screen_state import Page, ScreenState, StaffCard
from kiosk_app.window.service import ScreenActions
from kiosk_app.window.wording import back_text, later_card, service_row, staff_card

FORGET_SECONDS = 60
"""After so long without a touch the idle pages go back to the default language and type (R24)."""

_SAME_CITIZEN = {
    (Page.SIGN, Page.SERVING),
    (Page.SIGN, Page.CHOICES),
    (Page.SERVING, Page.CHOICES),
    (Page.SERVING, Page.LATER),
    (Page.CHOICES, Page.DETAILS),
    (Page.CHOICES, Page.THANKS),
    (Page.CHOICES, Page.NOT_NOW),
    (Page.CHOICES, Page.LATER),
    (Page.DETAILS, Page.THANKS),
}
"""Changes of page within one person's visit; at any other, language and type go back to the default."""
_COMES_BY_ITSELF = {Page.DETAILS, Page.LATER}
"""Pages that can come under a finger which was meant for the page before."""


class WindowViewModel(ScreenViewModel):
    """What QML shows and what QML may ask; lives on Qt's thread, `show` may be called from any."""

    page_changed = Signal()
    sign_changed = Signal()
    visit_changed = Signal()
    options_changed = Signal()
    selection_changed = Signal()

    def __init__(
        self,
        actions: ScreenActions,
        state: ScreenState,
        *,
        assets: Path,
        languages: tuple[str, ...],
        sounds: Player,
        boot: Callable[[], float] = boot_time,
        wall: Callable[[], datetime] = china_now,
    ) -> None:
        self._state = state
        self._actions = actions
        self._selected: tuple[str, ...] = ()
        self._ticked_for = state.rating_id
        self._thanked = state.rating_id
        super().__init__(assets=assets, wording=Wording(assets, languages), sounds=sounds, boot=boot, wall=wall)
        self._forget_timer = self._single_shot(self._forget)
        self._count_down()

    # --- from the core -------------------------------------------------------------------------------------------

    def _apply(self, state: object) -> None:
        if not isinstance(state, ScreenState):
            raise TypeError(f"not a state of the window's screen: {state!r}")
        before, self._state = self._state, state
        if _is_new_citizen(before, state):
            self._default_look()
        self._emit_changes(before, state)
        self._count_down()
        self._announce(before, state)
        # Last, when the page has been built: the citizen cannot have meant what was not there yet.
        self._guard_new_page(before, state)

    def _countdown(self) -> Countdown | None:
        return self._state.countdown

    def _emit_changes(self, before: ScreenState, state: ScreenState) -> None:
        if state.page is Page.DETAILS and state.rating_id != self._ticked_for:
            self._ticked_for = state.rating_id
            self._select(())
        if state.sign != before.sign:
            self.sign_changed.emit()
        if state.options != before.options:
            self.options_changed.emit()
        self.visit_changed.emit()
        self.countdown_changed.emit()
        if state.page != before.page:
            self.page_changed.emit()

    def _guard_new_page(self, before: ScreenState, state: ScreenState) -> None:
        appears = (state.page, state.rating_id) != (before.page, before.rating_id)
        if appears and (state.page in _COMES_BY_ITSELF or self._is_guarded(self._boot())):
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

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """The name of the page to show."""
        return self._state.page.value

    @Property(MAP, notify=sign_changed)
    def sign(self) -> dict[str, str]:
        """Hall, window number and department (R18)."""
        sign = self._state.sign
        return {"hall": sign.hall, "number": sign.number, "department": sign.department}

    @Property(MAP, notify=sign_changed)
    def staff(self) -> dict[str, object]:
        """Who serves here (R18); an empty name where nobody is bound to the window."""
        card = self._state.sign.staff or StaffCard(name="")
        if card.photo_file and not QImageReader(card.photo_file).canRead():
            card = replace(card, photo_file="")
        return staff_card(self._language, card)

    @Property(LIST, notify=sign_changed)
    def services(self) -> list[dict[str, str]]:
        """What can be done here (R18)."""
        return [service_row(self._table, self._language, service) for service in self._state.sign.services]

    @Property(LIST, notify=sign_changed)
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

    @Property(MAP, notify=visit_changed)
    def later(self) -> dict[str, object]:
        """How the citizen can still rate (R10); empty on other pages."""
        later = self._state.later
        return later_card(self._table, later) if later else {}

    @Property(LIST, notify=options_changed)
    def options(self) -> list[dict[str, str]]:
        """The options of the page after the press, in the catalogue's order (R8)."""
        return [
            {"code": option.code, "text": in_language(self._language, option.text, option.text_en)}
            for option in self._state.options
        ]

    @Property(STRINGS, notify=selection_changed)
    def selected(self) -> list[str]:
        """The codes ticked so far."""
        return list(self._selected)

    # --- what a touch does ---------------------------------------------------------------------------------------

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
    def keep_code(self) -> None:
        """Somewhere on the page with the code: it is still read."""
        self._touch()

    @Slot()
    def print_code(self) -> None:
        """The code on paper."""
        if (later := self._state.later) and self._touch() is not None:
            self._actions.print_code(later.missed_id, self._language)

    @Slot()
    def close_code(self) -> None:
        """好了: nobody else shall see the code."""
        if (later := self._state.later) and self._touch() is not None:
            self._guard()
            self._actions.close_code(later.missed_id)

    def _give_reasons(self, codes: tuple[str, ...]) -> None:
        if self._touch() is not None:
            self._guard()
            self._actions.give_reasons(self._state.rating_id, codes, "")

    # --- inside --------------------------------------------------------------------------------------------------

    def _select(self, codes: tuple[str, ...]) -> None:
        if codes != self._selected:
            self._selected = codes
            self.selection_changed.emit()

    def _forget(self) -> None:
        """Nobody has touched the idle page for a while: the next reader is someone else (R24)."""
        if self._state.page in {Page.SIGN, Page.AWAY}:
            self._default_look()

    def _touched(self) -> None:
        self._forget_timer.start(FORGET_SECONDS * 1000)
        if self._state.later is not None:
            self._actions.keep_code(self._state.later.missed_id)

    def _worded(self) -> tuple[SignalInstance, ...]:
        return self.sign_changed, self.visit_changed, self.options_changed


def _is_new_citizen(before: ScreenState, state: ScreenState) -> bool:
    """Whether someone else may be reading now: language and type go back to the default."""
    if state.page is before.page:
        return state.page is Page.SERVING and state.ticket_no != before.ticket_no
    return state.page is not Page.CANNOT_RECORD and (before.page, state.page) not in _SAME_CITIZEN


def _is_invited(state: ScreenState) -> bool:
    return state.page is Page.CHOICES or state.next_invited
