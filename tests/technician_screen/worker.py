"""A terminal's technician's screens in a process of its own, to be killed: `worker DIRECTORY EVALUATOR_PORT`."""

import sys
import threading
from pathlib import Path

from device_drivers.evaluator.protocol import LEVELS
from kiosk_app.technician_screen.state import Keys, Page
from tests.technician_screen.technician_rig import EVALUATOR, TechnicianRig, blocks


def main() -> None:
    """Be signed in, and in the middle of a rating test."""
    directory, port = sys.argv[1:]
    rig = TechnicianRig(Path(directory), "window", EVALUATOR.format(port=port)).signed_in()
    rig.go(Page.EVALUATOR)
    rig.act("test")
    rig.wait_for(lambda state: blocks(state, Keys) and blocks(state, Keys)[0].asked == LEVELS[0])
    print("testing", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
