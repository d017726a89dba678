"""Which commands a model of printer knows, and how it says how it is (facts §3.2 to §3.4): pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One model."""

    name: str
    answers: bool
    """DLE EOT, GS r and GS I."""
    tells_ids: bool
    """GS ( H."""
    clears: bool
    """DLE DC4 8."""
    model: str = ""
    tells_by_itself: bool = True
    """GS a."""
    kinds: tuple[int, ...] = (1, 2, 3, 4)
    """Of DLE EOT."""


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("epson-h", answers=True, tells_ids=True, clears=True, model="TM-T82III"),
        Profile("tm88", answers=True, tells_ids=False, clears=False, model="TM-T88III"),
        Profile("pos80", True, tells_ids=False, clears=False, model="POS80", tells_by_itself=False, kinds=(1, 2, 4)),
        Profile("silent", answers=False, tells_ids=False, clears=False),
    )
}


@dataclass
class Sensors:
    """What is the matter with the printer."""

    near_end: bool = False
    paper_out: bool = False
    cover_open: bool = False
    cutter_error: bool = False

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is processed."""
        return self.paper_out or self.cover_open or self.cutter_error

    def real_time(self, kind: int) -> bytes:
        """The answer to DLE EOT; none for a kind that does not exist."""
        bits = {
            1: 0x08 * self.is_stopped,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.cutter_error,
            3: 0x08 * self.cutter_error,
            4: 0x0C * (self.near_end or self.paper_out) | 0x60 * self.paper_out,
        }
        return bytes([0x12 | bits[kind]]) if kind in bits else b""

    def automatic(self) -> bytes:
        """The four bytes of the automatic status."""
        paper = 0x03 * (self.near_end or self.paper_out) | 0x0C * self.paper_out
        return bytes([0x10 | 0x08 * self.is_stopped | 0x20 * self.cover_open, 0x08 * self.cutter_error, paper, 0])

    def paper(self) -> bytes:
        """The answer to GS r 1."""
        return bytes([0x03 * self.near_end])
