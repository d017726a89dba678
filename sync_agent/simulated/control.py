"""The simulated platform's commands, one a line; every answer is one JSON object."""

import json
import shlex
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sync_agent.simulated.config_faults import NAMED as CONFIG_FAULTS
from sync_agent.simulated.errand_desk import ERRANDS
from sync_agent.simulated.export_file import read_export
from sync_agent.simulated.faults import NAMED, by_name
from sync_agent.simulated.platform import SimulatedPlatform

HELP = {
    "fault NAME [TIMES] [retry-after=VALUE] [on=WHAT]": (
        f"strike so often, or until cleared: 300-599, {', '.join(NAMED)}; on push (else), {', '.join(ERRANDS)} or all"
    ),
    "fault none": "answer as a sound platform again",
    "config-fault NAME": f"answer every pull badly: {', '.join(CONFIG_FAULTS)}; `config-fault none` ends it",
    "hall FILE": "say another configuration, from JSON",
    "lease DEVICE GROUP DATE FIRST LAST STEP": "lend a device more serials",
    "bind WINDOW STAFF": "seat somebody at a window from now on",
    "feedback CODE STATE TEXT": "tell what became of a rating",
    "forget SEQUENCE…": "lose records, of every device, as a platform does that was restored",
    "reject KIND REASON": "reject every record of a kind; `reject none` accepts all again",
    "clock SECONDS": "set the platform's clock ahead of the machine's",
    "import FILE": "take the records of an export file as if they had been pushed",
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
            "config-fault": self._config_fault,
            "hall": self._hall,
            "lease": self._lease,
            "bind": self._bind,
            "feedback": self._feedback,
            "forget": lambda words: {"forgotten": self._platform.forget(*map(int, words))},
            "reject": self._reject,
            "clock": self._clock,
            "import": self._import,
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
        except (ValueError, IndexError, KeyError, OSError) as error:
            return {"error": str(error)}

    def _fault(self, words: list[str]) -> dict[str, Any]:
        name, *rest = words
        if name == "none":
            self._platform.clear_faults()
        else:
            options = dict(word.split("=", 1) for word in rest if "=" in word)
            times = next((int(word) for word in rest if word.isdigit()), None)
            fault = by_name(name, retry_after=options.get("retry-after"))
            self._platform.inject(fault, times, name=name, on=options.get("on", "push"))
        return {"faults": self._platform.armed_faults()}

    def _config_fault(self, words: list[str]) -> dict[str, Any]:
        (name,) = words
        if name not in ("none", *CONFIG_FAULTS):
            raise ValueError(f"no config-fault {name!r}; known: none, {', '.join(CONFIG_FAULTS)}")
        self._platform.errands.spoil_config = CONFIG_FAULTS.get(name)
        return {"config_fault": name}

    def _hall(self, words: list[str]) -> dict[str, Any]:
        (file,) = words
        content = json.loads(Path(file).read_text(encoding="utf-8"))
        self._platform.hall.replace(content)
        return {"hall": sorted(content)}

    def _lease(self, words: list[str]) -> dict[str, Any]:
        device_id, group, day, *numbers = words
        first, last, step = map(int, numbers)
        lease_id = f"n-{device_id}-{group}-{day}-{first}"
        lease = {"lease_id": lease_id, "group": group, "date": day, "first": first, "last": last, "step": step}
        self._platform.hall.lend(device_id, lease)
        return {"lent": lease}

    def _bind(self, words: list[str]) -> dict[str, Any]:
        window, staff_no = words
        self._platform.hall.bind(window, staff_no, self._platform.now())
        return {"bindings": self._platform.hall.content["bindings"]}

    def _feedback(self, words: list[str]) -> dict[str, Any]:
        rating_code, state, *text = words
        self._platform.hall.answer(rating_code, state, " ".join(text))
        return {"feedback": self._platform.hall.content["feedback"]}

    def _reject(self, words: list[str]) -> dict[str, Any]:
        kind, *reason = words
        text = " ".join(reason) or "rejected on demand"
        self._platform.reject(None if kind == "none" else lambda record: text if record["kind"] == kind else None)
        return {"rejecting": kind}

    def _clock(self, words: list[str]) -> dict[str, Any]:
        self._platform.clock_offset = timedelta(seconds=float(words[0]))
        return {"now": self._platform.now().isoformat()}

    def _import(self, words: list[str]) -> dict[str, Any]:
        (file,) = words
        with Path(file).open("rb") as lines:
            device_id, records = read_export(lines)
        results = self._platform.take_in(device_id, records)
        counts = dict(Counter(result["status"] for result in results))
        rejected = [result for result in results if result["status"] == "rejected"]
        return {"device_id": device_id, "records": len(records), **counts} | ({"reasons": rejected} if rejected else {})

    def _down(self, _words: list[str]) -> dict[str, Any]:
        self._platform.stop()
        return {"url": None}

    def _up(self, _words: list[str]) -> dict[str, Any]:
        self._platform.stop()
        self._platform.start()
        return {"url": self._platform.url}
