"""Which of the evaluator's presses was accepted, could not be recorded, or was stray (R5, interfaces §3)."""

from dataclasses import dataclass

from kiosk_app.domain.moments import Moment

RECOVERY_MS = 60_000
"""How long after a restart a device may still repeat the press whose acknowledgement the stop cut off."""
STRAY_REPORT_MS = 60_000


@dataclass(frozen=True)
class AcceptedPress:
    """The press that became the last rating."""

    frame: bytes
    press_id: int | None
    """None: it was recorded before a restart; the first repeat after it tells its number."""
    until_ms: int | None = None


class PressBook:
    """Remembers the presses of the evaluator since the last invitation."""

    def __init__(self) -> None:
        self._accepted: AcceptedPress | None = None
        self._unrecorded: int | None = None
        self._reported_ms: int | None = None
        self._unreported = 0

    def recovered(self, frame: bytes, rated: Moment, now: Moment) -> None:
        """After a restart: the last rating came from this frame, and its acknowledgement may be missing."""
        if rated.same_boot(now) and now.boot_ms - rated.boot_ms <= RECOVERY_MS:
            self._accepted = AcceptedPress(frame, None, rated.boot_ms + RECOVERY_MS)

    def accepted(self, frame: bytes, press_id: int) -> None:
        """This press is a rating on the disk."""
        self._accepted, self._unrecorded = AcceptedPress(frame, press_id), None

    def failed(self, press_id: int) -> None:
        """This press is valid but could not be recorded; its repeats are tries."""
        self._unrecorded = press_id

    def invited(self) -> None:
        """A new invitation: the last rating's press is history."""
        if self._accepted is not None and self._accepted.press_id is None:
            self._accepted = None

    def is_accepted(self, frame: bytes, press_id: int, at_ms: int) -> bool:
        """Whether this is the press of the last rating, or a repeat of it."""
        accepted = self._accepted
        if accepted is None or accepted.frame != frame:
            return False
        if accepted.press_id is None and accepted.until_ms is not None and at_ms <= accepted.until_ms:
            self._accepted = AcceptedPress(frame, press_id)
            return True
        return accepted.press_id == press_id

    def is_to_be_judged(self, press_id: int, repeat: int) -> bool:
        """Whether this frame decides something: the first of a press, or a repeat of one not recorded yet."""
        return repeat == 0 or press_id == self._unrecorded

    def stray(self, now_ms: int) -> int:
        """Count a stray press (R5); returns how many are to be reported now, at most once a minute."""
        self._unreported += 1
        if self._reported_ms is not None and now_ms - self._reported_ms < STRAY_REPORT_MS:
            return 0
        count, self._unreported, self._reported_ms = self._unreported, 0, now_ms
        return count
