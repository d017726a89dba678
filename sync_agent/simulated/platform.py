"""A platform on loopback: signatures, verdicts, receipts, and faults on demand (interfaces §5).

It answers as the interface demands, and notes as a violation whatever a client does that the interface forbids.
"""

import json
import re
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self

from sync_agent.batches import MOST_BYTES, MOST_RECORDS
from sync_agent.signing import timestamp
from sync_agent.simulated.authentication import Authenticator, RefusedError
from sync_agent.simulated.chain import JsonRecord
from sync_agent.simulated.errand_desk import ERRANDS, ErrandDesk
from sync_agent.simulated.exchange import Answer, Fault, Request, json_answer, problem
from sync_agent.simulated.hall import Hall
from sync_agent.simulated.http_server import LoopbackServer
from sync_agent.simulated.ledger import Ledger, Rule

Handler = Callable[[str, Request, "re.Match[str]"], Answer]
"""Answers an authentic request: device id, request, match of the route's pattern."""


class _ArmedFault:
    """A fault, how often it still strikes (None is for ever), and what it strikes."""

    def __init__(self, name: str, fault: Fault, times: int | None, on: str) -> None:
        self.name = name
        self.fault = fault
        self.left = times
        self._on = on

    def strikes(self, path: str) -> bool:
        """Whether this path is one of those it was armed for."""
        if self._on == "all":
            return True
        errand = next((name for name, pattern in ERRANDS.items() if re.fullmatch(pattern, path)), "push")
        return errand == self._on


