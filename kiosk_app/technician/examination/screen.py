"""Display and sound, asked of Qt in a process of its own; without a session to ask in, of the kernel."""

import json
import os
import subprocess
import sys
from pathlib import Path

from kiosk_app.domain.health import Area, Health, together
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.shared_problems import Display, display_problems, sound_problems

PROBE_SECONDS = 12.0
CONNECTORS = Path("/sys/class/drm")
SOUND_CARDS = Path("/proc/asound/cards")
_SESSION = ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")
"""Any of these leads Qt to a screen."""


def screen_health() -> Health:
    """The display and the sound of this machine."""
    if not any(os.environ.get(name) for name in _SESSION):
        return together(connected_displays(), sound_cards())
    command = [sys.executable, "-m", "kiosk_app.terminal.screen_probe"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PROBE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Health((_not_shown(f"Qt did not answer within {PROBE_SECONDS:g} s"),))
    if done.returncode != 0:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        return Health((_not_shown(lines[-1] if lines else f"Qt ended with {done.returncode}"),))
    found = json.loads(done.stdout.splitlines()[-1])
    display = Display(found["width_px"], found["height_px"], found["density"])
    facts = {Area.DISPLAY: str(display)}
    if not found["silent"]:
        facts[Area.SOUND] = "an audio output is there"
    problems = (*display_problems(display, screen_shown=True), *sound_problems(found["silent"] or None))
    return Health(problems, facts)


def _not_shown(cause: str) -> Problem:
    return Problem(
        "screen_not_shown",
        f"no screen can be shown: {cause}",
        "check the display and its cable, and that the graphical session runs; the evaluator works without it",
        Severity.WARNING,
    )


def connected_displays(connectors: Path = CONNECTORS) -> Health:
    """What the kernel knows of the sockets for displays; it is no problem where it knows of none."""
    states = {path.parent.name: _line(path) for path in sorted(connectors.glob("*/status"))}
    connected = [
        f"{name.partition('-')[2]} connected {_line(connectors / name / 'modes')}".rstrip()
        for name, state in states.items()
        if state == "connected"
    ]
    if connected:
        return Health((), {Area.DISPLAY: f"{', '.join(connected)}; no graphical session to ask in"})
    if states:
        return Health((_not_shown("no display is connected"),))
    return Health((), {Area.DISPLAY: "not known: no graphical session to ask in"})


def sound_cards(cards: Path = SOUND_CARDS) -> Health:
    """What the kernel knows of sound cards."""
    names = [line.partition("]:")[2].strip() for line in _text(cards).splitlines() if "]:" in line]
    if names:
        return Health((), {Area.SOUND: ", ".join(names)})
    return Health(tuple(sound_problems("this machine has no sound card")))


def _line(path: Path) -> str:
    return next(iter(_text(path).splitlines()), "")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
