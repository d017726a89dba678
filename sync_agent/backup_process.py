"""`python -m sync_agent.backup_process --config DIR`: one backup, in a process of its own.

A stick or a network share that hangs can hold whoever touches it, and nothing ends a thread; this process can be left
behind. What came of it is one line of JSON on stdout.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from kiosk_app.configuration import ConfigurationError, load_settings
from kiosk_app.journal.backup import BackupError, back_up


def main() -> int:
    """Make one copy; always 0, as the line says it all."""
    parser = argparse.ArgumentParser(prog="python -m sync_agent.backup_process", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    config: Path = parser.parse_args().config
    os.umask(0o027)
    try:
        storage = load_settings(config).storage
        if storage.backup_directory is None:
            raise BackupError("no backup_directory is configured any more")
        made = back_up(storage.directory, storage.backup_directory, config)
        told = {"path": str(made.path), "sequence": made.sequence, "at": made.at, "same_disk": made.same_disk}
    except (BackupError, ConfigurationError) as error:
        told = {"error": str(error)}
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
