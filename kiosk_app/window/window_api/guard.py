"""Who may come in: Host, Origin and token are checked before a request reaches a route (interfaces §6)."""

import hmac
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk_app.window.window_api.own_hosts import is_own_host, is_own_origin
from kiosk_app.window.window_api.problem_documents import Kind, ProblemError
from kiosk_app.window.window_api.wrong_tokens import WrongTokens

PLACES = 32
"""Requests with the right token at one time: fewer than the threads of Starlette's pool, so that health gets one."""

_logger = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware in front of all routes; only `open_paths` need no token."""

    def __init__(self, app: ASGIApp, *, token: str, open_paths: frozenset[str], monotonic: Callable[[], float]) -> None:
        self._app = app
        self._token = token.encode()
        self._open_paths = open_paths
        self._wrong_tokens = WrongTokens(monotonic)
        self._places_left = PLACES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer why not."""
        try:
            headers = Headers(scope=scope)
            _check_host(headers, scope)
            _check_origin(headers, scope)
            if scope["path"] in self._open_paths:
                await self._app(scope, receive, send)
                return
            self._check_token(headers, scope)
            await self._in_a_place(scope, receive, send)
        except ProblemError as problem:
            await problem.response()(scope, receive, send)

    async def _in_a_place(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._places_left == 0:
            detail = f"The terminal does {PLACES} requests at a time: ask again after Retry-After seconds."
            raise ProblemError(Kind.BUSY, detail, retry_after=1)
        self._places_left -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._places_left += 1

    def _check_token(self, headers: Headers, scope: Scope) -> None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # The header's own bytes are compared, because a token may hold any UTF-8 text; in Latin-1 some of its bytes
        # would pass for white space.
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip(" \t").encode("latin-1"), self._token):
            return
        address = _client_address(scope)
        blocked_seconds = self._wrong_tokens.count(address)
        if blocked_seconds is not None:
            detail = "Correct the token (the right one is served at once), or wait for Retry-After seconds."
            raise ProblemError(Kind.TOO_MANY_WRONG_TOKENS, detail, retry_after=blocked_seconds)
        _logger.warning("wrong_token", address=address)
        detail = "Send 'Authorization: Bearer TOKEN' with the text of the terminal's [window_api] token_file."
        raise ProblemError(Kind.TOKEN_REQUIRED, detail, headers={"WWW-Authenticate": 'Bearer realm="window API"'})


def _check_host(headers: Headers, scope: Scope) -> None:
    if not is_own_host(headers.get("host", ""), scope["server"]):
        host, port = scope["server"]
        detail = f"Call the terminal by its own address, {host} port {port}, or by its host name."
        raise ProblemError(Kind.FOREIGN_HOST, detail)


def _check_origin(headers: Headers, scope: Scope) -> None:
    if not all(is_own_origin(origin, scope["server"], scope["scheme"]) for origin in headers.getlist("origin")):
        detail = "Call from a program instead of a page in a browser; a program sends no Origin header."
        raise ProblemError(Kind.FOREIGN_ORIGIN, detail)


def _client_address(scope: Scope) -> str:
    client: tuple[str, int] | None = scope["client"]
    # A client that is already gone has no address any more.
    return client[0] if client else ""
