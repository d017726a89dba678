"""The socket of the window API, bound before anything else starts, so that a failure has a clear reason."""

import errno
import socket

_REASONS = {
    errno.EADDRINUSE: "another program, or a second kiosk-app, listens there already",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
    errno.EACCES: "a port below 1024 needs rights that kiosk-app does not have",
}
_BACKLOG = 128


class CannotListenError(Exception):
    """The window API cannot listen where the configuration says; the message names `listen` and the reason."""

    def __init__(self, listen: str, reason: str) -> None:
        super().__init__(f'[window_api] listen = "{listen}": {reason}')


def listening_socket(listen: str) -> socket.socket:
    """Listen on `HOST:PORT` or `[IPV6]:PORT`; port 0 takes a free one."""
    host, separator, port = listen.rpartition(":")
    if not (separator and host and port.isascii() and port.isdigit() and int(port) <= 65535):
        raise CannotListenError(listen, "write HOST:PORT or [IPV6]:PORT, such as 127.0.0.1:8711")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        # A name such as localhost may stand for both families; clients try 127.0.0.1.
        family, kind, protocol, _, address = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    except (OSError, UnicodeError) as error:
        raise CannotListenError(listen, "the host name is not known") from error
    listener = socket.socket(family, kind, protocol)
    try:
        # After a kill, connections that linger in TIME_WAIT must not keep the app from starting again.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # With SO_REUSEADDR an occupied port may show only here.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListenError(listen, _REASONS.get(error.errno or 0, str(error))) from error
    return listener
