"""One file to send: a `.tar.gz` with a MANIFEST of SHA-256 sums, whole or not there at all, for its owner alone."""

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kiosk_app.technician.context import CommandError

MANIFEST = "MANIFEST"


def refuse_taken(target: Path) -> None:
    """Raise `CommandError` where the file is there already, or its directory is not."""
    if target.exists() or target.is_symlink():
        raise CommandError(f"{target} is there already; give another name")
    if not target.parent.is_dir():
        raise CommandError(f"{target.parent} is no directory; make it, or give another name")


def write_archive(target: Path, top: str, parts: Mapping[str, bytes], at: float) -> int:
    """Write the parts below a directory `top`; the size. Raises `CommandError` where it is there already, `OSError`."""
    refuse_taken(target)
    content = _packed(top, {**parts, MANIFEST: _manifest(parts)}, at)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _give_to_owner(beside)
        _put(beside, target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return len(content)


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    """As `sha256sum -c MANIFEST` reads it."""
    return "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts)).encode()


def _packed(top: str, parts: Mapping[str, bytes], at: float) -> bytes:
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=at) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in sorted(parts):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size, entry.mode, entry.mtime = len(parts[name]), 0o600, int(at)
            archive.addfile(entry, io.BytesIO(parts[name]))
    return packed.getvalue()


def _give_to_owner(path: Path) -> None:
    """Of root's, a file in somebody's directory becomes theirs: else they could not send it, or it would lock them out.

    In a directory of everybody's it stays root's.
    """
    parent = path.parent.stat()
    if os.geteuid() == 0 and parent.st_uid != 0:
        os.chown(path, parent.st_uid, parent.st_gid)


def _put(beside: Path, target: Path) -> None:
    """Give the finished file its name, unless that is taken by now."""
    try:
        os.link(beside, target)
    except FileExistsError:
        raise CommandError(f"{target} is there already; give another name") from None
    except OSError:  # a stick's file system has no links
        beside.rename(target)
        return
    beside.unlink()
