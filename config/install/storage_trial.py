"""Whether this version can take over a terminal's records. Run by the version's own Python: `STEP CONFIG_DIRECTORY`.

try        migrate a copy of the databases, and verify that copy
take-over  keep a copy of the databases, then migrate them themselves; if that fails, put the copy back
give-back  put that copy back, unless something was recorded since
knows      whether nothing was migrated that this version does not know (for going back)

Nothing but one line on stderr and exit 1 tells that it cannot.
"""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from kiosk_app.journal import delivery_schema, hall, schema
from kiosk_app.journal.database import APP_LOCK_FILE, DELIVERY_FILE, HALL_FILE, JOURNAL_FILE, connect, is_locked
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.journal.verification import Verdict, verify

FILES = (DELIVERY_FILE, JOURNAL_FILE, HALL_FILE)
TRIAL, KEPT = "upgrade-trial", "before-upgrade"
MIGRATIONS = (
    (JOURNAL_FILE, schema.migrations),
    (DELIVERY_FILE, delivery_schema.migrations),
    (HALL_FILE, hall.migrations),
)
_LOCKS = (APP_LOCK_FILE, "sync-agent.lock")


class CannotTakeOverError(RuntimeError):
    """Why, in one line."""


def main() -> int:
    """Do one step."""
    steps: dict[str, Callable[[Settings], None]] = {
        "try": try_on_a_copy,
        "take-over": take_over,
        "give-back": give_back,
        "knows": knows_all,
    }
    step, config = steps[sys.argv[1]], Path(sys.argv[2])
    try:
        settings = load_settings(config)
    except ConfigurationError:
        # Without settings nobody has recorded anything; `config check` says what is wrong with them.
        return 0
    try:
        if (settings.storage.directory / JOURNAL_FILE).exists():
            _act_as_owner(settings.storage.directory)
            step(settings)
    except CannotTakeOverError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - a migration may fail in any way, and all of them mean the same
        print(
            f"the records cannot be taken over: {type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr
        )
        return 1
    return 0


def try_on_a_copy(settings: Settings) -> None:
    """Migrate a copy, and see that the chain in it is the same."""
    directory = settings.storage.directory
    _refuse_while_in_use(directory)
    trial = directory / TRIAL
    try:
        _copy(directory, trial)
        before = verify(trial)
        _migrate(settings, trial)
        _compare(before, verify(trial))
    finally:
        shutil.rmtree(trial, ignore_errors=True)


def take_over(settings: Settings) -> None:
    """Migrate the databases themselves, with a copy beside them until the next upgrade."""
    directory = settings.storage.directory
    _refuse_while_in_use(directory)
    _copy(directory, directory / KEPT)
    before = verify(directory)
    try:
        _migrate(settings, directory)
        _compare(before, verify(directory))
    except BaseException:
        give_back(settings)
        raise


def give_back(settings: Settings) -> None:
    """Put the copy back where nothing was recorded since: whoever goes on must not fork the chain (R12)."""
    directory = settings.storage.directory
    kept = directory / KEPT
    if not (kept / JOURNAL_FILE).exists():
        return
    with suppress(sqlite3.Error):
        if _head(directory) != _head(kept):
            return
    for name in FILES:
        if (kept / name).exists():
            for leftover in ("-wal", "-shm"):
                (directory / f"{name}{leftover}").unlink(missing_ok=True)
            shutil.copy2(kept / name, directory / f"{name}.old")
            (directory / f"{name}.old").replace(directory / name)


def knows_all(settings: Settings) -> None:
    """Refuse databases that a later version has changed in ways that are not known here."""
    for name, migrations in MIGRATIONS:
        path = settings.storage.directory / name
        if not path.exists():
            continue
        known = {migration.name for migration in migrations._migrations}  # noqa: SLF001 - there is no other way to ask
        with closing(connect(path, read_only=True)) as connection:
            rows = connection.execute(
                f"SELECT name FROM {migrations.migrations_table} WHERE migration_set = ?",  # noqa: S608 - its own word
                (migrations.name,),
            ).fetchall()
        if unknown := sorted({str(row[0]) for row in rows} - known):
            raise CannotTakeOverError(
                f"{path} was changed by a later version ({', '.join(unknown)}), which the version before does not "
                "know; stay with the later one"
            )


def _refuse_while_in_use(directory: Path) -> None:
    for lock in _LOCKS:
        if is_locked(directory / lock):
            raise CannotTakeOverError(f"{directory / lock} is held: stop kiosk-app and sync-agent, then try again")


def _copy(directory: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    size = sum((directory / name).stat().st_size for name in FILES if (directory / name).exists())
    free = shutil.disk_usage(directory).free
    if free < 2 * size:
        raise CannotTakeOverError(f"{directory}: {2 * size // 2**20} MB of free space are needed for copies")
    target.mkdir(mode=0o700)
    for name in FILES:
        if (directory / name).exists():
            with (
                closing(connect(directory / name, read_only=True)) as source,
                closing(sqlite3.connect(target / name)) as copy,
            ):
                source.backup(copy)
    shutil.copy2(directory / SIGNING_KEY_FILE, target / SIGNING_KEY_FILE)


def _migrate(settings: Settings, directory: Path) -> None:
    """Open each as this version does."""
    device = settings.terminal.device_id
    Journal.open_or_start(directory, device_id=device, clock=SystemClock(), software="hall-kiosk upgrade").close()
    DeliveryStore.open(directory).close()
    HallStore.open(directory).close()


def _compare(before: Verdict, after: Verdict) -> None:
    """What was right must be right, and every record as it was."""
    if before.holds and not after.holds:
        raise CannotTakeOverError(f"the migration broke the records: {after.problem}")
    if (before.count, before.head) != (after.count, after.head):
        raise CannotTakeOverError(f"the migration changed the records: {before.head} became {after.head}")


def _head(directory: Path) -> tuple[int, str] | None:
    with closing(connect(directory / JOURNAL_FILE, read_only=True)) as connection:
        row = connection.execute("SELECT sequence, hash FROM records ORDER BY sequence DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _act_as_owner(directory: Path) -> None:
    """As root, go on as the owner of the storage: files of root's there would lock the app out of its journal."""
    os.umask(0o027)
    owner = directory.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.setgroups([owner.st_gid])
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


if __name__ == "__main__":
    sys.exit(main())
