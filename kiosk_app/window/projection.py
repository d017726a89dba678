"""From the core to the screen: what is shown is computed from what is known, never remembered beside it."""

from dataclasses import replace
from datetime import datetime

from kiosk_app.domain.visits import WindowName
from kiosk_app.domain.window import WindowState
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.window.pages import Pages
from kiosk_app.window.screen_state import Page, ScreenState, WindowSign


def screen_state(
    state: WindowState, pages: Pages, sign: WindowSign, *, recording: bool, evaluator: bool, now_ms: int
) -> ScreenState:
    """What the window's screen shows at this moment."""
    page = pages.visible(state.name, now_ms) if recording else Page.CANNOT_RECORD
    visit, detail, pause = state.visit, pages.top, state.pause
    shown = ScreenState(page=page, sign=sign, ticket_no=(visit.ticket_no or "") if visit else "", evaluator=evaluator)
    if page is Page.CHOICES and visit and visit.invited and visit.deadline:
        return replace(shown, countdown=_countdown(visit.invited.boot_ms, visit.deadline.boot_ms))
    if page is Page.DETAILS and detail:
        return replace(
            shown,
            countdown=_countdown(detail.opened_ms, detail.closes_ms),
            rating_id=detail.rating_id,
            options=detail.options,
            next_invited=state.name is WindowName.INVITING,
        )
    if page is Page.AWAY and pause:
        back_at = datetime.fromisoformat(pause.back_at) if pause.back_at else None
        return replace(shown, away_reason=pause.reason, back_at=back_at)
    return shown


def _countdown(begin_ms: int, end_ms: int) -> Countdown:
    return Countdown(ends_at=end_ms / 1000, seconds=(end_ms - begin_ms) / 1000)
