"""`python -m sync_agent.simulated platform`: a platform on loopback that takes commands on stdin.

Its first line on stdout is its URL; after that, one JSON object for each command. It ends with stdin, or on SIGTERM.
"""

import argparse
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from sync_agent.simulated.control import Control
from sync_agent.simulated.exchange import Answer, Request, json_answer
from sync_agent.simulated.platform import SimulatedPlatform
from sync_agent.simulated.small_hall import KIOSKS, small_hall

CONTROL_PATH = "/simulated/control"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sync_agent.simulated", description=__doc__)
    simulations = parser.add_subparsers(required=True, metavar="SIMULATION")
    platform = simulations.add_parser("platform", help="the integrated platform")
    platform.add_argument("--port", type=int, default=0, help="0 takes a free one")
    platform.add_argument("--secret-file", type=Path, required=True)
    platform.add_argument("--device", help="welcome this device only")
    platform.add_argument("--base-path", default="/evaluation")
    platform.add_argument("--no-hall", action="store_true", help="say nothing about a hall; else a small one is served")
    platform.add_argument(
        "--kiosk", action="append", metavar="DEVICE", help=f"lend serials to it; else to {', '.join(KIOSKS)}"
    )
    platform.add_argument("--received-file", type=Path, help="append each record received as a line of JSON")
    return parser.parse_args()


def main() -> int:
    """Run until stdin ends."""
    arguments = _arguments()
    hall = small_hall(datetime.now(UTC), base_path=arguments.base_path, kiosks=arguments.kiosk or KIOSKS)
    platform = SimulatedPlatform(
        arguments.secret_file.read_text(encoding="utf-8").strip().encode(),
        device_id=arguments.device,
        port=arguments.port,
        base_path=arguments.base_path,
        received_file=arguments.received_file,
        hall=None if arguments.no_hall else hall,
    )
    control = Control(platform)

    def over_http(request: Request, _proceed: object) -> Answer | None:
        """The same commands as a POST, for those who do not hold our stdin."""
        if request.method != "POST" or request.target != CONTROL_PATH:
            return None
        return json_answer(control.run(request.body.decode()))

    platform.intercept = over_http
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with platform:
        print(platform.url, flush=True)
        for line in sys.stdin:
            if line.strip():
                print(json.dumps(control.run(line), ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
