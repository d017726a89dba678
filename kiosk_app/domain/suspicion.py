"""What looks suspicious is flagged, never deleted and never blocking; the platform judges (R13)."""

_INSTANT_MS = 1_000
_BURST_MS = 60_000
_BURST_BEFORE = 5
"""The sixth visit within the minute is the first one flagged."""


def visit_flags(
    opened_ms: int, earlier_ms: tuple[int, ...], staff_no: str | None, called_staff_no: str | None
) -> tuple[str, ...]:
    """Flags that stand when a visit opens: `burst`, and `staff_mismatch` where the call names another person
    than the one the visit counts for.

    Times are milliseconds of one boot, the earlier openings oldest first.
    """
    burst = len(earlier_ms) >= _BURST_BEFORE and opened_ms - earlier_ms[-_BURST_BEFORE] <= _BURST_MS
    mismatch = called_staff_no is not None and staff_no != called_staff_no
    return ("burst",) * burst + ("staff_mismatch",) * mismatch


def rating_flags(
    response_ms: int, service_ms: int, short_service_ms: int, *, outside_hours: bool = False
) -> tuple[str, ...]:
    """Flags of the answer: `instant` (within 1 s of the invitation), `short_service` and `outside_hours`.

    `service_ms` is the time from the visit's opening to its invitation.
    """
    found = {
        "instant": response_ms < _INSTANT_MS,
        "short_service": service_ms < short_service_ms,
        "outside_hours": outside_hours,
    }
    return tuple(flag for flag, stands in found.items() if stands)
