"""The technician's screens on the touchscreen, over those of either profile."""

from pathlib import Path

from kiosk_app.technician_screen.actions import TechnicianActions
from kiosk_app.technician_screen.view_model import TechnicianViewModel
from kiosk_app.terminal.screen import ScreenError, create_application
from kiosk_app.terminal.sounds import SoundPlayer


def technician_view_model(
    actions: TechnicianActions,
    *,
    assets: Path,
    languages: tuple[str, ...] = ("zh-CN", "en"),
    own_sounds: Path | None = None,
) -> TechnicianViewModel:
    """What a profile's `Screen` takes as `technician`; its `show` takes the core's states. Raises `ScreenError`."""
    create_application()
    try:
        return TechnicianViewModel(actions, assets=assets, languages=languages, sounds=SoundPlayer(assets, own_sounds))
    except OSError as error:
        raise ScreenError(f"a translation cannot be read: {error}") from error
