"""HTTP connections that another thread can end.

The time-outs of a socket count from byte to byte: a server that sends one byte a second holds a request for ever. Only
someone who looks at the whole request from outside can bound it, and only a closed socket wakes the one who waits.
"""

import contextlib
import socket
import threading
import weakref
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class AbortableAdapter(HTTPAdapter):
    """An adapter without retries, whose open connections can be shut down while a request waits on them."""

    def __init__(self) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools use connections that tell us their sockets."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self)

    def opened(self, connected: socket.socket | None) -> None:
        """A connection was made."""
        if connected is not None:
            with self._lock:
                self._sockets.add(connected)

    def abort(self) -> None:
        """Shut every open connection down; whoever waits on one gets an error at once."""
        with self._lock:
            sockets = list(self._sockets)
        for connected in sockets:
            with contextlib.suppress(OSError):
                # Not SSLSocket.shutdown, which takes the TLS state away under the reading thread.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _pools(adapter: AbortableAdapter) -> dict[str, type[HTTPConnectionPool]]:
    class PlainConnection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            adapter.opened(self.sock)

    class TlsConnection(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            adapter.opened(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = TlsConnection

    return {"http": PlainPool, "https": TlsPool}
