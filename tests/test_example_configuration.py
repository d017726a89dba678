"""The example in `config/` is right as it stands, once its secrets are there."""

import shutil
from pathlib import Path

from device_drivers.evaluator.protocol_file import find_protocol
from kiosk_app.configuration import load_settings

EXAMPLE = Path(__file__).parents[1] / "config" / "terminal.toml"


def test_the_example_is_accepted_and_its_protocol_is_built_in(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    for name in ("platform.secret", "window-api.token"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text("only for this test")
    settings = load_settings(tmp_path)
    assert settings.evaluator is not None
    assert find_protocol(settings.evaluator.protocol, tmp_path).has_address
