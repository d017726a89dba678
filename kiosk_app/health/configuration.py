"""What the configuration gives up."""

from collections.abc import Iterator

from kiosk_app.configuration import Settings
from kiosk_app.domain.problems import Problem, Severity


def configuration_problems(settings: Settings) -> Iterator[Problem]:
    """Where others could read along."""
    if not settings.platform.is_encrypted and settings.platform.allow_http:
        yield Problem(
            "platform_not_encrypted",
            f"records are sent unencrypted to {settings.platform.url}",
            "use https in [platform] url and remove allow_http",
            Severity.WARNING,
        )
    api = settings.window_api
    if api is not None and not api.is_encrypted and not api.is_for_this_machine_only:
        yield Problem(
            "window_api_not_encrypted",
            f"PINs and the window API's token cross the network unencrypted to {api.listen}",
            "give [window_api] certificate_file and certificate_key_file, or listen on 127.0.0.1",
            Severity.WARNING,
        )
