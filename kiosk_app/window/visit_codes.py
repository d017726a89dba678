"""The rating code of a visit: the one that came with it, else one of this window's own (interfaces §7)."""

import structlog

from kiosk_app.domain.moments import Moment
from kiosk_app.terminal.rating_codes import RatingCodes, spelled
from kiosk_app.terminal.recorder import Recorder

_log = structlog.get_logger()


class VisitCodes:
    """Gives every visit a code that no other has; on the station's thread."""

    def __init__(self, recorder: Recorder, codes: RatingCodes | None) -> None:
        """Without `codes` a visit has a code only if it brings one."""
        self._recorder = recorder
        self._codes = codes
        self.fault: str | None = None
        """Why the last visit that needed a code got none."""

    def for_visit(self, given: str | None, now: Moment) -> str | None:
        """The code that came with the visit, else a new one. Raises `JournalUnavailableError`."""
        if not given:
            return self._new(now)
        if self._codes is not None and self._codes.disowns(given):
            _log.warning("a code was given that calls itself this window's and is not; it gets another one")
            return self._new(now)
        return spelled(given)

    def _new(self, now: Moment) -> str | None:
        """A code that no other visit has; a citizen is not turned away where none can be made."""
        codes, day = self._codes, now.wall.date()
        if codes is None:
            return None
        last = self._recorder.read(lambda journal: codes.last_counter(journal, day))
        try:
            code = codes.after(last, day)
        except ValueError as error:
            self.fault = str(error)
            _log.error("no rating code", cause=str(error))
            return None
        self.fault = None
        return code
