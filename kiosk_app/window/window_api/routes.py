"""The addresses of the window API v1: each turns a request into one call of the window (interfaces §6).

Nothing here can submit, read, change, shorten or cancel a rating (R6).
"""

from collections.abc import Callable
from typing import ParamSpec

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk_app.domain.health import health_json
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.visits import Accepted, Answer, Refused
from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.bodies import CallBody, NoBody, OpenVisitBody, PauseBody, SomeBody, checked
from kiosk_app.window.window_api.reading import read_object
from kiosk_app.window.window_api.refusals import refusal_problem

HEALTH_PATH = "/v1/health"

USER_DROPPED = (
    "dropped: this terminal has no key to seal personal data with, so none was kept; "
    "to have it kept, set seal_key_file in [platform] of terminal.toml."
)

_HEALTH_UNKNOWN = Problem(
    code="health_unknown",
    text="The terminal could not find out how it is.",
    action="Look into the log, then restart kiosk-app.",
)

_logger = structlog.get_logger(__name__)
_P = ParamSpec("_P")


class WindowApi:
    """The endpoints; the window's methods wait for the disk, so they run in Starlette's threads."""

    def __init__(self, service: WindowService, body_patience_seconds: float) -> None:
        self._service = service
        self._body_patience_seconds = body_patience_seconds

    def routes(self) -> list[Route]:
        """All addresses of version 1."""
        return [
            Route("/v1/visits", self.open_visit, methods=["POST"]),
            Route("/v1/visits/{visit_id}", self.show_visit, methods=["GET"]),
            Route("/v1/visits/{visit_id}/invite", self.invite, methods=["POST"]),
            Route("/v1/visits/{visit_id}/end", self.end, methods=["POST"]),
            Route("/v1/window", self.show_window, methods=["GET"]),
            Route("/v1/window/pause", self.pause, methods=["POST"]),
            Route("/v1/window/resume", self.resume, methods=["POST"]),
            Route("/v1/window/call", self.call, methods=["POST"]),
            Route(HEALTH_PATH, self.show_health, methods=["GET"]),
        ]

    async def open_visit(self, request: Request) -> Response:
        """Open a visit (R3, R13)."""
        body = await self._body(request, OpenVisitBody)
        return _opened(await accepted(self._service.open_visit, body.visit_request()))

    async def call(self, request: Request) -> Response:
        """Call a queue number, which opens its visit."""
        body = await self._body(request, CallBody)
        return _opened(await accepted(self._service.open_visit, body.visit_request()))

    async def invite(self, request: Request) -> Response:
        """Ask the citizen to rate (R5)."""
        await self._body(request, NoBody)
        return JSONResponse(visit_answer(await accepted(self._service.invite, visit_id_of(request))), 202)

    async def end(self, request: Request) -> Response:
        """End a visit without an invitation (R6)."""
        await self._body(request, NoBody)
        return JSONResponse(visit_answer(await accepted(self._service.end, visit_id_of(request))))

    async def show_visit(self, request: Request) -> Response:
        """Tell the visit's state; the level is never told (R6)."""
        visit_id = visit_id_of(request)
        state = await run_in_threadpool(self._service.visit, visit_id)
        if isinstance(state, Refused):
            raise refusal_problem(state)
        return JSONResponse({"visit_id": visit_id, "state": state})

    async def pause(self, request: Request) -> Response:
        """Show the away sign, at the latest when the visit in progress is over (R19)."""
        body = await self._body(request, PauseBody)
        paused = await accepted(self._service.pause, body.reason, body.back_at)
        return JSONResponse({"state": paused.window}, 202 if paused.deferred else 200)

    async def resume(self, request: Request) -> Response:
        """Take the away sign down (R19)."""
        await self._body(request, NoBody)
        resumed = await accepted(self._service.resume)
        return JSONResponse({"state": resumed.window})

    async def show_window(self, _request: Request) -> Response:
        """Tell the window's state and who serves there (R17)."""
        view = await run_in_threadpool(self._service.window)
        staff = None if view.staff is None else dict(view.staff)
        return JSONResponse({"number": view.number, "staff": staff, "state": view.state, "visit_id": view.visit_id})

    async def show_health(self, _request: Request) -> Response:
        """Tell what is wrong with the terminal; the answer itself never fails."""
        try:
            problems = await run_in_threadpool(self._service.problems)
        except Exception:
            _logger.exception("health_unknown")
            problems = (_HEALTH_UNKNOWN,)
        return JSONResponse(health_json(problems))

    async def _body(self, request: Request, model: type[SomeBody]) -> SomeBody:
        return checked(model, await read_object(request, self._body_patience_seconds))


async def accepted(ask: Callable[_P, Answer], *args: _P.args, **kwargs: _P.kwargs) -> Accepted:
    """Ask the window, in a thread that may wait for the disk. Raises `ProblemError` where it says no."""
    answer = await run_in_threadpool(ask, *args, **kwargs)
    if isinstance(answer, Refused):
        raise refusal_problem(answer)
    return answer


def visit_id_of(request: Request) -> str:
    """The visit that the address names."""
    visit_id: str = request.path_params["visit_id"]
    return visit_id


def visit_answer(answer: Accepted) -> dict[str, str | None]:
    """What is told of a visit."""
    return {"visit_id": answer.visit_id, "state": answer.visit}


def _opened(answer: Accepted) -> Response:
    body = visit_answer(answer)
    if answer.user_dropped:
        body["user"] = USER_DROPPED
    return JSONResponse(body, 201, {"Location": f"/v1/visits/{answer.visit_id}"})
