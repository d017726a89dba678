"""What the learner has to say, in Chinese, by the translations of the technician's screens."""

from collections.abc import Mapping
from functools import cache

from kiosk_app.resources import assets_directory
from kiosk_app.technician.evaluator_in_use import WORDS
from kiosk_app.terminal.wording import Table, Wording

_CHINESE = "zh-CN"


def in_chinese(key: str, values: Mapping[str, str | int]) -> str:
    """The sentence of this key; empty where nobody has translated it."""
    texts = _texts()
    named = {
        name: texts["view.and"].join(WORDS.get(level, level) for level in str(value).split())
        if name == "levels"
        else value
        for name, value in values.items()
    }
    return texts.get(key, "").format_map(named)


@cache
def _texts() -> Table:
    return Wording(assets_directory(), (_CHINESE,), "technician").table(_CHINESE)
