"""The window API v1 as an HTTP server in a thread of its own (interfaces §6)."""

import asyncio
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from kiosk_app.window.clerk_page.door import Door
from kiosk_app.window.clerk_page.headers import PageHeaders
from kiosk_app.window.clerk_page.routes import ClerkPage
from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.connection import Connection
from kiosk_app.window.window_api.guard import Guard
from kiosk_app.window.window_api.listening import CannotListenError, listening_socket
from kiosk_app.window.window_api.own_hosts import Names
from kiosk_app.window.window_api.own_mistakes import OwnMistakes
from kiosk_app.window.window_api.problem_documents import (
    ProblemError,
    answer_problem,
    answer_unknown_address,
    answer_wrong_method,
)
from kiosk_app.window.window_api.routes import HEALTH_PATH, WindowApi

PATIENCE_SECONDS = 5
"""How long a client may take over the head of a request, over its body, and between two requests."""

_CLOSING_SECONDS = 1
"""How long `close` waits for requests in progress; those beyond it are cut off."""


@dataclass(frozen=True)
class Clerks:
    """What the clerk's page needs besides the window."""

    hall: str
    door: Door


@dataclass(frozen=True)
class Tls:
    """How the terminal proves who it is."""

    context: ssl.SSLContext
    names: Names
    """The host names it may then be called by."""


class WindowApiServer:
    """Serves a window to business systems, and to clerks where it is told how; closed by `close`, or with the process.

    The thread is a daemon, and so are those that uvicorn's loop starts for the window's methods: a disk that hangs
    cannot keep the app from ending.
    """

    def __init__(
        self,
        service: WindowService,
        *,
        listen: str,
        token: str,
        clerks: Clerks | None = None,
        tls: Tls | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        patience_seconds: int = PATIENCE_SECONDS,
    ) -> None:
        if not token:
            raise ValueError("The token of the window API is empty.")
        self._listen = listen
        self._clerks = clerks
        routes = WindowApi(service, patience_seconds).routes()
        if clerks is not None:
            routes += ClerkPage(service, clerks.door, clerks.hall, patience_seconds).routes()
        guard = Middleware(
            Guard,
            token=token,
            open_paths=frozenset({HEALTH_PATH}),
            has_page=clerks is not None,
            names=tls.names if tls else frozenset(),
            monotonic=monotonic,
        )
        headers = [Middleware(PageHeaders)] if clerks is not None else []
        app = _application(routes, [*headers, Middleware(OwnMistakes), guard])
        self._server = _Server(_uvicorn_settings(app, tls, patience_seconds), patience_seconds)
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._address = ("", 0)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, once started: the real port where `listen` has port 0."""
        return self._address

    def start(self) -> None:
        """Listen and serve; raises `CannotListenError` with the reason where that is not possible."""
        self._listener = listening_socket(self._listen)
        host, port, *_ = self._listener.getsockname()
        self._address = (host, port)
        self._thread = threading.Thread(
            target=self._server.serve_on, args=(self._listener,), name="window-api", daemon=True
        )
        self._thread.start()
        self._server.started_or_failed.wait()
        if not self._server.started:
            self.close()
            raise CannotListenError(self._listen, "the HTTP server did not start; the log has the details")

    def close(self) -> None:
        """Answer the requests in progress, for at most a second, then end."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_CLOSING_SECONDS + 1)
        if self._listener is not None:
            self._listener.close()
        if self._clerks is not None:
            self._clerks.door.close()


class _Server(uvicorn.Server):
    """uvicorn's server; tells when it serves."""

    def __init__(self, settings: uvicorn.Config, patience_seconds: int) -> None:
        super().__init__(settings)
        self.started_or_failed = threading.Event()
        self._patience_seconds = patience_seconds

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until `should_exit`."""
        try:
            self.run([listener])
        finally:
            self.started_or_failed.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        if self.config.ssl is not None:
            # uvicorn cannot be told: a client may be silent for a minute before its connection is made.
            loop.create_server = partial(  # type: ignore[method-assign]
                loop.create_server,
                ssl_handshake_timeout=self._patience_seconds,
                ssl_shutdown_timeout=_CLOSING_SECONDS,
            )
        await super().startup(sockets)
        self.started_or_failed.set()


def _application(routes: list[Route], middleware: list[Middleware]) -> Starlette:
    app = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={
            ProblemError: answer_problem,
            404: answer_unknown_address,
            405: answer_wrong_method,
        },
    )
    app.router.redirect_slashes = False
    return app


def _uvicorn_settings(app: Starlette, tls: Tls | None, patience_seconds: int) -> uvicorn.Config:
    settings = uvicorn.Config(
        app,
        loop="asyncio",
        http=Connection,
        ssl_context_factory=(lambda *_: tls.context) if tls else None,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        workers=1,
        # A client could give itself a new address with every wrong token.
        proxy_headers=False,
        server_header=False,
        headers=[("Cache-Control", "no-store")],
        timeout_keep_alive=patience_seconds,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    _log_through_structlog(logging.getLogger("uvicorn.error"))
    return settings


class _ToStructlog(logging.Handler):
    """uvicorn's errors, such as requests cut off by `close`, as lines of our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(__name__).error(
            "server_error", message=record.getMessage().strip(), exc_info=record.exc_info or False
        )


def _log_through_structlog(logger: logging.Logger) -> None:
    logger.handlers = [_ToStructlog()]
    logger.propagate = False
