"""An exception that nobody foresaw is a line in the log, and an answer without a word of it."""

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

_logger = structlog.get_logger(__name__)


class OwnMistakes:
    """ASGI middleware around everything else; every answer is written in one piece, so none has begun here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            _logger.exception("request_failed")
            detail = "The request may have taken effect or not: read the state, then try again; the log has the cause."
            await ProblemError(Kind.INTERNAL_ERROR, detail).response()(scope, receive, send)
