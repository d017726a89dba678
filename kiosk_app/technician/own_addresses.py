"""The IPv4 addresses of this machine, as the system knows them: nobody is asked, nothing is sent."""

import fcntl
import socket
import struct
from contextlib import suppress

_SIOCGIFADDR = 0x8915
_IFREQ = "256s"
_ADDRESS = slice(20, 24)


def own_addresses() -> list[str]:
    """`eth0 10.1.2.3` for each network that is up; the machine's own loop left out."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # it has none
                answer = fcntl.ioctl(asked.fileno(), _SIOCGIFADDR, struct.pack(_IFREQ, name.encode()[:15]))
                address = socket.inet_ntoa(answer[_ADDRESS])
                if not address.startswith("127."):
                    found.append(f"{name} {address}")
    return found
