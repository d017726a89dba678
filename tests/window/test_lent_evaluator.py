"""The evaluator while a technician tries it, and when it is the window's again (R3, R5)."""

import pytest

from device_drivers.evaluator.key_presses import REPEAT_SECONDS
from kiosk_app.terminal.lending import Device, NotLentError
from tests.window.window_rig import WindowRig


def lend(rig: WindowRig) -> None:
    """The driver lets go of the port, and says so."""
    rig.station.lend(Device.EVALUATOR, "a technician", lambda: None)
    rig.keys.connected = False
    rig.station.connection_changed(False, "lent to a technician")
    rig.settle()


def give_back(rig: WindowRig) -> None:
    """The driver opens the port again, and says so."""
    rig.station.returned(Device.EVALUATOR)
    rig.keys.connected = True
    rig.station.connection_changed(True, "/dev/ttyUSB0 is in use")
    rig.settle()


def test_it_is_not_lent_while_a_citizen_is_asked(rig: WindowRig) -> None:
    rig.invited_visit()
    with pytest.raises(NotLentError, match="a citizen is just asked to rate"):
        rig.station.lend(Device.EVALUATOR, "a technician", lambda: None)


def test_a_tried_key_that_the_device_still_repeats_is_no_citizens_rating_r5(rig: WindowRig) -> None:
    """The invitation put the test out; the device repeats what nobody acknowledged, now to the window."""
    lend(rig)
    rig.invited_visit()
    give_back(rig)
    rig.clock.advance(REPEAT_SECONDS / 2)
    tried = rig.key("very_dissatisfied")
    for _ in range(4):
        rig.clock.advance(REPEAT_SECONDS / 2)
        rig.repeat(tried)
    rig.settle()
    assert len(rig.records("rating")) == 0
    assert "acknowledge" not in rig.keys.verbs


def test_the_citizen_can_press_as_soon_as_no_repeat_can_come(rig: WindowRig) -> None:
    lend(rig)
    rig.invited_visit()
    give_back(rig)
    rig.clock.advance(REPEAT_SECONDS)
    rig.key("satisfied")
    assert len(rig.records("rating")) == 1
    assert "acknowledge" in rig.keys.verbs


def test_a_replugged_device_that_was_lent_to_nobody_is_heard_at_once(rig: WindowRig) -> None:
    lend(rig)
    give_back(rig)
    rig.clock.advance(60)
    rig.station.connection_changed(False, "unplugged")
    rig.invited_visit()
    rig.station.connection_changed(True, "/dev/ttyUSB0 is in use")
    rig.key("satisfied")
    assert len(rig.records("rating")) == 1
