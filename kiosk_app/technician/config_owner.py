"""Writes into the configuration's directory as its owner; what was read there stays readable to the app."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def as_owner_of(config: Path) -> Iterator[None]:
    """Called by root, whose commands go on as the owner of the storage: go on as the configuration's owner meanwhile.

    Whoever is not root stays who they are.
    """
    if os.getuid() != 0:
        yield
        return
    before_user, before_group = os.geteuid(), os.getegid()
    try:
        os.seteuid(0)
        owner = config.stat()
        os.setegid(owner.st_gid)
        os.seteuid(owner.st_uid)
        yield
    finally:
        os.seteuid(0)
        os.setegid(before_group)
        os.seteuid(before_user)