class SimulatedPlatform:
    """Start it with `start` or as a context manager; any thread may ask it anything at any time."""

    def __init__(
        self,
        secret: bytes,
        *,
        device_id: str | None = None,
        port: int = 0,
        base_path: str = "/evaluation",
        received_file: Path | None = None,
        tls: ssl.SSLContext | None = None,
        hall: Hall | None = None,
    ) -> None:
        """`device_id` None welcomes every device with the secret; `received_file` gets each new record as a line.

        Without a `hall` it has nothing to say about one: terminals keep what they have.
        """
        self.clock_offset = timedelta()
        """How far this platform's clock is ahead of the machine's."""
        self.intercept: Fault | None = None
        """Answers before the platform sees a request, such as a control of the simulation itself."""
        self.requests: list[Request] = []
        self.violations: list[str] = []
        """What clients did against the interface."""
        self._authenticator = Authenticator(secret, device_id)
        self._ledger = Ledger()
        self.errands = ErrandDesk(self._ledger, self.violations, self.now, hall or Hall())
        """What it says and hears besides pushes."""
        self._base_path = base_path.rstrip("/")
        self._received_file = received_file
        self._tls = tls
        self._port = port
        self._server: LoopbackServer | None = None
        self._faults: list[_ArmedFault] = []
        self._nonces: set[str] = set()
        self._batches: dict[str, list[str]] = {}
        self._changed = threading.Condition(threading.RLock())
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self.add_route("POST", r"/v1/records", self._push)
        self.add_route("GET", ERRANDS["config"], self.errands.config)
        self.add_route("GET", ERRANDS["photos"], self.errands.photo)
        self.add_route("POST", ERRANDS["heartbeat"], self.errands.heartbeat)
        self.add_route("POST", ERRANDS["reconcile"], self.errands.reconcile)

    # Life

    def start(self) -> None:
        """Listen: at first on a free port or the one given, later always on the same."""
        self._server = LoopbackServer(self._port, self._respond, self._tls)
        self._port = self._server.server_address[1]
        self._server.start()

    def stop(self) -> None:
        """Refuse connections from now on and end those there are; what was received stays."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """What `[platform] url` should say."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}{self._base_path}"

    @property
    def hall(self) -> Hall:
        """The hall that it serves."""
        return self.errands.hall

    def add_route(self, method: str, pattern: str, handler: Handler) -> None:
        """Answer authentic requests whose path below the base, without query, matches the whole pattern.

        The newest route that fits answers.
        """
        self._routes.insert(0, (method, re.compile(pattern), handler))

    # Faults

    def inject(self, fault: Fault, times: int | None = None, *, name: str = "fault", on: str = "push") -> None:
        """Let a fault strike so many times, or until cleared; the first that applies to a request answers it.

        `on` is `push`, one of `ERRANDS`, or `all`. Raises `ValueError` for another word.
        """
        if on not in ("push", "all", *ERRANDS):
            raise ValueError(f"no fault strikes {on!r}; known: push, all, {', '.join(ERRANDS)}")
        with self._changed:
            self._faults.append(_ArmedFault(name, fault, times, on))

    def clear_faults(self) -> None:
        """Answer as a sound platform from now on."""
        with self._changed:
            self._faults.clear()

    def armed_faults(self) -> list[str]:
        """The names of the faults that still strike."""
        with self._changed:
            return [fault.name for fault in self._faults]

    def reject(self, rule: Rule | None) -> None:
        """Reject each record for which the rule gives a reason; None accepts all again."""
        with self._changed:
            self._ledger.rules[:] = [rule] if rule else []

    def forget(self, *sequences: int) -> int:
        """Lose the records at these places, as a platform does that was restored; how many."""
        with self._changed:
            return self._ledger.forget(sequences)

    # What it saw

    @property
    def records(self) -> list[JsonRecord]:
        """Every record held, in the order of first arrival."""
        with self._changed:
            return self._ledger.records

    @property
    def arrivals(self) -> Counter[str]:
        """How often each record was processed, by record id."""
        with self._changed:
            return self._ledger.arrivals.copy()

    def count(self, kind: str | None = None) -> int:
        """How many records it holds, of one kind or all."""
        return sum(kind in (None, record["kind"]) for record in self.records)

    def ratings(self) -> list[JsonRecord]:
        """The ratings that count: one a visit, superseded ones not among them."""
        with self._changed:
            return [
                record
                for record in self._ledger.records
                if record["kind"] == "rating" and self._ledger.status(record["record_id"]) == "accepted"
            ]

    def chain_problems(self) -> list[str]:
        """What is wrong with hashes, signatures and chains of all it holds; nothing may be missing."""
        with self._changed:
            return self._ledger.problems()

    def wait_for(self, condition: Callable[["SimulatedPlatform"], bool], timeout: float = 20) -> None:
        """Wait until a condition holds, looking again after every request. Raises `TimeoutError`."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), timeout):
                raise TimeoutError(f"not within {timeout} s; {self.statistics()}")

    def statistics(self) -> dict[str, Any]:
        """Numbers for people."""
        with self._changed:
            records = self._ledger.records
            return {
                "requests": len(self.requests),
                "records": len(records),
                "arrivals": sum(self._ledger.arrivals.values()),
                "by_kind": dict(Counter(record["kind"] for record in records)),
                "by_status": dict(Counter(self._ledger.status(record["record_id"]) for record in records)),
                "faults": self.armed_faults(),
                "violations": self.violations,
                "chain_problems": self.chain_problems(),
            }

    def now(self) -> datetime:
        """This platform's time."""
        return datetime.now(UTC) + self.clock_offset

    # Answering

    def _respond(self, request: Request) -> Answer:
        if self.intercept and (answer := self.intercept(request, lambda: self._sound(request))):
            return answer
        with self._changed:
            self.requests.append(request)
            self._note_nonce(request)
            answer = self._faulty(request) or self._sound(request)
            self._changed.notify_all()
            return self._dated(answer)

    def _faulty(self, request: Request) -> Answer | None:
        path = self._path(request)
        for armed in [fault for fault in self._faults if fault.strikes(path)]:
            answer = armed.fault(request, lambda: self._sound(request))
            if answer is not None:
                if armed.left is not None:
                    armed.left -= 1
                    if armed.left <= 0:
                        self._faults.remove(armed)
                return answer
        return None

    def _sound(self, request: Request) -> Answer:
        path = self._path(request)
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match and method == request.method:
                try:
                    device_id = self._authenticator.authenticate(request, self.now())
                except RefusedError as refused:
                    return problem(401, str(refused), server_time=timestamp(self.now()))
                return handler(device_id, request, match)
        return problem(404, "no such resource")

    def _path(self, request: Request) -> str:
        return request.target.partition("?")[0].removeprefix(self._base_path)

    def _dated(self, answer: Answer) -> Answer:
        date = format_datetime(self.now(), usegmt=True)
        return Answer(answer.status, answer.body, {"Date": date, **answer.headers}, answer.manner, answer.drip_seconds)

    def _note_nonce(self, request: Request) -> None:
        nonce = request.headers.get("x-nonce", "")
        if nonce in self._nonces:
            self.violations.append("a nonce was used twice")
        self._nonces.add(nonce)

    # POST /v1/records

    def _push(self, device_id: str, request: Request, _match: "re.Match[str]") -> Answer:
        try:
            content = request.content()
        except ValueError as error:
            return problem(400, f"not JSON: {error}")
        records = content.get("records") if isinstance(content, dict) else None
        if not isinstance(records, list) or content.get("device_id") != device_id:
            return problem(422, "device_id and records expected")
        if len(records) > MOST_RECORDS or len(request.plain_body()) > MOST_BYTES:
            return problem(413, "too large")
        self._note_batch(request, records)
        return json_answer({"server_time": timestamp(self.now()), "results": self.take_in(device_id, records)})

    def take_in(self, device_id: str, records: list[Any]) -> list[dict[str, str]]:
        """Judge a device's records, whichever way they came: pushed, or carried in a file."""
        with self._changed:
            held = len(self._ledger.records)
            results = [self._ledger.receive(device_id, record) for record in records]
            new = self._ledger.records[held:]
            self._keep(new)
            for record in new:
                self.hall.learn(record)
            self._changed.notify_all()
            return results

    def _note_batch(self, request: Request, records: list[Any]) -> None:
        key = request.headers.get("x-idempotency-key")
        ids = [str(record.get("record_id")) if isinstance(record, dict) else "" for record in records]
        if key is None:
            self.violations.append("X-Idempotency-Key is missing")
        elif self._batches.setdefault(key, ids) != ids:
            self.violations.append("one X-Idempotency-Key for two batches")

    def _keep(self, records: list[JsonRecord]) -> None:
        if self._received_file is not None and records:
            with self._received_file.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
