"""`hall.sqlite3`: what the hall's administration says: staff, items, notices, windows, leases, calendars and the rest.

Not records: it is replaced as a whole, section by section, by the newest that was imported or pulled.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk_app.domain.records import Json
from kiosk_app.journal.database import HALL_FILE, Connection, open_database, write_transaction

PHOTO_DIRECTORY = "photos"
_UNFINISHED = ".new"
SECTIONS = {"staff": "staff_no", "items": "item_code", "windows": "window", "notices": "title"}
"""The lists that a file may bring, and the field that names each entry."""
PULLED_SECTIONS = {
    **SECTIONS,
    "bindings": "window",
    "feedback": "rating_code",
    "number_leases": "lease_id",
    "slot_leases": "lease_id",
    "appointments": "appointment_no",
}
"""The lists that the platform brings; `leases` of the interface are two of them."""
DOCUMENTS = ("options", "questionnaire", "workdays", "hours", "settings")
"""What the platform brings as one piece, kept as it was worded."""
_PULLED = "pulled"
"""Where it is kept which version of which platform's data is here."""
_LAST_PHOTO = "last_photo"
"""Where the photo stands that came last."""

migrations = Migrations("hall")


@migrations()
def create_hall(database: Database) -> None:
    """Version 1: one row an entry, in the order given; the entry itself as the platform worded it."""
    database.execute(
        "CREATE TABLE entries (section TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, "
        "body TEXT NOT NULL, PRIMARY KEY (section, position)) STRICT, WITHOUT ROWID"
    )
    database.execute("CREATE INDEX by_name ON entries (section, name)")


class HallDataError(ValueError):
    """What was to be imported is not what it should be; one line that names the entry and what is needed."""


class HallStore:
    """Reads and replaces the hall's data. One thread at a time."""

    def __init__(self, connection: Connection, directory: Path) -> None:
        self._connection = connection
        self._database = Database(connection)
        self._photos = directory / PHOTO_DIRECTORY

    @classmethod
    def open(cls, directory: Path) -> "HallStore":
        """Open the store of a storage directory. Raises `sqlite3.Error`, `OSError`."""
        return cls(open_database(directory / HALL_FILE, migrations), directory)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def replace_all(self, sections: Mapping[str, list[Json]], documents: Mapping[str, Any] | None = None) -> None:
        """Replace these sections and documents, all or none. Raises `HallDataError`.

        What was pulled is then not whole any more, so that the next pull brings it again.
        """
        self._replace({**sections, **_as_sections(documents or {}), _PULLED: []})

    def replace_document(self, name: str, document: Any) -> None:
        """Replace one document of `DOCUMENTS`."""
        self.replace_all({}, {name: document})

    def replace_pulled(
        self,
        sections: Mapping[str, list[Json]],
        documents: Mapping[str, Any],
        *,
        source: str,
        etag: str | None,
        journal_sequence: int = 0,
    ) -> None:
        """Keep all that one pull brought, and by which name `source` knows it; all or none. Raises `HallDataError`.

        `journal_sequence` tells how far the journal had come when it was asked for.
        """
        version = {"name": source, "etag": etag, "journal_sequence": journal_sequence}
        self._replace({**sections, **_as_sections(documents), _PULLED: [version]})

    def etag(self, source: str) -> str | None:
        """The name of the version that is here, as `source` gave it; None where it must be asked for the whole."""
        version = self.entry(_PULLED, source)
        return version["etag"] if version else None

    def forget_version(self) -> None:
        """Count what was pulled as older than anything the platform says, as after a restore: ask for the whole."""
        versions = [{**version, "etag": None, "journal_sequence": 0} for version in self.entries(_PULLED)]
        self._replace({_PULLED: versions})

    def note_pulled(self, source: str, journal_sequence: int) -> None:
        """What is here was found to be the newest, for a journal that had come so far."""
        versions = self.entries(_PULLED)
        if any(v["name"] == source and v.get("journal_sequence", 0) < journal_sequence for v in versions):
            self._replace({_PULLED: [{**version, "journal_sequence": journal_sequence} for version in versions]})

    def pulled_at_sequence(self) -> int | None:
        """How far the journal had come at the last pull; None where nothing was ever pulled, but imported."""
        return next((int(version.get("journal_sequence", 0)) for version in self.entries(_PULLED)), None)

    def entries(self, section: str) -> list[Json]:
        """All entries of a section, in the order given."""
        rows = self._database.query("SELECT body FROM entries WHERE section = ? ORDER BY position", (section,))
        return [json.loads(row["body"]) for row in rows]

    def entry(self, section: str, name: str) -> Json | None:
        """The entry of that name."""
        rows = self._database.query("SELECT body FROM entries WHERE section = ? AND name = ? LIMIT 1", (section, name))
        return next((json.loads(row["body"]) for row in rows), None)

    def document(self, name: str) -> Any:
        """A document of `DOCUMENTS`; None if there is none."""
        return next((entry["document"] for entry in self.entries(name)), None)

    def photo_file(self, entry: Json) -> Path | None:
        """The photo of a staff entry, if it is here."""
        digest = (entry.get("photo") or {}).get("sha256")
        path = self._photos / str(digest).lower() if digest else None
        return path if path and path.is_file() else None

    def keep_photo(self, digest: str, content: bytes) -> None:
        """Keep a photo under its SHA-256 (hex), which the caller has checked; `data_version` tells others of it."""
        self._photos.mkdir(mode=0o750, exist_ok=True)
        unfinished = self._photos / f"{digest.lower()}{_UNFINISHED}"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._photos / digest.lower())
        self._replace({_LAST_PHOTO: [{"name": digest.lower()}]})

    def forget_photos(self) -> int:
        """Remove the photos that no entry names any more; how many."""
        # Listed before the entries are read: whoever brings a photo has brought its entry first.
        kept = list(self._photos.iterdir()) if self._photos.is_dir() else []
        named = {str((entry.get("photo") or {}).get("sha256")).lower() for entry in self.entries("staff")}
        unnamed = [path for path in kept if path.name.removesuffix(_UNFINISHED) not in named]
        for path in unnamed:
            path.unlink(missing_ok=True)
        return len(unnamed)

    def data_version(self) -> int:
        """A number that changes whenever another connection commits."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _replace(self, sections: Mapping[str, list[Json]]) -> None:
        rows = [
            (section, position, _name_of(section, position, entry), json.dumps(entry))
            for section, entries in sections.items()
            for position, entry in enumerate(entries)
        ]
        with write_transaction(self._connection):
            self._connection.executemany("DELETE FROM entries WHERE section = ?", [(section,) for section in sections])
            self._connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)


def _as_sections(documents: Mapping[str, Any]) -> dict[str, list[Json]]:
    return {name: [{"name": name, "document": document}] for name, document in documents.items()}


def _name_of(section: str, position: int, entry: Any) -> str:
    key = PULLED_SECTIONS.get(section, "name")
    name = entry.get(key) if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.strip() or name != name.strip():
        raise HallDataError(f"{section}[{position}]: needs a text {key} without blanks around it, has {name!r}")
    return name
