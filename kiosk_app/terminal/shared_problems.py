"""What can be wrong with a screen, a sound and a lent device, at a window as at a kiosk."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk_app.domain.problems import Problem, Severity

LEAST_PIXELS = (1024, 600)
LEAST_MM = (150, 88)
"""Long and short side for which the pages are made; on anything smaller, fingers miss and eyes strain."""
_DENSITIES = (2.0, 20.0)
"""Pixels a millimetre that a screen can have; what is outside is not believed (screens/Theme.qml)."""


@dataclass(frozen=True)
class Display:
    """The screen, as it describes itself."""

    width_px: int
    height_px: int
    density: float = 0.0
    """Pixels a millimetre; 0 where it is not known."""

    @property
    def density_is_known(self) -> bool:
        """Whether what the screen says of its size can be true."""
        return _DENSITIES[0] <= self.density <= _DENSITIES[1]

    @property
    def size_mm(self) -> tuple[int, int] | None:
        """Width and height on the glass; None where the density is not known."""
        if not self.density_is_known:
            return None
        return round(self.width_px / self.density), round(self.height_px / self.density)

    def __str__(self) -> str:
        """As a fact: `1280x800, 217x136 mm`."""
        size = self.size_mm
        return f"{self.width_px}x{self.height_px}" + (f", {size[0]}x{size[1]} mm" if size else "")


def display_problems(display: Display | None, *, screen_shown: bool) -> list[Problem]:
    """A display that is too small, or does not tell its size; nothing while none is shown."""
    if display is None or not screen_shown:
        return []
    if not _holds((display.width_px, display.height_px), LEAST_PIXELS):
        words = f"{LEAST_PIXELS[0]}x{LEAST_PIXELS[1]} pixels"
        return [_small(f"{display.width_px}x{display.height_px} pixels", words)]
    if display.size_mm is None:
        return [
            Problem(
                "display_density_unknown",
                f"the display does not tell its size ({display.width_px}x{display.height_px}, "
                f"{display.density:.1f} pixels a millimetre); 96 dots an inch are assumed",
                "measure a touch target: it must be 15 mm wide; if it is not, connect the display by a cable that "
                "carries its description (EDID)",
                Severity.WARNING,
            )
        ]
    if not _holds(display.size_mm, LEAST_MM):
        return [_small(f"{display.size_mm[0]}x{display.size_mm[1]} mm", f"{LEAST_MM[0]}x{LEAST_MM[1]} mm")]
    return []


def _holds(size: tuple[int, int], least: tuple[int, int]) -> bool:
    return max(size) >= least[0] and min(size) >= least[1]


def _small(found: str, least: str) -> Problem:
    return Problem(
        "display_small",
        f"the display is too small: {found}, needed are {least}",
        "choose its full resolution, or use a larger display",
        Severity.WARNING,
    )


def sound_problems(fault: str | None) -> list[Problem]:
    """Nothing is heard."""
    if fault is None:
        return []
    return [Problem("sound_silent", f"nothing is heard: {fault}", "connect a loudspeaker", Severity.WARNING)]


def lent_problems(lent: Mapping[str, str]) -> list[Problem]:
    """Devices that a technician has borrowed, by borrower; they work again by themselves."""
    return [
        Problem(
            f"{device}_lent",
            f"the {device} is lent to {borrower}",
            f"end {borrower}; the app then has it back by itself",
            Severity.WARNING,
        )
        for device, borrower in lent.items()
    ]


def ambiguous_port(device: str, detail: str) -> Problem:
    """Nobody but a person can tell which port is the device's."""
    return Problem(
        "ports_ambiguous",
        f"{device}: {detail}",
        f"press a key of the evaluator, or name the [{device}] port: kiosk-admin ports lists them",
    )
