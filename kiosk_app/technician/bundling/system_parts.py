"""What a bundle tells of the machine: logs, kernel, disks, files, ports. What cannot be read says why in its place."""

import os
import platform
import shutil
import stat
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from device_drivers.stable_ports import stable_ports
from kiosk_app.domain.records import Json

UNITS = ("hall-kiosk-app", "hall-kiosk-agent", "hall-kiosk-screen")
LOGS = Path("/var/log/hall-kiosk")
LONGEST_LOG = 2_000_000
"""Bytes of each: its end."""
COMMAND_SECONDS = 5.0
_KERNEL_WORDS = ("tty", "usb", "serial", "ch341", "cp210", "ftdi", "pl2303", "i/o error", "ext4", "read-only", "oom")


def unit_log() -> str:
    """What systemd's journal holds of our units."""
    units = [word for unit in UNITS for word in ("-u", unit)]
    return command_output(["journalctl", "--no-pager", "-o", "short-iso", "-n", "4000", *units])


def log_files(directory: Path = LOGS) -> dict[str, str]:
    """The newest log files by name, where a hall keeps any."""
    found: dict[str, str] = {}
    try:
        files = sorted(directory.glob("*.log"))
    except OSError:
        return found
    for path in files:
        try:
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - LONGEST_LOG))
                found[path.name] = file.read(LONGEST_LOG).decode("utf-8", "replace")
        except OSError as error:
            found[path.name] = f"cannot be read: {error.strerror}"
    return found


def kernel_log() -> str:
    """The kernel's lines on serial ports, USB and disks."""
    lines = command_output(["dmesg", "--ctime"]).splitlines()
    telling = [line for line in lines if _tells(line.lower())]
    return "\n".join(telling[-500:] or lines[-1:]) + "\n"


def _tells(line: str) -> bool:
    """The command line is left out: people write passwords into it."""
    return any(word in line for word in _KERNEL_WORDS) and "command line" not in line


def command_output(command: Sequence[str]) -> str:
    """What a command of the system prints, its end; in one line why not, where it does not."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=COMMAND_SECONDS, check=False)
    except FileNotFoundError:
        return f"{command[0]} is not installed here\n"
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]} gave no answer: {error}\n"
    output = done.stdout if done.returncode == 0 else done.stdout + done.stderr
    return output[-LONGEST_LOG:].decode("utf-8", "replace")


def ports() -> list[Json]:
    """Serial ports, with the names that stay."""
    return [
        {"port": port.device, "stable_name": port.stable_name, "description": port.description}
        for port in stable_ports()
    ]


def machine() -> Json:
    """System, uptime, and room on the disks."""
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "distribution": _first_line(Path("/etc/os-release")),
        "uptime": _first_line(Path("/proc/uptime")),
        "load": _first_line(Path("/proc/loadavg")),
    }


def disk_usage(*directories: Path | None) -> list[Json]:
    """Room where these lie."""
    told: list[Json] = []
    for directory in directories:
        if directory is not None:
            try:
                used = shutil.disk_usage(directory)
            except OSError as error:
                told.append({"directory": str(directory), "fault": error.strerror})
            else:
                told.append({"directory": str(directory), **used._asdict()})
    return told


def files_of(directory: Path) -> list[Json]:
    """Names, sizes, modes and owners; not what is in them."""
    told: list[Json] = []
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        return [{"directory": str(directory), "fault": error.strerror}]
    for entry in entries:
        about = entry.stat(follow_symlinks=False)
        changed = datetime.fromtimestamp(about.st_mtime, UTC).isoformat(timespec="seconds")
        told.append(
            {
                "name": entry.name,
                "bytes": about.st_size,
                "mode": stat.filemode(about.st_mode),
                "owner": f"{about.st_uid}:{about.st_gid}",
                "changed": changed,
            }
        )
    return told


def _first_line(path: Path) -> str:
    try:
        return next(iter(path.read_text(encoding="utf-8", errors="replace").splitlines()), "")
    except OSError as error:
        return str(error.strerror)
