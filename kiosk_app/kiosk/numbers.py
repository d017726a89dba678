"""Drawing the next number from what is leased to this terminal: never an invented one (R22)."""

from collections.abc import Callable
from functools import partial

from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.queue_numbers import next_serial, ticket_no
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.kiosk.counter import Counter, Taken
from kiosk_app.kiosk.hall_data import Item

Along = Callable[[str], tuple[Draft, ...]]
"""Records that go with a number, given the id of the visit."""


def _nothing_else(_: str) -> tuple[Draft, ...]:
    return ()


def draw_number(
    counter: Counter,
    item: Item,
    at: Moment,
    *,
    booked: bool = False,
    along: Along = _nothing_else,
) -> Taken | None:
    """Record the next number of the item's group, a visit to the kiosk with it, and what goes `along` with them.

    Leases are used one after another. None where all are used up, or there is none; then nothing was recorded. A number
    that the store has seen already today is passed over. After a restore there is none until the platform has told
    where to go on. Raises `JournalUnavailableError`.
    """
    if not counter.knows_what_it_gave():
        return None
    day = at.wall.astimezone(CHINA_TIME).date()
    for lease in counter.hall.leases_of(item.group, day):
        last_used = counter.read(lambda journal, of=lease.lease_id: journal.last_serial(of, day))  # type: ignore[misc]
        while (serial := next_serial(lease, last_used)) is not None:
            number, code = ticket_no(item.letter, serial, booked), counter.new_rating_code(day)
            payload: Json = {
                "ticket_no": number,
                "item_group": item.group,
                "items": [item.code],
                "rating_code": code,
                "lease_id": lease.lease_id,
            }
            try:
                ticket = counter.finish_task(item.case, at, partial(_drafts, along, payload, at))[-1]
            except AlreadyRecordedError:
                last_used = serial
                continue
            waiting = counter.hall.waiting.get(item.group)
            return Taken(ticket.record_id, number, item, at.wall.astimezone(CHINA_TIME), code, waiting)
    return None


def _drafts(along: Along, payload: Json, at: Moment, visit_id: str) -> tuple[Draft, ...]:
    return (*along(visit_id), Draft(Kind.TICKET_ISSUED, payload, at, visit_id))
