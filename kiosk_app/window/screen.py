"""The window profile on the touchscreen."""

from pathlib import Path

from kiosk_app.terminal.screen import SCREENS, Screen, ScreenError, create_application
from kiosk_app.terminal.sounds import SoundPlayer
from kiosk_app.terminal.view_model import ScreenViewModel
from kiosk_app.window.screen_state import ScreenState
from kiosk_app.window.service import ScreenActions
from kiosk_app.window.view_model import WindowViewModel

MAIN = SCREENS / "Main.qml"


def open_screen(
    actions: ScreenActions,
    state: ScreenState,
    *,
    assets: Path,
    languages: tuple[str, ...] = ("zh-CN", "en"),
    own_sounds: Path | None = None,
    windowed: bool = False,
    technician: ScreenViewModel | None = None,
) -> Screen:
    """The screen as the app shows it, beginning with this state; full screen unless windowed.

    `own_sounds` is the hall's directory of sounds, which go before the built-in ones. `technician` is the view model of
    the screens that a technician can open over it. Raises `ScreenError`.
    """
    create_application()
    sounds = SoundPlayer(assets, own_sounds)
    try:
        view_model = WindowViewModel(actions, state, assets=assets, languages=languages, sounds=sounds)
    except OSError as error:
        raise ScreenError(f"a translation cannot be read: {error}") from error
    return Screen(view_model, MAIN, windowed=windowed, sound_problem=sounds.problem, technician=technician)
