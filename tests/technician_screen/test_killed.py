"""Killed in the middle: nothing stays lent, nobody stays signed in, and no record is doubled or broken."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from device_drivers.evaluator.protocol import LEVELS
from device_drivers.simulated.evaluator import SimulatedEvaluator
from kiosk_app.journal.verification import verify
from kiosk_app.technician_screen.state import Keys, Page
from tests.device_drivers.protocols import shared_bus
from tests.technician_screen.technician_rig import EVALUATOR, TechnicianRig, blocks


def test_an_app_that_is_killed_during_a_rating_test_has_the_evaluator_again_and_nobody_signed_in(
    make_rig: Callable[..., TechnicianRig], tmp_path: Path
) -> None:
    with SimulatedEvaluator(shared_bus(), 0x81, tmp_path / "evaluator") as evaluator:
        command = [sys.executable, "-m", "tests.technician_screen.worker", str(tmp_path), evaluator.port]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as app:
            assert app.stdout is not None
            assert any(line == "testing\n" for line in app.stdout)
            app.kill()
        rig = make_rig("window", EVALUATOR.format(port=evaluator.port))
        assert rig.settled().page is Page.CLOSED
        assert rig.actions() == [("sign_in", "technician's screens", "done")]
        assert verify(rig.storage).holds
        rig.signed_in().go(Page.EVALUATOR)
        rig.act("test")
        rig.wait_for(lambda state: blocks(state, Keys) and blocks(state, Keys)[0].asked == LEVELS[0])
        evaluator.press(LEVELS[0])
        rig.wait_for(lambda state: blocks(state, Keys) and blocks(state, Keys)[0].asked == LEVELS[1])
