"""Who changes a binding looks first: for the moment between looking and recording, all others wait (R17).

`kiosk-admin bind`, the technician's screen and the agent's pull may come at the same instant; without this each would
see the window as it was, and one change would be two records.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kiosk_app.journal.database import exclusively
from kiosk_app.journal.journal import JournalUnavailableError

BINDINGS_LOCK_FILE = "bindings.lock"


@contextmanager
def changing_bindings(directory: Path) -> Iterator[None]:
    """Look at the bindings and record the change inside; waits for others. Raises `JournalUnavailableError`."""
    with ExitStack() as held:
        try:
            held.enter_context(exclusively(directory / BINDINGS_LOCK_FILE))
        except OSError as error:
            raise JournalUnavailableError(f"{directory / BINDINGS_LOCK_FILE}: {error.strerror}") from error
        yield
