"""The way out of the technician's screens is always open: a citizen must not be covered (R6)."""

import threading
import time

import pytest

from kiosk_app.technician_screen import station
from kiosk_app.technician_screen.pages.touch import TouchPage
from kiosk_app.technician_screen.state import Page
from tests.technician_screen.technician_rig import TechnicianRig


def test_what_cannot_be_written_down_as_it_is_is_recorded_all_the_same(rig: TechnicianRig) -> None:
    """Half a character, as of a name in another encoding, stands in no record; it must not keep all others out."""
    rig.station.open_as("technician \ud800", Page.TOUCH)
    rig.wait_for_page(Page.TOUCH)
    rig.station.put_out("a citizen is asked to rate")
    rig.wait_for(lambda state: state.page is Page.CLOSED)
    assert rig.actions()[-1] == ("leave", "technician's screens", "put out: a citizen is asked to rate")
    assert rig.records()[-1].payload["operator"] == "technician ?"


def test_a_page_that_cannot_be_left_in_order_is_left_all_the_same(
    rig: TechnicianRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: TouchPage) -> None:
        raise ValueError("a mistake of ours")

    monkeypatch.setattr(TouchPage, "left", broken)
    rig.station.open_as("technician", Page.TOUCH)
    rig.wait_for_page(Page.TOUCH)
    rig.station.put_out("a citizen is asked to rate")
    assert rig.wait_for(lambda state: state.page is Page.CLOSED).operator == ""


def test_the_app_ends_in_time_though_disk_and_job_hang(rig: TechnicianRig, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGTERM ends the app within 10 s (interfaces §1), and the window needs a part of them after this."""
    monkeypatch.setattr(station, "CLOSE_SECONDS", 1.0)
    begun, over = threading.Event(), threading.Event()

    def hang(_: object) -> None:
        begun.set()
        over.wait()

    desk = rig.signed_in().station._desk
    desk.post(lambda: desk.work("hangs", hang, lambda _: None))
    assert begun.wait(30)
    desk.post(over.wait)
    began = time.monotonic()
    rig.station.close()
    took = time.monotonic() - began
    over.set()
    assert took < 2
