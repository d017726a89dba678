"""As root a command goes on as the owner of the storage, to whom Python's own files may be shut by then (issue 4)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.technician.terminal import SETTINGS, Terminal

OWNER = 54_321
PROGRAM = """
import sys, os
from kiosk_app.technician.command_line import main
def told(event, arguments):
    if event == "import" and os.geteuid() != os.getuid():
        sys.stderr.write(f"loaded late: {arguments[0]}\\n")
sys.addaudithook(told)
sys.exit(main(sys.argv[1:]))
"""
COMMANDS = [
    ["bind", "12", "0815"],
    ["staff", "import", "{}/staff.json"],
    ["resend", "--all"],
    ["records"],
    ["verify"],
    ["statistics"],
    ["technician", "pin", "otto"],
    ["export", "{}/open/records.json"],
    ["backup", "--to", "{}/open/copies"],
    ["sign", "--output", "{}/open/sign.pdf"],
    ["sign", "--output", "{}/open/sign.png"],
    ["sign", "--output", "{}/open/sign.html"],
]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root goes on as somebody else")
def test_nothing_is_loaded_once_the_installation_may_be_shut(terminal: Terminal, tmp_path: Path) -> None:
    settings = SETTINGS.replace("secret_file", 'public_url = "https://pj.example.gov.cn"\nsecret_file')
    (terminal.config / "terminal.toml").write_text(settings, encoding="utf-8")
    (terminal.config / "terminal.toml").chmod(0o644)
    Path(terminal.file("staff.json", [{"staff_no": "0815", "name": "张"}])).chmod(0o644)
    for directory in (terminal.storage, tmp_path / "open"):
        directory.mkdir()
        os.chown(directory, OWNER, OWNER)
    for directory in (terminal.config, *terminal.config.parents):
        if not directory.stat().st_mode & 0o001:
            directory.chmod(0o755)
    for command in COMMANDS:
        arguments = [argument.format(tmp_path) for argument in command]
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, "--config", str(terminal.config), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            input="24681357\n24681357\n",
        )
        assert ended.returncode == 0, ended.stderr
        assert "loaded late" not in ended.stderr, command
