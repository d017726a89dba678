"""Rate by the code of R10: typed or scanned, refused kindly, then the five choices and the pages after the press."""

from dataclasses import asdict
from datetime import date

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.rating_code import CodeFault, RatingCode, check_code, scanned_code
from kiosk_app.domain.records import Json, Record
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.recording import Subject, rating_draft
from kiosk_app.kiosk.screen_state import Choices, Name, Page, Row, Say, say
from kiosk_app.kiosk.tasks.after_press import DetailsPage
from kiosk_app.kiosk.tasks.code_page import RatingCodePage
from kiosk_app.kiosk.tasks.message import MessagePage


def checked_code(counter: Counter, text: str) -> RatingCode | Say:
    """The code of this hall, or why it is none (R10)."""
    key = counter.setup.rating_key
    if key is None:
        return say("home.rate.off")
    match checked := check_code(scanned_code(text), key.hall_key, key.hall_id):
        case CodeFault.MISTYPED:
            return say("code.mistyped")
        case CodeFault.FORGED:
            return say("code.forged")
        case CodeFault.OTHER_HALL:
            return say("code.other_hall")
        case _:
            return say("code.future") if checked.day > counter.today() else checked


class RateCodePage(RatingCodePage):
    """The code of the visit to rate."""

    name = Page.RATE_CODE
    title = say("rate.code")

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter

    def judge(self, code: str) -> Move | Say:
        """The five choices, or why the code is refused."""
        checked = checked_code(self._counter, code)
        return checked if isinstance(checked, Say) else Forward(self._page(checked))

    def _page(self, code: RatingCode) -> KioskPage:
        counter = self._counter
        if (refused := too_old(counter, code, counter.today())) is not None:
            return refused
        if counter.read(lambda journal: journal.rating_by_code(code.text)) is not None:
            return already_rated(counter)
        return CodeChoicesPage(counter, code, counter.read(lambda journal: journal.ticket_by_code(code.text)))


def scan_to_rate(counter: Counter, text: str) -> Forward:
    """Where a rating code leads that was held before the scanner where nobody had asked for one."""
    entry = RateCodePage(counter)
    move = entry.scanned(text)
    return move if isinstance(move, Forward) else Forward(entry)


def refusal(counter: Counter, title: Say, line: Say) -> MessagePage:
    """A code that cannot be rated with; another one may be held before the scanner at once."""
    return MessagePage(title, line, scan=lambda text: scan_to_rate(counter, text))


def too_old(counter: Counter, code: RatingCode, day: date) -> MessagePage | None:
    """Why a code cannot be rated with on a day after its last one, with that last one; None until then (R10)."""
    last_day = counter.last_day_to_rate(code.day)
    if day <= last_day:
        return None
    return refusal(counter, say("rate.too_old"), say("rate.too_old.until", day=last_day))


def already_rated(counter: Counter) -> MessagePage:
    """One visit, one rating (R3)."""
    return refusal(counter, say("rate.already"), say("rate.already.once"))


class CodeChoicesPage(KioskPage):
    """The five levels for the visit that the code names; leaving says nothing about it, as there is no visit here."""

    name = Page.CHOICES

    def __init__(self, counter: Counter, code: RatingCode, ticket: Record | None) -> None:
        self._counter = counter
        self._code = code
        self._ticket = ticket
        self._shown = counter.clock.now()

    def content(self) -> Choices:
        """Hall, day and, as far as they are known here, window and items."""
        rows = [
            Row(say("rate.hall"), Name(self._counter.setup.hall)),
            Row(say("rate.day"), say("rate.day.value", day=self._code.day)),
        ]
        if (window := self._window()) is not None:
            rows.append(Row(say("rate.window"), say("rate.window.value", window=window)))
        rows.extend(Row(say("rate.item"), self._item_name(case)) for case in self._cases())
        return Choices(say("rate.title"), tuple(rows))

    def press(self, level: Level, at: Moment) -> Move:
        """One rating a code, whatever the screen shows (R3); the page may have been opened on its last day (R10)."""
        if at.boot_ms < self._shown.boot_ms:
            return Turn.STAY
        if (refused := too_old(self._counter, self._code, at.wall.astimezone(CHINA_TIME).date())) is not None:
            return Onward(refused)
        ticket_no = str(self._ticket.payload["ticket_no"]) if self._ticket is not None else None
        subject = Subject(None, self._cases(), self._code.text, ticket_no, self._window())
        closed = self._counter.hall.hours.is_open(at.wall) is False
        try:
            (rating,) = self._counter.recorder.append(
                rating_draft(subject, level, self._shown, at, outside_hours=closed)
            )
        except AlreadyRecordedError:
            return Onward(already_rated(self._counter))
        return Onward(DetailsPage(self._counter, rating))

    def decline(self, at: Moment) -> Move:  # noqa: ARG002 - nothing is recorded
        """There is no visit here, so nothing is missed."""
        return Turn.HOME

    def _window(self) -> str | None:
        return self._counter.hall.windows.get(self._code.short_id)

    def _cases(self) -> tuple[Json, ...]:
        if self._ticket is None:
            return ()
        return tuple(self._case(str(code)) for code in self._ticket.payload["items"])

    def _case(self, item_code: str) -> Json:
        item = self._counter.hall.item(item_code)
        empty = dict.fromkeys(("case_no", "item_name", "department", "stage", "assess_number"))
        return asdict(item.case) if item is not None else {**empty, "item_code": item_code}

    def _item_name(self, case: Json) -> Name:
        item = self._counter.hall.item(case["item_code"])
        return item.name if item is not None else Name(case["item_code"])
