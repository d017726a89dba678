"""Answers with a configuration that no terminal may take over, and a few that it must take with care."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sync_agent.simulated.exchange import JSON, Answer, Manner
from sync_agent.simulated.hall import Json, as_json

ConfigFault = Callable[[Json], Answer]
"""The answer in place of a sound one, from the configuration that it would have had."""

_HUGE = 9 << 20


def answering(change: Callable[[Json], Any]) -> ConfigFault:
    """A changed configuration."""
    return lambda document: _json(as_json(change(document)))


def travelling(manner: Manner) -> ConfigFault:
    """The right configuration, on a bad way."""
    return lambda document: replace(_json(as_json(document)), manner=manner)


def _json(body: bytes, **headers: str | None) -> Answer:
    return Answer(200, body, {"Content-Type": JSON, **headers})


def _staff_changed(**changes: Any) -> ConfigFault:
    def change(document: Json) -> Json:
        first, *others = document["staff"]
        return {**document, "staff": [{**first, **changes}, *others]}

    return answering(change)


def _photo_lost(document: Json) -> Json:
    first, *others = document["staff"]
    return {**document, "staff": [{**first, "photo": {**first["photo"], "sha256": "ab" * 32}}, *others]}


NAMED: dict[str, ConfigFault] = {
    "half": lambda document: _json(as_json(document)[: len(as_json(document)) // 2]),
    "wrong-type": _staff_changed(staff_no=12),
    "missing-name": _staff_changed(staff_no=None),
    "duplicate": answering(lambda document: {**document, "items": [*document["items"], document["items"][0]]}),
    "no-object": answering(lambda document: [document]),
    "error-page": answering(lambda _document: {"error": "database not available"}),
    "huge": answering(lambda document: {**document, "padding": "x" * _HUGE}),
    "wrong-content-type": lambda document: Answer(200, as_json(document), {"Content-Type": "text/html"}),
    "no-content-type": lambda document: Answer(200, as_json(document), {"Content-Type": None}),
    "redirect": lambda _document: Answer(302, b"", {"Location": "/elsewhere"}),
    "unavailable": lambda _document: Answer(503, b""),
    "cut": travelling(Manner.CUT),
    "drip": travelling(Manner.DRIP),
    "never": travelling(Manner.NEVER),
    "bad-etag": lambda document: _json(as_json(document), ETag=f'"{"x" * 4000}"'),
    "no-etag": lambda document: _json(as_json(document)),
    "bad-photo": answering(_photo_lost),
}
"""By the words of the command line. After the last three a terminal holds the data."""
