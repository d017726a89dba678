"""What the hall's administration may say, checked before anything of it is kept (interfaces §5).

The same check holds for what is pulled and for what a technician imports. It is strict about every field that the
terminal uses and lets pass what it does not know: a platform may say more than a terminal of today reads.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk_app.domain.appointments import masked_name
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.questionnaire import parse_questionnaire
from kiosk_app.domain.records import Json
from kiosk_app.journal.hall import DOCUMENTS, PULLED_SECTIONS, SECTIONS, HallDataError

MOST_STARS = 5
LARGEST_PHOTO = 512 * 1024
_IMAGE_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_LEASES = {"numbers": "number_leases", "slots": "slot_leases"}
"""The lists inside `leases`, and the sections in which they are kept."""
_LONGEST_FAULT = 300
"""Characters of a fault that are told."""


def _without_blanks(text: str) -> str:
    if text != text.strip():
        raise ValueError("needed is a text without blanks around it")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("needed is a text")
    return text


def _a_day(text: str) -> str:
    dt.date.fromisoformat(text)
    return text


def _a_moment(text: str) -> str:
    moment_of(text)
    return text


def _a_moment_or_none(text: str) -> str:
    return text and _a_moment(text)


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_without_blanks)]
"""What an entry is known by."""
Text = Annotated[str, AfterValidator(_not_blank)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_a_day)]
Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"), AfterValidator(_a_moment)]
MomentOrNone = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|$)"), AfterValidator(_a_moment_or_none)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
EndOfHours = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
WholeNumber = Annotated[int, Field(ge=0, le=1_000_000_000)]
Step = Annotated[int, Field(ge=1, le=1_000_000)]
Words = str | list[str] | None
"""A text of an item's guide, in one piece or in parts."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class _Said(BaseModel):
    """An object as it was said: nothing converted, what is not known passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Photo(_Said):
    """Where a photo is, and what it must be."""

    sha256: Sha256
    url: str | None = None


class Person(_Said):
    """A staff member (R18)."""

    staff_no: Name
    name: str | None = None
    name_en: str | None = None
    department: str | None = None
    title: str | None = None
    badge_no: str | None = None
    stars: Annotated[int, Field(ge=0, le=MOST_STARS)] | None = None
    honours: list[str] | str | None = None
    photo: Photo | None = None


class Binding(_Said):
    """Who sits at a window from a moment on (R17)."""

    window: Name
    staff_no: Name
    since: Moment = Field(alias="from")


class Item(_Said):
    """A service, with everything of R21."""

    item_code: Name
    name: str | None = None
    name_en: str | None = None
    group: str | None = None
    # One letter: with more, "YA001" could be a booked A and an unbooked YA (R22).
    letter: Annotated[str, Field(pattern=r"^[^0-9\s]?$")] | None = None
    department: str | None = None
    fee: str | int | float | None = None
    fee_basis: Words = None
    promised_days: WholeNumber | None = None
    legal_days: WholeNumber | None = None
    phone: str | None = None
    basis: Words = None
    conditions: Words = None
    materials: Words = None
    steps: Words = None
    needs_name: bool | None = None


class Notice(_Said):
    """Something to show on its days, both included."""

    title: Name
    text: str | None = None
    begin: MomentOrNone | None = Field(default=None, alias="from")
    end: MomentOrNone | None = Field(default=None, alias="to")


class Year(_Said):
    """The official calendar of a year besides plain weekends (R10)."""

    # Both, or half of a calendar would be taken for a whole one.
    holidays: list[Day]
    workdays: list[Day]

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if both := sorted(set(self.holidays) & set(self.workdays)):
            raise ValueError(f"{both[0]} cannot be a holiday and a workday")
        return self


class Hours(_Said):
    """A span in which the hall is open, on a day of the week or on one day."""

    day: Day | None = Field(default=None, alias="date")
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    begin: TimeOfDay | None = Field(default=None, alias="from")
    end: EndOfHours | None = Field(default=None, alias="to")


class Window(_Said):
    """A window of the hall."""

    window: Name
    department: str | None = None
    device_short_id: Annotated[int, Field(ge=1, le=4095)] | None = None


class Feedback(_Said):
    """The hall's answer to a rating."""

    rating_code: Name
    state: str | None = None
    text: str | None = None


class NumberLeaseSaid(_Said):
    """Serials that this terminal alone gives (R22)."""

    lease_id: Name
    group: Name
    date: Day
    first: WholeNumber
    last: WholeNumber
    step: Step = 1
    next: WholeNumber | None = None


class SlotSaid(_Said):
    """A span of a day that can be booked."""

    date: Day
    begin: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.begin >= self.end:
            raise ValueError(f"from {self.begin} is not before to {self.end}")
        return self


class SlotLeaseSaid(SlotSaid):
    """Places that this terminal alone may book (R23)."""

    lease_id: Name
    item_code: Name
    places: WholeNumber


class LeasesSaid(_Said):
    """What is lent to this terminal."""

    numbers: list[NumberLeaseSaid] = []
    slots: list[SlotLeaseSaid] = []


class AppointmentSaid(_Said):
    """A booking, wherever it was made."""

    appointment_no: Name
    code: Name | None = None
    item_code: Name
    slot: SlotSaid
    name_masked: str | None = None


