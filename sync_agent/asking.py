"""Asking the platform anything besides pushing: what holds it back, and what an answer without an answer means.

Holds are kept apart from those of pushes: a hold on pushes also holds this back, never the other way round, so that
nothing that is pulled can delay a rating (R14). `Retry-After` holds all questions back; what was denied by 401 or 403
is not asked again for five minutes, and holds nothing else: a platform may well hear pulls and no heartbeats.
"""

import threading
from datetime import timedelta

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.delivery import DeliveryStore
from sync_agent.clock_offset import CLOCK_CORRECTED_MS, ClockOffset
from sync_agent.outcomes import Blame, Busy, HttpAnswer, Unauthorised, Unavailable, holding_back, server_time
from sync_agent.platform_client import Exchange, PlatformClient, Question
from sync_agent.settling import UNAUTHORISED_HOLD_S, end_of_hold
from sync_agent.wall_clock import now_ms

_log = structlog.get_logger(__name__)


class NoAnswerError(Exception):
    """The platform did not answer as it should; the message is the cause."""

    def __init__(self, cause: str, *, is_down: bool) -> None:
        super().__init__(cause)
        self.is_down = is_down
        """Whether the next question would be asked in vain, too."""


class DeniedError(NoAnswerError):
    """This device may not ask this: 401 or 403, now or within the last five minutes."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause, is_down=False)


class HeldBackError(Exception):
    """Nothing may be asked now, or the agent is about to end: nothing was learned."""


class Asking:
    """Asks one question at a time, on one thread; `stop` may come from another."""

    def __init__(self, client: PlatformClient, store: DeliveryStore, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._stopping = threading.Event()
        self._denied: dict[str, tuple[int, str]] = {}
        """What was denied, by its target: until when on CLOCK_BOOTTIME it is not asked again, and the cause."""

    def ask(self, question: Question, *, good: tuple[int, ...] = (200,)) -> HttpAnswer:
        """An answer with one of the statuses `good`. Raises `NoAnswerError`, `DeniedError`, `HeldBackError`."""
        self._refuse_if_held_back()
        self._refuse_what_was_denied(question)
        offset = ClockOffset(self._store.status().clock_offset_ms)
        exchange = self._send(question, offset)
        if self._stopping.is_set():
            raise HeldBackError
        answer = exchange.outcome
        if isinstance(answer, Unavailable):
            raise NoAnswerError(answer.cause, is_down=answer.blame is not Blame.ANSWER)
        match holding_back(answer, self._clock.now().wall + timedelta(milliseconds=offset.milliseconds or 0)):
            case Busy() as busy:
                self._hold(busy)
                raise NoAnswerError(busy.cause, is_down=True)
            case Unauthorised(cause):
                self._deny(question, cause)
                raise DeniedError(cause)
        if answer.status not in good:
            raise NoAnswerError(f"HTTP {answer.status}", is_down=False)
        self._note_welcome()
        self._learn_time(answer, exchange, offset)
        return answer

    def address_of(self, reference: str) -> str | None:
        """As `PlatformClient.address_of`."""
        return self._client.address_of(reference)

    def stop(self) -> None:
        """End the question under way and answer no other, from another thread."""
        self._stopping.set()
        self._client.abort()

    @property
    def is_stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def _refuse_if_held_back(self) -> None:
        status, now = self._store.status(), now_ms(self._clock)
        is_held = end_of_hold(status.hold_since, status.hold_until, now) or end_of_hold(
            status.asking_hold_since, status.asking_hold_until, now
        )
        if is_held or self._stopping.is_set():
            raise HeldBackError

    def _send(self, question: Question, offset: ClockOffset) -> Exchange[HttpAnswer | Unavailable]:
        """Ask once; a second time if the answer shows that only the clock made the signature wrong (R28)."""
        exchange = self._client.ask(question, offset.milliseconds or 0)
        answer = exchange.outcome
        if isinstance(answer, HttpAnswer) and answer.status in (401, 403) and not self._stopping.is_set():
            change = offset.measure(server_time(answer), exchange)
            if abs(change) > CLOCK_CORRECTED_MS:
                self._store.note(clock_offset_ms=offset.milliseconds)
                return self._client.ask(question, offset.milliseconds or 0)
        return exchange

    def _learn_time(self, answer: HttpAnswer, exchange: Exchange[object], offset: ClockOffset) -> None:
        """From an answer in JSON; a picture may come out of a cache, with the date of the day before."""
        if answer.media_type == "application/json" and offset.measure(server_time(answer), exchange):
            self._store.note(clock_offset_ms=offset.milliseconds)

    def _hold(self, busy: Busy) -> None:
        now = now_ms(self._clock)
        self._store.note(asking_hold_since=now, asking_hold_until=now + round(busy.seconds * 1000))
        _log.warning("asking-held", cause=busy.cause, seconds=round(busy.seconds))

    def _deny(self, question: Question, cause: str) -> None:
        self._denied[question.target] = (self._clock.now().boot_ms + UNAUTHORISED_HOLD_S * 1000, cause)
        _log.warning("asking-denied", cause=cause, method=question.method)

    def _refuse_what_was_denied(self, question: Question) -> None:
        denied = self._denied.get(question.target)
        if denied is not None and self._clock.now().boot_ms < denied[0]:
            raise DeniedError(denied[1])

    def _note_welcome(self) -> None:
        if self._store.status().asking_hold_until is not None:
            self._store.note(asking_hold_since=None, asking_hold_until=None)
