"""Where the files beside the code lie: icons, sounds, translations."""

import json
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


def assets_directory() -> Path:
    """The directory of assets: inside the installed package, or the checkout's own."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


def read_json(name: str) -> Any:
    """A JSON file among the assets."""
    return json.loads((assets_directory() / name).read_text(encoding="utf-8"))
