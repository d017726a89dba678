"""The real kiosk-app and kiosk-admin: a technician sets a PIN, a clerk signs in over TLS, in a real browser too."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.clerk_page.browser import Browser
from tests.clerk_page.clerk import ClerkClient
from tests.end_to_end.program import BIN, Program
from tests.self_signed import write_certificate

PIN = "24681357"
SETTINGS = """
[terminal]
device_id = "test-a-w12"
short_id = 12
profile = "window"
hall = "测试政务服务中心"
area_code = "640181000000"
[storage]
directory = "data"
[platform]
url = "http://127.0.0.1:9"
secret_file = "secret"
[window]
number = "12"
[window_api]
listen = "127.0.0.1:0"
token_file = "secret"
certificate_file = "tls.pem"
certificate_key_file = "tls.key"
"""


class RealTerminal:
    """A configuration directory, and the programs that run on it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "terminal.toml").write_text(SETTINGS, encoding="utf-8")
        (directory / "secret").touch(mode=0o600)
        (directory / "secret").write_text("only-for-tests", encoding="utf-8")
        self.certificate, self.key = write_certificate(directory)
        self.app: Program | None = None

    def admin(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(BIN / "kiosk-admin"), "--config", str(self.directory), *arguments]
        return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60, check=False)

    def start(self) -> tuple[str, int]:
        """Start the app; where it listens."""
        self.app = Program("kiosk-app", "--config", str(self.directory))
        host, port = self.app.wait_for_log("window api listens")["address"]
        return host, port

    def close(self) -> None:
        if self.app is not None:
            self.app.stop()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[RealTerminal]:
    terminal = RealTerminal(tmp_path)
    staff = tmp_path / "staff.json"
    staff.write_text('[{"staff_no": "0815", "name": "测试员一"}]', encoding="utf-8")
    assert terminal.admin("staff", "import", str(staff)).returncode == 0
    assert terminal.admin("staff", "pin", "0815", typed=f"{PIN}\n").returncode == 0
    yield terminal
    terminal.close()


def key_pin(certificate: Path) -> str:
    """What a browser knows a certificate's key by."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    return base64.b64encode(digest).decode()


def test_a_clerk_signs_in_with_the_pin_that_the_technician_set(terminal: RealTerminal) -> None:
    with ClerkClient(terminal.start(), certificate=terminal.certificate) as clerk:
        cookie = clerk.sign_in("0815", PIN).headers["Set-Cookie"]
        assert cookie.startswith("__Host-clerk=")
        assert cookie.endswith("; HttpOnly; Path=/; SameSite=strict; Secure")
        assert clerk.state()["person"]["name"] == "测试员一"
        assert clerk.post("/clerk/visits", {"ticket_no": "A001"}).status_code == 201
        assert terminal.admin("staff", "pin", "0815", "--remove").returncode == 0
        assert clerk.state()["person"] is None


def test_over_tls_the_page_works_in_a_browser_that_trusts_the_hall(terminal: RealTerminal) -> None:
    port = terminal.start()[1]
    browser = Browser(trusts=key_pin(terminal.certificate))
    try:
        browser.open(f"https://localhost:{port}/")
        browser.type("staff-no", "0815")
        browser.type("pin", PIN)
        browser.submit("sign-in")
        browser.type("ticket-no", "A001")
        browser.submit("call")
        browser.sees("state-name", "A001")
        assert browser.driver.execute_script("return [document.cookie, window.isSecureContext]") == ["", True]
        browser.press("sign-out")
        browser.sees("sign-in")
        assert browser.console() == []
    finally:
        browser.close()


@pytest.mark.parametrize("program", ["kiosk-app", "kiosk-admin"])
def test_a_certificate_that_is_none_refuses_the_start_with_one_line(terminal: RealTerminal, program: str) -> None:
    terminal.certificate.write_text("no certificate", encoding="utf-8")
    more = ["config", "check"] if program == "kiosk-admin" else []
    command = [str(BIN / program), "--config", str(terminal.directory), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "certificate_file" in line
