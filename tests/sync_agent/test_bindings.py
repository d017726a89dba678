"""The platform's bindings and a technician's: the later one wins, and both are records (R17)."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.binding_changes import changing_bindings
from sync_agent.bindings import Change, PlatformBinding, changes
from sync_agent.simulated.platform import SimulatedPlatform
from tests.manual_clock import ManualClock
from tests.sync_agent.hall_link import HallLink
from tests.sync_agent.support import Terminal

NINE = datetime(2026, 11, 25, 9, 0, tzinfo=CHINA_TIME)
BOUND, UNBOUND = Kind.STAFF_BOUND, Kind.STAFF_UNBOUND


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def said(*bindings: tuple[str, str, float]) -> list[PlatformBinding]:
    """Window, person, and how many hours after nine."""
    return [PlatformBinding(window, staff_no, at(hours)) for window, staff_no, hours in bindings]


@pytest.mark.parametrize(
    ("bindings", "bound", "by_hand", "expected"),
    [
        pytest.param([], {}, None, [], id="nothing said"),
        pytest.param([("12", "a", -1)], {}, None, [(BOUND, "12", "a")], id="the first binding"),
        pytest.param([("13", "a", -1)], {}, None, [], id="another window"),
        pytest.param([("12", "a", -1)], {"12": "a"}, -2, [], id="so already"),
        pytest.param([("12", "a", -1)], {"12": "b"}, -2, [(UNBOUND, "12", "b"), (BOUND, "12", "a")], id="later than b"),
        pytest.param([("12", "a", -2)], {"12": "b"}, -1, [], id="b was bound later"),
        pytest.param([("12", "a", -2)], {}, -1, [], id="somebody was unbound later"),
        pytest.param([("12", "a", 1)], {"12": "b"}, -2, [], id="not due yet"),
        pytest.param(
            [("12", "a", -3), ("12", "c", -1), ("12", "d", 1)],
            {"12": "a"},
            -2,
            [(UNBOUND, "12", "a"), (BOUND, "12", "c")],
            id="the newest that is due",
        ),
        pytest.param(
            [("12", "a", -1)],
            {"13": "a"},
            None,
            [(UNBOUND, "13", "a"), (BOUND, "12", "a")],
            id="one person one window, here",
        ),
        pytest.param([("13", "a", -1)], {"12": "a"}, -2, [(UNBOUND, "12", "a")], id="went to another window"),
        pytest.param([("13", "a", -2)], {"12": "a"}, -1, [], id="came back by hand"),
        pytest.param([("13", "a", 1)], {"12": "a"}, -2, [], id="will go to another window"),
        pytest.param([("12", "a", -3), ("13", "a", -1)], {"12": "a"}, -2, [(UNBOUND, "12", "a")], id="was moved"),
        pytest.param([("12", "a", -1), ("13", "a", -3)], {}, None, [(BOUND, "12", "a")], id="was moved here"),
        pytest.param(
            [("12", "a", -2), ("13", "a", -1)], {"12": "b"}, -3, [(UNBOUND, "12", "b")], id="took over and left again"
        ),
        pytest.param([("12", "a", -2), ("13", "a", -1)], {}, None, [], id="came and left"),
    ],
)
def test_the_later_one_wins(
    bindings: list[tuple[str, str, float]],
    bound: dict[str, str],
    by_hand: float | None,
    expected: list[tuple[Kind, str, str]],
) -> None:
    found = changes("12", said(*bindings), NINE, bound, None if by_hand is None else at(by_hand))
    assert [(change.kind, change.window, change.staff_no) for change in found] == expected


@pytest.mark.parametrize("hours", range(-3, 4))
def test_applying_what_was_applied_changes_nothing(hours: int) -> None:
    bindings = said(("12", "a", -2), ("13", "a", 0), ("12", "b", 1), ("12", "a", 2))
    bound: dict[str, str] = {}
    for _ in range(2):
        found = changes("12", bindings, at(hours), bound, None)
        for change in found:
            bound = {window: who for window, who in bound.items() if window != change.window}
            if change.kind is BOUND:
                bound[change.window] = change.staff_no
    assert found == []


# On the record


def binding_records(link: HallLink) -> list[tuple[str, str, str, str]]:
    return [
        (r.kind, r.payload["window"], r.payload["staff_no"], r.payload["by"])
        for r in link.terminal.records()
        if r.kind in (BOUND, UNBOUND)
    ]


def bind_by_hand(link: HallLink, kind: Kind, staff_no: str, window: str = "12") -> None:
    payload = {"window": window, "staff_no": staff_no, "by": "technician", "reason": ""}
    link.terminal.journal.append(Draft(kind, payload, link.terminal.clock.now()))


def bind_at_platform(link: HallLink, window: str, staff_no: str) -> None:
    """A minute later; the terminal's clock stands still, and the platform's is a little ahead by now."""
    link.pass_seconds(60)
    link.platform.hall.bind(window, staff_no, link.platform.now() - timedelta(seconds=20))


def test_a_pulled_binding_is_a_record_once(hall_link: HallLink) -> None:
    assert hall_link.errands.pull() is True
    assert hall_link.errands.pull() is False
    assert binding_records(hall_link) == [("staff_bound", "12", "0012", "platform")]
    assert hall_link.terminal.journal.bound_to("12") == "0012"


def test_a_technicians_later_word_stands_until_the_platform_says_more(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    hall_link.pass_seconds(60)
    bind_by_hand(hall_link, BOUND, "0099")
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") == "0099"
    bind_at_platform(hall_link, "12", "0013")
    hall_link.errands.pull()
    assert binding_records(hall_link)[-2:] == [
        ("staff_unbound", "12", "0099", "platform"),
        ("staff_bound", "12", "0013", "platform"),
    ]


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_the_platform_may_correct_itself_whenever_the_mistake_was_applied(hall_link: HallLink, hours: int) -> None:
    """Only a technician's word is judged by when it was given here; the platform's is judged by its `from`."""
    since = hall_link.platform.now() - timedelta(hours=2)
    hall_link.platform.hall.bind("12", "0013", since)
    hall_link.errands.pull()
    hall_link.pass_seconds(60)
    hall_link.platform.hall.bind("12", "0014", since + timedelta(hours=hours))
    hall_link.errands.pull()
    hall_link.errands.pull()
    assert binding_records(hall_link) == [
        ("staff_bound", "12", "0013", "platform"),
        ("staff_unbound", "12", "0013", "platform"),
        ("staff_bound", "12", "0014", "platform"),
    ]


def test_what_the_platform_corrects_is_still_older_than_a_technicians_word(hall_link: HallLink) -> None:
    bind_by_hand(hall_link, BOUND, "0099")
    bind_at_platform(hall_link, "12", "0013")
    hall_link.errands.pull()
    hall_link.platform.hall.bind("12", "0014", hall_link.platform.now() - timedelta(hours=1))
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") == "0013"


def test_of_what_was_done_by_hand_the_last_one_counts_whatever_the_clock_showed(hall_link: HallLink) -> None:
    """The first was made while the clock was years ahead."""
    payload = {"window": "12", "staff_no": "0098", "by": "technician", "reason": ""}
    ahead = hall_link.terminal.clock.now().later(10 * 365 * 86_400_000)
    hall_link.terminal.journal.append(Draft(BOUND, payload, ahead))
    bind_by_hand(hall_link, UNBOUND, "0098")
    bind_at_platform(hall_link, "12", "0013")
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") == "0013"


def test_whoever_was_unbound_by_hand_is_not_bound_again_by_what_is_older(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    hall_link.pass_seconds(60)
    bind_by_hand(hall_link, UNBOUND, "0012")
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") is None


def test_who_was_bound_elsewhere_is_unbound_here(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    bind_at_platform(hall_link, "2", "0012")
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") is None
    (record,) = hall_link.terminal.journal.latest(UNBOUND)
    assert record.payload["reason"] == "bound to window 2 now"


def test_a_binding_of_tomorrow_waits_until_it_is_due_also_without_a_network(hall_link: HallLink) -> None:
    hall_link.platform.hall.bind("12", "0013", hall_link.platform.now() + timedelta(hours=1))
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") is None
    hall_link.platform.stop()
    hall_link.pass_seconds(3601)
    hall_link.errands.heartbeat()
    assert hall_link.terminal.journal.bound_to("12") == "0013"


@pytest.mark.parametrize("hours", [-2, 2])
def test_times_are_compared_as_the_platform_sees_them(hall_link: HallLink, hours: int) -> None:
    """R28: this device's clock is wrong; an hour ago the platform bound somebody, half an hour ago a technician did."""
    hall_link.terminal.clock.pass_seconds(hours * 3600)
    hall_link.errands.heartbeat()
    hall_link.platform.hall.bind("12", "0013", hall_link.platform.now() - timedelta(hours=1))
    before = hall_link.terminal.clock.now().later(-1800 * 1000)
    payload = {"window": "12", "staff_no": "0099", "by": "technician", "reason": ""}
    hall_link.terminal.journal.append(Draft(BOUND, payload, before))
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") == "0099"
    bind_at_platform(hall_link, "12", "0013")
    hall_link.errands.pull()
    assert hall_link.terminal.journal.bound_to("12") == "0013"


