"""`about`: which terminal this is, and what runs on it."""

import base64
import hashlib

from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal


def test_about_tells_device_key_versions_and_places(terminal: Terminal, clock: ManualClock) -> None:
    (before,) = terminal.done("about", "--json").rows
    assert before["public_key_sha256"] is None
    assert not terminal.storage.exists(), "asking starts nothing"
    with terminal.journal(clock):
        pass
    (told,) = terminal.done("about", "--json").rows
    key = base64.b64decode(terminal.records()[0]["payload"]["public_key"])
    assert told["public_key_sha256"].replace(" ", "") == hashlib.sha256(key).hexdigest()
    assert (told["device_id"], told["short_id"], told["profile"]) == ("lw-a-w12", 12, "window")
    assert told["storage"] == str(terminal.storage)
    assert told["configuration"] == str(terminal.config)
    assert told["software"].startswith("hall-kiosk ")
    assert {"python", "sqlite", "qt", "system", "licence"} <= set(told)


def test_about_in_words_is_one_fact_a_line(terminal: Terminal) -> None:
    lines = terminal.done("about").out.splitlines()
    assert any(line.split() == ["public_key_sha256", "-"] for line in lines)
    assert any(line.endswith("灵武市政务服务中心") for line in lines)
