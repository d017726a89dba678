"""`python -m kiosk_app.terminal.screen_probe`: what Qt can show and play here, as one JSON object.

A process of its own, because Qt aborts the whole process where there is no display.
"""

import json
import sys


def main() -> int:
    """Print the screen's pixels, its density, and why nothing would be heard."""
    from PySide6.QtGui import QGuiApplication

    from kiosk_app.terminal.sounds import why_silent

    application = QGuiApplication([])
    screen = application.primaryScreen()
    size = screen.size() * screen.devicePixelRatio()
    density = screen.physicalDotsPerInch() / 25.4 * screen.devicePixelRatio()
    found = {"width_px": size.width(), "height_px": size.height(), "density": density, "silent": why_silent()}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
