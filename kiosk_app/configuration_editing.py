"""Changes values in `terminal.toml` and keeps all else: comments, order, mode, owner, and the file's place.

A change that the settings would refuse leaves the file as it was.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from kiosk_app.configuration import SETTINGS_FILE, ConfigurationError, read_settings


def set_values(config: Path, section: str, values: Mapping[str, str | int]) -> None:
    """Set these keys of a section of `config`/terminal.toml; a missing section is added at the end.

    The running programs read the file when they start. Raises `ConfigurationError` with one line, the file unchanged.
    """
    path = config.absolute() / SETTINGS_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}); give the right --config DIR") from error
    changed = _changed(content, path, section, values)
    read_settings(changed, path)
    if changed == content:
        return
    try:
        # A link stays one: the file that it leads to is changed, wherever that lies.
        _replace(path.resolve(strict=True), changed)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: cannot be written ({error.strerror}); run this as the user who may change its directory"
        ) from error


def _changed(content: bytes, path: Path, section: str, values: Mapping[str, str | int]) -> bytes:
    try:
        document = tomlkit.parse(content)
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {' '.join(str(error).split())}") from error
    table = document.get(section)
    if table is None:
        # Before a first section at the end of a file without a line's end, or with other lines: one blank line.
        table = tomlkit.table()
        if document.body:
            document.add(tomlkit.nl())
        document.add(section, table)
    if not isinstance(table, Table):
        raise ConfigurationError(f"{path}: {section} is not a section; write it as [{section}]")
    for key, value in values.items():
        table[key] = value
    return tomlkit.dumps(document).encode()


def _replace(path: Path, content: bytes) -> None:
    """Put the content in the file's place at once: after a power cut there is the old file or the new one."""
    before = path.stat()
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as file:
            os.fchmod(file.fileno(), before.st_mode & 0o7777)
            # Whoever may write into the directory but is not the owner leaves the file as its own.
            with contextlib.suppress(PermissionError):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
