"""As root, act as the owner of the storage: files of root's there would lock the app out of its journal."""

import codecs
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

_CODECS = (
    "ascii",
    "latin-1",
    "utf-8-sig",
    "utf-16-be",
    "utf-16be",
    "idna",
    "punycode",
    "gbk",
    "gb18030",
    "unicode_escape",
)
"""What is written and read with: files, host names, the canonical JSON of a record, a slip."""


def act_as_owner(directory: Path) -> None:
    """As root, go on as the owner of the directory for good; anybody else stays who they are."""
    if os.geteuid() != 0 or not directory.exists():
        return
    owner = directory.stat()
    if owner.st_uid != 0:
        _load_what_is_loaded_late()
        try:
            os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
        except KeyError:  # a service's or a container's user, that has no name
            os.setgroups([owner.st_gid])
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)


def _load_what_is_loaded_late() -> None:
    """Codecs and kinds of pictures are loaded when first used: an installation in root's home is shut by then."""
    for codec in _CODECS:
        codecs.lookup(codec)
    Image.init()


@contextmanager
def acting_as_owner(directory: Path | None) -> Iterator[None]:
    """As root, be the owner of the directory for a while: what it sees is what the app sees."""
    user, group, groups = os.geteuid(), os.getegid(), os.getgroups()
    try:
        if directory is not None:
            act_as_owner(directory)
        yield
    finally:
        if os.geteuid() != user:
            os.seteuid(user)
            os.setegid(group)
            os.setgroups(groups)
