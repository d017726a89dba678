"""What the window's screen shows at one moment: a value, made by the core, drawn by the screens."""

from dataclasses import dataclass
from datetime import datetime
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
    """After 不评价."""
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
    away_reason: str = ""
    back_at: datetime | None = None
