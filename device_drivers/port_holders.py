"""Which programs have a serial port open, as far as /proc lets us see."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Holder:
    """A program that has the port open."""

    pid: int
    name: str

    def __str__(self) -> str:
        """For a person."""
        return f"{self.name} (pid {self.pid})"


def holders_of(port: str, proc: Path = _PROC) -> list[Holder]:
    """The other programs that have `port` open; only the superuser sees those of other users."""
    device = os.path.realpath(port)
    return [
        Holder(int(process.name), _name(process))
        for process in sorted(proc.glob("[0-9]*"), key=lambda process: int(process.name))
        if int(process.name) != os.getpid() and any(target == device for target in _open_files(process))
    ]


def _open_files(process: Path) -> Iterable[str]:
    try:
        descriptors = list((process / "fd").iterdir())
    except OSError:  # another user's, or it has just ended
        return
    for descriptor in descriptors:
        try:
            yield str(descriptor.readlink())
        except OSError:
            continue


def _name(process: Path) -> str:
    """What the program was started as; a script goes by its own name and not by its interpreter's."""
    try:
        words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        short = (process / "comm").read_text(errors="replace").strip()
    except OSError:
        return "a program"
    program = Path(words[0]).name
    is_script = program.startswith(("python", "perl", "sh", "bash")) and len(words) > 1 and "/" in words[1]
    script = Path(words[1]).name if is_script else ""
    return "".join(c for c in script or program or short if c.isprintable()) or "a program"
