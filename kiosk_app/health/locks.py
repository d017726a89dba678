"""Who runs: asked of the kernel's list of locks, so that looking holds no lock up."""

from pathlib import Path

from kiosk_app.journal.database import is_locked


def is_held(path: Path) -> bool:
    """Whether a process holds this lock file.

    Trying to lock it would tell the same, and make a program that starts at that moment believe it were the second.
    """
    try:
        inode = path.stat().st_ino
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return is_locked(path)
    return any(_is_of(line, inode) for line in lines)


def _is_of(line: str, inode: int) -> bool:
    """`1: FLOCK  ADVISORY  WRITE 4711 fe:00:2146657 0 EOF`; a line with an arrow waits for that lock."""
    words = line.split()
    return "FLOCK" in words and "->" not in words and any(word.rpartition(":")[2] == str(inode) for word in words[5:6])
