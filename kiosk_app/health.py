"""The terminal's health besides the window's own: what the configuration gives up, and what delivery says."""

from kiosk_app.configuration import Settings
from kiosk_app.domain.problems import Problem, Severity


def terminal_problems(settings: Settings) -> tuple[Problem, ...]:
    """Everything that can be told without the window. Never raises, never waits for the network."""
    return tuple(_configuration_problems(settings))


def _configuration_problems(settings: Settings) -> list[Problem]:
    found = []
    if not settings.platform.is_encrypted and settings.platform.allow_http:
        found.append(
            Problem(
                "platform_not_encrypted",
                f"records are sent unencrypted to {settings.platform.url}",
                "use https in [platform] url and remove allow_http",
                Severity.WARNING,
            )
        )
    return found