@pytest.fixture
def kiosk_link(tmp_path: Path, hall_platform: SimulatedPlatform) -> Iterator[HallLink]:
    with closing(Terminal(tmp_path / "storage")) as terminal:
        link = HallLink(tmp_path, terminal, hall_platform, profile="kiosk")
        yield link
        link.close()


def test_a_kiosk_binds_nobody(kiosk_link: HallLink) -> None:
    assert kiosk_link.errands.pull() is False
    assert binding_records(kiosk_link) == []


def test_a_change_says_who_made_it() -> None:
    draft = Change(BOUND, "12", "a").draft(ManualClock().now())
    assert draft.payload == {"window": "12", "staff_no": "a", "by": "platform", "reason": ""}


def test_who_binds_by_hand_at_the_instant_of_a_pull_makes_no_second_record_r17(
    hall_link: HallLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pull has seen that the person is not bound yet; before it records, a technician has bound the same one."""
    has_looked = threading.Event()

    def changing(directory: Path) -> AbstractContextManager[None]:
        has_looked.set()
        return changing_bindings(directory)

    monkeypatch.setattr("sync_agent.bindings.changing_bindings", changing)
    pull = threading.Thread(target=hall_link.errands.pull)
    with changing_bindings(hall_link.terminal.directory):
        pull.start()
        assert has_looked.wait(30)
        bind_by_hand(hall_link, Kind.STAFF_BOUND, "0012")
    pull.join(30)
    assert binding_records(hall_link) == [("staff_bound", "12", "0012", "technician")]
