"""The book of the terminal's serial ports, made from its settings: every program that opens one needs it."""

from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from kiosk_app.configuration import Settings


def wanted_ports(settings: Settings) -> dict[Role, str]:
    """The port that the configuration names for each device that it has."""
    sections = {Role.EVALUATOR: settings.evaluator, Role.PRINTER: settings.printer, Role.SCANNER: settings.scanner}
    return {role: section.port for role, section in sections.items() if section is not None}


def port_book(settings: Settings) -> PortBook:
    """One for all drivers of a program; what was found is remembered in the storage directory."""
    return PortBook(wanted_ports(settings), settings.storage.directory)
