"""The addresses of the clerk's page: the window API's own rules, for a person who signed in (interfaces §6).

Nothing here can submit, read, change, shorten or cancel a rating, and no answer tells of one (R6).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.visits import WindowView
from kiosk_app.window.clerk_page.bodies import OpenBody, SignInBody
from kiosk_app.window.clerk_page.cookie import give, take_back, token_of
from kiosk_app.window.clerk_page.door import Admitted, Door, DoorStuckError, Person, Rejected, TooEarly
from kiosk_app.window.clerk_page.page_guard import FILES_BELOW, PAGE
from kiosk_app.window.clerk_page.static_files import StaticFiles
from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.bodies import NoBody, PauseBody, SomeBody, checked
from kiosk_app.window.window_api.guard import client_address
from kiosk_app.window.window_api.places import Places
from kiosk_app.window.window_api.problem_documents import Kind, ProblemError
from kiosk_app.window.window_api.reading import read_object
from kiosk_app.window.window_api.refusals import CANNOT_RECORD_RETRY_SECONDS
from kiosk_app.window.window_api.routes import accepted, visit_answer, visit_id_of

SIGNING_IN_PLACES = 2
SIGNED_IN_PLACES = 4
"""Requests at one time: strangers' tries at the door keep neither clerks nor business systems waiting."""

_CHALLENGE = {"WWW-Authenticate": 'PIN realm="clerk page"'}
_logger = structlog.get_logger(__name__)
_P = ParamSpec("_P")
_Result = TypeVar("_Result")


