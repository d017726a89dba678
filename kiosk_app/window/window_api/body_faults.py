"""The first fault of a body, in one clear sentence that never repeats a value: it may be personal data (R11)."""

from pydantic import ValidationError

from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

_RULES = {
    "missing": "is required",
    "string_type": "must be a string, not {given}",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "bool_type": "must be true or false, not {given}",
    "int_type": "must be an integer, not {given}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be a list, not {given}",
    "too_long": "must have at most {max_length} items",
    "model_type": "must be an object, not {given}",
}
_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


def field_problem(error: ValidationError) -> ProblemError:
    """Name the field, its fault and what is allowed."""
    first = error.errors(include_url=False)[0]
    context = {**first.get("ctx", {}), "given": _KINDS[type(first["input"])]}
    rule = _RULES[first["type"]].format(**context) if first["type"] in _RULES else first["msg"]
    return ProblemError(Kind.INVALID_FIELD, f"{_field(first['loc'])} {rule}.")


def shortened(key: str) -> str:
    """A key as it may be repeated: whatever the client made of it, on one line and not long."""
    return ascii(key if len(key) <= 40 else f"{key[:40]}…")


def _field(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".") or "The body"
