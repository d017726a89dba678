"""The window API as a terminal's configuration wants it: where, with which certificate, with the clerk's page."""

from pathlib import Path

from kiosk_app.configuration import WindowApi
from kiosk_app.window.clerk_page.door import Door
from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.listening import CannotListenError
from kiosk_app.window.window_api.own_hosts import certified_names
from kiosk_app.window.window_api.server import Clerks, Tls, WindowApiServer


def window_api_server(service: WindowService, settings: WindowApi, *, hall: str, directory: Path) -> WindowApiServer:
    """The server, not started yet; `directory` is the storage with the staff and their PINs.

    Raises `CannotListenError` where the certificate is no longer what it was when the configuration was checked.
    """
    return WindowApiServer(
        service,
        listen=settings.listen,
        token=settings.token.decode(),
        clerks=Clerks(hall, Door(directory)),
        tls=_tls(settings),
    )


def _tls(settings: WindowApi) -> Tls | None:
    try:
        context = settings.tls()
        if context is None or settings.certificate_file is None:
            return None
        return Tls(context, certified_names(settings.certificate_file))
    except (OSError, ValueError) as error:
        raise CannotListenError(settings.listen, f"the certificate cannot be used: {error}") from error
