"""What becomes of the window when the app starts again (R3, R5, R6, R13, R19)."""

from dataclasses import replace

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Kind
from kiosk_app.domain.visits import Case, WindowName
from kiosk_app.domain.window import (
    Decline,
    End,
    Expire,
    Invite,
    OpenVisit,
    Press,
    Resume,
    WantPause,
    WindowState,
    step,
)
from tests.domain.recorded import RecordedWindow
from tests.domain.window_states import AWAY, LIMITS
from tests.manual_clock import ManualClock

CASE = Case("C-1", "640101", "企业设立登记", "市场监督管理局", "办结", 1)
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def window() -> RecordedWindow:
    return RecordedWindow(LIMITS)


def opening(clock: ManualClock, visit_id: str = "v1", *, invite: bool = False) -> OpenVisit:
    return OpenVisit(
        clock.now(), visit_id, "12", "0815", "0999", "A001", "8080-RGG0-0PFZ-R84R", (CASE,),
        invite_with="both" if invite else None,
    )  # fmt: skip


def test_a_new_terminal_starts_idle(clock: ManualClock, window: RecordedWindow) -> None:
    assert window.start_again(clock.now()) == ()
    assert window.state == WindowState()


def test_a_restart_changes_nothing_of_a_visit_being_served(clock: ManualClock, window: RecordedWindow) -> None:
    window.play(opening(clock))
    before = window.state
    clock.pass_ms(90_000)
    assert window.start_again(clock.now()) == ()
    assert window.state == before


@pytest.mark.parametrize("down_ms", [0, 1, 15_000, 29_999])
def test_after_a_mere_restart_an_open_invitation_goes_on_with_its_deadline_r5(
    clock: ManualClock, window: RecordedWindow, down_ms: int
) -> None:
    window.play(opening(clock, invite=True))
    before = window.state
    clock.pass_ms(down_ms)
    assert window.start_again(clock.now()) == ()
    assert window.state == before


@pytest.mark.parametrize("wall_ms", [-DAY_MS, -1, 1, 3_600_000, DAY_MS])
def test_a_wall_clock_set_while_the_app_was_down_moves_no_deadline_r28(
    clock: ManualClock, window: RecordedWindow, wall_ms: int
) -> None:
    window.play(opening(clock, invite=True))
    before = window.state.visit
    assert before is not None
    clock.pass_ms(10_000)
    clock.set_wall(wall_ms)
    assert window.start_again(clock.now()) == ()
    visit = window.state.visit
    assert visit is not None
    assert visit.deadline is not None
    assert before.deadline is not None
    assert visit.deadline.boot_ms == before.deadline.boot_ms
    pressed = Press(clock.now(), Level.SATISFIED, "touchscreen")
    assert step(window.state, pressed, LIMITS).drafts[0].payload["response_ms"] == 10_000


@pytest.mark.parametrize("down_ms", [30_000, 30_001, DAY_MS])
def test_an_invitation_whose_time_ran_out_while_down_is_interrupted_r6(
    clock: ManualClock, window: RecordedWindow, down_ms: int
) -> None:
    window.play(opening(clock, invite=True))
    clock.pass_ms(down_ms)
    (missed,) = window.start_again(clock.now())
    assert (missed.kind, missed.visit_id) == (Kind.RATING_MISSED, "v1")
    assert missed.payload == {"reason": "interrupted", "rating_code": "8080-RGG0-0PFZ-R84R"}
    assert missed.at == clock.now()
    assert window.state.name is WindowName.IDLE


@pytest.mark.parametrize("down_ms", [0, 1_000, 10_000, DAY_MS])
@pytest.mark.parametrize("wall_ms", [-DAY_MS, 0, DAY_MS])
@pytest.mark.parametrize("boot_ms", [1, 20_000, 1_000_000, 1_015_000, 5_000_000])
def test_after_a_reboot_an_open_invitation_is_interrupted_always_r6(
    clock: ManualClock, window: RecordedWindow, down_ms: int, wall_ms: int, boot_ms: int
) -> None:
    """Someone else may stand there; no coincidence of clocks lets it go on."""
    window.play(opening(clock, invite=True))
    clock.reboot(down_ms, boot_ms)
    clock.set_wall(wall_ms)
    (missed,) = window.start_again(clock.now())
    assert missed.payload["reason"] == "interrupted"
    assert window.state.visit is None
    assert step(window.state, Press(clock.now(), Level.SATISFIED, "evaluator"), LIMITS).stray


def test_a_visit_being_served_survives_a_reboot_with_all_it_is_about(
    clock: ManualClock, window: RecordedWindow
) -> None:
    window.play(opening(clock))
    before = window.state.visit
    assert before is not None
    clock.reboot(down_ms=60_000)
    assert window.start_again(clock.now()) == ()
    visit = window.state.visit
    assert visit is not None
    assert replace(visit, opened=before.opened) == before
    assert visit.opened.boot_ms == clock.boot_ms - 60_000
    assert visit.opened.boot_id == clock.boot_id
    # It is invited and rated as if nothing had been.
    window.play(Invite(clock.now(), "v1", "both"), Press(clock.pass_ms(3_000), Level.DISSATISFIED, "evaluator"))
    (rating,) = window.of_kind(Kind.RATING)
    assert rating.payload["flags"] == ["staff_mismatch"]
    assert (rating.payload["staff_no"], rating.payload["cases"][0]["case_no"]) == ("0815", "C-1")


