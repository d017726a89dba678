"""`make bench`: ratios against named baselines in the same run; single times say little on a shared machine.

BENCH_RECORDS sets the size of the large journal (default 1,000,000), BENCH_DRAIN the number of records delivered.
"""

import logging
import os
import tempfile
from pathlib import Path

import structlog

from tests.bench import appending, delivering, noise, printing, querying


def main() -> None:
    """Run every benchmark and print its ratio."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    large = int(os.environ.get("BENCH_RECORDS", "1000000"))
    drained = int(os.environ.get("BENCH_DRAIN", "20000"))
    # Beside the checkout's files, not in a memory file system: durability is part of what is measured.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=Path.cwd() / "build") as folder:
        directory = Path(folder)
        appending.run(directory / "append")
        querying.run(directory / "query", small=1_000, large=large)
        delivering.run(directory / "deliver", drained)
    noise.run(1_000_000)
    printing.run()


if __name__ == "__main__":
    Path("build").mkdir(exist_ok=True)
    main()
