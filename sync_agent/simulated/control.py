"""The simulated platform's commands, one a line; every answer is one JSON object."""

import shlex
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sync_agent.simulated.faults import NAMED, by_name
from sync_agent.simulated.platform import SimulatedPlatform

HELP = {
    "fault NAME [TIMES] [retry-after=VALUE]": f"strike so often, or until cleared: 300-599, {', '.join(NAMED)}",
    "fault none": "answer as a sound platform again",
    "reject KIND REASON": "reject every record of a kind; `reject none` accepts all again",
    "clock SECONDS": "set the platform's clock ahead of the machine's",
    "down": "refuse connections",
    "up": "accept them again, on the same port",
    "stats": "what was received",
    "help": "this",
}


class Control:
    """Carries commands out."""

    def __init__(self, platform: SimulatedPlatform) -> None:
        self._platform = platform
        self._commands: dict[str, Callable[[list[str]], dict[str, Any]]] = {
            "fault": self._fault,
            "reject": self._reject,
            "clock": self._clock,
            "down": self._down,
            "up": self._up,
            "stats": lambda _words: self._platform.statistics(),
            "help": lambda _words: dict(HELP),
        }

    def run(self, line: str) -> dict[str, Any]:
        """The answer to one command; `{"error": …}` where it cannot be carried out."""
        try:
            name, *words = shlex.split(line)
            if name not in self._commands:
                raise ValueError(f"no command {name!r}; try: help")
            return self._commands[name](words)
        except (ValueError, IndexError) as error:
            return {"error": str(error)}

    def _fault(self, words: list[str]) -> dict[str, Any]:
        name, *rest = words
        if name == "none":
            self._platform.clear_faults()
        else:
            options = dict(word.split("=", 1) for word in rest if "=" in word)
            times = next((int(word) for word in rest if word.isdigit()), None)
            fault = by_name(name, retry_after=options.get("retry-after"))
            self._platform.inject(fault, times, name=name)
        return {"faults": self._platform.armed_faults()}

    def _reject(self, words: list[str]) -> dict[str, Any]:
        kind, *reason = words
        text = " ".join(reason) or "rejected on demand"
        self._platform.reject(None if kind == "none" else lambda record: text if record["kind"] == kind else None)
        return {"rejecting": kind}

    def _clock(self, words: list[str]) -> dict[str, Any]:
        self._platform.clock_offset = timedelta(seconds=float(words[0]))
        return {"now": self._platform.now().isoformat()}

    def _down(self, _words: list[str]) -> dict[str, Any]:
        self._platform.stop()
        return {"url": None}

    def _up(self, _words: list[str]) -> dict[str, Any]:
        self._platform.stop()
        self._platform.start()
        return {"url": self._platform.url}
