"""The business systems at a window: what they ask of the core, and what they are answered (interfaces §6).

Nothing here can submit, read or change a rating, shorten an invitation or cancel one (R6).
"""

from collections.abc import Callable
from dataclasses import asdict

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Kind
from kiosk_app.domain.visits import (
    Accepted,
    Answer,
    Refusal,
    Refused,
    VisitName,
    VisitRequest,
    WindowName,
    WindowView,
)
from kiosk_app.domain.window import Event, OpenVisit
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.terminal.recorder import RETRY_MS
from kiosk_app.window.core import WindowCore
from kiosk_app.window.surroundings import Surroundings
from kiosk_app.window.visit_codes import VisitCodes

_log = structlog.get_logger()


class BusinessDesk:
    """Between the window API and the window's core; on the station's thread."""

    def __init__(self, core: WindowCore, clock: Clock, window: str, codes: VisitCodes, sealer: Sealer | None) -> None:
        self.on_invited: Callable[[], None] = lambda: None
        """Called when an invitation has opened."""
        self._core = core
        self._clock = clock
        self._window = window
        self._codes = codes
        self._sealer = sealer

    def open_visit(self, request: VisitRequest, prompt: str) -> Answer:
        """Open a visit; personal data is sealed here and now, or dropped (R11). `prompt` is how one would invite."""
        sealed = self._sealer.seal(request.user) if request.user and self._sealer else None
        answer = self.answer(lambda: self._opening(request, sealed, prompt))
        if request.user and sealed is None and isinstance(answer, Accepted):
            return Accepted(answer.window, answer.visit_id, answer.visit, user_dropped=True)
        return answer

    def answer(self, event: Callable[[], Event], visit_id: str | None = None) -> Answer:
        """The window's answer; a visit that is not open here may be one that is finished."""
        try:
            answer = self._happen(event())
            if visit_id and isinstance(answer, Refused) and answer.why is Refusal.UNKNOWN_VISIT:
                finished = self._name_of(visit_id) is not None
                return Refused(Refusal.FINISHED if finished else Refusal.UNKNOWN_VISIT, visit_id)
        except JournalUnavailableError:
            return Refused(Refusal.CANNOT_RECORD, visit_id, RETRY_MS // 1000)
        return answer

    def look_up(self, visit_id: str) -> VisitName | Refused:
        """The state of a visit, open or finished."""
        try:
            return self._name_of(visit_id) or Refused(Refusal.UNKNOWN_VISIT, visit_id)
        except JournalUnavailableError as error:
            _log.warning("visit not looked up", cause=str(error))
            return Refused(Refusal.CANNOT_RECORD, visit_id, RETRY_MS // 1000)

    def view(self, around: Surroundings) -> WindowView:
        """How the window is."""
        state = self._core.state
        card = around.sign.staff
        staff = {"staff_no": around.staff_no, "name": card.name or None} if card else None
        visit, away = state.visit, state.pause or state.pause_wanted
        return WindowView(
            self._window,
            staff,
            state.name,
            visit.visit_id if visit else None,
            ticket_no=visit.ticket_no if visit else None,
            closes_in_seconds=visit.seconds_left(self._clock.now()) if visit else None,
            away=asdict(away) if away else None,
        )

    def _happen(self, event: Event) -> Answer:
        was = self._core.state.name
        answer = self._core.take(event).answer
        if self._core.state.name is WindowName.INVITING and was is not WindowName.INVITING:
            self.on_invited()
        if answer is None:
            raise TypeError(f"{type(event).__name__} is not the service side's")
        return answer

    def _opening(self, request: VisitRequest, sealed: bytes | None, prompt: str) -> OpenVisit:
        bound = self._core.recorder.read(lambda journal: journal.bound_to(self._window))
        now = self._clock.now()
        return OpenVisit(
            at=now,
            visit_id=new_id(),
            window=self._window,
            staff_no=bound or request.staff_no,
            staff_no_called=request.staff_no,
            ticket_no=request.ticket_no,
            rating_code=self._codes.for_visit(request.rating_code, now),
            cases=request.cases,
            opened_by=request.opened_by,
            sealed_user=sealed,
            invite_with=prompt if request.invite else None,
        )

    def _name_of(self, visit_id: str) -> VisitName | None:
        current = self._core.state.visit
        if current is not None and current.visit_id == visit_id:
            return current.name
        records = self._core.recorder.read(lambda journal: journal.of_visit(visit_id))
        kinds = {record.kind for record in records}
        if Kind.RATING in kinds:
            return VisitName.RATED
        return VisitName.MISSED if Kind.RATING_MISSED in kinds else None
