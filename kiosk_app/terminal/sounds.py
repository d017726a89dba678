"""The spoken prompts and the key sound; a terminal without a loudspeaker works the same, silently.

One key sound for every control and every level: what is heard at the window gives nothing away (R6, R7).
"""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QLoggingCategory, QObject, QUrl


class Player(Protocol):
    """Plays the window's sounds by name."""

    def play(self, name: str, language: str) -> None:
        """Start the sound `invite`, `thanks` or `key`; never waits, never raises."""
        ...


class SoundPlayer(QObject):
    """Plays recorded files through QtMultimedia; the hall's own files go before the built-in ones."""

    def __init__(self, assets: Path, own_directory: Path | None = None) -> None:
        super().__init__()
        own = (own_directory,) if own_directory is not None else ()
        self._directories = (*own, assets / "sounds")
        self._effects: dict[Path, QObject] = {}
        self.problem = why_silent()
        """Why nothing is heard, for health; empty if sounds play."""

    def play(self, name: str, language: str) -> None:
        """Start a sound; a name without a file is silence."""
        file = self.file(name, language)
        if file is None or self.problem:
            return
        from PySide6.QtMultimedia import QSoundEffect

        effect = self._effects.get(file)
        if not isinstance(effect, QSoundEffect):
            effect = QSoundEffect(self)
            effect.setSource(QUrl.fromLocalFile(str(file)))
            self._effects[file] = effect
        effect.play()

    def file(self, name: str, language: str) -> Path | None:
        """The file played for a name: `{language}/{name}.wav`, else `{name}.wav`, the hall's own first."""
        wanted = (Path(language) / f"{name}.wav", Path(f"{name}.wav"))
        candidates = (directory / path for directory in self._directories for path in wanted)
        return next((file for file in candidates if file.is_file()), None)


def why_silent() -> str:
    """Why nothing is heard; empty if sounds play."""
    # Qt's bundled FFmpeg names every optional library that a small terminal lacks; none is needed for WAV files.
    QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver=false\nqt.multimedia.ffmpeg=false")
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError as error:
        return f"Qt Multimedia cannot be loaded: {error}"
    return "" if QMediaDevices.audioOutputs() else "no audio output"
