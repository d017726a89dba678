"""What the system refused, as one line for a technician: who may not do what where, and what helps."""

import errno
import os
import pwd
import re
from collections.abc import Collection, Iterator
from pathlib import Path

_NUMBER = re.compile(r"\[Errno \d+\] ")


def fault_words(error: BaseException, given: Collection[Path]) -> str:
    """One line for what ended a command; `given` are the files and directories that its arguments name."""
    text = " ".join(str(error).split())
    fault = next(_system_faults(error), None)
    # Whoever ran it as root would not guess why: what was refused, was refused to the owner of the storage.
    acts_as_another = os.geteuid() != os.getuid()
    is_refused = fault is not None and fault.errno in (errno.EACCES, errno.EPERM)
    if fault is None or not (_NUMBER.search(text) or (is_refused and acts_as_another)):
        return text
    path = Path(fault.filename)
    if is_refused:
        return _refused(path, is_given=_is_given(path, given), acts_as_another=acts_as_another)
    if fault.errno == errno.ENOENT:
        place = path.absolute().parent
        if not place.is_dir():
            return f"{place}: there is no such directory; make it, or give another place"
        return f"{path}: there is no such file"
    return f"{path}: {fault.strerror}"


def _system_faults(error: BaseException | None) -> Iterator[OSError]:
    """The faults of the system about a file, from the outermost inwards; an error may be its own cause."""
    while error is not None:
        if isinstance(error, OSError) and isinstance(error.filename, str):
            yield error
        error = error.__cause__ if error.__cause__ is not error else None


def _is_given(path: Path, given: Collection[Path]) -> bool:
    """Whether it is what an argument names, lies beside or below it, or in the directory of whoever typed it."""
    whole = path.absolute()
    places = [place.absolute() for place in given]
    return not path.is_absolute() or any(whole.parent == place.parent or place in whole.parents for place in places)


def _refused(path: Path, *, is_given: bool, acts_as_another: bool) -> str:
    place = path.absolute().parent
    is_place = not (os.access(place, os.X_OK, effective_ids=True) and os.access(path, os.F_OK, effective_ids=True))
    what = f"{place if is_place else path}: the user {_name()}, as whom this runs, may not read or write "
    what += "there" if is_place else "it"
    if is_given:
        return f"{what}; give a place that it may, such as /tmp or a stick"
    return f"{what}; look at its owner and mode" if acts_as_another else f"{what}; run this as root"


def _name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
