"""Who is it? A name, if there are several, and a PIN."""

from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.door import Door, Tried
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.state import Block, Message, Page, Words

CHOOSE = "technician"
SIGN_IN, SIGN_IN_FAILED, SCREENS = "sign_in", "sign_in_failed", "technician's screens"
SET_A_PIN = "kiosk-admin --config {config} technician pin"
MOST_OF_A_NAME = 40


class SignInPage(ReadingPage[tuple[str, ...]]):
    """Before anybody is signed in."""

    name = Page.SIGN_IN
    refresh_ms = 5_000

    def __init__(self, desk: Desk, door: Door) -> None:
        super().__init__(desk)
        self._door = door
        self.chosen = ""
        """Whose PIN is asked for."""
        self.wait_until_ms = 0
        """On CLOCK_BOOTTIME: no try is taken before."""
        self.admitted: str | None = None
        """Who gave the right PIN."""
        self._trying = False

    @property
    def names(self) -> tuple[str, ...]:
        """Who can be chosen."""
        return self.data or ()

    @property
    def wait_seconds(self) -> int:
        """How long the chosen one must wait."""
        return max(0, -(-(self.wait_until_ms - self.desk.clock.now().boot_ms) // 1000))

    def read(self) -> tuple[str, ...]:
        """Who has a PIN."""
        return self._door.names()

    def content(self, data: tuple[str, ...]) -> tuple[Block, ...]:
        """What is in the way, if anything is."""
        if not data:
            command = SET_A_PIN.format(config=self.desk.means.config)
            return (Message("info", Words("sign_in.no_pin"), command),)
        return (Message("bad", Words("sign_in.wait")),) if self.wait_seconds else ()

    def act(self, action: str, value: str, /) -> Page | None:
        """Choose a name."""
        if action == CHOOSE and value in self.names:
            self._choose(value)
        return None

    def blocks(self) -> tuple[Block, ...]:
        """Also choose whom there is no choice of."""
        if self.names and self.chosen not in self.names:
            self._choose(self.names[0])
        return super().blocks()

    def sign_in(self, name: str, pin: str) -> None:
        """Try a PIN; one at a time."""
        if self._trying or name not in self.names:
            return
        if name != self.chosen:
            self._choose(name)
        if self.wait_seconds:
            return
        self._trying = True
        self.desk.message = None

        def record(outcome: Tried | Exception) -> None:
            if isinstance(outcome, Tried) and not outcome.admitted and not outcome.too_early:
                self.desk.note(SIGN_IN_FAILED, SCREENS, "wrong PIN", operator=name[:MOST_OF_A_NAME])

        self.desk.work(
            "sign-in",
            lambda _: self._door.try_pin(name, pin),
            lambda tried: self._tried(name, tried),
            self._failed,
            whatever_page=record,
        )

    def _choose(self, name: str) -> None:
        self.chosen, self.wait_until_ms = name, 0
        self.desk.work("wait", lambda _: self._door.wait_seconds(name), self._wait, lambda _: None, quiet=True)

    def _wait(self, seconds: int) -> None:
        if seconds:
            self.wait_until_ms = self.desk.clock.now().boot_ms + seconds * 1000

    def _tried(self, name: str, tried: Tried) -> None:
        self._trying = False
        if tried.admitted:
            self.admitted = name
            return
        self._wait(tried.wait_seconds)
        if not tried.too_early:
            self.desk.say("bad", "sign_in.wrong")

    def _failed(self, error: Exception) -> None:
        self._trying = False
        self.desk.say("bad", "sign_in.unreadable", words_of(error))
