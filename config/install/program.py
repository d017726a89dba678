"""A version of the program: a directory of its own, `PREFIX/versions/VERSION`, with all of its Python packages.

What is installed is what the lock names, checked by hash, with nothing of the tests' tools. The version's name ends
with a hash over what is in it, so that the same content is one version and different content never is.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .layout import CHECKOUT, USER, InstallError, Layout

SHARED = (
    *("config/systemd", "config/udev", "config/sysusers", "config/tmpfiles", "config/journald", "config/logrotate"),
    *("config/pam", "config/terminal.toml", "config/kiosk/terminal.toml", "config/install/storage_trial.py"),
    "docs/deployment.md",
)
"""What a version brings along besides its packages: going back to it brings back its units too."""
RUNTIME_LOCK = CHECKOUT / "config/install/runtime.lock"
BUILD_LOCK = CHECKOUT / "config/install/build.lock"
_COMPLETE = ".complete"
_NAME_DIGITS = 8


def build(layout: Layout, wheels: Path | None = None) -> str:
    """Make the version of this checkout, unless it is there; its name. Raises `InstallError`."""
    if layout.destination is None:
        refuse_shut(Path(sys.executable), Path(os.__file__))
    with tempfile.TemporaryDirectory(prefix="hall-kiosk-build-") as scratch:
        wheel = _wheel(Path(scratch), wheels)
        version = _version_name(wheel)
        target = layout.versions / version
        if (target / _COMPLETE).exists():
            return version
        shutil.rmtree(target, ignore_errors=True)  # what an interrupted installation left
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _run(sys.executable, "-m", "venv", str(target))
            pip = (str(target / "bin/python"), "-m", "pip")
            _pip(pip, wheels, "--require-hashes", "--requirement", str(RUNTIME_LOCK))
            _pip(pip, None, "--no-deps", "--no-index", str(wheel))
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    finish(layout, version)
    return version


def refuse_shut(*files: Path) -> None:
    """Raise `InstallError` where the app's user may not reach a file of this Python: the program runs on it."""
    for file in files:
        whole = file.resolve()
        for part in (whole, *whole.parents):
            wanted = stat.S_IXOTH if part.is_dir() else stat.S_IROTH
            if not part.stat().st_mode & wanted:
                raise InstallError(
                    f"{part} is shut to the user {USER}, who is to run the program on this Python; take "
                    "the system's own: make install PYTHON=/usr/bin/python3"
                )


def finish(layout: Layout, version: str) -> None:
    """Add what a version needs besides its packages, and mark it complete."""
    target = layout.versions / version
    for path in _shared_files():
        copy = target / "share" / path.relative_to(CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    if layout.destination is not None:
        _forget_the_stage(target, str(layout.destination).rstrip("/"))
    (target / _COMPLETE).touch()


def _shared_files() -> list[Path]:
    found: list[Path] = []
    for name in SHARED:
        path = CHECKOUT / name
        found += sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
    return found


def remove_all_but(layout: Layout, kept: Iterable[str | None]) -> None:
    """Remove versions that nobody can go back to any more."""
    for path in layout.versions.iterdir():
        if path.name not in kept:
            shutil.rmtree(path)


def collect_wheels(target: Path) -> None:
    """Download all that an installation needs, for a terminal without the Internet. Raises `InstallError`."""
    for lock in (RUNTIME_LOCK, BUILD_LOCK):
        arguments = ("--require-hashes", "--only-binary", ":all:", "--requirement", str(lock), "--dest", str(target))
        _run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", *arguments)


def _wheel(scratch: Path, wheels: Path | None) -> Path:
    """The project itself as a wheel, built by the locked tools."""
    tools, built = scratch / "tools", scratch / "built"
    _run(sys.executable, "-m", "venv", str(tools))
    pip = (str(tools / "bin/python"), "-m", "pip")
    _pip(pip, wheels, "--require-hashes", "--requirement", str(BUILD_LOCK))
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")
    _run(*pip, "wheel", *options, "--wheel-dir", str(built), str(CHECKOUT))
    return next(built.glob("*.whl"))


def _version_name(wheel: Path) -> str:
    """Version and what is in it: the wheel (which is built the same each time), the lock, and what is shared."""
    digest = hashlib.sha256()
    for path in (wheel, RUNTIME_LOCK, *_shared_files()):
        digest.update(path.read_bytes())
    return f"{wheel.name.split('-')[1]}-{digest.hexdigest()[:_NAME_DIGITS]}"


def _pip(pip: tuple[str, ...], wheels: Path | None, *arguments: str) -> None:
    offline = ("--no-index", "--find-links", str(wheels)) if wheels is not None else ()
    _run(*pip, "--quiet", "--disable-pip-version-check", "install", *offline, *arguments)


def _run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(command, check=False, env=environment)
    if done.returncode != 0:
        raise InstallError(f"failed, see above: {' '.join(command)}")


def _forget_the_stage(target: Path, stage: str) -> None:
    """Let scripts name the paths of the terminal, not of the stage in which they were made."""
    for path in (*(target / "bin").iterdir(), target / "pyvenv.cfg"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        if stage.encode() in content:
            path.write_bytes(content.replace(stage.encode(), b""))
