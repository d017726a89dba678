"""Killed at any step, or with a disk that fails: one outcome a visit, no number given twice (R3, R7, R22)."""

from collections.abc import Callable
from contextlib import closing, suppress

import pytest

from device_drivers.printer.conditions import PrintState
from kiosk_app.domain.levels import Level
from kiosk_app.journal.database import JOURNAL_FILE, connect
from kiosk_app.journal.verification import verify
from kiosk_app.kiosk.screen_state import Message, Page, Result, say
from kiosk_app.kiosk.service import Action
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import IDLE_SECONDS, FakePrinter, KioskRig, code


def test_a_kill_before_the_invitation_is_not_invited(rig: KioskRig) -> None:
    rig.take_number()
    rig.restart()
    assert rig.page() is Page.HOME
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "not_invited"


@pytest.mark.parametrize("reboot", [False, True])
def test_a_kill_while_the_choices_are_shown_is_interrupted(rig: KioskRig, reboot: bool) -> None:
    rig.take_number()
    rig.confirm()
    rig.restart(rig.clock.reboot if reboot else lambda: None)
    assert rig.page() is Page.HOME
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "interrupted"
    rig.press(Level.SATISFIED)
    assert rig.records("rating") == []


def test_a_kill_after_the_press_settles_only_a_bad_rating(rig: KioskRig) -> None:
    for counter, level in enumerate((Level.SATISFIED, Level.VERY_DISSATISFIED)):
        rig.scan(code(counter=counter))
        rig.clock.advance(2)
        rig.press(level)
        rig.restart()
    (detail,) = rig.records("rating_detail")
    assert detail.payload["reason"] == "not_given"
    assert detail.payload["rating_id"] == rig.records("rating")[1].record_id


def test_a_slip_cut_off_by_a_kill_is_unconfirmed_and_not_printed_again(rig: KioskRig) -> None:
    rig.take_number()
    printer = rig.printer
    assert printer is not None
    rig.restart()
    (result,) = rig.records("print_result")
    assert (result.payload["state"], result.payload["of"]) == ("unconfirmed", rig.records("ticket_issued")[0].record_id)
    assert len(printer.jobs) == 1
    rig.restart()
    assert len(rig.records("print_result")) == 1


