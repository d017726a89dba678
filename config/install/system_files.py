"""The files outside the prefix: units, rules, wrappers. Settings and records are nobody's to overwrite or remove."""

import os
import pwd
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from .layout import COMMANDS, NAME, USER, Layout

_UNITS = Path("/usr/local/lib/systemd/system")
_DOCUMENTS = Path("/usr/local/share/doc/hall-kiosk")
_PLACES = {
    "sysusers/hall-kiosk.conf": "/usr/local/lib/sysusers.d/hall-kiosk.conf",
    "tmpfiles/hall-kiosk.conf": "/usr/local/lib/tmpfiles.d/hall-kiosk.conf",
    "journald/hall-kiosk.conf": "/etc/systemd/journald.conf.d/hall-kiosk.conf",
    "logrotate/hall-kiosk": "/etc/logrotate.d/hall-kiosk",
    "pam/hall-kiosk": "/etc/pam.d/hall-kiosk",
}
_SECRETS = ("*.secret", "*.token", "*.key", "*.pem")
_OURS = 0o644


def install(layout: Layout, version: str) -> None:
    """Write all of a version's; those of another version that this one does not have are removed."""
    wanted = dict(_files(layout, layout.versions / version / "share"))
    for path, (content, mode) in wanted.items():
        _write(layout.on_disk(path), content, mode)
    for path in _listed(layout):
        if path not in wanted:
            layout.on_disk(path).unlink(missing_ok=True)
    layout.manifest.parent.mkdir(parents=True, exist_ok=True)
    layout.manifest.write_text("".join(f"{path}\n" for path in sorted(wanted)))


def uninstall(layout: Layout) -> None:
    """Remove what was written, and the directories that became empty by it."""
    for path in _listed(layout):
        target = layout.on_disk(path)
        target.unlink(missing_ok=True)
        _remove_empty(target.parent)
    layout.manifest.unlink(missing_ok=True)


def install_settings(layout: Layout, version: str, profile: str) -> bool:
    """Lay an example `terminal.toml` where there is none; whether it was laid. What is there is never changed."""
    target = layout.on_disk(layout.configuration)
    target.mkdir(parents=True, exist_ok=True)
    (target / "evaluators").mkdir(exist_ok=True)
    settings = target / "terminal.toml"
    is_new = not settings.exists()
    if is_new:
        examples = layout.versions / version / "share/config"
        example = examples / ("terminal.toml" if profile == "window" else "kiosk/terminal.toml")
        _write(settings, example.read_bytes(), 0o640)
        if profile == "window":
            _write(target / "window-api.token", f"{secrets.token_urlsafe(32)}\n".encode(), 0o600)
    for pattern in _SECRETS:
        for path in target.glob(pattern):
            path.chmod(0o600)
    target.chmod(0o750)
    if not layout.is_staged:
        _give_to_user(target)
    return is_new


def _files(layout: Layout, shared: Path) -> Iterator[tuple[Path, tuple[bytes, int]]]:
    config = shared / "config"
    for source in sorted((config / "systemd").iterdir()):
        place = _DOCUMENTS if source.suffix == ".example" else _UNITS
        yield place / source.name, (_fitted(layout, source), _OURS)
    for source in sorted((config / "udev").glob("*.rules")):
        yield Path("/etc/udev/rules.d") / source.name, (source.read_bytes(), _OURS)
    for name, target in _PLACES.items():
        yield Path(target), (_fitted(layout, config / name), _OURS)
    yield _DOCUMENTS / "deployment.md", ((shared / "docs/deployment.md").read_bytes(), _OURS)
    for command in COMMANDS:
        yield Path("/usr/local/bin") / command, (_wrapper(layout, command).encode(), 0o755)


def _wrapper(layout: Layout, command: str) -> str:
    """A command for everybody's path, for this terminal's configuration; a later --config goes before it."""
    program = layout.prefix / "current/bin" / command
    return f'#!/bin/sh\nexec {program} --config {layout.configuration} "$@"\n'


def _fitted(layout: Layout, source: Path) -> bytes:
    """A file with this installation's prefix and configuration directory in it."""
    text = source.read_text(encoding="utf-8")
    fitted = text.replace(f"/opt/{NAME}", str(layout.prefix)).replace(f"/etc/{NAME}", str(layout.configuration))
    return fitted.encode()


def _write(target: Path, content: bytes, mode: int) -> None:
    """In one step: a machine that loses its power has the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.chmod(mode)
    fresh.replace(target)


def _listed(layout: Layout) -> list[Path]:
    return [Path(line) for line in layout.manifest.read_text().splitlines()] if layout.manifest.exists() else []


def _remove_empty(directory: Path) -> None:
    """Remove directories of ours; those that any system has are left, empty or not."""
    if directory.name == NAME and not any(directory.iterdir()):
        directory.rmdir()


def _give_to_user(directory: Path) -> None:
    """The terminal's user changes the settings by the technician's screens, so all of them are its own."""
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        return
    if os.geteuid() == 0:
        for path in (directory, *directory.rglob("*")):
            shutil.chown(path, user.pw_uid, user.pw_gid)
