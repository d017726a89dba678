"""The parts that slips are made of."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from device_drivers.printer.slip import Align, Columns, Element, Gap, Line, QrCode, Rule
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.terminal.slip_values import Named, RateLater
from kiosk_app.terminal.wording import Table, date_text, in_language, time_text

GROUP = 4


def head(table: Table, hall: str, copy: int = 1) -> Iterator[Element]:
    """The hall, and that this is not the first copy (补打)."""
    if copy > 1:
        yield centred(table["slip.reprint"].format(n=copy), size=2, bold=True)
    yield centred(hall, bold=True)
    yield Rule()


def centred(text: str, size: int = 1, *, bold: bool = False) -> Line:
    """A line in the middle of the paper."""
    return Line(text, size=size, bold=bold, align=Align.CENTRE)


def name(language: str, named: Named) -> Iterator[Element]:
    """A name in the citizen's language, and the Chinese one where that is another."""
    shown = in_language(language, named.chinese, named.english)
    yield centred(shown, size=2)
    if shown != named.chinese:
        yield centred(named.chinese)


def columns(table: Table, *rows: tuple[str, str]) -> Iterator[Element]:
    """Key of a label and its value, those that have one."""
    for key, value in rows:
        if value:
            yield Columns(table[key], value)


def fact(table: Table, key: str, value: str) -> Iterator[Element]:
    """A label and, large, what one acts on; nothing where there is no value."""
    if value:
        yield Gap()
        yield Line(table[key])
        yield Line(value, size=2)


def section(table: Table, key: str, lines: Sequence[Element]) -> Iterator[Element]:
    """A heading, its lines, and a rule; nothing where there are no lines."""
    if lines:
        yield Line(table[key], size=2, bold=True)
        yield from lines
        yield Rule()


def numbered(table: Table, texts: Sequence[str]) -> list[Element]:
    """Numbered lines."""
    return [Line(table["slip.numbered"].format(n=n, text=text)) for n, text in enumerate(texts, start=1)]


def text(content: str) -> list[Element]:
    """Lines as they were written; none for an empty text."""
    return [Line(line) for line in content.splitlines() if line.strip()]


def rate(table: Table, later: RateLater) -> Iterator[Element]:
    """The code to rate with: to scan, to type, how, and until when (R10)."""
    yield QrCode(later.qr)
    yield centred(table["slip.rate.code"])
    yield Line(later.code, size=2, bold=True, align=Align.CENTRE, whole=True)
    yield Gap()
    yield Line(table["slip.rate.by_phone" if later.by_phone else "slip.rate.at_kiosk"])
    yield from fact(table, "slip.rate.until", table["slip.rate.last_day"].format(date=date_text(table, later.until)))


def groups(code: str) -> str:
    """A code in groups of four."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def when(table: Table, at: date) -> str:
    """A day, with its time where that is known."""
    return moment(table, at) if isinstance(at, datetime) else date_text(table, at)


def moment(table: Table, at: datetime) -> str:
    """A day and a time."""
    local = at.astimezone(CHINA_TIME)
    return table["slip.moment"].format(date=date_text(table, local.date()), time=time_text(local))


def weekday(table: Table, at: datetime) -> str:
    """A day and its weekday; on lines of their own where they are long."""
    local = at.astimezone(CHINA_TIME).date()
    name_of_day = table[f"clock.weekday.{local.weekday()}"]
    return table["slip.booking.day"].format(date=date_text(table, local), weekday=name_of_day)


def span(table: Table, start: datetime, end: datetime) -> str:
    """Two times of one day."""
    return table["slip.span"].format(start=time_text(start), end=time_text(end))


def day(table: Table, value: date) -> str:
    """A day with its year."""
    return table["slip.day"].format(year=value.year, month=table[f"clock.month.{value.month}"], day=value.day)