class ClerkPage:
    """The endpoints; those of the window wait for the disk, so they run in Starlette's threads."""

    def __init__(self, service: WindowService, door: Door, hall: str, body_patience_seconds: float) -> None:
        self._service = service
        self._door = door
        self._hall = hall
        self._body_patience_seconds = body_patience_seconds
        self._files = StaticFiles()
        self._outside = Places(SIGNING_IN_PLACES)
        self._inside = Places(SIGNED_IN_PLACES)

    def routes(self) -> list[Route]:
        """All addresses of the page."""
        return [
            Route(PAGE, self._files.show_page, methods=["GET"]),
            Route(FILES_BELOW + "{name}", self._files.show_file, methods=["GET"]),
            Route("/clerk/sign-in", self.sign_in, methods=["POST"]),
            Route("/clerk/sign-out", self.sign_out, methods=["POST"]),
            Route("/clerk/state", self.show_state, methods=["GET"]),
            Route("/clerk/stay", self._signed_in(self.stay), methods=["POST"]),
            Route("/clerk/visits", self._signed_in(self.open_visit), methods=["POST"]),
            Route("/clerk/visits/{visit_id}/invite", self._signed_in(self.invite), methods=["POST"]),
            Route("/clerk/visits/{visit_id}/end", self._signed_in(self.end), methods=["POST"]),
            Route("/clerk/pause", self._signed_in(self.pause), methods=["POST"]),
            Route("/clerk/resume", self._signed_in(self.resume), methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Let a clerk in by staff number and PIN."""
        body = await self._body(request, SignInBody)
        address = client_address(request.scope)
        with self._outside.one():
            answer = await _at_the_door(self._door.sign_in, body.staff_no.strip(), body.pin, address)
        if isinstance(answer, TooEarly):
            detail = "An earlier PIN was wrong: try again after Retry-After seconds."
            raise ProblemError(Kind.TOO_MANY_WRONG_PINS, detail, retry_after=answer.wait_seconds)
        if isinstance(answer, Rejected):
            raise _wrong_pin(answer, address)
        # The session that this browser had is over, whosever it was.
        self._door.sign_out(token_of(request))
        return _with_cookie(request, answer)

    async def sign_out(self, request: Request) -> Response:
        """Let the clerk go; also one who is gone already."""
        await self._body(request, NoBody)
        self._door.sign_out(token_of(request))
        response = Response(status_code=204)
        take_back(request, response)
        return response

    async def show_state(self, request: Request) -> Response:
        """Tell who is signed in, and to them the state of the window; asking is not doing anything."""
        person = await self._person(request)
        view = await run_in_threadpool(self._service.window) if person else None
        return JSONResponse(
            {
                "hall": self._hall,
                "now": datetime.now(CHINA_TIME).isoformat(timespec="seconds"),
                "person": person and self._person_answer(person),
                "window": view and _window_answer(view),
            }
        )

    async def stay(self, request: Request, person: Person) -> Response:
        """The clerk is still there."""
        await self._body(request, NoBody)
        return JSONResponse(self._person_answer(person))

    async def open_visit(self, request: Request, person: Person) -> Response:
        """Call a number, or open a visit without one (R3, R13)."""
        body = await self._body(request, OpenBody)
        opened = await accepted(self._service.open_visit, body.visit_request(person.staff_no))
        return JSONResponse(visit_answer(opened), 201)

    async def invite(self, request: Request, _person: Person) -> Response:
        """Ask the citizen to rate (R5)."""
        await self._body(request, NoBody)
        return JSONResponse(visit_answer(await accepted(self._service.invite, visit_id_of(request))), 202)

    async def end(self, request: Request, _person: Person) -> Response:
        """End a visit without an invitation (R6)."""
        await self._body(request, NoBody)
        return JSONResponse(visit_answer(await accepted(self._service.end, visit_id_of(request))))

    async def pause(self, request: Request, _person: Person) -> Response:
        """Show the away sign, at the latest when the visit in progress is over (R19)."""
        body = await self._body(request, PauseBody)
        paused = await accepted(self._service.pause, body.reason, body.back_at)
        return JSONResponse({"state": paused.window}, 202 if paused.deferred else 200)

    async def resume(self, request: Request, _person: Person) -> Response:
        """Take the away sign down (R19)."""
        await self._body(request, NoBody)
        return JSONResponse({"state": (await accepted(self._service.resume)).window})

    def _signed_in(
        self, do: Callable[[Request, Person], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for whoever is signed in; done or not, the person is still there."""

        async def endpoint(request: Request) -> Response:
            person = await self._person(request)
            if person is None:
                detail = "Sign in at the clerk's page, which is at / of this terminal."
                raise ProblemError(Kind.SIGN_IN_REQUIRED, detail, headers=_CHALLENGE)
            self._door.stay(person)
            with self._inside.one():
                return await do(request, person)

        return endpoint

    async def _person(self, request: Request) -> Person | None:
        token = token_of(request)
        if not self._door.knows(token):
            return None
        with self._inside.one():
            return await _at_the_door(self._door.person, token)

    async def _body(self, request: Request, model: type[SomeBody]) -> SomeBody:
        return checked(model, await read_object(request, self._body_patience_seconds))

    def _person_answer(self, person: Person) -> dict[str, str | int | None]:
        return {"staff_no": person.staff_no, "name": person.name, "seconds_left": self._door.seconds_left(person)}


async def _at_the_door(ask: Callable[_P, _Result], *args: _P.args, **kwargs: _P.kwargs) -> _Result:
    try:
        return await run_in_threadpool(ask, *args, **kwargs)
    except DoorStuckError as error:
        _logger.error("clerks_cannot_sign_in", cause=str(error))
        detail = "Have a technician look: GET /v1/health and the terminal's log say what is wrong with its storage."
        raise ProblemError(Kind.CANNOT_SIGN_IN, detail, retry_after=CANNOT_RECORD_RETRY_SECONDS) from error


def _wrong_pin(rejected: Rejected, address: str) -> ProblemError:
    # Not the number that was typed: it may be a PIN in the wrong field.
    _logger.warning("wrong_pin", address=address)
    retry_after = rejected.wait_seconds or None
    detail = "Type both again, after Retry-After seconds if it is there; a technician can set a new PIN."
    return ProblemError(Kind.WRONG_PIN, detail, retry_after=retry_after, headers=_CHALLENGE)


def _with_cookie(request: Request, admitted: Admitted) -> Response:
    response = Response(status_code=204)
    give(request, response, admitted.token)
    return response


def _window_answer(view: WindowView) -> dict[str, object]:
    return {
        "number": view.number,
        "staff": None if view.staff is None else dict(view.staff),
        "state": view.state,
        "visit_id": view.visit_id,
        "ticket_no": view.ticket_no,
        "closes_in_seconds": view.closes_in_seconds,
        "away": None if view.away is None else dict(view.away),
    }
