"""Every error of the window API is an RFC 9457 problem document (interfaces §6)."""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

TYPE_PREFIX = "urn:hall-kiosk:problem:"


class Kind(Enum):
    """The kinds of errors: status and title; the name, in kebab case, ends the document's `type`."""

    UNREADABLE_REQUEST = (HTTPStatus.BAD_REQUEST, "The request cannot be read")
    TOKEN_REQUIRED = (HTTPStatus.UNAUTHORIZED, "The token is missing or wrong")
    SIGN_IN_REQUIRED = (HTTPStatus.UNAUTHORIZED, "Nobody is signed in")
    WRONG_PIN = (HTTPStatus.UNAUTHORIZED, "The staff number or the PIN is wrong")
    FOREIGN_ORIGIN = (HTTPStatus.FORBIDDEN, "Pages of other sites may not call this terminal")
    UNKNOWN_ADDRESS = (HTTPStatus.NOT_FOUND, "There is nothing at this address")
    UNKNOWN_VISIT = (HTTPStatus.NOT_FOUND, "The visit is unknown")
    WRONG_METHOD = (HTTPStatus.METHOD_NOT_ALLOWED, "The address does not take this method")
    BODY_TOO_SLOW = (HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time")
    VISIT_OPEN = (HTTPStatus.CONFLICT, "Another visit is open at this window")
    INVITING = (HTTPStatus.CONFLICT, "The citizen is being asked to rate")
    PAUSED = (HTTPStatus.CONFLICT, "The window is paused")
    VISIT_FINISHED = (HTTPStatus.CONFLICT, "The visit is finished")
    BODY_TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large")
    FOREIGN_HOST = (HTTPStatus.MISDIRECTED_REQUEST, "The request was meant for another host")
    WRONG_CONTENT_TYPE = (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is of another type")
    INVALID_FIELD = (HTTPStatus.UNPROCESSABLE_ENTITY, "A field of the body is not allowed as it is")
    TOO_MANY_WRONG_TOKENS = (HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong tokens from this address")
    TOO_MANY_WRONG_PINS = (HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong PINs")
    INTERNAL_ERROR = (HTTPStatus.INTERNAL_SERVER_ERROR, "The terminal made a mistake")
    BUSY = (HTTPStatus.SERVICE_UNAVAILABLE, "Too many requests at once")
    CANNOT_RECORD = (HTTPStatus.SERVICE_UNAVAILABLE, "The terminal cannot store records")
    CANNOT_SIGN_IN = (HTTPStatus.SERVICE_UNAVAILABLE, "The terminal cannot read the staff list")

    @property
    def type(self) -> str:
        """The URI that programs can tell the kinds apart by."""
        return TYPE_PREFIX + self.name.lower().replace("_", "-")


class ProblemError(Exception):
    """A request that is not done; `detail` says what to do about it."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        visit_id: str | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.visit_id = visit_id
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def response(self) -> JSONResponse:
        """The problem document."""
        status, title = self.kind.value
        document = {"type": self.kind.type, "title": title, "status": status.value, "detail": self.detail}
        if self.visit_id is not None:
            document["visit_id"] = self.visit_id
        return JSONResponse(document, status, self.headers, media_type="application/problem+json")


async def answer_problem(_request: Request, problem: Exception) -> JSONResponse:
    """Answer a `ProblemError` that an endpoint raised."""
    assert isinstance(problem, ProblemError)  # noqa: S101 - registered for this class only
    return problem.response()


async def answer_unknown_address(_request: Request, _error: Exception) -> JSONResponse:
    """Answer a path that no route has."""
    detail = (
        "Check the path against openapi.yaml of the window API; all of it is below /v1/, and the clerk's page is at /."
    )
    return ProblemError(Kind.UNKNOWN_ADDRESS, detail).response()


async def answer_wrong_method(_request: Request, error: Exception) -> JSONResponse:
    """Answer a method that the path's route does not take; `Allow` comes from the router."""
    headers = getattr(error, "headers", None)
    return ProblemError(Kind.WRONG_METHOD, "Use a method named in the Allow header.", headers=headers).response()
