"""Who may come in: Host, Origin and token are checked before a request reaches a route (interfaces §6).

The clerk's page needs no token, but has to be called by itself; what is behind it, a session.
"""

import hmac
from collections.abc import Callable

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk_app.window.clerk_page.page_guard import check_page_request, is_page_path
from kiosk_app.window.window_api.own_hosts import Names, is_own_host, is_own_origin
from kiosk_app.window.window_api.places import Places
from kiosk_app.window.window_api.problem_documents import Kind, ProblemError
from kiosk_app.window.window_api.wrong_tokens import WrongTokens

PLACES = 32
"""Requests with the right token at one time: with those of the clerk's page fewer than the threads of Starlette's pool,
so that health gets one."""

_logger = structlog.get_logger(__name__)


class Guard:
    """ASGI middleware in front of all routes; only `open_paths` need no token, and the page's, where there is one."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str,
        open_paths: frozenset[str],
        has_page: bool,
        names: Names,
        monotonic: Callable[[], float],
    ) -> None:
        self._app = app
        self._token = token.encode()
        self._open_paths = open_paths
        self._has_page = has_page
        self._names = names
        self._wrong_tokens = WrongTokens(monotonic)
        self._places = Places(PLACES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer why not."""
        try:
            headers = Headers(scope=scope)
            self._check_host(headers, scope)
            self._check_origin(headers, scope)
            if self._has_page and is_page_path(scope["path"]):
                check_page_request(scope["method"], scope["path"], scope["scheme"], headers)
                await self._app(scope, receive, send)
            elif scope["path"] in self._open_paths:
                await self._app(scope, receive, send)
            else:
                self._check_token(headers, scope)
                with self._places.one():
                    await self._app(scope, receive, send)
        except ProblemError as problem:
            await problem.response()(scope, receive, send)

    def _check_token(self, headers: Headers, scope: Scope) -> None:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # The header's own bytes are compared, because a token may hold any UTF-8 text; in Latin-1 some of its bytes
        # would pass for white space.
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip(" \t").encode("latin-1"), self._token):
            return
        address = client_address(scope)
        blocked_seconds = self._wrong_tokens.count(address)
        if blocked_seconds is not None:
            detail = "Correct the token (the right one is served at once), or wait for Retry-After seconds."
            raise ProblemError(Kind.TOO_MANY_WRONG_TOKENS, detail, retry_after=blocked_seconds)
        _logger.warning("wrong_token", address=address)
        detail = "Send 'Authorization: Bearer TOKEN' with the text of the terminal's [window_api] token_file."
        raise ProblemError(Kind.TOKEN_REQUIRED, detail, headers={"WWW-Authenticate": 'Bearer realm="window API"'})

    def _check_host(self, headers: Headers, scope: Scope) -> None:
        if not is_own_host(headers.get("host", ""), scope["server"], self._names):
            host, port = scope["server"]
            detail = f"Call the terminal by its own address, {host} port {port}, or by its host name."
            raise ProblemError(Kind.FOREIGN_HOST, detail)

    def _check_origin(self, headers: Headers, scope: Scope) -> None:
        origins, here, scheme = headers.getlist("origin"), scope["server"], scope["scheme"]
        if not all(is_own_origin(origin, here, scheme, self._names) for origin in origins):
            detail = "Call from a program instead of a page in a browser; a program sends no Origin header."
            raise ProblemError(Kind.FOREIGN_ORIGIN, detail)


def client_address(scope: Scope) -> str:
    """Where the request came from, as the connection says; what a header says is not believed."""
    client: tuple[str, int] | None = scope["client"]
    # A client that is already gone has no address any more.
    return client[0] if client else ""
