"""From the core to the screen: what is shown is computed from what is known, never remembered beside it."""

from dataclasses import replace
from datetime import datetime

from kiosk_app.domain.rating_code import qr_text
from kiosk_app.domain.visits import WindowName
from kiosk_app.domain.window import WindowState
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.window.pages import MAY_BE_PRINTED, LaterPage, Pages
from kiosk_app.window.screen_state import Page, Printing, RateLater, ScreenState, WindowSign


def screen_state(
    state: WindowState,
    pages: Pages,
    sign: WindowSign,
    *,
    recording: bool,
    evaluator: bool,
    now_ms: int,
    public_url: str = "",
    can_print: bool | None = None,
) -> ScreenState:
    """What the window's screen shows at this moment; `can_print` is None where there is no printer."""
    page = pages.visible(state.name, now_ms) if recording else Page.CANNOT_RECORD
    visit, detail, later, pause = state.visit, pages.top, pages.later, state.pause
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
    if page is Page.LATER and later:
        countdown = _countdown(later.opened_ms, later.closes_ms)
        return replace(shown, countdown=countdown, later=_rate_later(later, public_url, can_print))
    if page is Page.AWAY and pause:
        back_at = datetime.fromisoformat(pause.back_at) if pause.back_at else None
        return replace(shown, away_reason=pause.reason, back_at=back_at)
    return shown


def _rate_later(page: LaterPage, public_url: str, can_print: bool | None) -> RateLater:
    return RateLater(
        missed_id=page.missed_id,
        code=page.code,
        link=qr_text(public_url, page.code),
        last_day=page.last_day,
        declined=page.declined,
        kept=page.kept,
        printing=_printing(page, can_print),
        may_print=bool(can_print) and page.printing in MAY_BE_PRINTED,
    )


def _printing(page: LaterPage, can_print: bool | None) -> Printing:
    if can_print is None:
        return Printing.NO_PRINTER
    return Printing.CANNOT if page.printing is Printing.READY and not can_print else page.printing


def _countdown(begin_ms: int, end_ms: int) -> Countdown:
    return Countdown(ends_at=end_ms / 1000, seconds=(end_ms - begin_ms) / 1000)
