"""From the bytes of a request to a JSON object: nothing too large, too slow, or not quite JSON gets past here."""

import asyncio
import json
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

MAXIMUM_BYTES = 64 * 1024


async def read_object(request: Request, patience_seconds: float) -> dict[str, Any]:
    """Read the body as a JSON object; no body is an empty one."""
    try:
        async with asyncio.timeout(patience_seconds):
            body = await _read_bytes(request)
    except TimeoutError:
        detail = f"Send the whole body within {patience_seconds:g} s of the request."
        raise ProblemError(Kind.BODY_TOO_SLOW, detail, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise _unreadable("The connection ended before the body did.") from None
    return parse_object(body)


async def _read_bytes(request: Request) -> bytes:
    if int(request.headers.get("content-length", 0)) > MAXIMUM_BYTES:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAXIMUM_BYTES:
            raise _too_large()
    return bytes(body)


def parse_object(body: bytes) -> dict[str, Any]:
    """Parse strict JSON: UTF-8, no NaN, no lone surrogates, every key once, an object at the top."""
    if not body.strip():
        return {}
    try:
        text = body.decode("utf-8-sig")  # some clients write a byte order mark, and it harms nothing
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
        json.dumps(value, ensure_ascii=False).encode()  # an escape such as \\ud800 is no character
    except RecursionError:
        raise _unreadable("It is nested too deeply.") from None
    except UnicodeError:
        raise _unreadable("It is not valid UTF-8 text.") from None
    except json.JSONDecodeError as error:
        raise _unreadable(f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except ValueError:
        raise _unreadable("It has a number of thousands of digits.") from None
    if not isinstance(value, dict):
        raise _unreadable("It is not an object in braces.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _unreadable("An object has the same key twice.")
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise _unreadable(f"{word} is not JSON.")


def _unreadable(fault: str) -> ProblemError:
    return ProblemError(Kind.UNREADABLE_REQUEST, f"{fault} Send the body as one JSON object in UTF-8.")


def _too_large() -> ProblemError:
    return ProblemError(Kind.BODY_TOO_LARGE, f"Send at most {MAXIMUM_BYTES} bytes.")
