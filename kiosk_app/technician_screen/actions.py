"""What a touch on the technician's screens can ask of the core. Never blocks; may be called from any thread."""

from typing import Protocol

from kiosk_app.technician_screen.state import Page


class TechnicianActions(Protocol):
    """The technician's side. `at` is the touch's arrival in seconds of CLOCK_BOOTTIME."""

    def opened(self, at: float) -> None:
        """The hidden gesture was made: ask for a PIN."""
        ...

    def leave(self) -> None:
        """Sign out and close; whatever runs is stopped, and what was lent is given back."""
        ...

    def sign_in(self, name: str, pin: str, at: float) -> None:
        """A PIN was typed; a wrong one is answered by the state's message and `wait_seconds`."""
        ...

    def go(self, page: Page) -> None:
        """A page of the menu was touched, or a line that leads to one."""
        ...

    def go_back(self) -> None:
        """Back to the page before."""
        ...

    def act(self, action: str, value: str, at: float) -> None:
        """A button, row, person, option or answer was touched; what the page does not understand it ignores."""
        ...

    def touched(self, at: float) -> None:
        """Somebody is still there, whatever was touched."""
        ...

    def target_touched(self, index: int, off_mm: float, at: float) -> None:
        """A target of the touch test was touched, so far from its middle."""
        ...
