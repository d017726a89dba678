"""The real command, as a process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

COMMAND = str(Path(sys.executable).with_name("sync-agent"))


def run_once(config: Path) -> subprocess.CompletedProcess[str]:
    """`sync-agent --once`, to its end."""
    command = [COMMAND, "--config", str(config), "--once"]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


class AgentProcess:
    """`sync-agent` as a daemon; ends with the block at the latest."""

    def __init__(self, config: Path) -> None:
        command = [COMMAND, "--config", str(config)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def wait_for_log(self, event: str) -> dict[str, Any]:
        """Read log lines until one tells this event. Raises `AssertionError` if the process ends before."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == event:
                return told
        raise AssertionError(f"the agent never told {event}")

    def refusal(self) -> tuple[int, str]:
        """Exit code and stderr of a process that ends by itself."""
        _, text = self._process.communicate(timeout=20)
        return self._process.returncode, text

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self._process.terminate()
        return self._process.wait(10)

    def kill(self) -> None:
        """SIGKILL, at whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        assert self._process.stderr is not None
        self._process.stderr.close()
