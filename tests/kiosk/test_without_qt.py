"""The core starts before the screen, and goes on without it: nothing of Qt comes with it (R20)."""

import subprocess
import sys


def test_the_station_brings_nothing_of_qt() -> None:
    program = "import sys, kiosk_app.kiosk.station; print([name for name in sys.modules if name.startswith('PySide6')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
