"""The core's words: every key that it uses is listed, and every listed one is used."""

import re
import subprocess
import sys
from pathlib import Path

from kiosk_app import technician_screen
from kiosk_app.technician_screen.keys import KEYS

CORE = Path(str(technician_screen.__file__)).parent
VIEW = {"keys.py", "state.py", "view_model.py", "wording.py", "piece_model.py", "screen.py"}
PAGES = "|".join(sorted({key.split(".")[0] for key in KEYS}))


def sources() -> str:
    files = [file for file in CORE.rglob("*.py") if file.name not in VIEW]
    assert len(files) > 15
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_key_in_the_core_is_listed_and_every_listed_one_is_used() -> None:
    text = sources()
    spelled = set(re.findall(rf'(?<!f)"((?:{PAGES})\.[a-z_.]+)"', text))
    assert spelled <= KEYS
    made = [re.sub(r"\{[^}]*\}", "[a-z_.]+", made) for made in re.findall(rf'f"((?:{PAGES})\.[^"]*)"', text)]
    # What stands in a variable of its own, as a section's name does.
    made += [rf"[a-z_]+{rest}" for rest in re.findall(r'f"\{[^}]*\}(\.[a-z_]+)"', text)]
    unused = {key for key in KEYS - spelled if not any(re.fullmatch(pattern, key) for pattern in made)}
    assert unused == set()


def test_nothing_of_qt_is_imported_by_the_core() -> None:
    code = (
        "import sys, kiosk_app.technician_screen.station\n"
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
