"""What the hall's administration says is checked as a whole before anything of it is kept (interfaces §5)."""

import copy
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.appointments import Appointment, SlotLease
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.questionnaire import parse_questionnaire
from kiosk_app.domain.queue_numbers import NumberLease, ticket_no
from kiosk_app.journal.hall import HallDataError
from kiosk_app.journal.hall_data import WORDS, HallData, moment_of, parse_hall_data, photo_fault, read_hall_json
from kiosk_app.official_calendar import official_working_days
from sync_agent.simulated.small_hall import KIOSKS, small_hall

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=CHINA_TIME)
WHOLE: dict[str, Any] = small_hall(NOW).document(KIOSKS[0], NOW)
LEASE = {"lease_id": "n1", "group": "A", "date": "2026-11-23", "first": 1, "last": 9, "step": 2, "next": 1}
SLOT = {"lease_id": "s1", "item_code": "T", "date": "2026-11-23", "from": "09:00", "to": "10:00", "places": 2}


def fault(document: Any) -> str:
    with pytest.raises(HallDataError) as refused:
        parse_hall_data(document)
    text = str(refused.value)
    assert text.isprintable()
    assert len(text) < 400
    return text


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The whole configuration with one value replaced."""
    document = copy.deepcopy(WHOLE)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def test_a_whole_configuration_is_kept_as_it_was_worded() -> None:
    data = parse_hall_data(WHOLE)
    for section in ("staff", "items", "bindings", "windows", "notices", "feedback", "appointments"):
        assert data.sections[section] == WHOLE[section]
    assert data.sections["number_leases"] == WHOLE["leases"]["numbers"]
    assert data.sections["slot_leases"] == WHOLE["leases"]["slots"]
    for document in ("options", "questionnaire", "workdays", "hours", "settings"):
        assert data.documents[document] == WHOLE[document]


def test_what_a_terminal_of_today_does_not_know_is_passed_over() -> None:
    document = changed("staff", 0, "hobby", to={"any": ["thing"]})
    document["parking"] = {"places": 12}
    data = parse_hall_data(document)
    assert data.sections["staff"][0]["hobby"] == {"any": ["thing"]}
    assert "parking" not in data.sections | data.documents


def test_what_is_not_named_is_not_part_of_it() -> None:
    """An absent key leaves its section as it is; an empty list empties it."""
    assert parse_hall_data({"staff": []}) == HallData({"staff": []}, {})
    assert parse_hall_data({"leases": {"slots": []}}) == HallData({"slot_leases": []}, {})


@pytest.mark.parametrize("document", [None, 5, "text", [], [WHOLE], {}, {"error": "database down"}, {"Staff": []}])
def test_what_says_nothing_of_a_hall_is_no_configuration(document: Any) -> None:
    assert fault(document).startswith("needed is a JSON object")


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("staff: ", {"staff": None}),
    ("staff: ", {"staff": {"0012": {}}}),
    ("staff[1]: ", {"staff": [{"staff_no": "1"}, None]}),
    ("staff[0].staff_no: ", {"staff": [{"name": "nobody"}]}),
    ("staff[0].staff_no: ", {"staff": [{"staff_no": 12}]}),
    ("staff[0].staff_no: ", {"staff": [{"staff_no": " 12"}]}),
    ("staff[0].staff_no: ", {"staff": [{"staff_no": ""}]}),
    ("staff[0].stars: ", {"staff": [{"staff_no": "1", "stars": 6}]}),
    ("staff[0].stars: ", {"staff": [{"staff_no": "1", "stars": True}]}),
    ("staff[0].photo.sha256: ", {"staff": [{"staff_no": "1", "photo": {"url": "/1.png"}}]}),
    ("staff[0].photo.sha256: ", {"staff": [{"staff_no": "1", "photo": {"sha256": "../../etc/passwd"}}]}),
    ("staff[1].staff_no: stands more than once (1)", {"staff": [{"staff_no": "1"}, {"staff_no": "1"}]}),
    ("bindings[0].from: ", {"bindings": [{"window": "1", "staff_no": "1"}]}),
    ("bindings[0].from: ", {"bindings": [{"window": "1", "staff_no": "1", "from": "yesterday"}]}),
    ("bindings[0].from: ", {"bindings": [{"window": "1", "staff_no": "1", "from": "2026-02-30"}]}),
    ("bindings[0].staff_no: ", {"bindings": [{"window": "1", "staff_no": None, "from": "2026-11-23"}]}),
    (
        "bindings[1].window: stands more than once",
        {
            "bindings": [
                {"window": "1", "staff_no": "1", "from": "2026-11-23T09:00:00+08:00"},
                {"window": "1", "staff_no": "2", "from": "2026-11-23T01:00:00Z"},
            ]
        },
    ),
    ("items[0].item_code: ", {"items": [{"name": "no code"}]}),
    ("items[0].letter: ", {"items": [{"item_code": "T", "letter": "YA"}]}),
    ("items[0].letter: ", {"items": [{"item_code": "T", "letter": "1"}]}),
    ("items[0].promised_days: ", {"items": [{"item_code": "T", "promised_days": "3"}]}),
    ("items[0].promised_days: ", {"items": [{"item_code": "T", "promised_days": -1}]}),
    ("items[0].materials", {"items": [{"item_code": "T", "materials": {"one": 1}}]}),
    ("items[0].materials", {"items": [{"item_code": "T", "materials": ["one", 2]}]}),
    ("items[0].fee", {"items": [{"item_code": "T", "fee": ["20"]}]}),
    ("items[0].needs_name: ", {"items": [{"item_code": "T", "needs_name": "yes"}]}),
    ("notices[0].title: ", {"notices": [{"text": "no title"}]}),
    ("notices[0].to: ", {"notices": [{"title": "t", "to": "soon"}]}),
    ("options", {"options": {"version": "1", "levels": {}}}),
    ("options", {"options": {"version": "1"}}),
    ("options.levels", {"options": {"version": "1", "levels": {"satisfied": [{"code": 406, "text": "t"}]}}}),
    ("workdays", {"workdays": {"next year": {}}}),
    ("workdays.2027.workdays: ", {"workdays": {"2027": {"holidays": ["2027-01-01"]}}}),
    ("workdays.2027.holidays[0]: ", {"workdays": {"2027": {"holidays": ["2027-02-30"], "workdays": []}}}),
    ("workdays.2027: ", {"workdays": {"2027": {"holidays": ["2027-01-01"], "workdays": ["2027-01-01"]}}}),
    ("hours[0].weekday: ", {"hours": [{"weekday": 8, "from": "09:00", "to": "17:00"}]}),
    ("hours[0].from: ", {"hours": [{"weekday": 1, "from": "9:00", "to": "17:00"}]}),
    ("hours: ", {"hours": [{"weekday": 1, "from": "17:00", "to": "09:00"}]}),
    ("hours: ", {"hours": [{"from": "09:00", "to": "17:00"}]}),
    ("windows[0].device_short_id: ", {"windows": [{"window": "1", "device_short_id": 4096}]}),
    ("questionnaire: ", {"questionnaire": {"version": "1"}}),
    ("feedback[0].rating_code: ", {"feedback": [{"state": "answered"}]}),
    ("leases: ", {"leases": []}),
    ("leases.numbers[0].first: ", {"leases": {"numbers": [{**LEASE, "first": "1"}]}}),
    ("leases.numbers[0].last: ", {"leases": {"numbers": [{**LEASE, "last": 0}]}}),
    ("leases.numbers[0].step: ", {"leases": {"numbers": [{**LEASE, "step": 0}]}}),
    ("leases.numbers[0].date: ", {"leases": {"numbers": [{**LEASE, "date": "23.11.2026"}]}}),
    ("number_leases[1].lease_id: stands", {"leases": {"numbers": [LEASE, LEASE]}}),
    ("leases.slots[0].places: ", {"leases": {"slots": [{**SLOT, "places": -1}]}}),
    ("leases.slots[0]: ", {"leases": {"slots": [{**SLOT, "to": "09:00"}]}}),
    ("appointments[0].slot", {"appointments": [{"appointment_no": "1", "code": "1", "item_code": "T"}]}),
    ("settings.waiting.A: ", {"settings": {"waiting": {"A": "many"}}}),
    ("settings.numbers_without_paper: ", {"settings": {"numbers_without_paper": "yes"}}),
]


@pytest.mark.parametrize(("where", "document"), FAULTS, ids=[f"{n} {f[0]}" for n, f in enumerate(FAULTS)])
def test_the_field_at_fault_is_named(where: str, document: dict[str, Any]) -> None:
    assert fault(document).startswith(where)
    assert fault({**WHOLE, **document}).startswith(where)


def test_a_booking_that_stands_twice_is_told_by_its_place_alone() -> None:
    """Who knows its number may cancel it."""
    twice = [{"appointment_no": "990000000013", "item_code": "T", "slot": SLOT}] * 2
    assert fault({"appointments": twice}) == "appointments[1].appointment_no: stands more than once"


def test_of_a_booking_nothing_is_kept_that_no_screen_may_show() -> None:
    """R11, R24."""
    slot = {"date": "2026-11-23", "from": "09:00", "to": "10:00"}
    told = {"appointment_no": "1", "item_code": "T", "slot": slot}
    said = {**told, "name_masked": "测试甲", "name": "测试甲", "phone": "13900000000"}
    assert parse_hall_data({"appointments": [said, {**told, "appointment_no": "2"}]}).sections["appointments"] == [
        {**told, "name_masked": "测*甲"},
        {**told, "appointment_no": "2"},
    ]


def test_the_examples_of_the_documentation_are_right() -> None:
    text = (Path(__file__).parents[2] / "docs" / "hall-data.md").read_text(encoding="utf-8")
    staff, hall = (json.loads(block.split("```")[0]) for block in text.split("```json")[1:])
    staff[0]["photo"]["sha256"] = "ab" * 32
    parse_hall_data({"staff": staff})
    assert set(hall) | {"options", "bindings"} == set(WORDS)
    read_by_the_domain(parse_hall_data(hall))


def test_a_fee_may_be_a_number_and_a_guides_text_in_parts() -> None:
    parse_hall_data(
        {"items": [{"item_code": "T", "fee": 20, "basis": ["one", "two"], "materials": "an identity card"}]}
    )


def test_a_window_may_be_bound_to_somebody_else_from_tomorrow_on() -> None:
    today = {"window": "1", "staff_no": "1", "from": "2026-11-23T09:00:00+08:00"}
    parse_hall_data({"bindings": [today, {**today, "staff_no": "2", "from": "2026-11-24T09:00:00+08:00"}]})


def test_a_hostile_name_stays_on_one_line() -> None:
    assert "\n" not in fault({"settings": {"waiting": {"\n\x1b[2J" * 500: "x"}}})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        json.dumps(WHOLE).encode()[:2000],
        b'{"staff": [], "staff": [1]}',
        b'{"settings": NaN}',
        b'{"settings": "\\ud83d"}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"settings": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_hall_json(content)


def test_moments_without_an_offset_are_chinas() -> None:
    assert moment_of("2026-11-23") == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert moment_of("2026-11-23T09:00:00") == datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert moment_of("2026-11-23T01:00:00Z") == moment_of("2026-11-23T09:00:00+08:00")


def test_a_photo_is_a_picture_of_the_right_size_with_the_digest_that_was_named() -> None:
    png, jpeg = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff.."
    assert photo_fault(png, "ab" * 32) == "not the picture with this sha256"
    for content in (png, jpeg):
        assert photo_fault(content, hashlib.sha256(content).hexdigest().upper()) is None
    assert photo_fault(b"GIF89a", hashlib.sha256(b"GIF89a").hexdigest()) == "not a PNG or JPEG"
    large = png + bytes(512 * 1024)
    assert photo_fault(large, hashlib.sha256(large).hexdigest()) == "larger than 512 KiB"


# What is accepted can be used


def read_by_the_domain(data: HallData) -> None:
    """Everything that the kiosk and the window will read, as they read it."""
    for entry in data.sections.get("number_leases", []):
        NumberLease.parse(entry)
    for entry in data.sections.get("slot_leases", []):
        SlotLease.parse(entry)
    for entry in data.sections.get("appointments", []):
        Appointment.parse(entry)
    for item in data.sections.get("items", []):
        if item.get("letter"):
            ticket_no(item["letter"], 1, booked=False)
    OpeningHours.parse(data.documents.get("hours")).is_open(NOW)
    assert official_working_days(data.documents.get("workdays")).faults == ()
    if "options" in data.documents:
        parse_catalogue(data.documents["options"])
    if "questionnaire" in data.documents:
        parse_questionnaire(data.documents["questionnaire"])


def paths(value: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in a document."""
    entries: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value[:2]))
    return [before, *(path for name, inner in entries for path in paths(inner, (*before, name)))]


PATHS = [path for path in paths(WHOLE) if path]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["09:00", "24:00", "2026-02-29", "2026-11-23", "2026-11-23T09:00:00+08:00", "Y", "A", "9"]),
    st.just([]),
    st.just({}),
    st.lists(st.none(), min_size=1, max_size=2),
)


@given(st.sampled_from(PATHS), VALUES)
def test_whatever_is_accepted_can_be_read_by_those_who_use_it(path: tuple[str | int, ...], value: Any) -> None:
    try:
        data = parse_hall_data(changed(*path, to=value))
    except HallDataError:
        return
    read_by_the_domain(data)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_whatever_is_lost_on_the_way_is_noticed_or_harmless(path: tuple[str | int, ...]) -> None:
    document = copy.deepcopy(WHOLE)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    try:
        data = parse_hall_data(document)
    except HallDataError:
        return
    read_by_the_domain(data)
