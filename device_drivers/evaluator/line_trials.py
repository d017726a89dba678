"""Which line settings an unknown device may use, and which to try next."""

from device_drivers.serial_line import LineSettings

_SPEEDS = (9600, 19200, 38400, 57600, 115200, 4800, 2400, 1200)
USUAL_LINES = tuple(
    LineSettings(baud, bytesize, parity) for bytesize, parity in ((8, "N"), (8, "E"), (7, "E"), (8, "O"), (7, "O"))
    for baud in _SPEEDS
)  # fmt: skip
"""The most usual first."""


class LineTrials:
    """Goes through the usual settings once."""

    def __init__(self, lines: tuple[LineSettings, ...] = USUAL_LINES) -> None:
        self._left = list(lines)
        self.current = self._left.pop(0)

    def next_after_garbage(self) -> bool:
        """Go on to the next setting; whether there is one."""
        return self._take(0)

    def next_after_silence(self) -> bool:
        """Go on to the fastest: only bytes much too short for the present speed can pass unheard.

        Silence proves nothing, so the present setting comes again, after the next.
        """
        silent = self.current
        fastest = max(range(len(self._left)), key=lambda index: self._left[index].baud, default=0)
        if not self._take(fastest):
            return False
        self._left.insert(0, silent)
        return True

    def _take(self, index: int) -> bool:
        if not self._left:
            return False
        self.current = self._left.pop(index)
        return True


def words_of(line: LineSettings) -> str:
    """As technicians write it: 9600 8N1."""
    return f"{line.baud} {line.bytesize}{line.parity}{line.stopbits:g}"
