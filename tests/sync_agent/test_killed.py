"""The agent killed at random moments while the platform fails in every way: each record arrives, once in effect."""

import random
import threading
from functools import partial
from pathlib import Path

import pytest

from sync_agent.simulated.exchange import Answer, Fault, Manner, Proceed, Request
from sync_agent.simulated.faults import by_name
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.agent_process import AgentProcess, run_once
from tests.sync_agent.support import Terminal, write_settings

FAULTS = [
    "500",
    "503",
    "timeout",
    "lost",
    "reset",
    "reset-after",
    "cut",
    "html",
    "invalid-json",
    "half",
    "no-results",
    "strangers",
    "unknown-status",
    "contradiction",
    "redirect",
    "too-large",
]
KILLS = 8


def arm(platform: SimulatedPlatform, chance: random.Random) -> threading.Event:
    """Let three kinds of faults strike next; the event tells that a request hangs, so that no other will come."""
    hangs = threading.Event()

    def telling(fault: Fault) -> Fault:
        def told(request: Request, proceed: Proceed) -> Answer | None:
            answer = fault(request, proceed)
            if answer is not None and answer.manner is Manner.NEVER:
                hangs.set()
            return answer

        return told

    for name in chance.sample(FAULTS, 3):
        platform.inject(telling(by_name(name)), chance.randint(1, 2), name=name)
    return hangs


def _seen_enough(requests: int, hangs: threading.Event, platform: SimulatedPlatform) -> bool:
    return len(platform.requests) >= requests or hangs.is_set()


@pytest.mark.parametrize("seed", range(2))
def test_every_record_arrives_once_in_effect(
    tmp_path: Path, terminal: Terminal, platform: SimulatedPlatform, seed: int
) -> None:
    """R25."""
    chance = random.Random(seed)
    config = write_settings(tmp_path, platform.url, push_seconds=1)
    for _ in range(KILLS):
        terminal.rate(chance.randint(1, 30))
        hangs = arm(platform, chance)
        enough = len(platform.requests) + chance.randint(1, 3)
        with AgentProcess(config) as process:
            platform.wait_for(partial(_seen_enough, enough, hangs), timeout=60)
            # Not to wait for anything, but to die at no particular instruction.
            threading.Event().wait(chance.uniform(0, 0.05))
            process.kill()
        platform.clear_faults()
    assert run_once(config).returncode == 0
    expected = [record.record_id for record in terminal.records()]
    assert sorted(record["record_id"] for record in platform.records) == sorted(expected)
    assert len(platform.ratings()) == len(expected) - 1
    assert platform.chain_problems() == []
    assert terminal.states() == {}
    assert terminal.store.confirmed_head() == terminal.journal.head()
