"""A small HTTP server on loopback that can also answer badly, or not at all."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sync_agent.simulated.exchange import Answer, Manner, Request

Respond = Callable[[Request], Answer]
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER that makes closing a socket send a reset."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves from start to `stop`, which also ends every connection."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, port: int, respond: Respond, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond = respond
        self.stopping = threading.Event()
        self._tls = tls
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True, name="platform")

    def start(self) -> None:
        """Accept connections, on a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop accepting, end all connections, and return when nothing serves any more."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept one connection and remember it."""
        connection, address = super().get_request()
        self._remember(connection)
        return connection, address

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection; a TLS handshake belongs to the connection's own thread."""
        with suppress(OSError):
            if self._tls is None:
                super().finish_request(request, client_address)
                return
            with self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secured:
                self._remember(secured)
                secured.do_handshake()
                super().finish_request(secured, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close one connection."""
        with self._lock:
            self._connections = {connection for connection in self._connections if connection.fileno() >= 0}
            self._connections.discard(request)
        super().shutdown_request(request)

    def _remember(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        """Say nothing: the platform counts for itself."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0" if self.command == "GET" else "")
        if not length.isdigit():
            self._send(Answer(411))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self.rfile.read(int(length)))
        self._send(self.server.respond(request))

    def _send(self, answer: Answer) -> None:
        match answer.manner:
            case Manner.NEVER:
                self._until_the_client_leaves()
            case Manner.RESET:
                self._reset()
            case Manner.CUT:
                head = self._head(answer)
                self.wfile.write(head + answer.body[: len(answer.body) // 2])
                self._reset()
            case Manner.DRIP:
                self._drip(self._head(answer) + answer.body, answer.drip_seconds)
            case Manner.WHOLE:
                self.wfile.write(self._head(answer) + answer.body)

    def _head(self, answer: Answer) -> bytes:
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _drip(self, content: bytes, seconds: float) -> None:
        for byte in content:
            if self.server.stopping.wait(seconds):
                return
            self.wfile.write(bytes([byte]))

    def _until_the_client_leaves(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.rfile.read(1)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # The handler's two files would keep the socket open behind its close.
        self.rfile.close()
        self.connection.close()
