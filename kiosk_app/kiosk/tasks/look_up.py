"""Look up: an item's guide with everything of R21, and by code what has become of a rating (R10, R27)."""

from device_drivers.printer.slip import Slip
from kiosk_app.domain.rating_code import RatingCode
from kiosk_app.journal.delivery import State
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Turn
from kiosk_app.kiosk.paper import MOST_COPIES, Paper
from kiosk_app.kiosk.screen_state import Entry, Guide, Menu, Name, Page, Printing, Row, Say, Words, say
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.code_page import RatingCodePage
from kiosk_app.kiosk.tasks.items import Choosing, DepartmentsPage
from kiosk_app.kiosk.tasks.rate import checked_code
from kiosk_app.terminal.slip_values import GuideValues, Named
from kiosk_app.terminal.slips import guide_slip


class LookUpMenuPage(KioskPage):
    """An item's guide, or my rating."""

    name = Page.LOOK_UP_MENU

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def content(self) -> Menu:
        """The two choices."""
        can_check = self._counter.setup.rating_key is not None
        detail = say("look_up.my_rating.detail") if can_check else say("look_up.my_rating.off")
        return Menu(
            say("look_up.menu"),
            (
                Entry("guide", say("look_up.guide"), say("look_up.guide.detail"), "guide"),
                Entry("my_rating", say("look_up.my_rating"), detail, "my_rating", enabled=can_check),
            ),
        )

    def _choose(self, entry_id: str) -> Move:
        match entry_id:
            case "guide":
                return Forward(DepartmentsPage(self._counter, Choosing(self._chosen)))
            case "my_rating" if self._counter.setup.rating_key is not None:
                return Forward(LookUpCodePage(self._counter))
            case _:
                return Turn.STAY

    def _chosen(self, item: Item) -> Move:
        return Forward(GuidePage(self._counter, item))


class GuidePage(KioskPage):
    """Everything to know about an item (九公开), printable as a 一次性告知单."""

    name = Page.GUIDE

    def __init__(self, counter: Counter, item: Item) -> None:
        self._counter = counter
        self._item = item
        self._paper = Paper(counter, self._slip, None)

    def content(self) -> Guide:
        """The guide, and what became of its paper."""
        return Guide(
            self._item.name,
            guide_rows(self._item),
            printing=self._paper.printing,
            printing_line=self._line(),
            may_print=self._may_print(),
        )

    def _other(self, action: Action) -> Move:
        if action is Action.PRINT and self._may_print():
            self._paper.print()
        return Turn.STAY

    def _may_print(self) -> bool:
        paper = self._paper
        return self._counter.can_print() and paper.printing is not Printing.PRINTING and paper.copies < MOST_COPIES

    def _line(self) -> Say | None:
        if self._paper.printing is Printing.NONE:
            return None
        return say("printing.guide.failed") if self._paper.printing is Printing.FAILED else self._paper.line()

    def _slip(self, copy: int) -> Slip:  # noqa: ARG002 - a guide has no original: every one is as good
        item, setup = self._item, self._counter.setup
        values = GuideValues(
            hall=setup.hall,
            item=Named(item.name.zh, item.name.en),
            printed_on=self._counter.today(),
            department=item.department,
            basis=item.text_of("basis"),
            conditions=item.text_of("conditions"),
            materials=item.list_of("materials"),
            steps=item.list_of("steps"),
            legal_days=item.days_of("legal_days"),
            promised_days=item.days_of("promised_days"),
            fee=item.text_of("fee"),
            fee_basis=item.text_of("fee_basis"),
            phone=item.text_of("phone"),
        )
        return guide_slip(setup.wording, self._counter.citizen.language, values)


def guide_rows(item: Item) -> tuple[Row, ...]:
    """What the hall tells of an item, in the order in which people ask; what it does not tell is left out."""
    rows: tuple[tuple[Say, Words | None], ...] = (
        (say("guide.materials"), _numbered(item.list_of("materials"))),
        (say("guide.steps"), _numbered(item.list_of("steps"))),
        (say("guide.conditions"), _text(item.text_of("conditions"))),
        (say("guide.promised_days"), _days(item.days_of("promised_days"))),
        (say("guide.legal_days"), _days(item.days_of("legal_days"))),
        (say("guide.fee"), _fee(item)),
        (say("guide.fee_basis"), _text(item.text_of("fee_basis"))),
        (say("guide.basis"), _text(item.text_of("basis"))),
        (say("guide.department"), _text(item.department)),
        (say("guide.phone"), _text(item.text_of("phone"))),
    )
    return tuple(Row(label, value) for label, value in rows if value is not None)


def _text(text: str) -> Name | None:
    return Name(text) if text else None


def _numbered(lines: tuple[str, ...]) -> Name | None:
    if len(lines) == 1:
        return Name(lines[0])
    return _text("\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1)))


def _days(days: int | None) -> Say | None:
    if days is None:
        return None
    return say("guide.days", days=days) if days else say("guide.at_once")


def _fee(item: Item) -> Words | None:
    if "fee" not in item.told:
        return None
    return _text(item.text_of("fee")) or say("guide.free")


class LookUpCodePage(RatingCodePage):
    """The code of the rating to look up."""

    name = Page.LOOK_UP_CODE
    title = say("look_up.code")

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter

    def judge(self, code: str) -> Move | Say:
        """What has become of the rating, or why the code is none."""
        checked = checked_code(self._counter, code)
        return checked if isinstance(checked, Say) else Forward(MyRatingPage(self._counter, checked))


class MyRatingPage(KioskPage):
    """What has become of a rating, and the hall's answer; never the level: others may be reading."""

    name = Page.MY_RATING

    def __init__(self, counter: Counter, code: RatingCode) -> None:
        self._counter = counter
        self._code = code

    def content(self) -> Guide:
        """Its state and the answer. Raises `JournalUnavailableError`."""
        hall = self._counter.hall
        rows = [Row(say("rate.day"), say("rate.day.value", day=self._code.day))]
        if (window := hall.windows.get(self._code.short_id)) is not None:
            rows.append(Row(say("rate.window"), say("rate.window.value", window=window)))
        rows.append(Row(say("my_rating.state"), self._state()))
        feedback = hall.feedback.get(self._code.text)
        if feedback is not None and feedback.state:
            rows.append(Row(say("my_rating.answer_state"), Name(feedback.state)))
        if feedback is not None and feedback.text:
            rows.append(Row(say("my_rating.answer"), Name(feedback.text)))
        return Guide(say("my_rating.title"), tuple(rows))

    def _state(self) -> Say:
        rating = self._counter.read(lambda journal: journal.rating_by_code(self._code.text))
        if rating is None:
            last_day = self._counter.last_day_to_rate(self._code.day)
            if self._counter.today() > last_day:
                return say("my_rating.closed", day=last_day)
            return say("my_rating.open", day=last_day)
        match self._counter.delivery_state(rating):
            case State.CONFIRMED:
                return say("my_rating.confirmed")
            case State.SUPERSEDED:
                return say("my_rating.superseded")
            case State.REFUSED:
                return say("my_rating.refused")
            case _:
                return say("my_rating.waiting")
