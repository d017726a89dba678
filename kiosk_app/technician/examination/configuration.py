"""The configuration as the app would read it: refused, or what it points to is."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from device_drivers.evaluator.protocol_file import ProtocolFileError
from kiosk_app.configuration import SETTINGS_FILE, ConfigurationError, Settings, load_settings
from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem
from kiosk_app.journal.sealing import Sealer, SealKeyError
from kiosk_app.protocol_in_use import protocol_in_use


@dataclass(frozen=True)
class Configuration:
    """What is known of it."""

    settings: Settings | None
    """None where it is refused as a whole."""
    health: Health
    protocol_sha256: str | None = None
    """Of the evaluator's protocol in use."""


def storage_directory(config: Path) -> Path | None:
    """Where the storage is, also where the configuration is refused for another reason; None where it is not said."""
    try:
        document = tomllib.loads((config / SETTINGS_FILE).read_text(encoding="utf-8"))
        directory = document["storage"]["directory"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return config.absolute() / directory if isinstance(directory, str) and directory else None


def read_configuration(config: Path) -> Configuration:
    """Read it, and what it points to."""
    try:
        settings = load_settings(config)
    except ConfigurationError as error:
        return Configuration(None, _refused("configuration_refused", str(error)))
    problems: list[Problem] = []
    protocol_sha256 = None
    try:
        protocol = protocol_in_use(settings, config)
        protocol_sha256 = protocol.sha256 if protocol else None
    except (ConfigurationError, ProtocolFileError) as error:
        problems += _refused("protocol_refused", str(error)).problems
    try:
        if settings.platform.seal_key_file:
            Sealer(settings.platform.seal_key_file)
    except (SealKeyError, OSError) as error:
        problems += _refused("seal_key_refused", str(error)).problems
    facts = {} if problems else {Area.CONFIGURATION: f"{config.absolute() / SETTINGS_FILE} is right"}
    return Configuration(settings, Health(tuple(problems), facts), protocol_sha256)


def _refused(code: str, cause: str) -> Health:
    action = "correct the file and key that are named, check with: kiosk-admin config check; then restart kiosk-app"
    return Health((Problem(code, " ".join(cause.split()), action),))
