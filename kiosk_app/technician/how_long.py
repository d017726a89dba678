"""How long a command may last: `--seconds S`, and until Ctrl-C without it."""

import argparse

LONGEST_SECONDS = 86_400.0


def add_seconds(parser: argparse.ArgumentParser) -> None:
    """For commands that go on until they are ended."""
    parser.add_argument("--seconds", type=_seconds, metavar="S", help="end after so long; without it: until Ctrl-C")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text!r}: needed are seconds, more than 0 and at most a day")
    return seconds
