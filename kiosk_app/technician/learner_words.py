"""What the learner has to say, in Chinese, by the translations of the technician's screens."""

from collections.abc import Mapping
from functools import cache

from kiosk_app.resources import assets_directory
from kiosk_app.technician.evaluator_in_use import WORDS
from kiosk_app.terminal.wording import Table, Wording

_CHINESE = "zh-CN"
_KEYS = ("level", "levels")
"""Values that are keys of the evaluator."""


def in_chinese(key: str, values: Mapping[str, str | int]) -> str:
    """The sentence of this key; empty where nobody has translated it."""
    texts = _texts()
    said = {
        name: texts["view.and"].join(WORDS[level] for level in str(value).split()) if name in _KEYS else value
        for name, value in values.items()
    }
    return texts.get(key, "").format_map(said)


@cache
def _texts() -> Table:
    return Wording(assets_directory(), (_CHINESE,), "technician").table(_CHINESE)
