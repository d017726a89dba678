"""What the kiosk's screen shows at one moment: a value, made by the core, drawn by the screens.

A page is a name and a content. Contents are few: many pages are the same form with other words. Words are keys of the
translations with their values, never sentences, because the citizen may switch the language on any page.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kiosk_app.domain.catalogue import Option
from kiosk_app.terminal.countdown import Countdown


class Page(StrEnum):
    """The pages of the kiosk profile (R21)."""

    HOME = "home"
    DEPARTMENTS = "departments"
    ITEMS = "items"
    SEARCH = "search"
    NUMBER = "number"
    """What the number is for, and how many wait; take it."""
    NUMBER_TAKEN = "number_taken"
    """The number, large; also after a check-in."""
    BOOKING_MENU = "booking_menu"
    """Book, or cancel a booking."""
    DAYS = "days"
    TIMES = "times"
    BOOKING_PHONE = "booking_phone"
    BOOKING = "booking"
    """Everything once more, then book."""
    BOOKED = "booked"
    BOOK_BY_PHONE = "book_by_phone"
    """The item needs a name: it is booked on a phone, by its QR code."""
    CANCEL_CODE = "cancel_code"
    CANCEL = "cancel"
    """The booking that would be cancelled."""
    CHECK_IN_CODE = "check_in_code"
    RATE_CODE = "rate_code"
    CHOICES = "choices"
    """The five levels and 不评价."""
    DETAILS = "details"
    """After the press: the same neutral page for every level (R7)."""
    QUESTIONS = "questions"
    """The questionnaire (R9)."""
    CONTACT_PHONE = "contact_phone"
    """A number for a call-back (R11)."""
    THANKS = "thanks"
    LOOK_UP_MENU = "look_up_menu"
    """An item's guide, or my rating."""
    GUIDE = "guide"
    LOOK_UP_CODE = "look_up_code"
    MY_RATING = "my_rating"
    MESSAGE = "message"
    """One thing said: a refusal and what to do, or that something was done."""
    CANNOT_RECORD = "cannot_record"


@dataclass(frozen=True)
class Name:
    """A name that the hall's data gives, in Chinese and, where it has one, in English."""

    zh: str
    en: str = ""


Value = str | int | date | datetime | Name
"""What stands in a sentence. A `date` is told as a day, a `datetime` as day and time."""


@dataclass(frozen=True)
class Say:
    """A sentence: a key of the translations, and the values of its `{placeholders}`."""

    key: str
    values: tuple[tuple[str, Value], ...] = ()


def say(key: str, **values: Value) -> Say:
    """A sentence with these values."""
    return Say(key, tuple(values.items()))


Words = Say | Name


@dataclass(frozen=True)
class Entry:
    """Something to choose."""

    id: str
    title: Words
    detail: Words | None = None
    icon: str = ""
    """Name of a drawing in assets/icons; empty for none."""
    enabled: bool = True
    """A choice that cannot be made now stays in its place, and `detail` says why."""


@dataclass(frozen=True)
class Menu:
    """A few large choices: home, and the menus of booking and look-up."""

    title: Say
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Listing:
    """Any number of choices, in pages: departments, items, days, times."""

    title: Words
    entries: tuple[Entry, ...]
    empty: Say
    """What is said where there is nothing to choose."""
    searchable: bool = False


@dataclass(frozen=True)
class Search:
    """Items by pinyin initials, full pinyin or characters (a physical keyboard), typed on letters on the screen."""

    title: Say
    typed: str
    entries: tuple[Entry, ...]
    """What fits; empty while nothing is typed."""


@dataclass(frozen=True)
class CodeEntry:
    """A code, typed on the screen or scanned."""

    title: Say
    help: Say
    typed: str
    """In groups of four with dashes, as on the slip."""
    complete: bool
    fault: Say | None = None
    """Why the last one was refused, and what to do."""


@dataclass(frozen=True)
class PhoneEntry:
    """A telephone number on a keypad of its own; shown as it is typed, and nowhere afterwards."""

    title: Say
    help: Say
    typed: str
    complete: bool
    skippable: bool = False


@dataclass(frozen=True)
class Row:
    """A label and what it says."""

    label: Say
    value: Words


@dataclass(frozen=True)
class Check:
    """What is about to happen, and one button that makes it happen."""

    title: Words
    rows: tuple[Row, ...]
    confirm: Say
    note: Say | None = None


class Printing(StrEnum):
    """What became of the paper."""

    NONE = "none"
    """There is no printer, or nothing is to be printed."""
    PRINTING = "printing"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    """The printer does not say whether it was printed."""
    FAILED = "failed"


@dataclass(frozen=True)
class Result:
    """Something was done, and what to keep: a number or code, large; its QR code; the paper."""

    title: Say
    label: Say
    big: str
    rows: tuple[Row, ...]
    lines: tuple[Say, ...] = ()
    qr: str = ""
    """What the QR code holds; empty for none."""
    printing: Printing = Printing.NONE
    printing_line: Say | None = None
    """What to do about the paper: take it; or photograph the screen."""
    may_print: bool = False
    """Whether another copy (补打) can be asked for."""


@dataclass(frozen=True)
class ShowQr:
    """A QR code to go on with on a phone."""

    title: Say
    lines: tuple[Words, ...]
    qr: str


@dataclass(frozen=True)
class Choices:
    """The five levels: for what this rating is (R4)."""

    title: Say
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Details:
    """The page after the press; it names no level (R7)."""

    options: tuple[Option, ...]
    offers_contact: bool
    """Whether a telephone number for a call-back may be left; the same for every level (R7, R11)."""
    contact_left: bool = False
    chosen: tuple[str, ...] = ()
    """Codes of the options ticked so far, for a page that is shown again."""


@dataclass(frozen=True)
class Answer:
    """One answer that can be given."""

    code: str
    text: Name


@dataclass(frozen=True)
class Question:
    """One question of the questionnaire (R9)."""

    code: str
    text: Name
    answers: tuple[Answer, ...]
    given: str = ""
    """Code of the answer ticked; empty while none is."""


@dataclass(frozen=True)
class Questions:
    """The questionnaire; every answer is voluntary (R9)."""

    title: Say
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Guide:
    """An item's guide (R21), printable as a 一次性告知单."""

    title: Words
    rows: tuple[Row, ...]
    printing: Printing = Printing.NONE
    printing_line: Say | None = None
    may_print: bool = False


@dataclass(frozen=True)
class Message:
    """One thing, and what to do."""

    title: Say
    lines: tuple[Say, ...] = ()
    symbol: str = "notice"
    """Name of a drawing in assets/icons."""


Content = (
    Menu | Listing | Search | CodeEntry | PhoneEntry | Check | Result | ShowQr | Choices | Details | Questions | Guide
    | Message
)  # fmt: skip


@dataclass(frozen=True)
class ScreenState:
    """All that is on the screen; two equal values look the same."""

    page: Page
    content: Content
    hall: str
    can_go_back: bool = False
    done: bool = False
    """Whether the task is finished and a button leads on (to its rating, or home) instead of back."""
    notices: tuple[Say, ...] = field(default=())
    """What the citizen should know before beginning, such as that the paper is used up."""
    idle: Countdown | None = None
    """Nobody has touched for long: the screen is left when this ends (R24)."""
    countdown: Countdown | None = None
    """How long the five choices stay."""
    citizen: int = 0
    """Changes whenever someone else may be standing there: language and type go back to the default (R24)."""
