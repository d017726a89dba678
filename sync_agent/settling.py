"""What an outcome makes of the records that were sent, and of the pushes to come (end of interfaces §5)."""

import random
from collections.abc import Callable, Iterable, Sequence

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Record
from kiosk_app.journal.delivery import LONGEST_WAIT_MS, DeliveryStore, Settlement, State
from sync_agent.outcomes import Busy, Results, Status, Unauthorised, Verdict
from sync_agent.wall_clock import now_ms

UNAUTHORISED_HOLD_S = 300
"""How long nobody pushes after 401 or 403."""

Uniform = Callable[[float, float], float]
"""A random number between two others."""
system_uniform: Uniform = random.SystemRandom().uniform

_STATES = {
    Status.ACCEPTED: State.CONFIRMED,
    Status.DUPLICATE: State.CONFIRMED,
    Status.SUPERSEDED: State.SUPERSEDED,
    Status.REJECTED: State.REFUSED,
}

_log = structlog.get_logger(__name__)


def end_of_hold(since: int | None, until: int | None, now: int) -> int | None:
    """The end of a hold in force; one that begins in the future comes from a clock that was set back."""
    return until if until is not None and (since or 0) <= now < until else None


class Settler:
    """Keeps outcomes in the delivery store."""

    def __init__(self, store: DeliveryStore, clock: Clock, uniform: Uniform) -> None:
        self._store = store
        self._clock = clock
        self._uniform = uniform

    def results(
        self, part: Sequence[Record], results: Results, clock_offset_ms: int | None, *, raises_head: bool
    ) -> None:
        """The platform judged the batch; a record it forgot stays waiting."""
        settlements = [self._by_verdict(record, results.verdicts.get(record.record_id)) for record in part]
        held = {s.record_id for s in settlements if s.state in (State.CONFIRMED, State.SUPERSEDED)}
        at_platform = [(record.sequence, record.hash) for record in part if record.record_id in held]
        self._store.settle(
            settlements,
            confirmed=max(at_platform, default=None) if raises_head else None,
            status={**self._contact(), "clock_offset_ms": clock_offset_ms},
        )
        _log.info("pushed", **{state.value: sum(s.state is state for s in settlements) for state in State})

    def refuse(self, record: Record, reason: str) -> None:
        """The platform will not have this record; it is kept and shown (R26)."""
        self._store.settle([Settlement(record.record_id, State.REFUSED, reason)], status=self._contact())
        _log.error("refused", record_id=record.record_id)

    def postpone(self, part: Iterable[Record], cause: str) -> None:
        """Nothing is known about these records; each waits for a time of its own."""
        since = self._store.status().unavailable_since
        self._store.settle(
            [self._waiting(record, cause) for record in part],
            status={"unavailable_since": now_ms(self._clock) if since is None else since, "last_error": cause},
        )
        _log.warning("platform-unavailable", cause=cause)

    def hold(self, part: Sequence[Record], outcome: Busy | Unauthorised, clock_offset_ms: int | None) -> None:
        """Nobody pushes for a while; the records themselves wait for nothing else."""
        now = now_ms(self._clock)
        seconds = outcome.seconds if isinstance(outcome, Busy) else UNAUTHORISED_HOLD_S
        status: dict[str, int | str | None] = {
            "hold_since": now,
            "hold_until": now + round(seconds * 1000),
            "last_error": outcome.cause,
            "unavailable_since": None,
            "clock_offset_ms": clock_offset_ms,
        }
        if isinstance(outcome, Unauthorised) and self._store.status().unauthorised_since is None:
            status["unauthorised_since"] = now
        self._store.settle([Settlement(r.record_id, State.WAITING, outcome.cause) for r in part], status=status)
        _log.warning("pushes-held", cause=outcome.cause, seconds=round(seconds))

    def held_until(self) -> int | None:
        """The end of a hold in force."""
        status = self._store.status()
        return end_of_hold(status.hold_since, status.hold_until, now_ms(self._clock))

    def _by_verdict(self, record: Record, verdict: Verdict | None) -> Settlement:
        if verdict is None:
            return self._waiting(record, "no result from the platform")
        state = _STATES[verdict.status]
        reason = verdict.reason or ("rejected without a reason" if state is State.REFUSED else None)
        return Settlement(record.record_id, state, reason)

    def _waiting(self, record: Record, error: str) -> Settlement:
        tries = self._store.attempts(record.record_id) + 1
        longest = min(LONGEST_WAIT_MS / 1000, 2.0 ** min(tries, 30))
        wait = round(self._uniform(1.0, longest) * 1000)
        return Settlement(record.record_id, State.WAITING, error, now_ms(self._clock) + wait)

    def _contact(self) -> dict[str, int | str | None]:
        return {
            "last_contact_at": now_ms(self._clock),
            "unavailable_since": None,
            "unauthorised_since": None,
            "hold_since": None,
            "hold_until": None,
            "last_error": None,
        }