class OptionSaid(_Said):
    """A reason that can be chosen (R8)."""

    code: Name
    text: Text
    text_en: str | None = None


class OptionsSaid(_Said):
    """The option catalogue (R8)."""

    version: Name
    levels: dict[str, list[OptionSaid]]


class SettingsSaid(_Said):
    """What the hall decides for its terminals."""

    waiting: dict[str, WholeNumber] | None = None
    numbers_without_paper: bool | None = None


class HallSaid(_Said):
    """All that a platform or a file may say; what it does not name stays as it is."""

    staff: list[Person] = []
    bindings: list[Binding] = []
    items: list[Item] = []
    options: OptionsSaid | None = None
    notices: list[Notice] = []
    workdays: dict[Annotated[str, Field(pattern=r"^20[0-9]{2}$")], Year] = {}
    hours: list[Hours] = []
    windows: list[Window] = []
    questionnaire: dict[str, Any] = {}
    feedback: list[Feedback] = []
    leases: LeasesSaid = LeasesSaid()
    appointments: list[AppointmentSaid] = []
    settings: SettingsSaid = SettingsSaid()


WORDS = tuple(HallSaid.model_fields)
"""The keys of a configuration."""


@dataclass(frozen=True)
class HallData:
    """What was said, checked and unchanged, in the parts in which the hall store keeps it."""

    sections: dict[str, list[Json]] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)

    def counts(self) -> str:
        """How much of what, for people."""
        lists = [f"{len(entries)} {section}" for section, entries in self.sections.items()]
        return ", ".join([*lists, *self.documents])


def photo_fault(content: bytes, digest: str) -> str | None:
    """Why this is not the photo that an entry means, if it is not."""
    if len(content) > LARGEST_PHOTO:
        return "larger than 512 KiB"
    if not content.startswith(_IMAGE_BEGINS):
        return "not a PNG or JPEG"
    return None if hashlib.sha256(content).hexdigest() == digest.lower() else "not the picture with this sha256"


def moment_of(text: str) -> dt.datetime:
    """A moment as the platform writes it, aware; a bare day is its midnight, a time without offset China's time.

    Raises `ValueError`.
    """
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)


def read_hall_json(content: bytes | str) -> Any:
    """JSON as RFC 8259 has it: no NaN, no half characters, no name twice in an object. Raises `ValueError`."""
    try:
        document = json.loads(content, object_pairs_hook=_each_name_once)
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return document


def parse_hall_data(document: Any) -> HallData:
    """Check a whole configuration. Raises `HallDataError`: one line that names the first field at fault."""
    if not isinstance(document, dict) or not set(document) & set(WORDS):
        raise HallDataError(f"needed is a JSON object with any of {', '.join(WORDS)}")
    try:
        HallSaid.model_validate(document)
    except ValidationError as error:
        raise HallDataError(_first_fault(error)) from error
    data = _in_parts(document)
    _check_across(data)
    return data


def _in_parts(document: Json) -> HallData:
    """Each part as it was worded, but for bookings: of a person only what any screen may show is kept (R11, R24)."""
    if "appointments" in document:
        document = {**document, "appointments": [_without_person(entry) for entry in document["appointments"]]}
    leases = document.get("leases", {})
    sections = {name: document[name] for name in PULLED_SECTIONS if name in document}
    sections |= {section: leases[name] for name, section in _LEASES.items() if name in leases}
    return HallData(sections, {name: document[name] for name in DOCUMENTS if name in document})


def _without_person(appointment: Json) -> Json:
    known = {name: appointment[name] for name in AppointmentSaid.model_fields if name in appointment}
    return {**known, "name_masked": masked_name(known["name_masked"])} if known.get("name_masked") else known


def _check_across(data: HallData) -> None:
    """What no field tells alone."""
    for section, entries in data.sections.items():
        _refuse_doubles(section, entries)
    for position, lease in enumerate(data.sections.get("number_leases", ())):
        if lease["first"] > lease["last"]:
            raise HallDataError(f"leases.numbers[{position}].last: is less than first")
    checks = {"options": parse_catalogue, "questionnaire": parse_questionnaire, "hours": OpeningHours.parse}
    for name, check in checks.items():
        if name in data.documents:
            try:
                check(data.documents[name])
            except ValueError as error:
                raise HallDataError(_one_line(f"{name}: {error}")) from error


def _refuse_doubles(section: str, entries: Iterable[Json]) -> None:
    """Only a notice's title may stand twice, and a window that is bound to somebody else from another moment on."""
    if section == "notices":
        return
    key = PULLED_SECTIONS[section]
    seen: set[Any] = set()
    for position, entry in enumerate(entries):
        identity = (entry[key], moment_of(entry["from"])) if section == "bindings" else entry[key]
        if identity in seen:
            # A booking's number is as good as its holder's name: only what is public is told.
            value = f" ({entry[key]})" if section in SECTIONS else ""
            raise HallDataError(f"{section}[{position}].{key}: stands more than once{value}")
        seen.add(identity)


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
    return _one_line(f"{where}: {fault['msg'].removeprefix('Value error, ')}")


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return printable if len(printable) <= _LONGEST_FAULT else f"{printable[:_LONGEST_FAULT]}…"


def _each_name_once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
