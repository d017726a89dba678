"""The technician's screens without a screen: who is signed in, what is shown, and what each touch does.

On a thread of its own, with a hold on the journal of its own, so that nothing a technician does holds up a citizen. A
citizen goes before a technician: while one is asked to rate nothing opens, and what is open is put out (R6).
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.technician_screen.desk import Desk
from kiosk_app.technician_screen.door import Door
from kiosk_app.technician_screen.means import Means
from kiosk_app.technician_screen.menu import make_page, menu_of
from kiosk_app.technician_screen.pages.page import TechnicianPage
from kiosk_app.technician_screen.pages.sign_in import SCREENS, SIGN_IN, SignInPage
from kiosk_app.technician_screen.session import Session
from kiosk_app.technician_screen.state import Page, TechnicianState
from kiosk_app.terminal.mailbox import Mailbox
from kiosk_app.terminal.recorder import Recorder

LEAVE = "leave"
CLOSE_SECONDS = 4.0
"""For leaving and giving back; a disk that hangs is not waited for."""
STOP_SECONDS = 0.5
"""For the records of what was given back last."""
TICK_MS = 1_000

_log = structlog.get_logger()


def _nowhere(_: TechnicianState) -> None:
    """Where states are shown while there is no screen."""


class TechnicianStation:
    """The technician's side of one terminal; its public methods may be called from any thread and never wait."""

    def __init__(self, means: Means, clock: Clock, recorder: Recorder, door: Door | None = None) -> None:
        self._clock = clock
        self._mailbox = Mailbox("technician", self._on_time)
        self._desk = Desk(means, clock, recorder, self._mailbox.post)
        self._desk.pages = menu_of(means)
        self._desk.still_there = self._still_there
        self._door = door or Door(means.directory, clock)
        self._session = Session()
        self._citizen_is_asked = means.citizen_is_asked
        self._refresh_at_ms: int | None = None
        self._show: Callable[[TechnicianState], None] = _nowhere
        self._shown: TechnicianState | None = None

    # -- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; returns at once."""
        self._mailbox.start()

    def close(self) -> None:
        """Leave, give everything back that was borrowed, record how it ended, and stop."""
        end = time.monotonic() + CLOSE_SECONDS
        has_left = threading.Event()
        self._mailbox.post(lambda: self._leave("the app ends"))
        self._mailbox.post(has_left.set)
        has_left.wait(CLOSE_SECONDS)
        self._desk.jobs.close(end - time.monotonic())
        self._mailbox.post(self._desk.recorder.close)
        self._mailbox.close(max(STOP_SECONDS, end - time.monotonic()))

    def attach_screen(self, show: Callable[[TechnicianState], None], screen_facts: Mapping[str, str]) -> None:
        """Show every state from now on, the present one first; called on this station's thread.

        `screen_facts` are what the screen tells of itself: size, pixels, density, touch_devices, platform.
        """

        def attach() -> None:
            self._show, self._shown = show, None
            self._desk.screen_facts = dict(screen_facts)

        self._mailbox.post(attach)

    def detach_screen(self) -> None:
        """Show nothing any more; who was signed in is not any more either."""

        def detach() -> None:
            self._leave("the screen is gone")
            self._show, self._desk.screen_facts = _nowhere, None

        self._mailbox.post(detach)

    def put_out(self, reason: str) -> None:
        """A citizen needs the screen: close at once, and give back whatever is borrowed."""
        self._mailbox.post(lambda: self._leave(f"put out: {reason}"))

    def open_as(self, operator: str, page: Page) -> None:
        """Show one page to whom the command line has let in, and no other; back leads out again."""
        self._mailbox.post(lambda: self._open_as(operator, page))

    # -- the technician's door ----------------------------------------------------------------------------------------

    def opened(self, at: float) -> None:
        """The hidden gesture was made: ask for a PIN."""
        self._mailbox.post(lambda: self._opened(round(at * 1000)))

    def leave(self) -> None:
        """Sign out and close; whatever runs is stopped, and what was lent is given back."""
        self._mailbox.post(lambda: self._leave("left"))

    def sign_in(self, name: str, pin: str, at: float) -> None:
        """A PIN was typed."""
        self._touch(at, lambda page: page.sign_in(name, pin) if isinstance(page, SignInPage) else None)

    def go(self, page: Page) -> None:
        """A page of the menu was touched, or a line that leads to one."""
        self._touch(None, lambda _: self._go(page) if page in self._desk.pages else None)

    def go_back(self) -> None:
        """Back to the page before."""
        self._touch(None, lambda _: self._go_back())

    def act(self, action: str, value: str, at: float) -> None:
        """A button, row, person, option or answer was touched."""
        self._touch(at, lambda page: self._lead(page.act(action, value)))

    def touched(self, at: float) -> None:
        """Somebody is still there, whatever was touched."""
        self._touch(at, lambda _: None)

    def target_touched(self, index: int, off_mm: float, at: float) -> None:
        """A target of the touch test was touched, so far from its middle."""
        self._touch(at, lambda page: self._lead(page.target_touched(index, off_mm)))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _touch(self, at: float | None, react: Callable[[TechnicianPage], object]) -> None:
        def handle() -> None:
            now = self._clock.now()
            at_ms = now.boot_ms if at is None else round(at * 1000)
            if self._session.came_too_late(at_ms):
                self._leave("idle")
                return
            page = self._session.top
            if page is not None:
                self._session.touched(at_ms, now)
                react(page)

        self._mailbox.post(handle)

    def _still_there(self) -> None:
        now = self._clock.now()
        self._session.touched(now.boot_ms, now)

    def _opened(self, at_ms: int) -> None:
        if self._session.top is not None or self._citizen_is_asked():
            return
        _log.info("technician's screens opened", at_ms=at_ms)
        page = SignInPage(self._desk, self._door)
        self._session.begin(page, self._clock.now())
        self._shown_now(page)

    def _open_as(self, operator: str, page: Page) -> None:
        if self._citizen_is_asked() or page not in (*self._desk.pages, Page.TOUCH):
            return
        self._leave("another page was opened by the command line")
        opened = make_page(page, self._desk)
        self._session.begin(opened, self._clock.now())
        self._session.signed_in = self._session.is_guest = True
        self._desk.operator = operator
        self._shown_now(opened)

    def _admit(self, name: str) -> None:
        """The PIN was right."""
        page = make_page(Page.OVERVIEW, self._desk)
        self._left_page()
        self._session.begin(page, self._clock.now())
        self._session.signed_in = True
        self._desk.operator = name
        self._desk.note(SIGN_IN, SCREENS, "done")
        self._shown_now(page)

    def _lead(self, page: Page | None) -> None:
        if page is not None:
            self._go(page, deeper=True)

    def _go(self, page: Page, *, deeper: bool = False) -> None:
        """Open a page; those of the menu stand beside each other, others are deeper than the one that leads there."""
        top = self._session.top
        if not self._session.signed_in or self._session.is_guest or top is None or top.name is page:
            return
        self._left_page()
        opened = make_page(page, self._desk)
        self._session.pages = [*self._session.pages, opened] if deeper else [opened]
        self._shown_now(opened)

    def _go_back(self) -> None:
        if self._session.is_guest:
            self._leave("left")
        elif self._session.signed_in and len(self._session.pages) > 1:
            self._left_page()
            self._session.pages.pop()
            self._shown_now(self._session.pages[-1])

    def _shown_now(self, page: TechnicianPage) -> None:
        self._desk.visit += 1
        self._desk.busy_with.clear()
        self._desk.message = None
        page.opened()
        self._plan_refresh(page)

    def _left_page(self) -> None:
        if self._session.top is not None:
            self._session.top.left()

    def _leave(self, why: str) -> None:
        """Sign out; also what nobody would do by themselves any more."""
        if self._session.top is None:
            return
        try:
            self._left_page()
            if self._session.signed_in:
                self._desk.note(LEAVE, SCREENS, why)
            _log.info("technician's screens left", why=why)
        finally:  # whatever fails, nobody stays signed in and no citizen stays covered
            self._session.end()
            self._desk.operator, self._desk.message, self._desk.touch_result = "", None, None
            self._desk.visit += 1
            self._desk.busy_with.clear()
            self._refresh_at_ms = None

    # -- time ---------------------------------------------------------------------------------------------------------

    def _on_time(self) -> float | None:
        now_ms = self._clock.now().boot_ms
        page = self._session.top
        if isinstance(page, SignInPage) and page.admitted is not None:
            self._admit(page.admitted)
        if self._session.came_too_late(now_ms):
            self._leave("idle")
        if self._desk.owes and now_ms >= (self._desk.recorder.retry_ms or 0):
            self._desk.pay()
        if self._refresh_at_ms is not None and now_ms >= self._refresh_at_ms and self._session.top is not None:
            self._session.top.refresh()
            self._plan_refresh(self._session.top)
        self._project()
        return self._wait()

    def _plan_refresh(self, page: TechnicianPage) -> None:
        self._refresh_at_ms = None if page.refresh_ms is None else self._clock.now().boot_ms + page.refresh_ms

    def _wait(self) -> float | None:
        page = self._session.top
        ticks = isinstance(page, SignInPage) and page.wait_seconds > 0
        now_ms = self._clock.now().boot_ms
        due = (
            self._session.ends_ms,
            self._refresh_at_ms,
            now_ms + TICK_MS if ticks else None,
            self._desk.recorder.retry_ms if self._desk.owes else None,
        )
        times = [time for time in due if time is not None]
        return max(0.0, (min(times) - now_ms) / 1000) if times else None

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _project(self) -> None:
        state = self._state()
        if state != self._shown:
            self._shown = state
            self._show(state)

    def _state(self) -> TechnicianState:
        page, desk, ends_ms = self._session.top, self._desk, self._session.ends_ms
        if page is None:
            return TechnicianState()
        blocks = page.blocks()
        state = TechnicianState(
            page=page.name,
            blocks=blocks,
            operator=desk.operator,
            busy=bool(desk.busy_with),
            message=desk.message,
            may_go_back=len(self._session.pages) > 1 or self._session.is_guest,
            leaves_at=ends_ms / 1000 if ends_ms is not None else None,
            cannot_record=desk.recorder.fault or "",
        )
        if isinstance(page, SignInPage):
            return replace(state, technicians=page.names, operator=page.chosen, wait_seconds=page.wait_seconds)
        return state if self._session.is_guest else replace(state, menu=desk.pages)
