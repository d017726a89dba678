"""Choosing a device's port by hand, where it is not found by itself."""

from device_drivers.stable_ports import StablePort
from kiosk_app.configuration import ConfigurationError
from kiosk_app.configuration_editing import set_values
from kiosk_app.technician_screen.desk import Desk
from kiosk_app.technician_screen.state import Confirm, Row, Table, Words

PORT, USE_PORT, NO_PORT = "port", "use_port", "no_port"


class PortChoice:
    """The choice for one device; `section` is its name in terminal.toml and in the translations."""

    def __init__(self, desk: Desk, section: str) -> None:
        self.question: Confirm | None = None
        self._desk = desk
        self._section = section

    def table(self, ports: tuple[StablePort, ...]) -> tuple[Table, ...]:
        """The ports that there are; nothing if there are none."""
        rows = tuple(Row(port.best_name, (port.best_name, port.description)) for port in ports)
        header = (Words("common.port"), Words("common.port.what"))
        return (Table(header, rows, PORT, Words("common.ports")),) if rows else ()

    def act(self, action: str, value: str) -> None:
        """A port was touched, or the question answered."""
        if action == PORT:
            self.question = Confirm(Words(f"{self._section}.use_port", {"port": value}), USE_PORT, value, NO_PORT)
        elif action == NO_PORT:
            self.question = None
        elif action == USE_PORT and self.question is not None and self.question.yes_value == value:
            self.question = None
            self._use(value)

    def _use(self, port: str) -> None:
        """Enter it in terminal.toml, and let the app begin anew with it."""
        action = f"{self._section}_port"
        try:
            set_values(self._desk.means.config, self._section, {"port": port})
        except ConfigurationError as error:
            self._desk.note(action, port, f"failed: {error}")
            self._desk.failed(error)
            return
        self._desk.note(action, port, "set")
        if self._desk.begin_anew():
            self._desk.say("good", "common.port.used", port=port)
