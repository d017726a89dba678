"""What becomes of the window when the app starts again: what the journal tells, no more (R3, R5, R6).

After a mere restart an open invitation goes on. After a reboot it is `missed: interrupted`, always: someone else may
stand there. So it is if its time ran out while nobody could hear a press.
"""

from dataclasses import replace
from datetime import datetime

from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.records import Draft, Kind, MissedReason, Record
from kiosk_app.domain.suspicion import visit_flags
from kiosk_app.domain.visits import Case, VisitName
from kiosk_app.domain.window import (
    PAUSE_WANTED,
    PAUSE_WITHDRAWN,
    Limits,
    Pause,
    Visit,
    WindowState,
    finished,
    missed_draft,
)


def recover(
    visit: list[Record], last_pause: Record | None, openings: list[Record], now: Moment, limits: Limits
) -> tuple[WindowState, tuple[Draft, ...]]:
    """State after a start, and the records that settle what the stop cut off.

    `visit` are the records of the last visit opened, in order; `last_pause` is the newest of the paused and resumed;
    `openings` the newest `visit_opened`, newest first.
    """
    in_this_boot = tuple(m.boot_ms for m in map(moment_of, reversed(openings)) if m.same_boot(now))
    state = WindowState(pause=_pause(last_pause), openings=in_this_boot)
    kinds = {record.kind: record for record in visit}
    if not visit or Kind.RATING in kinds or Kind.RATING_MISSED in kinds:
        return state, ()
    going_on = _visit(kinds[Kind.VISIT_OPENED], kinds.get(Kind.RATING_INVITED), now, limits)
    going_on = replace(going_on, flags=_flags(kinds[Kind.VISIT_OPENED], openings))
    window = replace(state, visit=going_on, pause_wanted=_pause_wanted(visit))
    if going_on.invited is None or going_on.takes(now):
        return window, ()
    interrupted = finished(window, missed_draft(going_on, MissedReason.INTERRUPTED, now), VisitName.MISSED)
    return interrupted.state, interrupted.drafts


def moment_of(record: Record) -> Moment:
    """When a record's event happened."""
    return Moment(
        wall=datetime.fromisoformat(record.occurred_at).astimezone(CHINA_TIME),
        boot_ms=int(record.clock["monotonic_ms"]),
        boot_id=str(record.clock["boot_id"]),
        synchronised=bool(record.clock["synchronised"]),
    )


def _pause_wanted(visit: list[Record]) -> Pause | None:
    wishes = [r.payload for r in visit if r.payload.get("action") in (PAUSE_WANTED, PAUSE_WITHDRAWN)]
    if not wishes or wishes[-1]["action"] == PAUSE_WITHDRAWN:
        return None
    return Pause(wishes[-1]["target"], wishes[-1]["outcome"] or None)


def _pause(record: Record | None) -> Pause | None:
    if record is None or record.kind != Kind.WINDOW_PAUSED:
        return None
    return Pause(record.payload["reason"], record.payload["back_at"])


def _visit(opened: Record, invited: Record | None, now: Moment, limits: Limits) -> Visit:
    payload = opened.payload
    visit = Visit(
        visit_id=str(opened.visit_id),
        opened=_in_this_boot(moment_of(opened), now, limits),
        window=payload["window"],
        staff_no=payload["staff_no"],
        staff_no_called=payload["staff_no_called"],
        ticket_no=payload["ticket_no"],
        rating_code=payload["rating_code"],
        cases=tuple(Case(**case) for case in payload["cases"]),
    )
    if invited is None:
        return visit
    began = moment_of(invited)
    length = datetime.fromisoformat(invited.payload["expires_at"]) - began.wall
    if not began.same_boot(now):
        # Boot times of different boots cannot be compared: an empty invitation takes nothing.
        return replace(visit, invited=now, deadline=now)
    return replace(visit, invited=began, deadline=began.later(round(length.total_seconds() * 1000)))


def _flags(opened: Record, openings: list[Record]) -> tuple[str, ...]:
    """The suspicions that stood when the visit opened, by the clock of the boot that it was opened in (R13)."""
    at = moment_of(opened)
    before = (moment_of(r) for r in reversed(openings) if r.sequence < opened.sequence)
    earlier = tuple(moment.boot_ms for moment in before if moment.same_boot(at))
    return visit_flags(at.boot_ms, earlier, opened.payload["staff_no"], opened.payload["staff_no_called"])


def _in_this_boot(opened: Moment, now: Moment, limits: Limits) -> Moment:
    """The opening on this boot's clock; after a reboot only the wall clock can tell its age, within reason."""
    if opened.same_boot(now):
        return opened
    age_ms = round((now.wall - opened.wall).total_seconds() * 1000)
    return now.later(-min(max(age_ms, 0), limits.visit_max_ms))
