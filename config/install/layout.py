"""Where everything of an installation lies."""

import re
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
NAME = "hall-kiosk"
USER = "kiosk"
CURRENT, PREVIOUS = "current", "previous"
COMMANDS = ("kiosk-app", "kiosk-admin", "sync-agent")


class InstallError(RuntimeError):
    """Nothing was changed, or all of it was put back; the message is one line that says what to do."""


@dataclass(frozen=True)
class Layout:
    """Paths as the terminal will see them; `on_disk` is where they are written now."""

    destination: Path | None = None
    """A staging directory that stands for the root (DESTDIR)."""
    prefix: Path = Path("/opt/hall-kiosk")
    configuration: Path = Path("/etc/hall-kiosk")
    stage_is_terminal: bool = False
    """The staging directory is the root of a whole terminal: its services and records are upgraded too."""

    def __post_init__(self) -> None:
        for path in (self.prefix, self.configuration):
            # They stand in unit files and in shell scripts, where blanks and quotes mean something else.
            if not path.is_absolute() or not re.fullmatch(r"[A-Za-z0-9/._+-]+", str(path)):
                raise InstallError(f"{path}: must be an absolute path of letters, digits and ._+- only")

    @property
    def is_staged(self) -> bool:
        """Whether this is not the terminal itself, so that nothing of the running system may be touched."""
        return self.destination is not None and not self.stage_is_terminal

    def on_disk(self, path: Path) -> Path:
        """Where a path of the terminal lies now."""
        return path if self.destination is None else self.destination / path.relative_to("/")

    @property
    def versions(self) -> Path:
        """The directory of all versions, on disk."""
        return self.on_disk(self.prefix / "versions")

    @property
    def manifest(self) -> Path:
        """The list of files outside the prefix, on disk."""
        return self.on_disk(self.prefix / "installed-files.txt")

    def linked(self, link: str) -> str | None:
        """The version that `current` or `previous` leads to; None where there is none."""
        path = self.on_disk(self.prefix / link)
        if not path.is_symlink():
            return None
        version = path.readlink().name
        return version if (self.versions / version).is_dir() else None

    def link(self, link: str, version: str) -> None:
        """Let `current` or `previous` lead to a version, in one step: there is never a moment without it."""
        path = self.on_disk(self.prefix / link)
        fresh = path.with_name(f"{link}.new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("versions") / version)
        fresh.replace(path)
