"""What the hall's data tells a kiosk, as immutable values, read from `hall.sqlite3` in one go.

An entry that cannot be understood is left out and told to the technician: one wrong item never takes the others away.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from kiosk_app.domain.appointments import Appointment, SlotLease, made_at
from kiosk_app.domain.catalogue import Catalogue, parse_catalogue
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.questionnaire import Questionnaire, parse_questionnaire
from kiosk_app.domain.queue_numbers import NumberLease
from kiosk_app.domain.rating_code import canonical
from kiosk_app.domain.records import Json
from kiosk_app.domain.visits import Case
from kiosk_app.domain.working_days import WorkingDays
from kiosk_app.journal.hall import HallStore
from kiosk_app.kiosk.screen_state import Name
from kiosk_app.official_calendar import official_working_days
from kiosk_app.terminal.pinyin import SearchIndex

T = TypeVar("T")

NO_SETTINGS: Json = {}
NO_HOURS = OpeningHours()


@dataclass(frozen=True)
class Item:
    """Something that can be done in the hall."""

    code: str
    name: Name
    department: str = ""
    group: str = ""
    """Items of one group wait in one queue (R22)."""
    letter: str = ""
    needs_name: bool = False
    """It can be booked with a name only, so not at a public machine (R24)."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """The entry as the platform worded it: its guide (R21)."""

    @property
    def has_queue(self) -> bool:
        """Whether numbers are given for it: a letter that ends with a digit could not be told from the serial."""
        return bool(self.group and self.letter) and not self.letter[-1:].isdigit()

    def text_of(self, key: str) -> str:
        """A text of its guide, one line a part; empty where the hall did not tell it."""
        return "\n".join(self.list_of(key))

    def list_of(self, key: str) -> tuple[str, ...]:
        """The parts of a list of its guide; a plain text is a list of one."""
        value = self.told.get(key)
        parts = value if isinstance(value, list) else [] if value is None else [value]
        return tuple(text for text in (str(part).strip() for part in parts) if text)

    def days_of(self, key: str) -> int | None:
        """A number of days of its guide; None where the hall did not tell it."""
        value = self.told.get(key)
        return value if type(value) is int and value >= 0 else None

    @property
    def case(self) -> Case:
        """The matter as records name it (R4)."""
        return Case(item_code=self.code, item_name=self.name.zh, department=self.department or None)


@dataclass(frozen=True)
class Feedback:
    """The hall's answer to a rating."""

    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class HallData:
    """All that was pulled, as far as a kiosk needs it."""

    catalogue: Catalogue
    questionnaire: Questionnaire
    calendar: WorkingDays
    items: tuple[Item, ...] = ()
    number_leases: tuple[NumberLease, ...] = ()
    slot_leases: tuple[SlotLease, ...] = ()
    appointments: Mapping[str, Appointment] = field(default_factory=dict)
    """By booking code, as `plain_code` spells it."""
    windows: Mapping[int, str] = field(default_factory=dict)
    """Window number by the short_id of its terminal."""
    feedback: Mapping[str, Feedback] = field(default_factory=dict)
    """By rating code."""
    hours: OpeningHours = NO_HOURS
    waiting: Mapping[str, int] = field(default_factory=dict)
    """How many wait, by item group."""
    numbers_without_paper: bool = True
    index: SearchIndex = field(default_factory=lambda: SearchIndex(()))
    """The items by their names, as they can be typed."""
    pulled_at_sequence: int | None = None
    """How far this terminal's journal had come when the platform last told it all; None where it was imported."""
    faults: tuple[str, ...] = ()
    """What was left out, and why."""

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments of the items, in the items' order."""
        return tuple(dict.fromkeys(item.department for item in self.items))

    def item(self, code: str) -> Item | None:
        """The item of that code."""
        return self._items_by_code.get(code)

    def find(self, typed: str) -> list[Item]:
        """The items whose name fits what was typed, best first."""
        codes = [entry["item_code"] for entry in self.index.find(typed)]
        return [item for item in map(self.item, codes) if item is not None]

    def leases_of(self, group: str, day: dt.date) -> tuple[NumberLease, ...]:
        """The serials that this terminal may give for a group that day, in the order of use."""
        return tuple(lease for lease in self.number_leases if (lease.group, lease.date) == (group, day))

    def numbers_known_given(self, day: dt.date) -> int:
        """How many numbers of that day the platform knows to be given from this terminal's leases."""
        return sum(lease.known_given for lease in self.number_leases if lease.date == day)

    def booked_at(self, short_id: int, lease: SlotLease) -> tuple[str, ...]:
        """The numbers of the bookings of a slot that the platform knows to be made at this terminal."""
        return tuple(
            known.appointment_no
            for known in self.appointments.values()
            if (known.item_code, known.slot) == (lease.item_code, lease.slot)
            and made_at(known.appointment_no) == short_id
        )

    def slots_of(self, item_code: str, day: dt.date) -> tuple[SlotLease, ...]:
        """The slots of an item that day, earliest first."""
        return self._slots_by_day.get((item_code, day), ())

    @cached_property
    def _items_by_code(self) -> dict[str, Item]:
        return {item.code: item for item in reversed(self.items)}  # of two with one code, the first

    @cached_property
    def _slots_by_day(self) -> dict[tuple[str, dt.date], tuple[SlotLease, ...]]:
        found: dict[tuple[str, dt.date], tuple[SlotLease, ...]] = {}
        for lease in sorted(self.slot_leases, key=lambda lease: lease.slot.start):
            key = (lease.item_code, lease.slot.date)
            found[key] = (*found.get(key, ()), lease)
        return found


