"""What the technician is told of a kiosk; and the scanner's coming and going."""

from datetime import timedelta

from device_drivers.printer.conditions import Condition
from kiosk_app.journal.database import HALL_FILE
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import FakePrinter, KioskRig


def codes(rig: KioskRig) -> list[str]:
    return [problem.code for problem in rig.station.problems()]


def test_a_kiosk_in_order_has_no_problem(rig: KioskRig) -> None:
    assert codes(rig) == []


def test_the_printers_condition_is_a_problem_or_a_warning(rig: KioskRig) -> None:
    for condition, expected in (
        (Condition.PAPER_OUT, [("printer_paper_out", "problem")]),
        (Condition.NEAR_END, [("printer_paper_low", "warning")]),
        (Condition.UNKNOWN, []),
    ):
        rig.printer_becomes(condition)
        assert [(problem.code, problem.severity.value) for problem in rig.station.problems()] == expected


def test_a_scanner_that_goes_is_a_problem_and_a_record_and_its_first_arrival_is_none(rig: KioskRig) -> None:
    for connected in (True, False, True):
        rig.station.connection_changed(connected, "unplugged" if not connected else "")
        rig.settle()
        assert codes(rig) == ([] if connected else ["scanner_lost"])
    events = [r.payload for r in rig.records("device_event") if r.payload["device"] == "scanner"]
    assert [event["state"] for event in events] == ["lost", "connected"]


def test_groups_without_numbers_for_today_are_named(make_rig: MakeRig) -> None:
    rig = make_rig(
        printer=FakePrinter(),
        sections=small_hall.hall(numbers=[small_hall.number_lease(), small_hall.number_lease("n-p", "police")]),
    )
    (problem,) = rig.station.problems()
    assert problem.code == "numbers_missing"
    assert problem.text.endswith("for: tax")


def test_on_a_day_on_which_the_hall_is_closed_no_numbers_are_missing(make_rig: MakeRig) -> None:
    hours = [*small_hall.DOCUMENTS["hours"], {"date": small_hall.TODAY.isoformat()}]
    rig = make_rig(
        printer=FakePrinter(),
        sections=small_hall.hall(numbers=[]),
        documents={**small_hall.DOCUMENTS, "hours": hours},
    )
    assert codes(rig) == []


def test_an_entry_that_cannot_be_understood_takes_no_other_away(make_rig: MakeRig) -> None:
    odd = [{"lease_id": "n-odd", "group": "social"}, small_hall.number_lease()]
    rig = make_rig(printer=FakePrinter(), sections=small_hall.hall(numbers=odd, items=[{"item_code": "Z"}]))
    rig.tell_hall({"items": small_hall.ITEMS}, {"options": {"version": "broken"}, "hours": "always"})
    rig.settle()
    assert codes(rig)[0] == "hall_data_odd"
    rig.take_number()
    assert len(rig.records("ticket_issued")) == 1


def test_hall_data_that_cannot_be_read_is_told_once(make_rig: MakeRig) -> None:
    rig = make_rig(printer=FakePrinter())
    rig.restart(between=lambda: (rig.directory / HALL_FILE).write_bytes(b"not a database" * 1000))
    assert codes(rig) == ["hall_data_unreadable"]


def test_a_calendar_that_cannot_be_used_is_told_once(rig: KioskRig) -> None:
    rig.tell_hall({}, {"workdays": {"2027": {"holidays": [], "workdays": []}}})
    rig.station.refresh()
    rig.settle()
    assert codes(rig).count("calendar_unusable") == 1
    assert "hall_data_odd" not in codes(rig)


def test_a_year_whose_calendar_is_not_known_is_told(rig: KioskRig) -> None:
    rig.clock.wall += timedelta(days=400)
    assert "calendar_unknown" in codes(rig)
