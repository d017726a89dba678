"""What the platform says holds at the window: options, hours, notices, staff and bindings (R8, R13, R17, R18)."""

import hashlib
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.window.screen_state import Page
from tests.window.window_rig import DETAIL_SECONDS, DEVICE, INVITE_SECONDS, WindowRig


def catalogue(version: str) -> dict[str, Any]:
    """Another catalogue: one option a level."""
    levels = {level.value: [{"code": f"9{n}", "text": f"测试选项{n}"}] for n, level in enumerate(Level)}
    return {"version": version, "levels": levels}


def pull(rig: WindowRig, **documents: object) -> None:
    """The agent has pulled this, and the app has noticed."""
    with closing(HallStore.open(rig.directory)) as hall:
        for name, document in documents.items():
            hall.replace_document(name, document)
    rig.settle()


def pull_lists(rig: WindowRig, **sections: list[dict[str, Any]]) -> None:
    with closing(HallStore.open(rig.directory)) as hall:
        hall.replace_all(sections)
    rig.settle()


def rated(rig: WindowRig, level: str = "dissatisfied") -> Record:
    visit = rig.invited_visit()
    rig.pass_time(2)
    rig.key(level)
    rating = rig.outcome(visit)
    assert rating is not None
    return rating


def option_codes(rig: WindowRig) -> list[str]:
    return [option.code for option in rig.screen().options]


# --- the options -------------------------------------------------------------------------------------------------


def test_the_platforms_options_are_offered_from_the_next_page_on_with_their_version(rig: WindowRig) -> None:
    first = rated(rig)
    pull(rig, options=catalogue("2026-11"))
    assert option_codes(rig)[0] == "207", "an open page keeps its own"
    rig.station.give_reasons(first.record_id, ("207",), "")
    second = rated(rig)
    assert option_codes(rig) == ["93"]
    rig.station.give_reasons(second.record_id, ("93",), "")
    rig.settle()
    versions = [record.payload["catalogue_version"] for record in rig.records("rating_detail")]
    assert versions == ["2020-05", "2026-11"]


def test_a_catalogue_that_cannot_be_used_leaves_the_built_in_one_and_is_told(rig: WindowRig) -> None:
    broken = catalogue("2026-12")
    del broken["levels"]["satisfied"]
    pull(rig, options=broken)
    rated(rig)
    assert option_codes(rig)[0] == "207"
    assert "no options for satisfied" in next(
        p.text for p in rig.station.problems() if p.code == "pulled_rules_unusable"
    )
    pull(rig, options=catalogue("2027-01"))
    assert "pulled_rules_unusable" not in [p.code for p in rig.station.problems()]


def test_what_a_crash_cut_off_names_the_catalogue_that_was_offered(rig: WindowRig) -> None:
    pull(rig, options=catalogue("2026-11"))
    rated(rig)
    rig.restart()
    (detail,) = rig.records("rating_detail")
    assert (detail.payload["reason"], detail.payload["catalogue_version"]) == ("not_given", "2026-11")


# --- the opening hours -------------------------------------------------------------------------------------------

MORNINGS = [{"weekday": day, "from": "09:00", "to": "12:00"} for day in range(1, 6)]


def test_a_press_outside_the_opening_hours_is_flagged_and_counts_r13(rig: WindowRig) -> None:
    pull(rig, hours=MORNINGS)
    assert "outside_hours" not in rated(rig).payload["flags"]
    rig.pass_time(3 * 3600)
    rating = rated(rig)
    assert "outside_hours" in rating.payload["flags"]
    assert rating.payload["level"] == "dissatisfied"


def test_the_press_is_judged_not_the_invitation_and_a_touch_like_a_key(rig: WindowRig) -> None:
    pull(rig, hours=[{"weekday": 1, "from": "09:00", "to": "09:01"}])
    rig.pass_time(50)
    visit = rig.invited_visit()
    rig.pass_time(INVITE_SECONDS - 10)
    rig.station.press(Level.SATISFIED, rig.clock.seconds)
    rig.settle()
    rating = rig.outcome(visit)
    assert rating is not None
    assert "outside_hours" in rating.payload["flags"]


def test_a_press_that_arrived_in_time_is_not_outside_because_it_was_handled_late(rig: WindowRig) -> None:
    pull(rig, hours=[{"weekday": 1, "from": "09:00", "to": "09:01"}])
    rig.pass_time(45)
    visit = rig.invited_visit()
    arrived = rig.clock.seconds + 2
    rig.pass_time(20)
    rig.key("satisfied", at=arrived)
    rating = rig.outcome(visit)
    assert rating is not None
    assert "outside_hours" not in rating.payload["flags"]


@pytest.mark.parametrize("hours", [None, [], [{"weekday": 9}]])
def test_where_no_hours_are_known_nothing_is_outside_them(rig: WindowRig, hours: object) -> None:
    pull(rig, hours=hours)
    rig.pass_time(14 * 3600)
    assert "outside_hours" not in rated(rig).payload["flags"]


def test_an_announced_extra_day_goes_before_the_week(rig: WindowRig) -> None:
    day = rig.clock.wall.date().isoformat()
    pull(rig, hours=[{"weekday": 7, "from": "09:00", "to": "10:00"}, {"date": day, "from": "08:00", "to": "20:00"}])
    assert "outside_hours" not in rated(rig).payload["flags"]


# --- the sign ----------------------------------------------------------------------------------------------------


def titles(rig: WindowRig) -> list[str]:
    return [notice.title for notice in rig.screen().sign.notices]


