"""`sound test` and `screen touch`: is anything heard, and does a touch arrive where the finger is?"""

import subprocess
import sys

from kiosk_app.app_socket import AppSocketError, running_app
from kiosk_app.technician.context import CommandError, Commands, Context

SOUND_TEST = "sound_test"
TOUCH_TEST = "touch_test"
SOUNDS = ("invite", "thanks", "key")
PLAYED_SECONDS = 30.0


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    sound = commands.add_parser("sound", help="the loudspeaker").add_subparsers(required=True, metavar="COMMAND")
    test = sound.add_parser("test", help="play a sound; with kiosk-app running it plays it")
    test.add_argument("sound", nargs="?", default="invite", choices=SOUNDS, metavar="SOUND", help=", ".join(SOUNDS))
    test.set_defaults(run=_sound)
    screen = commands.add_parser("screen", help="the touchscreen").add_subparsers(required=True, metavar="COMMAND")
    touch = screen.add_parser("touch", help="show nine targets to touch, on the screen of the running kiosk-app")
    touch.set_defaults(run=_touch)


def _sound(context: Context) -> int:
    name: str = context.arguments.sound
    app = running_app(context.directory)
    try:
        if app is not None:
            app.play(name)
        else:
            _play(context, name)
    except (AppSocketError, CommandError) as error:
        _note(context, SOUND_TEST, name, f"failed: {error}")
        raise CommandError(str(error)) from error
    _note(context, SOUND_TEST, name, "played")
    print(f"{name} was played; if nothing was heard, look at the loudspeaker and its volume")
    return 0


def _play(context: Context, name: str) -> None:
    """Play it without the app. Raises `CommandError` where nothing can be heard."""
    language = context.settings.terminal.languages[0]
    command = [sys.executable, "-m", "kiosk_app.terminal.sound_trial", name, language, str(context.config / "sounds")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PLAYED_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"the system's sound did not answer within {PLAYED_SECONDS:g} s") from error
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        raise CommandError(f"nothing is heard: {lines[-1]}; connect a loudspeaker, or look at the system's sound")


def _touch(context: Context) -> int:
    app = running_app(context.directory)
    if app is None:
        raise CommandError("kiosk-app does not run here; start it, as the targets are a page of its screen")
    try:
        app.open_page("touch", context.operator)
    except AppSocketError as error:
        raise CommandError(str(error)) from error
    _note(context, TOUCH_TEST, "screen", "shown")
    print("the screen shows nine targets; touch each, and the page tells how far off the touches were")
    return 0


def _note(context: Context, action: str, target: str, outcome: str) -> None:
    with context.journal() as journal:
        context.note_action(journal, action, target, outcome)
