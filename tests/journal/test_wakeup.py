"""The wake-up between the processes of one terminal."""

from pathlib import Path

from kiosk_app.journal.journal import Journal
from kiosk_app.journal.wakeup import WakeUp, notify
from tests.journal import drafts
from tests.manual_clock import ManualClock


def test_an_append_wakes_app_and_agent(storage: Path, journal: Journal, clock: ManualClock) -> None:
    with WakeUp(storage, "app") as app, WakeUp(storage, "agent") as agent:
        assert not app.wait(0)
        journal.append(drafts.action(clock.now()))
        assert app.wait(5)
        assert agent.wait(5)


def test_many_wake_ups_count_as_one(storage: Path) -> None:
    with WakeUp(storage, "agent") as agent:
        for _ in range(500):
            notify(storage)
        assert agent.wait(5)
        assert not agent.wait(0)


def test_with_nobody_listening_nothing_happens_and_nothing_is_left_behind(tmp_path: Path) -> None:
    notify(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_another_storage_is_not_woken(tmp_path: Path) -> None:
    with WakeUp(tmp_path / "a", "agent") as agent:
        notify(tmp_path / "b")
        assert not agent.wait(0)
        notify(tmp_path / "a")
        assert agent.wait(5)


def test_two_ways_to_write_one_path_are_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real").mkdir()
    with WakeUp(tmp_path / "real", "agent") as agent:
        notify(tmp_path / "link")
        assert agent.wait(5)


def test_the_role_is_free_again_after_its_process_has_ended(storage: Path) -> None:
    WakeUp(storage, "app").close()
    with WakeUp(storage, "app") as app, WakeUp(storage, "app") as second:
        notify(storage)
        assert app.wait(5)
        assert not second.wait(0)
