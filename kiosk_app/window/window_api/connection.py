"""One connection: uvicorn's, with a deadline for the next request and problem documents for unreadable ones."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError


class Connection(H11Protocol):
    """Closes when no whole request head has come for as long as a kept-alive connection may be silent.

    uvicorn waits for ever for a first request, and any byte stops its own timer: connections that dribble would pile
    up. The same deadline ends the discarding of a body whose request is already answered, such as one too large.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait_for_a_request()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._wait_for_a_request()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are not HTTP with a problem document."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            detail = f"{msg} Send HTTP/1.1 with a Host header; heads may have 16 KiB."
            answer = ProblemError(Kind.UNREADABLE_REQUEST, detail, headers={"Connection": "close"}).response()
            head = h11.Response(status_code=answer.status_code, headers=answer.raw_headers, reason=b"Bad Request")
            self.transport.write(self.conn.send(head) or b"")
            self.transport.write(self.conn.send(h11.Data(data=bytes(answer.body))) or b"")
            self.conn.send(h11.EndOfMessage())
        self.transport.close()

    def _wait_for_a_request(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(self.timeout_keep_alive, self._close_if_idle)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
