"""Between the core of the technician's screens and its QML: values in, touches out.

The core hands over a `TechnicianState` from any thread; QML reads properties that notify. A touch is stamped with
CLOCK_BOOTTIME before anything else happens to it and handed to the core. No rule is decided here. The digits of a PIN
are kept here until they are handed over, and told to nobody: QML knows only how many they are.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, SignalInstance, Slot
from PySide6.QtGui import QImageReader

from kiosk_app.technician_screen.actions import TechnicianActions
from kiosk_app.technician_screen.piece_model import PieceModel
from kiosk_app.technician_screen.state import Facts, Page, Problems, TechnicianState
from kiosk_app.technician_screen.wording import PART, Piece, Shown, confirm, footer, pieces, targets
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.terminal.sounds import Player
from kiosk_app.terminal.view_model import LIST, MAP, STRINGS, ScreenViewModel, boot_time, china_now
from kiosk_app.terminal.wording import Wording

WORDS = "technician"
"""The technician's own area of the translations."""
TAPS = 7
TAPS_SECONDS = 5.0
"""So many taps within so long into the corner open the sign-in page."""
WARN_SECONDS = 30
"""The remaining time is shown when so much is left."""
LONGEST_PIN = 16
_BAD = ("none", "ok", "warning", "problem")


class TechnicianViewModel(ScreenViewModel):
    """What QML shows and what QML may ask; lives on Qt's thread, `show` may be called from any."""

    open_changed = Signal()
    page_changed = Signal()
    state_changed = Signal()
    pieces_changed = Signal()
    """The pieces were exchanged: they want to be laid out anew."""
    typed_changed = Signal()
    aim_changed = Signal()
    letters_changed = Signal()

    def __init__(
        self,
        actions: TechnicianActions,
        state: TechnicianState | None = None,
        *,
        assets: Path,
        languages: tuple[str, ...],
        sounds: Player,
        boot: Callable[[], float] = boot_time,
        wall: Callable[[], datetime] = china_now,
    ) -> None:
        self._state = state or TechnicianState()
        self._actions = actions
        self._typed = ""
        self._taps: deque[float] = deque(maxlen=TAPS)
        self._marks: dict[Page, str] = {}
        self._photos: dict[str, str] = {}
        self._letters = PART
        super().__init__(assets=assets, wording=Wording(assets, languages, WORDS), sounds=sounds, boot=boot, wall=wall)
        self._pieces = PieceModel(self)
        self._footer = PieceModel(self)
        self.look_changed.connect(self._reword)
        self._note_marks()
        self._reword()
        self._count_down()

    # --- from the core -------------------------------------------------------------------------------------------

    def _apply(self, state: object) -> None:
        if not isinstance(state, TechnicianState):
            raise TypeError(f"not a state of the technician's screens: {state!r}")
        before, self._state = self._state, state
        new_page = state.page is not before.page
        if new_page:
            self._forget_typed()
            self._photos = {}
        if state.page is Page.CLOSED:
            self._marks = {}
            self._default_look()
        self._note_marks()
        if _is_open(state) != _is_open(before):
            self.open_changed.emit()
        if new_page:
            self.page_changed.emit()
        self._reword()
        self.state_changed.emit()
        self.aim_changed.emit()
        self.countdown_changed.emit()
        self._count_down()
        # Last, when the page has been built: the finger cannot have meant what was not there yet.
        if new_page:
            self._guard()

    def _note_marks(self) -> None:
        """What the overview says of each page stands beside the page's name until the overview is seen again."""
        if self._state.page is not Page.OVERVIEW:
            return
        worst: dict[Page, str] = {}
        for block in self._state.blocks:
            rows: list[tuple[Page | None, str]] = []
            if isinstance(block, Problems):
                rows = [(row.page, row.severity) for row in block.rows]
            elif isinstance(block, Facts):
                rows = [(fact.page, fact.state) for fact in block.rows]
            for page, state in rows:
                if page is not None and _BAD.index(state) > _BAD.index(worst.get(page, "none")):
                    worst[page] = state
        self._marks = {page: state for page, state in worst.items() if state in {"warning", "problem"}}

    def _countdown(self) -> Countdown | None:
        leaves_at = self._state.leaves_at
        return None if leaves_at is None or not _is_open(self._state) else Countdown(leaves_at, WARN_SECONDS)

    # --- what QML shows ------------------------------------------------------------------------------------------

    @Property(bool, notify=open_changed)
    def open(self) -> bool:
        """Whether the technician's screens cover the terminal's own."""
        return _is_open(self._state)

    @Property(str, notify=page_changed)
    def page(self) -> str:
        """The name of the page to show."""
        return self._state.page.value

    @Property(QObject, constant=True)
    def pieces(self) -> PieceModel:
        """What the page is made of."""
        return self._pieces

    @Property(int, notify=letters_changed)
    def letters(self) -> int:
        """How long a text may be that stands on the screen in one piece; the screen knows."""
        return self._letters

    @letters.setter  # type: ignore[no-redef]
    def letters(self, letters: int) -> None:
        if letters != self._letters:
            self._letters = letters
            self.letters_changed.emit()
            self._reword()

    @Property(QObject, constant=True)
    def footer(self) -> PieceModel:
        """The buttons at the page's end."""
        return self._footer

    @Property(MAP, notify=state_changed)
    def confirm(self) -> Shown:
        """The question that stands above the page; empty where there is none."""
        return confirm(self._table, self._state)

    @Property(LIST, notify=state_changed)
    def menu(self) -> list[Shown]:
        """The pages there are, with what the overview said of them."""
        return [self._menu_entry(page) for page in self._state.menu]

    @Property(str, notify=state_changed)
    def operator(self) -> str:
        """Who is signed in; on the sign-in page who is chosen to."""
        return self._state.operator

    @Property(STRINGS, notify=state_changed)
    def technicians(self) -> list[str]:
        """Who can sign in."""
        return list(self._state.technicians)

    @Property(int, notify=state_changed)
    def wait_seconds(self) -> int:
        """So long no PIN is taken."""
        return self._state.wait_seconds

    @Property(bool, notify=state_changed)
    def busy(self) -> bool:
        """Whether something runs that takes its time."""
        return self._state.busy

    @Property(bool, notify=state_changed)
    def may_go_back(self) -> bool:
        """Whether there is a page before this one."""
        return self._state.may_go_back

    @Property(int, notify=typed_changed)
    def typed(self) -> int:
        """How many digits of a PIN were typed."""
        return len(self._typed)

    @Property(int, notify=aim_changed)
    def aim(self) -> int:
        """The target of the touch test to touch now; -1 where there is none."""
        found = targets(self._state)
        return found.next if found is not None and found.next < len(found.targets) else -1

    # --- what a touch does ---------------------------------------------------------------------------------------

    @Slot()
    def corner_touched(self) -> None:
        """A finger came down in the upper left corner of the citizens' screen; silent, as nothing has happened."""
        at = self._boot()
        self._taps.append(at)
        if len(self._taps) == TAPS and at - self._taps[0] <= TAPS_SECONDS:
            self._taps.clear()
            self._actions.opened(at)

    @Slot()
    def touched(self) -> None:
        """A finger came down somewhere, or a key: somebody is there."""
        self._actions.touched(self._boot())

    @Slot()
    def leave(self) -> None:
        """Sign out and close."""
        if self._touch() is not None:
            self._forget_typed()
            self._actions.leave()

    @Slot(str)
    def go(self, page: str) -> None:
        """A page of the menu, or a line that leads to one."""
        if self._touch() is not None:
            self._actions.go(Page(page))

    @Slot()
    def go_back(self) -> None:
        """Back to the page before."""
        if self._touch() is not None:
            self._guard()
            self._actions.go_back()

    @Slot(str, str)
    def act(self, action: str, value: str) -> None:
        """A button, row, person, option or answer."""
        if (at := self._touch()) is not None:
            self._guard()
            self._actions.act(action, value, at)

    @Slot(str)
    def type(self, digit: str) -> None:
        """A digit of the PIN, as fast as they come."""
        if self._touch() is not None and len(self._typed) < LONGEST_PIN and digit.isdigit() and digit.isascii():
            self._set_typed(self._typed + digit)

    @Slot()
    def erase(self) -> None:
        """Take the last digit away."""
        if self._touch() is not None:
            self._set_typed(self._typed[:-1])

    @Slot(str)
    def sign_in(self, name: str) -> None:
        """The PIN is complete."""
        if self._typed and not self._state.wait_seconds and (at := self._touch()) is not None:
            self._guard()
            pin = self._typed
            self._forget_typed()
            self._actions.sign_in(name, pin, at)

    @Slot(int, float)
    def target_touched(self, index: int, off_mm: float) -> None:
        """A target of the touch test was touched, so far from its middle."""
        if (at := self._touch()) is not None:
            self._guard()
            self._actions.target_touched(index, off_mm, at)

    # --- inside --------------------------------------------------------------------------------------------------

    def _menu_entry(self, page: Page) -> Shown:
        state, title = self._marks.get(page, "none"), self._table[f"menu.{page}"]
        return {
            "page": page.value,
            "title": title,
            "state": state,
            "name": title if state == "none" else f"{title}: {self._table[f'view.state.{state}']}",
            "current": page is _menu_page(self._state.page),
        }

    def _set_typed(self, typed: str) -> None:
        self._typed = typed
        self.typed_changed.emit()

    def _forget_typed(self) -> None:
        self._set_typed("")

    def _with_photo(self, piece: Piece) -> Piece:
        """A person's picture as a URL; none where it cannot be read. Each is looked at once while a page is open."""
        if piece.kind != "person":
            return piece
        file = str(piece.content["photo_file"])
        if file not in self._photos:
            readable = file and QImageReader(file).canRead()
            self._photos[file] = QUrl.fromLocalFile(file).toString() if readable else ""
        return replace(piece, content={**piece.content, "photo": self._photos[file]})

    def _reword(self) -> None:
        shown = tuple(map(self._with_photo, pieces(self._table, self._state, self._letters)))
        self._footer.show(footer(self._table, self._state))
        if self._pieces.show(shown):
            self.pieces_changed.emit()

    def _worded(self) -> tuple[SignalInstance, ...]:
        return (self.state_changed,)


def _is_open(state: TechnicianState) -> bool:
    return state.page is not Page.CLOSED


def _menu_page(page: Page) -> Page:
    """The page of the menu from which this one is reached."""
    return {Page.LEARN: Page.EVALUATOR, Page.TOUCH: Page.SOUND_SCREEN}.get(page, page)
