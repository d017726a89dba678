"""Which Host and Origin headers mean this terminal (interfaces §6).

A page of another site may let a browser at the window call this address, or point a name of its own at it (DNS
rebinding): the first shows in Origin, the second in Host.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from cryptography import x509

_AUTHORITY = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\s:@/\[\]]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/]+)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}

Address = tuple[str, int]
"""Where a connection arrived: the socket's own IP address and port."""
Names = frozenset[str]
"""Host names of this terminal besides the machine's own, in lower case."""


def certified_names(certificate_file: Path) -> Names:
    """The host names that the terminal's certificate is good for; of those with a wildcard the machine's own.

    Raises `OSError`, `ValueError`.
    """
    certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    own_label = socket.gethostname().partition(".")[0]
    found = alternatives.get_values_for_type(x509.DNSName)
    return frozenset(re.sub(r"^\*", own_label, name).lower() for name in found)


def is_own_host(host: str, arrived_at: Address, names: Names = frozenset()) -> bool:
    """Whether a Host header names the address the connection arrived at; a port in it must be ours."""
    return _names_this(host, arrived_at, names, port_left_out=arrived_at[1])


def is_own_origin(origin: str, arrived_at: Address, scheme: str = "http", names: Names = frozenset()) -> bool:
    """Whether an Origin header is ours; `null`, another scheme and other programs' ports here are foreign."""
    match = _ORIGIN.fullmatch(origin)
    if match is None or match["scheme"].lower() != scheme:
        return False
    return _names_this(match["authority"], arrived_at, names, port_left_out=_DEFAULT_PORTS[match["scheme"].lower()])


def _plain_address(text: str) -> IPv4Address | IPv6Address:
    """An IP address; one that a dual-stack socket shows as IPv4-mapped is the IPv4 address it is."""
    address = ip_address(text)
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _names_this(authority: str, arrived_at: Address, names: Names, port_left_out: int) -> bool:
    match = _AUTHORITY.fullmatch(authority)
    if match is None or int(match["port"] or port_left_out) != arrived_at[1]:
        return False
    name = match["name"].lower()
    here = _plain_address(arrived_at[0])
    try:
        address = _plain_address(name.strip("[]"))
    except ValueError:
        is_local = name == "localhost" and here.is_loopback
        return is_local or name == socket.gethostname().lower() or name in names
    loopback = {IPv4Address("127.0.0.1"), IPv6Address("::1")}
    return address == here or (address in loopback and here.is_loopback)
