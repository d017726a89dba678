"""UUIDs of version 7 (RFC 9562): ordered by time, so that an index grows at its end."""

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new UUIDv7, greater than every one this process made before, also when the wall clock is set back."""
    global _last  # noqa: PLW0603 - the order of ids is the process's, not an object's
    with _lock:
        # 48 bits of milliseconds, then 74 random bits (12 of rand_a, 62 of rand_b).
        value = (time.time_ns() // 1_000_000 << 74) | secrets.randbits(74)
        _last = value if value > _last else _last + 1 + secrets.randbits(32)
        milliseconds, rand_a, rand_b = _last >> 74, _last >> 62 & 0xFFF, _last & (1 << 62) - 1
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b))
