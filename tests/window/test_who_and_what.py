"""Whom and what a rating is about: binding, claim, cases, user (R4, R11, R13, R17, R18)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk_app.domain.records import KEYS_CONFIRMED, Draft, Kind
from kiosk_app.domain.visits import Accepted, Case, VisitRequest
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import Sealer
from tests.window.window_rig import DEVICE, INVITE_SECONDS, PROFILE, WindowRig

USER = {"name": "测试甲乙丙", "id_no": "TESTID0000000001X", "phone": "10012340000"}


def record(rig: WindowRig, kind: Kind, **payload: object) -> None:
    """Another process appends, and wakes the app."""
    journal = Journal.open_or_start(rig.directory, device_id=DEVICE, clock=rig.clock, software="test")
    journal.append(Draft(kind, payload, rig.clock.now()))
    journal.close()
    rig.settle()


def bind(rig: WindowRig, staff_no: str) -> None:
    record(rig, Kind.STAFF_BOUND, window="12", staff_no=staff_no, by="test", reason="")


def test_a_rating_carries_the_binding_in_force_when_its_visit_opened(rig: WindowRig) -> None:
    bind(rig, "0001")
    visit = rig.invited_visit()
    bind(rig, "0002")
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["staff_no"] == "0001"
    later = rig.invited_visit()
    rig.key("satisfied")
    rating = rig.outcome(later)
    assert rating is not None
    assert rating.payload["staff_no"] == "0002"


def test_the_binding_counts_and_a_differing_claim_is_flagged(rig: WindowRig) -> None:
    bind(rig, "0001")
    visit = rig.invited_visit(staff_no="0009")
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["staff_no"] == "0001"
    assert "staff_mismatch" in rating.payload["flags"]
    (opened,) = rig.records("visit_opened")
    assert opened.payload["staff_no_called"] == "0009"


def test_nobody_is_turned_away_for_a_missing_binding_but_health_says_so(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["staff_no"] is None
    assert "binding_missing" in [p.code for p in rig.station.problems()]
    bind(rig, "0001")
    assert "binding_missing" not in [p.code for p in rig.station.problems()]


def test_one_press_rates_each_case_of_the_visit(rig: WindowRig) -> None:
    cases = (Case(case_no="TEST-1", department="甲局", assess_number=1), Case(case_no="TEST-2", department="乙局"))
    visit = rig.invited_visit(cases=cases)
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert [case["case_no"] for case in rating.payload["cases"]] == ["TEST-1", "TEST-2"]
    assert rating.payload["cases"][0]["assess_number"] == 1


def test_an_answer_within_a_second_and_a_short_service_are_flagged(rig: WindowRig) -> None:
    visit = rig.open_visit()
    rig.pass_time(25)
    rig.station.invite(visit)
    rig.pass_time(3)
    rig.key("satisfied")
    slow = rig.outcome(visit)
    visit = rig.invited_visit()
    rig.key("satisfied")
    quick = rig.outcome(visit)
    assert slow is not None
    assert quick is not None
    assert slow.payload["flags"] == []
    assert quick.payload["flags"] == ["instant", "short_service"]


def test_from_the_sixth_visit_within_a_minute_on_it_is_a_burst_also_over_a_restart(rig: WindowRig) -> None:
    for count in range(7):
        visit = rig.invited_visit()
        if count == 5:
            rig.restart()
        rig.key("satisfied")
        rating = rig.outcome(visit)
        assert rating is not None
        assert ("burst" in rating.payload["flags"]) == (count >= 5)
        rig.pass_time(1)
    rig.pass_time(61)
    visit = rig.invited_visit()
    rig.pass_time(INVITE_SECONDS - 1)
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert "burst" not in rating.payload["flags"]


def test_user_data_is_dropped_without_a_seal_key_and_the_answer_says_so(rig: WindowRig) -> None:
    answer = rig.station.open_visit(VisitRequest(user=USER))
    assert isinstance(answer, Accepted)
    assert answer.user_dropped
    assert_nowhere_on_disk(rig.directory)


def assert_nowhere_on_disk(directory: Path) -> None:
    for file in directory.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not any(value.encode() in content for value in USER.values()), file


@pytest.fixture
def sealing_rig(tmp_path: Path) -> Iterator[WindowRig]:
    pem = generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "platform.pem").write_bytes(pem)
    rig = WindowRig(tmp_path / "data", sealer=Sealer(tmp_path / "platform.pem"))
    yield rig
    rig.close()


def test_user_data_is_sealed_at_once_and_committed_to(sealing_rig: WindowRig) -> None:
    answer = sealing_rig.station.open_visit(VisitRequest(user=USER))
    assert isinstance(answer, Accepted)
    assert not answer.user_dropped
    (opened,) = sealing_rig.records("visit_opened")
    assert len(opened.payload["user_commitment"]) == 64
    assert set(opened.to_wire()["sealed"]) == {"user"}
    assert_nowhere_on_disk(sealing_rig.directory)


def test_the_sign_shows_who_is_bound_and_the_evaluator_their_stars(rig: WindowRig) -> None:
    hall = HallStore.open(rig.directory)
    hall.replace_all(
        {
            "staff": [{"staff_no": "0001", "name": "测试员一", "badge_no": "B1", "stars": 4, "honours": ["示范岗"]}],
            "windows": [{"window": "12", "department": "综合窗口"}],
            "items": [
                {"item_code": "T1", "name": "测试事项", "department": "综合窗口", "promised_days": 0},
                {"item_code": "T2", "name": "别处的事项", "department": "别的窗口"},
            ],
            "notices": [
                {"title": "现在", "from": "2026-11-01", "to": "2026-11-30"},
                {"title": "过去", "from": "2026-10-01", "to": "2026-10-31"},
            ],
        }
    )
    hall.close()
    bind(rig, "0001")
    sign = rig.screen().sign
    assert sign.staff is not None
    assert (sign.staff.name, sign.staff.badge_no, sign.staff.stars) == ("测试员一", "B1", 4)
    assert (sign.department, [s.name for s in sign.services]) == ("综合窗口", ["测试事项"])
    assert [n.title for n in sign.notices] == ["现在"]
    assert rig.keys.stars[-1] == 4
    assert rig.station.window().staff == {"staff_no": "0001", "name": "测试员一"}
    record(rig, Kind.STAFF_UNBOUND, window="12", staff_no="0001", by="test", reason="")
    assert rig.keys.stars[-1] == 0


def test_health_warns_until_the_words_of_the_keys_were_confirmed(rig: WindowRig) -> None:
    assert "evaluator_not_confirmed" in [p.code for p in rig.station.problems()]
    action = {"operator": "test", "action": KEYS_CONFIRMED, "outcome": "done"}
    record(rig, Kind.OPERATOR_ACTION, **action, target="another protocol")
    assert "evaluator_not_confirmed" in [p.code for p in rig.station.problems()]
    record(rig, Kind.OPERATOR_ACTION, **action, target=PROFILE.protocol_sha256)
    assert "evaluator_not_confirmed" not in [p.code for p in rig.station.problems()]
    record(rig, Kind.OPERATOR_ACTION, **action, target="a protocol that was learned, and is not in use")
    assert "evaluator_not_confirmed" not in [p.code for p in rig.station.problems()], "what was confirmed stays so"


def test_a_lost_evaluator_is_recorded_once_and_told_in_health_until_it_is_back(rig: WindowRig) -> None:
    rig.station.connection_changed(True, "")
    rig.station.connection_changed(False, "/dev/x is not there")
    rig.settle()
    assert "/dev/x is not there" in next(p.text for p in rig.station.problems() if p.code == "evaluator_lost")
    rig.station.connection_changed(True, "")
    rig.settle()
    assert [r.payload["state"] for r in rig.records("device_event")] == ["lost", "connected"]
    assert "evaluator_lost" not in [p.code for p in rig.station.problems()]


def test_unreadable_hall_data_is_told_as_what_it_is_and_the_binding_still_counts(tmp_path: Path) -> None:
    (tmp_path / "hall.sqlite3").write_bytes(b"not a database" * 1000)
    rig = WindowRig(tmp_path)
    bind(rig, "0001")
    codes = [p.code for p in rig.station.problems()]
    assert "hall_data_unreadable" in codes
    assert "binding_missing" not in codes
    visit = rig.invited_visit()
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["staff_no"] == "0001"
    rig.close()
