"""Records and backups to a second place: a stick, or the backup directory (R29)."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3 as sqlite3
import structlog

from kiosk_app.health.words import size
from kiosk_app.journal.backup import BackedUp, BackupError, back_up, status_after
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus
from kiosk_app.journal.export import Exported, export_records
from kiosk_app.technician.mounted import mounted_places
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.reading import delivery_of, when_ms
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    Message,
    Option,
    Options,
    Page,
    Text,
    Words,
)

_log = structlog.get_logger()

PLACE, EXPORT, BACKUP = "place", "export", "backup"
WAITING, EVERYTHING = "waiting", "everything"


@dataclass(frozen=True)
class Place:
    """Where something can be written."""

    path: Path
    free: str
    """How much; why not, where that cannot be told."""


@dataclass(frozen=True)
class Places:
    """All there are, and how the backup is."""

    places: tuple[Place, ...]
    status: PlatformStatus


class ExportPage(ReadingPage[Places]):
    """Of every terminal."""

    name = Page.EXPORT
    refresh_ms = 3_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._place = ""
        self._working = False

    def read(self) -> Places:
        """Sticks, the backup directory, and how the last backup went."""
        means = self.desk.means
        second = means.settings.storage.backup_directory
        paths = [*([second] if second is not None else []), *mounted_places(means.mounts_file, means.mount_roots)]
        with delivery_of(means.directory) as store:
            status = store.status() if store is not None else PlatformStatus()
        return Places(tuple(Place(path, _free(path)) for path in dict.fromkeys(paths)), status)

    def content(self, data: Places) -> tuple[Block, ...]:
        """Where to, and what."""
        facts = Facts(tuple(self._facts(data)))
        if not data.places:
            return (facts, Message("info", Words("export.place.none")))
        if self._place not in {str(place.path) for place in data.places}:
            self._place = str(data.places[0].path)
        options = tuple(Option(str(place.path), f"{place.path} ({place.free})") for place in data.places)
        enabled = not self._working
        return (
            facts,
            Options(PLACE, options, self._place, Words("export.place")),
            Buttons(
                (
                    Button(EXPORT, WAITING, Words("export.waiting"), primary=True, enabled=enabled),
                    Button(EXPORT, EVERYTHING, Words("export.everything"), enabled=enabled),
                    Button(BACKUP, "", Words("export.backup"), enabled=enabled),
                )
            ),
        )

    def act(self, action: str, value: str, /) -> Page | None:
        """Choose a place; export, back up."""
        known = {str(place.path) for place in self.data.places} if self.data is not None else set()
        if action == PLACE and value in known:
            self._place = value
        elif self._working or self._place not in known:
            return None
        elif action == EXPORT and value in (WAITING, EVERYTHING):
            self._export(Path(self._place), everything=value == EVERYTHING)
        elif action == BACKUP:
            self._back_up(Path(self._place))
        return None

    def _facts(self, data: Places) -> list[Fact]:
        status, none = data.status, Words("export.backup_none")
        last: Text = when_ms(status.last_backup_at) or none
        facts = [Fact(Words("export.last_backup"), last, "ok" if status.last_backup_at is not None else "none")]
        if status.backup_failing_since is not None:
            facts.append(Fact(Words("export.backup_failing"), status.backup_error or "", "warning"))
        return facts

    # -- export -------------------------------------------------------------------------------------------------------

    def _export(self, place: Path, *, everything: bool) -> None:
        desk, directory, operator = self.desk, self.desk.means.directory, self.desk.operator
        stamp = desk.clock.now().wall.strftime("%Y%m%d-%H%M%S")
        target = place / f"{desk.means.settings.terminal.device_id}-{'all' if everything else 'waiting'}-{stamp}.jsonl"

        def work() -> Exported:
            exported = export_records(directory, target, everything=everything)
            _note_exported(directory, exported)
            return exported

        def record(outcome: Exported | Exception) -> None:
            words = f"failed: {words_of(outcome)}" if isinstance(outcome, Exception) else f"{outcome.count} records"
            desk.note(EXPORT, str(target), words, operator=operator)

        self._working, desk.message = True, None
        desk.work(EXPORT, lambda _: work(), self._exported, self._failed, whatever_page=record)

    def _exported(self, exported: Exported) -> None:
        self._working = False
        if exported.unreadable or not exported.is_signed:
            self.desk.say("bad", "export.not_whole", str(exported.path), n=exported.count)
        else:
            self.desk.say("good", "export.exported", str(exported.path), n=exported.count)

    def _failed(self, error: Exception) -> None:
        self._working = False
        self.desk.say("bad", "export.failed", words_of(error))
        self.look_again()

    # -- backup -------------------------------------------------------------------------------------------------------

    def _back_up(self, place: Path) -> None:
        desk, means, operator = self.desk, self.desk.means, self.desk.operator
        is_second = place == means.settings.storage.backup_directory
        now_ms = round(desk.clock.now().wall.timestamp() * 1000)

        def work() -> BackedUp:
            try:
                made = back_up(means.directory, place, means.config)
            except BackupError as error:
                if is_second:
                    _note_backup(means.directory, str(error), now_ms)
                raise
            if is_second:
                _note_backup(means.directory, made, now_ms)
            return made

        def record(outcome: BackedUp | Exception) -> None:
            if isinstance(outcome, Exception):
                words = f"failed: {words_of(outcome)}"
            else:
                words = f"copied up to record {outcome.sequence}"
            desk.note(BACKUP, str(place), words, operator=operator)

        self._working, desk.message = True, None
        desk.work(BACKUP, lambda _: work(), self._backed_up, self._failed, whatever_page=record)

    def _backed_up(self, made: BackedUp) -> None:
        self._working = False
        if made.same_disk:
            self.desk.say("bad", "export.same_disk", str(made.path))
        else:
            self.desk.say("good", "export.backed_up", str(made.path))
        self.look_again()


def _free(path: Path) -> str:
    try:
        return size(shutil.disk_usage(path).free)
    except OSError as error:
        return error.strerror or str(error)


def _note_exported(directory: Path, exported: Exported) -> None:
    if exported.last is not None:
        sequence = exported.last
        _noted(directory, lambda store: store.note_exported(sequence, exported.last_hash))


def _note_backup(directory: Path, result: BackedUp | str, now_ms: int) -> None:
    """Tell health, which looks after this place."""
    _noted(directory, lambda store: store.note(**status_after(result, now_ms, store.status().backup_failing_since)))


def _noted(directory: Path, note: Callable[[DeliveryStore], None]) -> None:
    """Note it if that is possible: on a full or damaged disk what was written elsewhere is there all the same."""
    try:
        with closing(DeliveryStore.open(directory)) as store:
            note(store)
    except (RuntimeError, sqlite3.Error, OSError) as error:
        _log.warning("not noted in delivery's file", cause=str(error))
