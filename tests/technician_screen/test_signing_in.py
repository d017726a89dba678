"""Who gets in, who waits, and when the screen is left."""

import pytest

from kiosk_app.journal.pins import FIRST_WAIT_SECONDS, FREE_TRIES
from kiosk_app.technician_screen.session import IDLE_MS, SIGN_IN_IDLE_MS
from kiosk_app.technician_screen.state import Message, Page, TechnicianState
from tests.technician_screen.technician_rig import NAME, PIN, WRONG, TechnicianRig, blocks, says


def opened(rig: TechnicianRig) -> TechnicianRig:
    rig.open()
    rig.wait_for(lambda state: state.page is Page.SIGN_IN and not state.busy)
    return rig


def test_where_nobody_has_a_pin_it_says_how_to_get_one(rig: TechnicianRig) -> None:
    opened(rig)
    state = rig.wait_for(lambda state: says(state, "sign_in.no_pin"))
    (message,) = blocks(state, Message)
    assert message.detail == f"kiosk-admin --config {rig.config} technician pin"
    rig.set_pin()
    rig.pass_time(5)
    assert rig.wait_for(lambda state: state.technicians).technicians == (NAME,)


def test_the_right_pin_opens_the_overview_and_is_a_record(rig: TechnicianRig) -> None:
    state = rig.signed_in().state
    assert (state.page, state.operator) == (Page.OVERVIEW, NAME)
    assert rig.actions() == [("sign_in", "technician's screens", "done")]
    assert rig.records()[-1].payload["operator"] == NAME


def test_a_wrong_pin_opens_nothing_and_is_a_record_without_the_pin(rig: TechnicianRig) -> None:
    rig.set_pin()
    opened(rig).try_wrong()
    assert rig.wait_for_message("sign_in.wrong").kind == "bad"
    assert rig.state.menu == ()
    assert rig.actions() == [("sign_in_failed", "technician's screens", "wrong PIN")]
    assert WRONG not in str(rig.records())


def test_who_has_no_pin_is_no_technician(rig: TechnicianRig) -> None:
    rig.set_pin()
    opened(rig)
    rig.type_pin(PIN, "somebody else")
    rig.settled()
    assert rig.state.page is Page.SIGN_IN
    assert rig.actions() == []


def test_after_five_wrong_tries_even_the_right_pin_waits_also_across_a_restart_and_a_clock_set_back(
    rig: TechnicianRig,
) -> None:
    rig.set_pin()
    opened(rig).try_wrong(FREE_TRIES)
    assert rig.wait_for(lambda state: state.wait_seconds).wait_seconds == FIRST_WAIT_SECONDS
    rig.type_pin(PIN)
    assert rig.settled().page is Page.SIGN_IN
    rig.close()
    rig.clock.reboot(down_ms=1_000)
    rig.clock.set_wall(-3_600_000)
    rig.begin()
    opened(rig)
    assert rig.wait_for(lambda state: state.wait_seconds).wait_seconds == FIRST_WAIT_SECONDS
    rig.type_pin(PIN)
    assert rig.settled().page is Page.SIGN_IN
    rig.pass_time(FIRST_WAIT_SECONDS)
    assert rig.settled().wait_seconds == 0
    rig.type_pin(PIN)
    rig.wait_for_page(Page.OVERVIEW)
    assert [done[0] for done in rig.actions()] == ["sign_in_failed"] * FREE_TRIES + ["sign_in"]


def test_the_wait_doubles_and_is_counted_down_r12(rig: TechnicianRig) -> None:
    rig.set_pin()
    opened(rig).try_wrong(FREE_TRIES)
    rig.wait_for(lambda state: state.wait_seconds == FIRST_WAIT_SECONDS)
    rig.pass_time(5)
    assert rig.settled().wait_seconds == FIRST_WAIT_SECONDS - 5
    rig.pass_time(10)
    rig.try_wrong()
    assert rig.wait_for(lambda state: state.wait_seconds).wait_seconds == 2 * FIRST_WAIT_SECONDS


def test_a_second_technician_does_not_wait_for_the_firsts_mistakes(rig: TechnicianRig) -> None:
    rig.set_pin()
    rig.set_pin("161803", "zhang")
    opened(rig).try_wrong(FREE_TRIES)
    rig.wait_for(lambda state: state.wait_seconds)
    rig.act("technician", "zhang")
    assert rig.wait_for(lambda state: state.operator == "zhang" and not state.wait_seconds)
    rig.type_pin("161803", "zhang")
    assert rig.wait_for_page(Page.OVERVIEW).operator == "zhang"


# Leaving


