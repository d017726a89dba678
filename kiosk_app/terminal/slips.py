"""The slips that citizens take away: values in, a `Slip` out; no printer, no journal.

Made for old eyes: the number at size 4, what one acts on at size 2 or more, and the rest at size 1. Every line is one
that fits, or breaks well, on 58 mm (32 columns) as on 80 mm (48). The language is the citizen's; names of the hall's
data keep their Chinese, because the hall's signs and staff use it.
"""

from device_drivers.printer.paper import PAPERS
from device_drivers.printer.slip import Columns, Element, Gap, Line, QrCode, Rule, Slip
from kiosk_app.terminal import slip_parts as part
from kiosk_app.terminal.slip_values import (
    BookingValues,
    GuideValues,
    Named,
    NumberValues,
    RateLater,
    RatingValues,
    TrialValues,
)
from kiosk_app.terminal.wording import Wording, promise_text

__all__ = [
    "BookingValues",
    "GuideValues",
    "Named",
    "NumberValues",
    "RateLater",
    "RatingValues",
    "TrialValues",
    "booking_slip",
    "guide_slip",
    "number_slip",
    "rating_slip",
    "test_slip",
]

RULER = "1234567890"


def number_slip(wording: Wording, language: str, values: NumberValues, *, copy: int = 1) -> Slip:
    """The queue number, what it is for, and how to rate afterwards (R21, R22)."""
    table = wording.table(language)
    elements: list[Element] = [
        *part.head(table, values.hall, copy),
        part.centred(table["slip.number.title"]),
        part.centred(values.ticket_no, size=4, bold=True),
        *(name for item in values.items for name in part.name(language, item)),
        Gap(),
    ]
    if values.waiting is not None:
        key = "slip.number.waiting" if values.waiting else "slip.number.waiting.none"
        elements.append(part.centred(table[key].format(n=values.waiting), size=2))
    elements += [
        part.centred(table["slip.number.listen"], size=2, bold=True),
        Rule(),
        *part.columns(table, ("slip.department", values.department)),
        Columns(table["slip.number.issued"], part.moment(table, values.issued_at)),
    ]
    if values.rate is not None:
        elements += [Rule(), part.centred(table["slip.rate.title"], size=2, bold=True), *part.rate(table, values.rate)]
    return Slip(tuple(elements))


def booking_slip(wording: Wording, language: str, values: BookingValues, *, copy: int = 1) -> Slip:
    """The booking code, when and for what, and what to do on that day (R23)."""
    table = wording.table(language)
    check_in = part.span(table, values.check_in_from, values.check_in_until)
    how_to_prepare: list[Element] = [Line(table["slip.booking.materials.ask"])]
    if values.materials:
        how_to_prepare = [Line(table["slip.booking.materials"], bold=True), *part.numbered(table, values.materials)]
    return Slip((
        *part.head(table, values.hall, copy),
        part.centred(table["slip.booking.title"], size=2, bold=True),
        *part.name(language, values.item),
        part.centred(part.weekday(table, values.starts), size=2, bold=True),
        part.centred(part.span(table, values.starts, values.ends), size=2, bold=True),
        Rule(),
        part.centred(table["slip.booking.code"]),
        part.centred(part.groups(values.code), size=2, bold=True),
        QrCode(values.code),
        Line(table["slip.booking.how"]),
        *part.fact(table, "slip.booking.check_in", check_in),
        *part.fact(table, "slip.booking.cancel", part.moment(table, values.cancel_until)),
        Gap(),
        *part.columns(table, ("slip.department", values.department)),
        Rule(),
        *how_to_prepare,
    ))  # fmt: skip


def rating_slip(wording: Wording, language: str, values: RatingValues, *, copy: int = 1) -> Slip:
    """The code to rate with after a visit that was not rated at the window (R10, R20)."""
    table = wording.table(language)
    window = table["slip.rate.window"].format(window=values.window)
    return Slip((
        *part.head(table, values.hall, copy),
        *([part.centred(window, size=2)] if values.window else []),
        part.centred(table["slip.rate.now"], size=2, bold=True),
        *part.rate(table, values.rate),
        Rule(),
        Columns(table["slip.rate.served"], part.when(table, values.served_at)),
        Line(table["slip.rate.voluntary"]),
    ))  # fmt: skip


def guide_slip(wording: Wording, language: str, values: GuideValues, *, copy: int = 1) -> Slip:
    """Everything about an item: the 一次性告知单 (R21)."""
    table = wording.table(language)
    return Slip((
        *part.head(table, values.hall, copy),
        part.centred(table["slip.guide.title"], size=2, bold=True),
        *part.name(language, values.item),
        Rule(),
        *part.fact(table, "slip.guide.promised_time", promise_text(table, values.promised_days)),
        *part.fact(table, "slip.guide.fee", values.fee or table["sign.free"]),
        *part.fact(table, "slip.guide.phone", values.phone),
        Rule(),
        *part.section(table, "slip.guide.materials", part.numbered(table, values.materials)),
        *part.section(table, "slip.guide.steps", part.numbered(table, values.steps)),
        *part.section(table, "slip.guide.conditions", part.text(values.conditions)),
        *part.section(table, "slip.guide.basis", part.text(values.basis)),
        *part.section(table, "slip.guide.fee_basis", part.text(values.fee_basis)),
        *part.columns(
            table,
            ("slip.guide.legal_time", promise_text(table, values.legal_days)),
            ("slip.department", values.department),
            ("slip.guide.printed", part.day(table, values.printed_on)),
        ),
    ))  # fmt: skip


def test_slip(wording: Wording, language: str, values: TrialValues) -> Slip:
    """What shows at a glance whether width, sizes, Chinese, QR code and cutter are right."""
    table = wording.table(language)
    columns = PAPERS[values.width_mm].columns
    return Slip((
        *part.head(table, values.hall),
        part.centred(table["slip.test.title"], size=2, bold=True),
        Columns(table["slip.test.width"], f"{values.width_mm} mm"),
        Columns(table["slip.test.printer"], table[f"slip.test.condition.{values.condition}"]),
        Columns(table["slip.test.printed"], part.moment(table, values.printed_at)),
        Rule(),
        Line(table["slip.test.ruler"]),
        Line((RULER * columns)[:columns]),
        Columns(table["slip.test.columns.left"], table["slip.test.columns.right"], bold=True),
        *(Line(table["slip.test.size"].format(n=size), size=size) for size in (1, 2, 3, 4)),
        Line(table["slip.test.bold"], bold=True),
        Line(table["slip.test.chinese"]),
        Line(table["slip.test.rare"], size=2),
        Line(table["slip.test.qr"]),
        Line(values.qr),
        QrCode(values.qr),
        Line(table["slip.test.cut"]),
    ))  # fmt: skip
