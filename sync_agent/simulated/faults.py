"""Faults on demand: everything that can go wrong between a terminal and its platform.

A fault answers in the platform's place. Some let the platform do its work first and spoil only the answer: those are
the ones after which a terminal must send again what has long arrived.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sync_agent.simulated.exchange import Answer, Fault, Manner, Proceed, Request, problem

RecordTest = Callable[[dict[str, Any]], bool]
Results = list[dict[str, Any]]

_HTML = b"<html><body>Welcome</body></html>"


def always(answer: Answer) -> Fault:
    """This answer to everything, with nothing processed."""

    def fault(_request: Request, _proceed: Proceed) -> Answer:
        return answer

    return fault


def if_any(guilty: RecordTest, answer: Answer) -> Fault:
    """This answer, with nothing processed, while a guilty record is in the batch."""

    def fault(request: Request, _proceed: Proceed) -> Answer | None:
        return answer if any(map(guilty, request.records())) else None

    return fault


def afterwards(change: Callable[[Answer], Answer]) -> Fault:
    """The platform does its work, and its answer is changed."""

    def fault(_request: Request, proceed: Proceed) -> Answer:
        return change(proceed())

    return fault


def error(status: int, *, retry_after: str | None = None, date: str | None = None) -> Fault:
    """A proxy's error page; `date` replaces the server's `Date`."""
    headers: dict[str, str | None] = {"Content-Type": "text/html"}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    if date is not None:
        headers["Date"] = date
    return always(Answer(status, _HTML, headers))


def redirect(location: str, status: int = 307) -> Fault:
    """A redirect, which the agent must not follow."""
    return always(Answer(status, b"", {"Location": location}))


def unauthorised(status: int = 401, server_time: str | None = None) -> Fault:
    """A refusal of the device's signature, telling the server's time if given."""
    members = {"server_time": server_time} if server_time else {}
    return always(problem(status, "signature refused", **members))


def refuse_batch(status: int = 422, detail: str = "a record is not acceptable") -> Fault:
    """A problem document about the whole batch, whatever is in it."""
    return always(problem(status, detail))


def refuse_records(guilty: RecordTest, status: int = 422, detail: str = "a record is not acceptable") -> Fault:
    """A problem document naming nothing while a guilty record is in the batch."""
    return if_any(guilty, problem(status, detail))


def crash_on(guilty: RecordTest, status: int = 500) -> Fault:
    """A platform that falls over a certain record each time."""
    return if_any(guilty, Answer(status))


def silent_on(guilty: RecordTest) -> Fault:
    """A connection reset whenever a certain record is sent."""
    return if_any(guilty, Answer(200, manner=Manner.RESET))


def too_large(records: int) -> Fault:
    """413 for more than so many records."""
    page = Answer(413, _HTML, {"Content-Type": "text/html"})

    def fault(request: Request, _proceed: Proceed) -> Answer | None:
        return page if len(request.records()) > records else None

    return fault


def unprocessed(manner: Manner) -> Fault:
    """The request is lost on its way."""
    return always(Answer(200, manner=manner))


def processed(manner: Manner, drip_seconds: float = 0.05) -> Fault:
    """The platform does its work, and the answer is lost, cut or slow."""
    return afterwards(lambda answer: replace(answer, manner=manner, drip_seconds=drip_seconds))


def replaced(content: bytes, content_type: str | None = "application/json", status: int = 200) -> Fault:
    """The platform does its work, and something else answers."""
    return afterwards(lambda _answer: Answer(status, content, {"Content-Type": content_type}))


def retyped(content_type: str | None) -> Fault:
    """The right answer under a wrong content type, or none."""
    return afterwards(lambda answer: replace(answer, headers={"Content-Type": content_type}))


def changed_results(change: Callable[[Results], Results]) -> Fault:
    """The platform does its work, and tells other results than it came to."""

    def changed(answer: Answer) -> Answer:
        if answer.status != 200:
            return answer
        content = json.loads(answer.body)
        return replace(answer, body=json.dumps({**content, "results": change(content["results"])}).encode())

    return afterwards(changed)


def half_results() -> Fault:
    """Every second verdict is missing."""
    return changed_results(lambda results: results[::2])


def no_results() -> Fault:
    """All verdicts are missing."""
    return changed_results(lambda _results: [])


def strange_results() -> Fault:
    """One more verdict, for a record that nobody sent."""
    return changed_results(lambda results: [*results, {"record_id": "nobody's", "status": "accepted"}])


def unknown_status() -> Fault:
    """A verdict in a word that the interface does not have."""
    return changed_results(lambda results: [{**result, "status": "noted"} for result in results])


def contradictory_results() -> Fault:
    """Two verdicts on one record."""
    return changed_results(lambda results: [*results, {**results[0], "status": "rejected", "reason": "no"}])


NAMED: dict[str, Callable[[], Fault]] = {
    "timeout": lambda: processed(Manner.NEVER),
    "lost": lambda: unprocessed(Manner.NEVER),
    "reset": lambda: unprocessed(Manner.RESET),
    "reset-after": lambda: processed(Manner.RESET),
    "cut": lambda: processed(Manner.CUT),
    "drip": lambda: processed(Manner.DRIP),
    "html": lambda: replaced(_HTML, "text/html"),
    "invalid-json": lambda: replaced(b'{"results": ['),
    "wrong-type": lambda: retyped("text/plain"),
    "no-type": lambda: retyped(None),
    "empty": lambda: replaced(b""),
    "half": half_results,
    "no-results": no_results,
    "strangers": strange_results,
    "unknown-status": unknown_status,
    "contradiction": contradictory_results,
    "redirect": lambda: redirect("/elsewhere"),
    "problem-400": lambda: refuse_batch(400),
    "problem-422": lambda: refuse_batch(422),
    "too-large": lambda: too_large(1),
}
"""Faults by the words of the command line; an HTTP status is one too."""


def by_name(name: str, *, retry_after: str | None = None) -> Fault:
    """The fault of that name, or the error page of that HTTP status. Raises `ValueError` with the known names."""
    if name.isdigit() and 300 <= int(name) <= 599:
        return error(int(name), retry_after=retry_after)
    if name not in NAMED:
        raise ValueError(f"no fault {name!r}; known: an HTTP status, {', '.join(NAMED)}")
    return NAMED[name]()