def test_five_idle_minutes_leave_and_a_touch_begins_them_anew(rig: TechnicianRig) -> None:
    rig.signed_in()
    rig.pass_time(IDLE_MS / 1000 - 1)
    rig.station.touched(rig.clock.seconds)
    leaves_at = rig.settled().leaves_at
    assert leaves_at == rig.clock.seconds + IDLE_MS / 1000
    rig.pass_time(IDLE_MS / 1000 - 1)
    assert rig.settled().page is Page.OVERVIEW
    rig.pass_time(1)
    assert rig.wait_for(lambda state: state.page is Page.CLOSED) == TechnicianState()
    assert rig.actions()[-1] == ("leave", "technician's screens", "idle")


def test_a_touch_after_the_five_minutes_is_somebody_elses(rig: TechnicianRig) -> None:
    rig.signed_in()
    rig.clock.advance(IDLE_MS / 1000)
    rig.station.go(Page.ABOUT)
    assert rig.settled().page is Page.CLOSED


def test_nobody_can_set_the_clock_to_stay_in(rig: TechnicianRig) -> None:
    rig.signed_in()
    rig.clock.set_wall(-10 * IDLE_MS)
    rig.pass_time(IDLE_MS / 1000)
    rig.wait_for(lambda state: state.page is Page.CLOSED)


def test_a_sign_in_page_that_nobody_uses_gives_the_screen_back_soon_and_without_a_record(rig: TechnicianRig) -> None:
    rig.set_pin()
    opened(rig)
    rig.pass_time(SIGN_IN_IDLE_MS / 1000)
    rig.wait_for(lambda state: state.page is Page.CLOSED)
    assert rig.actions() == []


def test_leaving_is_a_record_and_nothing_of_the_session_stays(rig: TechnicianRig) -> None:
    rig.signed_in().go(Page.ABOUT)
    rig.station.leave()
    assert rig.wait_for(lambda state: state.page is Page.CLOSED) == TechnicianState()
    assert rig.actions()[-1] == ("leave", "technician's screens", "left")
    rig.station.go(Page.ABOUT)
    rig.act("bind")
    assert rig.settled() == TechnicianState()


# A citizen goes before a technician (R6)


def test_nothing_opens_while_a_citizen_is_asked_r6(rig: TechnicianRig) -> None:
    rig.set_pin()
    rig.house.citizen_is_asked = True
    rig.open()
    assert rig.settled().page is Page.CLOSED
    rig.station.open_as("root", Page.TOUCH)
    assert rig.settled().page is Page.CLOSED
    rig.house.citizen_is_asked = False
    opened(rig)


def test_a_citizen_who_is_asked_puts_the_technician_out_r6(rig: TechnicianRig) -> None:
    rig.signed_in().go(Page.RECORDS)
    rig.station.put_out("a citizen is invited")
    rig.wait_for(lambda state: state.page is Page.CLOSED)
    assert rig.actions()[-1] == ("leave", "technician's screens", "put out: a citizen is invited")


def test_without_a_screen_nobody_is_signed_in(rig: TechnicianRig) -> None:
    rig.signed_in()
    rig.station.detach_screen()
    assert rig.actions()[-1][2] == "the screen is gone"


def test_what_happens_during_the_sign_in_is_forgotten_when_the_page_is_left(rig: TechnicianRig) -> None:
    """A right PIN whose check ends after the page was put out opens nothing."""
    rig.set_pin()
    opened(rig)
    rig.type_pin()
    rig.station.put_out("a citizen is invited")
    rig.station._desk.jobs.close(10)
    assert rig.settled().page is Page.CLOSED
    assert rig.actions() == []


# The command line lets in to one page


def test_the_command_line_opens_one_page_and_no_other(rig: TechnicianRig) -> None:
    rig.station.open_as("root", Page.TOUCH)
    state = rig.wait_for_page(Page.TOUCH)
    assert (state.operator, state.menu, state.may_go_back) == ("root", (), True)
    rig.station.go(Page.ABOUT)
    assert rig.settled().page is Page.TOUCH
    rig.station.go_back()
    rig.wait_for(lambda state: state.page is Page.CLOSED)


# A disk that takes nothing more


def test_with_an_unwritable_store_the_right_pin_still_opens_and_the_rest_still_wait(rig: TechnicianRig) -> None:
    rig.set_pin()
    rig.cannot_open = "disk full"
    hall = rig.storage / "hall.sqlite3"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kiosk_app.technician_screen.door.PinStore.open", _cannot_open)
        opened(rig)
        rig.try_wrong(FREE_TRIES)
        assert rig.wait_for(lambda state: state.wait_seconds).wait_seconds == FIRST_WAIT_SECONDS
        rig.pass_time(FIRST_WAIT_SECONDS)
        rig.type_pin()
        state = rig.wait_for_page(Page.OVERVIEW)
    assert hall.exists()
    assert state.cannot_record == "disk full"
    rig.cannot_open = None
    rig.pass_time(5)
    assert rig.wait_for(lambda state: not state.cannot_record)
    assert [done[0] for done in rig.actions()] == ["sign_in_failed"] * FREE_TRIES + ["sign_in"]


def _cannot_open(*_: object) -> None:
    raise OSError(28, "No space left on device")