def read_hall(store: HallStore, catalogue: Catalogue, questionnaire: Questionnaire) -> HallData:
    """Read it all; `catalogue` and `questionnaire` stand in where the platform sent none. Raises `sqlite3.Error`."""
    faults: list[str] = []

    def entries(section: str, parse: Callable[[Json], T]) -> tuple[T, ...]:
        return _parsed(store.entries(section), parse, section, faults)

    def document(name: str, parse: Callable[[Any], T], default: T) -> T:
        found = store.document(name)
        return default if found is None else next(iter(_parsed([found], parse, name, faults)), default)

    settings = document("settings", _mapping, NO_SETTINGS)
    items = entries("items", _item)
    return HallData(
        catalogue=document("options", parse_catalogue, catalogue),
        questionnaire=document("questionnaire", parse_questionnaire, questionnaire),
        calendar=official_working_days(store.document("workdays")),
        items=items,
        number_leases=entries("number_leases", NumberLease.parse),
        slot_leases=entries("slot_leases", SlotLease.parse),
        appointments={plain_code(found.code): found for found in entries("appointments", Appointment.parse)},
        windows=dict(_known(entries("windows", _window))),
        feedback=dict(entries("feedback", _feedback)),
        hours=document("hours", OpeningHours.parse, NO_HOURS),
        waiting=_counts(settings.get("waiting")),
        numbers_without_paper=settings.get("numbers_without_paper") is not False,
        index=SearchIndex(dict(item.told) for item in items),
        pulled_at_sequence=store.pulled_at_sequence(),
        faults=tuple(faults),
    )


def plain_code(text: str) -> str:
    """A booking code as it is compared: without blanks and dashes, in capitals."""
    return "".join(character for character in text.upper() if character.isalnum())


def _parsed(entries: list[Any], parse: Callable[[Any], T], section: str, faults: list[str]) -> tuple[T, ...]:
    found = []
    for position, entry in enumerate(entries):
        try:
            found.append(parse(entry))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            faults.append(f"{section}[{position}]: {error}")
    return tuple(found)


def _item(entry: Json) -> Item:
    return Item(
        code=_text(entry["item_code"]),
        name=Name(_text(entry.get("name") or entry["item_code"]), str(entry.get("name_en") or "")),
        department=str(entry.get("department") or ""),
        group=str(entry.get("group") or ""),
        letter=str(entry.get("letter") or ""),
        needs_name=entry.get("needs_name") is True,
        told=entry,
    )


def _window(entry: Json) -> tuple[int, str] | None:
    short_id = entry.get("device_short_id")
    return (short_id, _text(entry["window"])) if type(short_id) is int else None


def _known(windows: tuple[tuple[int, str] | None, ...]) -> list[tuple[int, str]]:
    return [window for window in windows if window is not None]


def _feedback(entry: Json) -> tuple[str, Feedback]:
    code = _text(entry["rating_code"])
    return canonical(code) or code, Feedback(str(entry.get("state") or ""), str(entry.get("text") or ""))


def _counts(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        return {}
    return {str(group): count for group, count in value.items() if type(count) is int and count >= 0}


def _mapping(value: Any) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"{type(value).__name__} instead of an object")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is not a text")
    return value
