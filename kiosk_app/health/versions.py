"""Which programs these are, and which one began the journal."""

import platform
from contextlib import closing, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem
from kiosk_app.journal.database import JOURNAL_FILE, is_safe_version
from kiosk_app.journal.reader import JournalReader

DISTRIBUTION = "hall-kiosk"
_QT = "PySide6-Essentials"


def versions() -> dict[str, str]:
    """Name and version of what runs here; Qt's without importing it."""
    found = {
        "software": f"{DISTRIBUTION} {version(DISTRIBUTION)}",
        "python": platform.python_version(),
        "sqlite": str(sqlite3.sqlite_version),
    }
    with suppress(PackageNotFoundError):
        found["qt"] = version(_QT)
    return found


def versions_health(directory: Path) -> Health:
    """The versions as a fact; an SQLite that can lose records as a problem."""
    found = versions()
    problems = []
    if not is_safe_version(sqlite3.sqlite_version_info):
        problems.append(
            Problem(
                "sqlite_unsafe",
                f"SQLite {sqlite3.sqlite_version} can lose committed records (WAL-reset bug)",
                "install the pysqlite3 package of requirements.lock",
            )
        )
    words = [found["software"], f"Python {found['python']}", f"SQLite {found['sqlite']}"]
    if "qt" in found:
        words.append(f"Qt {found['qt']}")
    if began := _began(directory):
        words.append(f"journal begun by {began}")
    return Health(tuple(problems), {Area.VERSIONS: ", ".join(words)})


def _began(directory: Path) -> str | None:
    if not (directory / JOURNAL_FILE).exists():
        return None
    try:
        with closing(JournalReader.open(directory)) as journal:
            first = journal.records_after(0, 1)
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None
    return str(first[0].payload.get("software")) if first else None
