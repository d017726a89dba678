"""The words printed on the keys, as a technician reads them."""

from collections.abc import Iterable

from device_drivers.evaluator.protocol import LEVELS

WORDS = dict(zip(LEVELS, ("非常满意", "满意", "基本满意", "不满意", "非常不满意"), strict=True))


def named(levels: Iterable[str]) -> str:
    """Some keys, in the order in which they stand on an evaluator."""
    wanted = set(levels)
    return "、".join(WORDS[level] for level in LEVELS if level in wanted)


def hexed(data: bytes, most: int = 24) -> str:
    """Bytes as a technician reads them, cut where they are many."""
    return data[:most].hex(" ").upper() + (" …" if len(data) > most else "")
