"""How the demonstration tells what happens."""

import time


class Story:
    """Prints numbered steps; remembers whether each expectation held."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._step = 0
        self._failed: list[str] = []

    def chapter(self, title: str) -> None:
        """A heading."""
        print(f"\n== {title}", flush=True)

    def tell(self, text: str) -> None:
        """Something that happened."""
        self._step += 1
        print(f"{self._step:>3}  {time.monotonic() - self._began:5.1f} s  {text}", flush=True)

    def expect(self, holds: bool, what: str, detail: str) -> None:
        """Something that has to be so."""
        self.tell(f"{'ok  ' if holds else 'FAIL'}  {what}: {detail}")
        if not holds:
            self._failed.append(what)

    def end(self) -> int:
        """The last line; the exit code."""
        if self._failed:
            print(f"\nFAILED: {', '.join(self._failed)}")
            return 1
        print(f"\nAll {self._step} steps as expected.")
        return 0
