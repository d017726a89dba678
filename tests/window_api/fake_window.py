"""A window in memory: the states of the real one, without screen, evaluator, journal or time."""

import threading
from datetime import datetime
from uuid import uuid4

from kiosk_app.domain.problems import Problem
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

INVITE_SECONDS = 30


class FakeWindow:
    """A `WindowService`, and what the tests do in the citizen's place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._visits: dict[str, VisitName] = {}
        self._open: str | None = None
        self._paused = False
        self._pause_after_visit = False
        self.requests: list[VisitRequest] = []
        self.away_signs: list[tuple[str, datetime | None]] = []
        self.invited = 0
        self.staff: dict[str, str | None] | None = {"staff_no": "1203", "name": "测试甲"}
        self.wrong: tuple[Problem, ...] = ()
        self.has_seal_key = True
        self.disk_is_full = False
        self.failure: Exception | None = None
        self.called = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def service(self) -> "FakeWindow":
        return self

    def open_visit(self, request: VisitRequest) -> Answer:
        with self._turn():
            no = self._no() or self._refused_while_open()
            if no is None and self._paused:
                no = Refused(Refusal.PAUSED)
            if no is not None:
                return no
            self.requests.append(request)
            self._open = str(uuid4())
            self._visits[self._open] = VisitName.SERVING
            if request.invite:
                self._invite(self._open)
            dropped = request.user is not None and not self.has_seal_key
            return self._accepted(self._open, user_dropped=dropped)

    def invite(self, visit_id: str) -> Answer:
        with self._turn():
            no = self._no() or self._refused_unless_open(visit_id)
            if no is not None:
                return no
            if self._visits[visit_id] is VisitName.SERVING:
                self._invite(visit_id)
            return self._accepted(visit_id)

    def end(self, visit_id: str) -> Answer:
        with self._turn():
            no = self._no() or self._refused_unless_open(visit_id)
            if no is not None:
                return no
            if self._visits[visit_id] is VisitName.INVITING:
                return Refused(Refusal.INVITING, visit_id, INVITE_SECONDS)
            self._finish(VisitName.MISSED)
            return self._accepted(visit_id)

    def visit(self, visit_id: str) -> VisitName | Refused:
        with self._turn():
            return self._no() or self._visits.get(visit_id) or Refused(Refusal.UNKNOWN_VISIT, visit_id)

    def pause(self, reason: str, back_at: datetime | None) -> Answer:
        with self._turn():
            no = self._no()
            if no is not None:
                return no
            if self._state() is WindowName.INVITING:
                return Refused(Refusal.INVITING, self._open, INVITE_SECONDS)
            self.away_signs.append((reason, back_at))
            self._pause_after_visit = self._open is not None
            self._paused = self._open is None
            return Accepted(self._state(), deferred=self._pause_after_visit)

    def resume(self) -> Answer:
        with self._turn():
            no = self._no()
            if no is not None:
                return no
            self._paused = self._pause_after_visit = False
            return Accepted(self._state())

    def window(self) -> WindowView:
        with self._turn():
            state = self._state()
            is_away = self._paused or self._pause_after_visit
            return WindowView(
                "12",
                self.staff,
                state,
                self._open,
                ticket_no=self.requests[-1].ticket_no if self._open else None,
                closes_in_seconds=INVITE_SECONDS if state is WindowName.INVITING else None,
                away=_shown(*self.away_signs[-1]) if is_away else None,
            )

    def problems(self) -> tuple[Problem, ...]:
        with self._turn():
            return self.wrong

    def rate(self) -> None:
        """The citizen presses a key."""
        with self._turn():
            self._finish(VisitName.RATED)

    def let_the_invitation_expire(self) -> None:
        """The citizen presses none."""
        with self._turn():
            self._finish(VisitName.MISSED)

    def invitations(self) -> int:
        """How many there were so far."""
        return self.invited

    def _turn(self) -> threading.Lock:
        self.called.set()
        self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return self._lock

    def _no(self) -> Refused | None:
        return Refused(Refusal.CANNOT_RECORD) if self.disk_is_full else None

    def _refused_while_open(self) -> Refused | None:
        if self._open is None:
            return None
        if self._state() is WindowName.INVITING:
            return Refused(Refusal.INVITING, self._open, INVITE_SECONDS)
        return Refused(Refusal.VISIT_OPEN, self._open)

    def _refused_unless_open(self, visit_id: str) -> Refused | None:
        if visit_id not in self._visits:
            return Refused(Refusal.UNKNOWN_VISIT)
        return None if visit_id == self._open else Refused(Refusal.FINISHED, visit_id)

    def _invite(self, visit_id: str) -> None:
        self._visits[visit_id] = VisitName.INVITING
        self.invited += 1

    def _finish(self, outcome: VisitName) -> None:
        assert self._open is not None
        self._visits[self._open] = outcome
        self._open = None
        self._paused, self._pause_after_visit = self._pause_after_visit, False

    def _state(self) -> WindowName:
        if self._open is not None:
            return WindowName(self._visits[self._open].value)
        return WindowName.PAUSED if self._paused else WindowName.IDLE

    def _accepted(self, visit_id: str, *, user_dropped: bool = False) -> Accepted:
        return Accepted(self._state(), visit_id, self._visits[visit_id], user_dropped=user_dropped)


def _shown(reason: str, back_at: datetime | None) -> dict[str, str | None]:
    return {"reason": reason, "back_at": back_at.isoformat(timespec="seconds") if back_at else None}