def test_an_orderly_stop_leaves_nothing_open(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    rig.stop_and_start()
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "interrupted"
    count = len(rig.records())
    rig.restart()
    assert [r.kind for r in rig.records()[count:]] in ([], ["print_result"])


def a_whole_visit(rig: KioskRig) -> None:
    """Everything that appends, one after another."""
    rig.take_number()
    rig.print_ends(PrintState.FAILED)
    rig.act(Action.PRINT)
    rig.print_ends()
    rig.confirm()
    rig.clock.advance(2)
    rig.press(Level.DISSATISFIED)
    rig.give_reasons()
    rig.confirm()
    rig.home()
    rig.book()
    rig.print_ends()
    rig.home()


@pytest.mark.parametrize("appends", range(14))
def test_killed_between_any_two_appends_everything_is_settled_once(make_rig: MakeRig, appends: int) -> None:
    rig = make_rig(printer=FakePrinter())
    rig.appends_left = appends
    with suppress(AssertionError, IndexError, ValueError):  # the screen says that nothing can be recorded
        a_whole_visit(rig)
    rig.appends_left = None
    rig.restart()
    opened = [record.visit_id for record in rig.records("visit_opened")]
    assert all(rig.outcome(visit_id) is not None for visit_id in opened)
    bad = [r.record_id for r in rig.records("rating") if r.payload["level"] == "dissatisfied"]
    assert [r.payload["rating_id"] for r in rig.records("rating_detail")] == bad
    numbers = [r.payload["ticket_no"] for r in rig.records("ticket_issued")]
    rig.take_number()
    assert rig.content(Result).big not in numbers
    rig.close()
    assert verify(rig.directory).holds


def test_while_nothing_can_be_recorded_the_screen_says_so_and_heals(rig: KioskRig) -> None:
    rig.choose("take_number", "社会保险", "S-1")
    rig.broken = "disk full"
    rig.confirm()
    screen = rig.screen()
    assert screen.page is Page.CANNOT_RECORD
    assert isinstance(screen.content, Message)
    rig.confirm()
    rig.back()
    assert rig.page() is Page.CANNOT_RECORD
    assert rig.station.problems()[0].code == "cannot_record"
    rig.broken = None
    rig.pass_time(6)
    assert rig.page() is Page.NUMBER
    recovered = rig.records()[-1]
    assert (recovered.kind, recovered.payload["device"]) == ("device_event", "storage")


def test_what_a_citizen_left_while_nothing_could_be_recorded_is_recorded_afterwards(rig: KioskRig) -> None:
    rig.take_number()
    rig.broken = "disk full"
    rig.confirm()
    assert rig.page() is Page.CANNOT_RECORD
    citizen = rig.screen().citizen
    rig.home()
    assert rig.screen().citizen == citizen + 1
    rig.broken = None
    rig.pass_time(6)
    assert rig.page() is Page.HOME
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "not_invited"


def test_a_screen_that_cannot_record_is_left_by_the_idle_time_too(rig: KioskRig) -> None:
    rig.scan(code())
    rig.clock.advance(2)
    rig.press(Level.DISSATISFIED)
    rig.station.choose_reasons(("207",))
    rig.broken = "disk full"
    rig.give_reasons("207")
    rig.confirm()
    assert rig.page() is Page.CANNOT_RECORD
    citizen = rig.screen().citizen
    rig.pass_time(IDLE_SECONDS + 11)
    assert rig.screen().citizen == citizen + 1
    rig.broken = None
    rig.pass_time(6)
    (detail,) = rig.records("rating_detail")
    assert [option["code"] for option in detail.payload["options"]] == ["207"]


def test_a_choice_whose_deadline_passed_while_nothing_could_be_recorded_is_a_time_out(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    rig.broken = "disk full"
    rig.press(Level.SATISFIED)
    assert rig.page() is Page.CANNOT_RECORD
    rig.pass_time(IDLE_SECONDS + 1)
    rig.broken = None
    rig.pass_time(6)
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "timeout"
    assert rig.records("rating") == []


def test_a_journal_that_was_not_there_at_the_start_is_taken_up_when_it_is(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.take_number()
    rig.broken = "no disk"
    rig.restart()
    assert rig.page() is Page.CANNOT_RECORD
    rig.broken = None
    rig.pass_time(6)
    assert rig.page() is Page.HOME
    assert [r.payload["reason"] for r in rig.records("rating_missed")] == ["not_invited"]


def restore_an_older_journal(rig: KioskRig, meanwhile: Callable[[], object]) -> None:
    """The technician puts back the journal as it was before `meanwhile`, while the app runs."""
    restored = rig.directory / "restored"
    with closing(connect(rig.directory / JOURNAL_FILE)) as connection:
        connection.execute("VACUUM INTO ?", (str(restored),))
    meanwhile()
    for suffix in ("-wal", "-shm"):
        (rig.directory / f"{JOURNAL_FILE}{suffix}").unlink()
    restored.replace(rig.directory / JOURNAL_FILE)
    rig.clock.advance(2)


def test_a_journal_that_is_restored_while_the_choices_are_shown_tells_its_own_story(rig: KioskRig) -> None:
    rig.take_number()
    restore_an_older_journal(rig, rig.confirm)
    citizen = rig.screen().citizen
    rig.press(Level.SATISFIED)
    screen = rig.screen()
    assert (screen.page, screen.citizen) == (Page.HOME, citizen + 1)
    assert rig.records("rating", "rating_invited") == []
    (missed,) = rig.records("rating_missed")
    assert missed.payload["reason"] == "not_invited"
    rig.take_number()
    assert rig.content(Result).big == "A003"


def test_a_touch_on_a_page_that_the_restored_journal_took_away_does_nothing_at_home(rig: KioskRig) -> None:
    restore_an_older_journal(rig, lambda: rig.choose("book"))
    rig.choose("book")
    assert rig.page() is Page.HOME


def test_the_hall_data_that_cannot_be_read_stays_as_it_was(rig: KioskRig) -> None:
    rig.directory.joinpath("hall.sqlite3").write_bytes(b"no database")
    rig.settle()
    rig.take_number()
    assert rig.content(Result).title == say("number.taken")
