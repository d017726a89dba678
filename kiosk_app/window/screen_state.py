"""What the window's screen shows at one moment: a value, made by the core, drawn by the screens."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk_app.domain.catalogue import Option
from kiosk_app.terminal.countdown import Countdown


class Page(StrEnum):
    """The pages of the window profile; the page after the press and the thanks are pages, not states of the visit."""

    SIGN = "sign"
    """Idle: the window's sign (R18)."""
    SERVING = "serving"
    CHOICES = "choices"
    """The invitation: five choices and 不评价 (R6)."""
    DETAILS = "details"
    """After the press: the same neutral page for every level (R7)."""
    THANKS = "thanks"
    NOT_NOW = "not_now"
    """After 不评价, where no code can be offered."""
    LATER = "later"
    """The visit ended without a rating: its code, to rate with until a day (R10, R20)."""
    AWAY = "away"
    """The window is paused (R19)."""
    CANNOT_RECORD = "cannot_record"
    """Disk full or journal broken: never a false thanks."""


@dataclass(frozen=True)
class StaffCard:
    """Who serves here (R18)."""

    name: str
    name_en: str = ""
    title: str = ""
    badge_no: str = ""
    stars: int | None = None
    """0 to 5; None where the hall gives none."""
    honours: tuple[str, ...] = ()
    photo_file: str = ""
    """Absolute path of a PNG or JPEG; empty: a silhouette is drawn."""


@dataclass(frozen=True)
class Service:
    """One line of the sign: what can be done here (R18)."""

    name: str
    name_en: str = ""
    fee: str = ""
    """As the platform words it; empty: free of charge."""
    promised_days: int | None = None
    """Working days; 0: at once; None: not told."""
    phone: str = ""


@dataclass(frozen=True)
class Notice:
    """A notice of the hall."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class WindowSign:
    """The left side of every page and the idle page (R18)."""

    hall: str
    number: str
    department: str = ""
    staff: StaffCard | None = None
    services: tuple[Service, ...] = ()
    notices: tuple[Notice, ...] = ()


class Printing(StrEnum):
    """The slip with the rating code: whether it can be had, and what became of it."""

    NO_PRINTER = "no_printer"
    READY = "ready"
    """It is printed if the citizen asks for it."""
    CANNOT = "cannot"
    """The printer is there and cannot print: no paper, or another fault."""
    PRINTING = "printing"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"
    """The printer does not say whether paper came out."""
    FAILED = "failed"


@dataclass(frozen=True)
class RateLater:
    """How the citizen can still rate (R10)."""

    missed_id: str
    """Whose page it is; opaque."""
    code: str
    """Four groups of four, with dashes."""
    link: str
    """What the QR code holds."""
    last_day: date
    """The last day on which the code is taken."""
    declined: bool = False
    """Whether the citizen chose 不评价."""
    kept: bool = False
    """Whether a touch has made the page stay longer; it does so once."""
    printing: Printing = Printing.NO_PRINTER
    may_print: bool = False
    """Whether a slip can be asked for now."""


@dataclass(frozen=True)
class ScreenState:
    """All that is on the screen; two equal values look the same."""

    page: Page
    sign: WindowSign
    ticket_no: str = ""
    """On `SERVING` and `CHOICES`: the queue number being served, where there is one."""
    evaluator: bool = False
    """Whether the keys of the evaluator can be pressed as well."""
    countdown: Countdown | None = None
    rating_id: str = ""
    """On `DETAILS`: whose page it is; opaque."""
    options: tuple[Option, ...] = ()
    next_invited: bool = False
    """On `DETAILS`: the next citizen is invited; a button leads to the choices (R7)."""
    later: RateLater | None = None
    """On `LATER`."""
    away_reason: str = ""
    back_at: datetime | None = None
