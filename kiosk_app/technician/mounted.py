"""Sticks and shares that are mounted here, as the system lists them: none is touched, as one may hang."""

import re
from collections.abc import Iterable
from pathlib import Path

MOUNTS_FILE = Path("/proc/self/mounts")
MOUNT_ROOTS = (Path("/media"), Path("/run/media"), Path("/mnt"))
"""Where systems mount what is plugged in, or their technicians do."""


def mounted_places(mounts: Path = MOUNTS_FILE, roots: Iterable[Path] = MOUNT_ROOTS) -> list[Path]:
    """The mount points below the roots, or the roots themselves, that are mounted for writing; in order."""
    found = []
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        if len(fields) < 4 or "rw" not in fields[3].split(","):
            continue
        place = Path(_unescaped(fields[1]))
        if any(place == root or root in place.parents for root in roots):
            found.append(place)
    return sorted(set(found))


def _unescaped(text: str) -> str:
    """Blanks and backslashes stand there as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
