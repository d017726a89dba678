"""The cookie that a signed-in browser keeps until it is closed."""

from starlette.requests import Request
from starlette.responses import Response


def token_of(request: Request) -> str:
    """What the browser's cookie holds; empty without one."""
    return request.cookies.get(_name(request), "")


def give(request: Request, response: Response, token: str) -> None:
    """Hand the cookie over: no script reads it, no other site sends it, and over TLS nothing else carries it."""
    is_encrypted = request.url.scheme == "https"
    response.set_cookie(_name(request), token, path="/", secure=is_encrypted, httponly=True, samesite="strict")


def take_back(request: Request, response: Response) -> None:
    """Have the browser forget it."""
    is_encrypted = request.url.scheme == "https"
    response.delete_cookie(_name(request), path="/", secure=is_encrypted, httponly=True, samesite="strict")


def _name(request: Request) -> str:
    # By its prefix a browser refuses one that was not set by this very host over TLS.
    return "__Host-clerk" if request.url.scheme == "https" else "clerk"
