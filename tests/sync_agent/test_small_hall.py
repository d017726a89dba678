"""The simulated hall is believable: what it says can be used, and it learns from what terminals send (R22)."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk_app.domain.appointments import is_appointment_no
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.queue_numbers import NumberLease, next_serial
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.official_calendar import official_working_days
from sync_agent.simulated.config_faults import NAMED
from sync_agent.simulated.control import Control
from sync_agent.simulated.hall import CHINA, Hall
from sync_agent.simulated.platform import SimulatedPlatform
from sync_agent.simulated.small_hall import KIOSKS, small_hall
from tests.sync_agent.hall_link import HallLink
from tests.sync_agent.support import Terminal

NOW = datetime(2026, 11, 25, 9, 3, tzinfo=CHINA_TIME)


def numbers(hall: Hall, kiosk: str, now: datetime = NOW) -> list[NumberLease]:
    return [NumberLease.parse(entry) for entry in hall.document(kiosk, now)["leases"]["numbers"]]


def record(kind: Kind, **payload: Any) -> Json:
    return {"kind": kind.value, "occurred_at": NOW.isoformat(), "payload": payload}


def test_it_has_items_of_every_shape() -> None:
    items = small_hall(NOW).content["items"]
    assert len(items) == len({item["item_code"] for item in items}) == 14
    assert {bool(item["needs_name"]) for item in items} == {True, False}
    assert {bool(item["fee"]) for item in items} == {True, False}
    assert min(len(item["materials"]) for item in items) == 0
    assert max(len(item["materials"]) for item in items) >= 10
    assert max(len(item["name"]) for item in items) > 30
    assert len({item["department"] for item in items}) == len({item["letter"] for item in items}) == 5


def test_its_photos_are_pictures_with_the_digests_that_are_named() -> None:
    hall = small_hall(NOW)
    for person in hall.content["staff"]:
        content = hall.photos[person["photo"]["url"].rpartition("/")[2]]
        assert hashlib.sha256(content).hexdigest() == person["photo"]["sha256"]
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
            assert picture.size == (96, 128)
            assert len(picture.getcolors() or []) == 3


def test_its_calendar_of_2027_is_one() -> None:
    table = small_hall(NOW).content["workdays"]["2027"]
    assert official_working_days({"2027": table}).faults == ()
    assert all(date.fromisoformat(day).isoweekday() > 5 for day in table["workdays"])


def test_every_serial_of_a_day_is_lent_to_one_kiosk() -> None:
    hall = small_hall(NOW)
    for day, group in product((NOW.date(), NOW.date() + timedelta(days=6)), ("综合业务", "办税服务")):
        serials: list[int] = []
        for kiosk in KIOSKS:
            (lease,) = [lease for lease in numbers(hall, kiosk) if (lease.date, lease.group) == (day, group)]
            serials += range(lease.first, lease.last + 1, lease.step)
        assert sorted(serials) == list(range(1, 1000))


def test_no_two_kiosks_are_lent_the_same_place() -> None:
    hall = small_hall(NOW)
    leases = [entry["lease_id"] for kiosk in KIOSKS for entry in hall.document(kiosk, NOW)["leases"]["slots"]]
    assert len(leases) == len(set(leases)) > 0


def test_a_window_is_lent_nothing() -> None:
    leases = small_hall(NOW).document("lw-a-w12", NOW)["leases"]
    assert leases == {"numbers": [], "slots": []}


def test_tomorrow_other_days_are_lent() -> None:
    hall = small_hall(NOW)
    days = {lease.date for lease in numbers(hall, KIOSKS[0], NOW + timedelta(days=1))}
    assert min(days) == NOW.date() + timedelta(days=1)
    assert len(days) == 7


def test_a_replaced_kiosk_goes_on_behind_the_numbers_that_were_given() -> None:
    """R22."""
    hall = small_hall(NOW)
    lease = next(lease for lease in numbers(hall, KIOSKS[1]) if lease.group == "综合业务")
    for ticket_no in ("A002", "YA005"):
        hall.learn(record(Kind.TICKET_ISSUED, ticket_no=ticket_no, item_group=lease.group, lease_id=lease.lease_id))
    again = next(each for each in numbers(hall, KIOSKS[1]) if each.lease_id == lease.lease_id)
    assert next_serial(again, None) == 8


def test_how_many_wait_follows_the_tickets_and_the_calls() -> None:
    hall = small_hall(NOW)
    for serial in (1, 4):
        hall.learn(record(Kind.TICKET_ISSUED, ticket_no=f"A00{serial}", item_group="综合业务", lease_id="n"))
    assert hall.document("any", NOW)["settings"]["waiting"]["综合业务"] == 2
    hall.learn(record(Kind.VISIT_OPENED, ticket_no="A001"))
    assert hall.document("any", NOW)["settings"]["waiting"]["综合业务"] == 1
    assert hall.document("any", NOW + timedelta(days=1))["settings"]["waiting"]["综合业务"] == 0


def test_a_booking_made_anywhere_is_known_everywhere_until_it_ends() -> None:
    hall = small_hall(NOW)
    slot = {"date": "2026-11-26", "from": "09:00", "to": "10:00"}
    booked = {"appointment_no": "001200000018", "item_code": "T-01", "slot": slot, "name_masked": None}
    hall.learn(record(Kind.APPOINTMENT_BOOKED, **booked, lease_id="s"))
    assert {**booked, "code": "001200000018"} in hall.document(KIOSKS[2], NOW)["appointments"]
    hall.learn(record(Kind.APPOINTMENT_CHECKED_IN, **booked))
    assert all(a["code"] != "001200000018" for a in hall.document(KIOSKS[2], NOW)["appointments"])


def test_what_was_booked_online_can_be_typed_and_soon_be_checked_in() -> None:
    soon, tomorrow = small_hall(NOW).content["appointments"]
    assert soon["slot"] == {"date": "2026-11-25", "from": "09:10", "to": "09:40"}
    assert tomorrow["slot"]["date"] == "2026-11-26"
    assert all(is_appointment_no(each["code"]) for each in (soon, tomorrow))


def test_near_midnight_no_booking_reaches_into_the_next_day() -> None:
    (tomorrow,) = small_hall(NOW.replace(hour=23, minute=45)).content["appointments"]
    assert tomorrow["slot"]["date"] == "2026-11-26"


@pytest.mark.parametrize("kind", list(Kind))
def test_an_odd_record_spoils_nothing(kind: Kind) -> None:
    hall = small_hall(NOW)
    hall.learn(record(kind))
    json.dumps(hall.document(KIOSKS[0], NOW))


# A kiosk that pulls


@pytest.fixture
def kiosk(tmp_path: Path, hall_platform: SimulatedPlatform) -> Iterator[HallLink]:
    with closing(Terminal(tmp_path / "storage", device_id=KIOSKS[0])) as terminal:
        link = HallLink(tmp_path, terminal, hall_platform, profile="kiosk", device_id=KIOSKS[0])
        yield link
        link.close()


def test_a_kiosk_pulls_what_it_needs(kiosk: HallLink) -> None:
    kiosk.errands.pull()
    assert kiosk.health() == {}
    today = kiosk.terminal.clock.now().wall.astimezone(CHINA).date()
    leases = [NumberLease.parse(entry) for entry in kiosk.held()["number_leases"]]
    assert len([lease for lease in leases if lease.date == today]) == 5


# Commands


def test_its_commands(tmp_path: Path, hall_platform: SimulatedPlatform) -> None:
    control = Control(hall_platform)
    bound = control.run("bind 2 0013")["bindings"]
    assert [(each["window"], each["staff_no"]) for each in bound][-1] == ("2", "0013")
    assert all(each["window"] != "1" for each in bound)
    told = control.run("feedback 8080-RGG0-0PFZ-R84R answered '谢谢 您'")["feedback"]
    assert told == [{"rating_code": "8080-RGG0-0PFZ-R84R", "state": "answered", "text": "谢谢 您"}]
    assert "lent" in control.run(f"lease {KIOSKS[0]} 综合业务 2026-11-25 1001 1100 1")
    hall_platform.hall.document(KIOSKS[0], NOW)
    (tmp_path / "other.json").write_text('{"notices": []}')
    assert control.run(f"hall {tmp_path / 'other.json'}") == {"hall": ["notices"]}
    assert hall_platform.hall.document(KIOSKS[0], NOW) == {"notices": []}
    assert control.run("forget 1 2") == {"forgotten": 0}
    for word in ("hall nowhere.json", "lease a", "bind", "config-fault nothing", "forget one", "fault 500 on=moon"):
        assert "error" in control.run(word)


@pytest.mark.parametrize("name", NAMED)
def test_every_config_fault_has_a_command(hall_platform: SimulatedPlatform, name: str) -> None:
    control = Control(hall_platform)
    assert control.run(f"config-fault {name}") == {"config_fault": name}
    assert hall_platform.errands.spoil_config is NAMED[name]
    control.run("config-fault none")
    assert hall_platform.errands.spoil_config is None


def test_a_fault_strikes_only_what_it_was_armed_for(hall_link: HallLink) -> None:
    control = Control(hall_link.platform)
    control.run("fault 500 on=heartbeat")
    hall_link.errands.pull()
    hall_link.errands.heartbeat()
    hall_link.terminal.journal.append(
        Draft(Kind.WINDOW_PAUSED, {"reason": "", "back_at": None}, hall_link.terminal.clock.now())
    )
    hall_link.deliver()
    assert set(hall_link.health()) == {"heartbeat_failing"}
    control.run("fault 500 on=all")
    hall_link.errands.pull()
    assert set(hall_link.health()) == {"pull_failing"}
