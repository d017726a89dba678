"""How many requests of a kind are done at one time: each may keep one of Starlette's threads for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError


class Places:
    """Counts those inside; on the event loop only."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._left = places

    @contextmanager
    def one(self) -> Iterator[None]:
        """Keep a place meanwhile. Raises `ProblemError` where none is left."""
        if self._left == 0:
            detail = f"The terminal does {self._places} requests at a time: ask again after Retry-After seconds."
            raise ProblemError(Kind.BUSY, detail, retry_after=1)
        self._left -= 1
        try:
            yield
        finally:
            self._left += 1
