"""`make demo`: a day at a window and at a kiosk, and a technician's morning, with the real commands.

Hardware and platform are simulated: serial bytes go over ptys, touches through Qt, HTTP over loopback, records into
SQLite files. It ends with exit code 0 only if every record was confirmed by the platform and everything that was
counted agrees.
"""

import os
import shutil
import sys
from pathlib import Path

from tests.demo import kiosk_day, technician_day, window_day
from tests.demo.story import Story

PICTURES = Path("build") / "demo"


def main() -> int:
    """Tell the story; 0 if it ended well."""
    story = Story()
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if display and os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        # The Makefile's default; whoever has a display wants to see it.
        del os.environ["QT_QPA_PLATFORM"]
    shutil.rmtree(PICTURES, ignore_errors=True)
    window_day.tell(story)
    kiosk_day.tell(story)
    technician_day.tell(story)
    story.tell(f"pictures of every page, and the papers: {PICTURES}/")
    return story.end()


if __name__ == "__main__":
    sys.exit(main())