def test_a_visit_too_old_after_the_reboot_is_abandoned(clock: ManualClock, window: RecordedWindow) -> None:
    window.play(opening(clock))
    clock.reboot(down_ms=LIMITS.visit_max_ms)
    assert window.start_again(clock.now()) == ()
    window.play(Expire(clock.now()))
    assert [r.payload["reason"] for r in window.of_kind(Kind.RATING_MISSED)] == ["abandoned"]


def test_a_visit_not_too_old_after_the_reboot_is_not_abandoned(clock: ManualClock, window: RecordedWindow) -> None:
    window.play(opening(clock))
    clock.reboot(down_ms=LIMITS.visit_max_ms - 1)
    window.start_again(clock.now())
    window.play(Expire(clock.now()))
    assert window.of_kind(Kind.RATING_MISSED) == []
    window.play(Expire(clock.pass_ms(1)))
    assert len(window.of_kind(Kind.RATING_MISSED)) == 1


def test_a_wall_clock_set_back_by_a_reboot_only_makes_the_visit_young_r28(
    clock: ManualClock, window: RecordedWindow
) -> None:
    """A dead clock battery: the visit is as old as can be told, and still ends some day."""
    window.play(opening(clock))
    clock.reboot()
    clock.set_wall(-20 * 365 * DAY_MS)
    assert window.start_again(clock.now()) == ()
    visit = window.state.visit
    assert visit is not None
    assert visit.opened.boot_ms == clock.boot_ms
    window.play(Expire(clock.pass_ms(LIMITS.visit_max_ms)))
    assert window.of_kind(Kind.RATING_MISSED)[0].payload["reason"] == "abandoned"


def test_a_wall_clock_set_forward_by_a_reboot_abandons_at_the_most_r28(
    clock: ManualClock, window: RecordedWindow
) -> None:
    window.play(opening(clock))
    clock.reboot()
    clock.set_wall(20 * 365 * DAY_MS)
    assert window.start_again(clock.now()) == ()
    visit = window.state.visit
    assert visit is not None
    assert visit.opened.boot_ms == clock.boot_ms - LIMITS.visit_max_ms


@pytest.mark.parametrize("reboot", [False, True])
def test_a_finished_visit_is_never_taken_up_again_r3(clock: ManualClock, window: RecordedWindow, reboot: bool) -> None:
    window.play(opening(clock, invite=True), Press(clock.pass_ms(2_000), Level.SATISFIED, "evaluator"))
    window.play(opening(clock, "v2", invite=True), Decline(clock.pass_ms(2_000)))
    if reboot:
        clock.reboot()
    assert window.start_again(clock.now()) == ()
    assert window.state.name is WindowName.IDLE


@pytest.mark.parametrize("reboot", [False, True])
def test_a_pause_survives_and_its_end_too_r19(clock: ManualClock, window: RecordedWindow, reboot: bool) -> None:
    window.play(WantPause(clock.now(), AWAY))
    if reboot:
        clock.reboot()
    window.start_again(clock.now())
    assert window.state == WindowState(pause=AWAY)
    window.play(Resume(clock.pass_ms(1_000)))
    window.start_again(clock.now())
    assert window.state == WindowState()


def test_a_pause_that_waited_for_the_visit_survives_once_it_stands_r19(
    clock: ManualClock, window: RecordedWindow
) -> None:
    window.play(opening(clock), WantPause(clock.now(), AWAY), End(clock.pass_ms(1_000), "v1"))
    window.start_again(clock.now())
    assert (window.state.name, window.state.pause) == (WindowName.PAUSED, AWAY)


def test_a_burst_is_recognised_across_a_restart_r13(clock: ManualClock, window: RecordedWindow) -> None:
    for number in range(5):
        window.play(opening(clock, f"v{number}"), End(clock.pass_ms(1_000), f"v{number}"))
    window.start_again(clock.now())
    window.play(opening(clock, "v5"))
    assert window.state.visit is not None
    assert "burst" in window.state.visit.flags


@pytest.mark.parametrize("reboot", [False, True])
def test_a_visit_keeps_its_suspicions_over_a_start_r13(
    clock: ManualClock, window: RecordedWindow, reboot: bool
) -> None:
    for number in range(5):
        window.play(opening(clock, f"v{number}"), End(clock.pass_ms(1_000), f"v{number}"))
    window.play(opening(clock, "v5"))
    if reboot:
        clock.reboot()
    window.start_again(clock.now())
    assert window.state.visit is not None
    assert window.state.visit.flags == ("burst", "staff_mismatch")


def test_openings_of_another_boot_make_no_burst_r13(clock: ManualClock, window: RecordedWindow) -> None:
    """Boot times of two boots say nothing about each other."""
    for number in range(5):
        window.play(opening(clock, f"v{number}"), End(clock.pass_ms(1_000), f"v{number}"))
    clock.reboot(down_ms=DAY_MS, boot_ms=clock.boot_ms)
    window.start_again(clock.now())
    window.play(opening(clock, "v5"))
    assert window.state.visit is not None
    assert "burst" not in window.state.visit.flags


def test_starting_twice_is_starting_once(clock: ManualClock, window: RecordedWindow) -> None:
    window.play(opening(clock, invite=True))
    clock.reboot()
    assert len(window.start_again(clock.now())) == 1
    assert window.start_again(clock.now()) == ()
