"""The way to the platform: interface, name, route, connection. Nothing of it is asked by the app itself."""

import socket
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

from kiosk_app.configuration import Settings, is_loopback
from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem

NAME_SECONDS = 4.0
CONNECT_SECONDS = 3.0
INTERFACES = Path("/sys/class/net")

Address = tuple[str, int]


def platform_address(settings: Settings) -> Address:
    """Host and port of the platform."""
    parts = urlsplit(settings.platform.url)
    return parts.hostname or "", parts.port or {"http": 80}.get(parts.scheme, 443)


def network_health(settings: Settings, *, interfaces: Path = INTERFACES) -> Health:
    """Whether a connection to the platform's host comes about, and if not, how far the way goes."""
    host, port = platform_address(settings)
    if not is_loopback(host) and not (up := _interfaces_up(interfaces)):
        return _problem("network_down", _all_down(interfaces), "plug the network cable in; see its lamps")
    try:
        address = _looked_up(host, port)
    except TimeoutError:
        words = f"the name {host} is not answered for within {NAME_SECONDS:g} s"
        return _problem("network_name_unknown", words, "check the name server in the machine's network settings")
    except OSError as error:
        words = f"the name {host} is not known: {error.strerror or error}"
        action = "check the name server in the machine's network settings, and [platform] url"
        return _problem("network_name_unknown", words, action)
    began = time.monotonic()
    try:
        with socket.create_connection(address, CONNECT_SECONDS) as connection:
            own = connection.getsockname()[0]
    except OSError as error:
        return _unreachable(host, address, error)
    took = (time.monotonic() - began) * 1000
    told = f"{host} answers at {address[0]} port {port} in {took:.0f} ms, seen from {own}"
    return Health((), {Area.NETWORK: told if is_loopback(host) else f"{', '.join(up)} up; {told}"})


def _unreachable(host: str, address: Address, error: OSError) -> Health:
    cause = "no answer in time" if isinstance(error, TimeoutError) else error.strerror or str(error)
    if isinstance(error, ConnectionRefusedError):
        action = "the machine is there and nothing listens: check the port in [platform] url, then the platform"
    elif isinstance(error, TimeoutError):
        action = "check the cable, the gateway and the hall's firewall; nothing is lost meanwhile"
    else:
        action = "check the cable, the machine's address and its gateway; nothing is lost meanwhile"
    words = f"no connection to {host} ({address[0]} port {address[1]}): {cause}"
    return _problem("network_unreachable", words, action)


def _problem(code: str, text: str, action: str) -> Health:
    return Health((Problem(code, text, action),))


def _looked_up(host: str, port: int) -> Address:
    """The first address of a name. Raises `OSError`, `TimeoutError`: the system's own patience is far longer."""
    found: Future[Address] = Future()

    def look_up() -> None:
        try:
            # The first of them is what a connection would take first.
            address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4]
            found.set_result((str(address[0]), int(address[1])))
        except OSError as error:
            found.set_exception(error)

    threading.Thread(target=look_up, name="name look-up", daemon=True).start()
    return found.result(NAME_SECONDS)


def _interfaces_up(directory: Path) -> list[str]:
    """Names of the interfaces that carry something; loop-back and those that are only made up do not count."""
    return [name for name, state in _states(directory) if state in ("up", "unknown")]


def _all_down(directory: Path) -> str:
    told = ", ".join(f"{name} is {state}" for name, state in _states(directory))
    return f"no network interface is up: {told}" if told else "this machine has no network interface"


def _states(directory: Path) -> list[tuple[str, str]]:
    states = []
    for interface in sorted(directory.iterdir()) if directory.is_dir() else []:
        if interface.name != "lo":
            try:
                states.append((interface.name, (interface / "operstate").read_text(encoding="ascii").strip()))
            except OSError:
                continue
    return states