def test_notices_come_and_go_with_the_time(rig: WindowRig) -> None:
    now = rig.clock.wall
    soon, later = (now + timedelta(minutes=n) for n in (1, 3))
    pull_lists(
        rig,
        notices=[
            {"title": "几分钟", "text": "", "from": soon.isoformat(), "to": later.isoformat()},
            {"title": "今天", "from": now.date().isoformat(), "to": now.date().isoformat()},
            {"title": "世界时", "from": "2026-11-23T01:02:00Z"},
            {"title": "没有时区", "to": "2026-11-23T09:02:30"},
            {"title": "看不懂", "from": "不知道"},
        ],
    )
    assert titles(rig) == ["今天", "没有时区", "看不懂"]
    rig.pass_time(2 * 60)
    assert titles(rig) == ["几分钟", "今天", "世界时", "没有时区", "看不懂"]
    rig.pass_time(2 * 60)
    assert titles(rig) == ["今天", "世界时", "看不懂"]
    rig.pass_time(15 * 3600)
    assert titles(rig) == ["世界时", "看不懂"]


def test_the_items_of_the_windows_department_and_of_nobody_elses_are_listed(rig: WindowRig) -> None:
    items: list[dict[str, Any]] = [
        {"item_code": "1", "name": "本部门", "department": "甲局"},
        {"item_code": "2", "name": "别部门", "department": "乙局"},
        {"item_code": "3", "name": "各窗口"},
        {"item_code": "4", "name": "也各窗口", "department": None},
    ]
    pull_lists(rig, windows=[{"window": "12", "department": "甲局", "device_short_id": 12}], items=items)
    assert [service.name for service in rig.screen().sign.services] == ["本部门", "各窗口", "也各窗口"]
    pull_lists(rig, windows=[{"window": "12", "department": ""}])
    assert len(rig.screen().sign.services) == 4


def test_entries_of_an_unexpected_form_leave_the_sign_as_it_was_and_are_told(rig: WindowRig) -> None:
    pull_lists(rig, items=[{"item_code": "1", "name": "测试事项"}])
    with closing(HallStore.open(rig.directory)) as hall:
        hall._connection.execute("UPDATE entries SET body = '[1]' WHERE section = 'items'")
    rig.settle()
    assert [service.name for service in rig.screen().sign.services] == ["测试事项"]
    assert "hall_data_unreadable" in [p.code for p in rig.station.problems()]


# --- staff and bindings ------------------------------------------------------------------------------------------


def bound_by_the_platform(rig: WindowRig, staff_no: str) -> None:
    """The agent has written what the platform says, in a process of its own."""
    with closing(
        Journal.open_or_start(rig.directory, device_id=DEVICE, clock=rig.clock, software="sync-agent")
    ) as journal:
        payload = {"window": "12", "staff_no": staff_no, "by": "platform", "reason": "pulled"}
        journal.append(Draft(Kind.STAFF_BOUND, payload, rig.clock.now()))


def keep_photo(rig: WindowRig, content: bytes) -> dict[str, str]:
    digest = hashlib.sha256(content).hexdigest()
    with closing(HallStore.open(rig.directory)) as hall:
        hall.keep_photo(digest, content)
    return {"sha256": digest, "url": "/photos/test"}


def test_a_binding_of_the_platform_shows_on_the_sign_and_counts_for_the_next_visit_r17(rig: WindowRig) -> None:
    photo = keep_photo(rig, b"\x89PNG\r\n\x1a\n test")
    person = {"staff_no": "0815", "name": "测试员三", "badge_no": "B3", "stars": 5, "honours": ["示范岗"]}
    pull_lists(rig, staff=[{**person, "photo": photo}])
    before = rig.open_visit()
    bound_by_the_platform(rig, "0815")
    card = rig.screen().sign.staff
    assert card is not None
    assert (card.name, card.badge_no, card.stars, card.honours) == ("测试员三", "B3", 5, ("示范岗",))
    assert Path(card.photo_file).name == photo["sha256"]
    assert rig.keys.stars[-1] == 5
    rig.station.end(before)
    after = rig.open_visit()
    staff = {record.visit_id: record.payload["staff_no"] for record in rig.records("visit_opened")}
    assert staff == {before: None, after: "0815"}


def test_a_photo_that_comes_after_its_list_is_shown(rig: WindowRig) -> None:
    """The agent takes the list first, and then brings the photos that it names."""
    content = b"\x89PNG\r\n\x1a\n test"
    named = {"sha256": hashlib.sha256(content).hexdigest(), "url": "/photos/test"}
    pull_lists(rig, staff=[{"staff_no": "0815", "name": "测试员三", "photo": named}])
    bound_by_the_platform(rig, "0815")
    card = rig.screen().sign.staff
    assert card is not None
    assert card.photo_file == ""
    keep_photo(rig, content)
    card = rig.screen().sign.staff
    assert card is not None
    assert Path(card.photo_file).read_bytes() == content


def test_the_later_of_two_bindings_holds_whoever_made_it_r17(rig: WindowRig) -> None:
    bound_by_the_platform(rig, "0815")
    bound_by_the_platform(rig, "0816")
    rig.open_visit()
    assert rig.records("visit_opened")[-1].payload["staff_no"] == "0816"


def test_a_binding_counts_even_before_the_app_has_noticed_it(rig: WindowRig) -> None:
    bound_by_the_platform(rig, "0815")
    rig.open_visit()
    assert rig.records("visit_opened")[-1].payload["staff_no"] == "0815"


def test_the_page_of_the_rating_has_the_usual_time_whatever_was_pulled(rig: WindowRig) -> None:
    rated(rig)
    pull(rig, options=catalogue("2026-11"), hours=MORNINGS)
    rig.pass_time(DETAIL_SECONDS - 1)
    assert rig.screen().page is Page.DETAILS
