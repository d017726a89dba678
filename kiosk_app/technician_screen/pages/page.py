"""What a page of the technician's screens is. Everything here runs on the station's thread, `read` excepted."""

from typing import Generic, TypeVar

from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.state import Block, Message, Page, Words

T = TypeVar("T")


class TechnicianPage:
    """One page: what it shows, and what each touch does. A page ignores what it does not understand."""

    name: Page
    refresh_ms: int | None = None
    """How often it looks again by itself."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def opened(self) -> None:
        """It is shown from now on."""

    def refresh(self) -> None:
        """Look again."""

    def blocks(self) -> tuple[Block, ...]:
        """What it shows now."""
        raise NotImplementedError

    def act(self, action: str, value: str, /) -> Page | None:
        """Something was touched; the page that it leads to, None to stay."""
        raise NotImplementedError

    def target_touched(self, _index: int, _off_mm: float, /) -> Page | None:
        """A target was touched; the page that it leads to, None to stay."""
        return None

    def left(self) -> None:
        """It is not shown any more: whatever it runs is to stop."""


class ReadingPage(TechnicianPage, Generic[T]):
    """A page that shows what was read, on another thread, from files that may be slow or broken."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.data: T | None = None
        self._fault = ""
        self._newest = 0
        self._answered = 0

    def read(self) -> T:
        """Look everything up; on a thread of its own. What it raises is shown."""
        raise NotImplementedError

    def content(self, data: T) -> tuple[Block, ...]:
        """What is shown of it."""
        raise NotImplementedError

    def opened(self) -> None:
        """Look everything up."""
        self.look_again()

    def refresh(self) -> None:
        """Look again by itself, unless that is going on."""
        if self._answered == self._newest:
            self._look(quiet=True)

    def look_again(self) -> None:
        """Look again, because something was done."""
        self._look(quiet=False)

    def blocks(self) -> tuple[Block, ...]:
        """What was read last, or why nothing could be."""
        fault = (Message("bad", Words("common.failed"), self._fault),) if self._fault else ()
        return (*fault, *(self.content(self.data) if self.data is not None else ()))

    def _look(self, *, quiet: bool) -> None:
        self._newest += 1
        look = self._newest

        def took(data: T) -> None:
            if look > self._answered:  # a later one may have been faster
                self._answered, self.data, self._fault = look, data, ""

        def could_not(error: Exception) -> None:
            if look > self._answered:
                self._answered, self._fault = look, words_of(error)

        self.desk.work(f"reads {self.name}", lambda _: self.read(), took, could_not, quiet=quiet)
