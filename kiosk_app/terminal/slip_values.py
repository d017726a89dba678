"""What stands on each slip, as values; no slip carries personal data (R24)."""

from dataclasses import dataclass
from datetime import date, datetime

from device_drivers.printer.conditions import Condition


@dataclass(frozen=True)
class Named:
    """A name of the hall's data: in Chinese and, where it has one, in English."""

    chinese: str
    english: str = ""


@dataclass(frozen=True)
class RateLater:
    """How to rate afterwards with a code (R10)."""

    code: str
    """In groups of four with dashes."""
    qr: str
    """What the QR code holds: `domain.rating_code.qr_text`."""
    until: date
    """The last day; it can be used until 24:00."""

    @property
    def by_phone(self) -> bool:
        """Whether a phone that scans the QR code reaches a page."""
        return "://" in self.qr


@dataclass(frozen=True)
class NumberValues:
    """A queue number (R22)."""

    hall: str
    ticket_no: str
    items: tuple[Named, ...]
    department: str
    issued_at: datetime
    waiting: int | None = None
    """How many wait before; None where nobody knows."""
    rate: RateLater | None = None


@dataclass(frozen=True)
class BookingValues:
    """A booking (R23)."""

    hall: str
    code: str
    item: Named
    starts: datetime
    ends: datetime
    cancel_until: datetime
    check_in_from: datetime
    check_in_until: datetime
    department: str = ""
    materials: tuple[str, ...] = ()


@dataclass(frozen=True)
class RatingValues:
    """A visit at a window that was not rated there (R10, R20)."""

    hall: str
    window: str
    """Its number; empty where it is not known."""
    served_at: date
    """The day; a `datetime` is told with its time."""
    rate: RateLater


@dataclass(frozen=True)
class GuideValues:
    """Everything to know about an item (R21)."""

    hall: str
    item: Named
    printed_on: date
    department: str = ""
    basis: str = ""
    conditions: str = ""
    materials: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    legal_days: int | None = None
    promised_days: int | None = None
    fee: str = ""
    """Empty: nothing is to be paid."""
    fee_basis: str = ""
    phone: str = ""


@dataclass(frozen=True)
class TrialValues:
    """A printer that is tried out."""

    hall: str
    condition: Condition
    width_mm: int
    """58 or 80."""
    qr: str
    printed_at: datetime
