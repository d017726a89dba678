"""The evaluator protocol that `terminal.toml` names."""

from pathlib import Path

from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.evaluator.protocol_file import UnknownProtocolError, find_protocol
from kiosk_app.configuration import SETTINGS_FILE, ConfigurationError, Settings


def protocol_in_use(settings: Settings, config: Path) -> EvaluatorProtocol | None:
    """The protocol of `[evaluator]`; None without that section.

    Raises `ConfigurationError` where there is no such protocol, `ProtocolFileError` where its file is not right.
    """
    if settings.evaluator is None:
        return None
    try:
        return find_protocol(settings.evaluator.protocol, config)
    except UnknownProtocolError as error:
        raise ConfigurationError(f"{config / SETTINGS_FILE}: evaluator.protocol: {error}") from error
