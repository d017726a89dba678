"""Between the kiosk's core and its QML: values in, touches out.

The core hands over a `ScreenState` from any thread; QML reads properties that notify. A touch is stamped with
CLOCK_BOOTTIME before anything else happens to it (R5) and handed to the core. No rule is decided here.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Property, Signal, SignalInstance, Slot

from kiosk_app.domain.catalogue import Option
from kiosk_app.domain.levels import Level
from kiosk_app.kiosk.keyboard import Keyboard
from kiosk_app.kiosk.screen_state import CodeEntry, Details, Page, PhoneEntry, ScreenState
from kiosk_app.kiosk.service import Action, KioskActions
from kiosk_app.kiosk.wording import Shown, shown, words_text
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
from kiosk_app.terminal.wording import Wording

WORDS = "kiosk"
"""The kiosk's own area of the translations."""

_SCANNED = {Page.HOME, Page.CHECK_IN_CODE, Page.RATE_CODE, Page.CANCEL_CODE, Page.LOOK_UP_CODE}
"""Where a scanner that types like a keyboard is listened to."""


class KioskViewModel(ScreenViewModel):
    """What QML shows and what QML may ask; lives on Qt's thread, `show` may be called from any."""

    page_changed = Signal()
    """Another page: it is built anew."""
    content_changed = Signal()
    """The same page says something else."""
    state_changed = Signal()
    notices_changed = Signal()
    options_changed = Signal()
    selection_changed = Signal()

    def __init__(
        self,
        actions: KioskActions,
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
        self._keyboard = Keyboard()
        wording = Wording(assets, languages, WORDS)
        super().__init__(assets=assets, wording=wording, sounds=sounds, boot=boot, wall=wall)
        self._content = self._shown_content()
        self.look_changed.connect(self._reword)
        self._count_down()

    # --- from the core -------------------------------------------------------------------------------------------

    def _apply(self, state: object) -> None:
        if not isinstance(state, ScreenState):
            raise TypeError(f"not a state of the kiosk's screen: {state!r}")
        before, self._state = self._state, state
        if state.citizen != before.citizen:
            self._select(())
            self._default_look()
        self._emit_changes(before, state)
        self._count_down()
        # Last, when the page has been built: the citizen cannot have meant what was not there yet.
        if _is_new_page(before, state) or (before.idle and not state.idle):
            self._keyboard.forget()
            self._guard()

    def _emit_changes(self, before: ScreenState, state: ScreenState) -> None:
        new_page = _is_new_page(before, state)
        if new_page and isinstance(state.content, Details):
            # Whoever comes back from leaving a telephone number finds what was ticked before.
            self._select(state.content.chosen)
        self._content = self._shown_content()
        self.state_changed.emit()
        self.countdown_changed.emit()
        if state.notices != before.notices:
            self.notices_changed.emit()
        if new_page:
            self.page_changed.emit()
            self._announce(state.page)
        elif state.content != before.content:
            self.content_changed.emit()
        if _options(state) != _options(before):
            self.options_changed.emit()

    def _announce(self, page: Page) -> None:
        """Speak once when a rating is asked for, and once when it was recorded."""
        if page in {Page.CHOICES, Page.DETAILS}:
            self._sounds.play("invite" if page is Page.CHOICES else "thanks", self._language)

    def _countdown(self) -> Countdown | None:
        """The screen is left by nobody's touch before the page's own time is up: only one of the two is seen."""
        return self._state.idle or self._state.countdown

    # --- what QML shows ------------------------------------------------------------------------------------------

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """The name of the page to show."""
        return self._state.page.value

    @Property(str, notify=page_changed)
    def form(self) -> str:
        """What kind of content the page has: which form shows it."""
        return type(self._state.content).__name__

    @Property(MAP, notify=content_changed)
    def content(self) -> Shown:
        """The page's content, in the language shown."""
        return self._content

    @Property(str, notify=state_changed)
    def hall(self) -> str:
        """The name of the hall."""
        return self._state.hall

    @Property(bool, notify=state_changed)
    def can_go_back(self) -> bool:
        """Whether there is a way back."""
        return self._state.can_go_back

    @Property(bool, notify=state_changed)
    def can_go_home(self) -> bool:
        """Whether there is a way home: everywhere but at home."""
        return self._state.page is not Page.HOME

    @Property(bool, notify=state_changed)
    def done(self) -> bool:
        """Whether the task is finished and a button leads on."""
        return self._state.done

    @Property(bool, notify=state_changed)
    def idle(self) -> bool:
        """Whether nobody has touched for long, and the page is covered (R24)."""
        return self._state.idle is not None

    @Property(bool, constant=True)
    def evaluator(self) -> bool:
        """There are no keys beside this screen."""
        return False

    @Property(bool, constant=True)
    def next_invited(self) -> bool:
        """Nobody calls the next citizen here."""
        return False

    @Property(LIST, notify=notices_changed)
    def notices(self) -> list[dict[str, str]]:
        """What the citizen should know before beginning."""
        return [{"title": words_text(self._table, self._language, each), "text": ""} for each in self._state.notices]

    @Property(LIST, notify=options_changed)
    def options(self) -> Shown:
        """The options of the page after the press, in the catalogue's order (R8)."""
        return shown(self._table, self._language, _options(self._state))

    @Property(STRINGS, notify=selection_changed)
    def selected(self) -> list[str]:
        """The codes ticked so far."""
        return list(self._selected)

    # --- what a touch does ---------------------------------------------------------------------------------------

    @Slot()
    def touched(self) -> None:
        """A finger came down somewhere, or a key: somebody is there (R24)."""
        self._actions.touched(self._boot())

    @Slot()
    def stay(self) -> None:
        """The cover of an idle page was answered; the finger has told already that somebody is there."""
        if self._touch() is not None:
            self.touched()

    @Slot()
    def switch_language(self) -> None:
        """Go on in the other language; slips follow it."""
        before = self._language
        super().switch_language()
        if self._language != before:
            self._actions.act(Action.LANGUAGE, self._language, self._boot())

    @Slot()
    def go_home(self) -> None:
        """首页."""
        self._act(Action.HOME)

    @Slot()
    def go_back(self) -> None:
        """返回."""
        self._act(Action.BACK)

    @Slot(str)
    def choose(self, entry: str) -> None:
        """An entry was chosen."""
        self._act(Action.CHOOSE, entry)

    @Slot()
    def search(self) -> None:
        """Open the search."""
        self._act(Action.SEARCH)

    @Slot()
    def confirm(self) -> None:
        """The page's main button."""
        self._act(Action.CONFIRM)

    @Slot()
    def copy(self) -> None:
        """Print it, or a copy of it."""
        self._act(Action.PRINT)

    @Slot()
    def leave_contact(self) -> None:
        """Leave a telephone number for a call-back (R11)."""
        self._act(Action.CONTACT)

    @Slot(str)
    def type(self, text: str) -> None:
        """Characters from the page's keys or a keyboard, as fast as they come: no finger types them by accident."""
        for character in text:
            if (at := self._touch()) is not None:
                self._actions.act(Action.TYPE, character, at)

    @Slot()
    def erase(self) -> None:
        """Take the last character away."""
        if (at := self._touch()) is not None:
            self._actions.act(Action.ERASE, "", at)

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
        """Tick or untick an option; what is ticked stands if the citizen leaves without a word (R7)."""
        if self._touch() is None:
            return
        chosen = set(self._selected) ^ {code}
        self._select(tuple(option.code for option in _options(self._state) if option.code in chosen))
        self._actions.choose_reasons(self._selected)

    @Slot()
    def finish(self) -> None:
        """好了: give what is ticked."""
        self._give_reasons(self._selected)

    @Slot()
    def skip(self) -> None:
        """不说了: on the page after the press give nothing, whatever was ticked; elsewhere go on without a word."""
        if self._state.page is Page.DETAILS:
            self._give_reasons(())
        else:
            self._act(Action.SKIP)

    @Slot(str, str)
    def answer(self, question: str, answer: str) -> None:
        """An answer of the questionnaire was ticked, or taken back (R9)."""
        if self._touch() is not None:
            self._actions.answer(question, answer)

    # --- what a keyboard does ------------------------------------------------------------------------------------

    @Slot(str)
    def key_typed(self, text: str) -> None:
        """A key that writes something, on a page without a field of its own for it."""
        self.touched()
        if self._state.page in _SCANNED:
            self._keyboard.typed(text, self._boot())
        elif isinstance(self._state.content, PhoneEntry):
            self.type(text)

    @Slot()
    def key_erased(self) -> None:
        """The key that takes back: what is shown as typed, wherever something is."""
        self.touched()
        self._keyboard.forget()
        if isinstance(self._state.content, (PhoneEntry, CodeEntry)):
            self.erase()

    @Slot()
    def key_entered(self) -> None:
        """Enter: on a page that takes codes, what was typed or scanned is one."""
        self.touched()
        at = self._boot()
        if text := self._keyboard.entered(at):
            self._actions.scanned(text, at)

    # --- inside --------------------------------------------------------------------------------------------------

    def _act(self, action: Action, value: str = "") -> None:
        if (at := self._touch()) is not None:
            self._guard()
            self._actions.act(action, value, at)

    def _give_reasons(self, codes: tuple[str, ...]) -> None:
        if self._touch() is not None:
            self._guard()
            self._actions.give_reasons(codes)

    def _select(self, codes: tuple[str, ...]) -> None:
        if codes != self._selected:
            self._selected = codes
            self.selection_changed.emit()

    def _shown_content(self) -> Shown:
        return shown(self._table, self._language, self._state.content)

    def _reword(self) -> None:
        self._content = self._shown_content()

    def _worded(self) -> tuple[SignalInstance, ...]:
        return self.content_changed, self.notices_changed, self.options_changed


def _is_new_page(before: ScreenState, state: ScreenState) -> bool:
    """Whether the citizen sees another page, not the same one with something typed or ticked."""
    return _page_key(before) != _page_key(state)


def _page_key(state: ScreenState) -> tuple[object, ...]:
    return state.page, type(state.content), getattr(state.content, "title", None), state.citizen


def _options(state: ScreenState) -> tuple[Option, ...]:
    return state.content.options if isinstance(state.content, Details) else ()
