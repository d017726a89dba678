"""`python -m kiosk_app.terminal.sound_trial NAME LANGUAGE [OWN_SOUNDS]`: plays one sound to its end, without a screen.

A process of its own, because `kiosk-admin` has no Qt in it. Exit 1 and one line where nothing can be heard.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer, QUrl

from kiosk_app.resources import assets_directory
from kiosk_app.terminal.sounds import SoundPlayer

LONGEST_SECONDS = 15


def main(name: str, language: str, own_sounds: str = "") -> int:
    """Play it; 0 when it has been played."""
    application = QCoreApplication([])
    player = SoundPlayer(assets_directory(), Path(own_sounds) if own_sounds else None)
    file = player.file(name, language)
    if file is None or player.problem:
        print(player.problem or f"there is no sound {name!r}", file=sys.stderr)
        return 1
    from PySide6.QtMultimedia import QSoundEffect

    effect = QSoundEffect()
    effect.setSource(QUrl.fromLocalFile(str(file)))
    effect.playingChanged.connect(lambda: None if effect.isPlaying() else application.exit(0))
    QTimer.singleShot(LONGEST_SECONDS * 1000, lambda: application.exit(1))
    effect.play()
    if application.exec() == 0:
        return 0
    print(f"{file} was not played to its end; look at the system's sound", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
