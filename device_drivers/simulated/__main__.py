"""`python -m device_drivers.simulated DEVICE …`: simulated devices for a demonstration or a developer's desk."""

import argparse
import sys

from device_drivers.simulated import evaluator_console, printer_console, scanner_console


def main() -> int:
    """Run the simulated device that the arguments name; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m device_drivers.simulated", description=__doc__)
    devices = parser.add_subparsers(required=True, metavar="DEVICE")
    evaluator = devices.add_parser("evaluator", help="a five-key evaluator", description=evaluator_console.__doc__)
    evaluator_console.add_arguments(evaluator)
    evaluator.set_defaults(run=evaluator_console.run)
    printer = devices.add_parser("printer", help="a ticket printer", description=printer_console.__doc__)
    printer_console.add_arguments(printer)
    printer.set_defaults(run=printer_console.run)
    scanner = devices.add_parser("scanner", help="a serial scanner", description=scanner_console.__doc__)
    scanner_console.add_arguments(scanner)
    scanner.set_defaults(run=scanner_console.run)
    arguments = parser.parse_args()
    code: int = arguments.run(arguments)
    return code


sys.exit(main())
