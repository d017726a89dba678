"""Numbers, codes and bookings: taken once, whoever asks, and known again at once (R3, R22, R23)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.domain.levels import Level
from kiosk_app.domain.queue_numbers import serial_of
from kiosk_app.domain.rating_code import device_key, make_code, read_code
from kiosk_app.domain.records import Draft, Json, Kind, Record
from kiosk_app.journal import kiosk_projections, schema
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import AlreadyRecordedError, Journal, JournalUnavailableError
from kiosk_app.journal.tallies import evaluator_availability, tallies
from kiosk_app.journal.verification import verify
from tests.journal import drafts, worker
from tests.journal.storage import open_journal, raw
from tests.journal.worker import process, told
from tests.manual_clock import ManualClock

DAY = date(2026, 11, 23)
KEY = device_key(b"\xab" * 32, 12)
CODES = tuple(make_code(KEY, 1, 12, DAY, counter) for counter in (0, 3, 7))
BOOKED, CANCELLED, CHECKED_IN = (
    Kind.APPOINTMENT_BOOKED,
    Kind.APPOINTMENT_CANCELLED,
    Kind.APPOINTMENT_CHECKED_IN,
)


@pytest.fixture
def there(storage: Path, journal: Journal, clock: ManualClock) -> Iterator[Journal]:
    """Another process's hold on the same journal."""
    with closing(open_journal(storage, clock)) as other:
        yield other


def refused(journal: Journal, draft: Draft, rule: str) -> None:
    before = list(journal.all_records())
    with pytest.raises(AlreadyRecordedError, match=rule):
        journal.append(drafts.action(draft.at), draft)
    assert list(journal.all_records()) == before


# Numbers (R22)


def test_a_number_is_given_once_a_day_also_by_another_process_r22(
    journal: Journal, there: Journal, clock: ManualClock
) -> None:
    journal.append(drafts.ticket(clock.now(), "A001"))
    refused(there, drafts.ticket(clock.now(), "A001", lease_id="n-2"), "R22")
    clock.advance(24 * 3600)
    there.append(drafts.ticket(clock.now(), "A001", lease_id="n-tomorrow"))


def test_a_serial_is_one_number_with_or_without_y_r22(journal: Journal, there: Journal, clock: ManualClock) -> None:
    journal.append(drafts.ticket(clock.now(), "A005"))
    refused(there, drafts.ticket(clock.now(), "YA005"), "R22")
    there.append(drafts.ticket(clock.now(), "YA006"))
    assert journal.last_serial("n-1", DAY) == 6


def test_the_last_serial_of_a_lease_is_known_again_r22(storage: Path, journal: Journal, clock: ManualClock) -> None:
    assert journal.last_serial("n-1", DAY) is None
    for number in ("A001", "A999", "A1000", "A004"):
        journal.append(drafts.ticket(clock.now(), number))
    journal.append(drafts.ticket(clock.now(), "B003", lease_id="n-2"))
    with closing(open_journal(storage, clock)) as after_a_restart:
        assert (after_a_restart.last_serial("n-1", DAY), after_a_restart.last_serial("n-2", DAY)) == (1000, 3)


def test_processes_that_race_for_numbers_get_each_once_r22(storage: Path) -> None:
    open_journal(storage).close()
    with ExitStack() as running:
        children = [running.enter_context(process(worker.take_numbers, storage, 30)) for _ in range(3)]
        given_out = [number for _, pipe in children for number in told(pipe)]
    assert sorted(given_out) == [f"A{serial:03d}" for serial in range(1, 91)]
    assert verify(storage).holds


def test_the_numbers_of_a_group_and_day_are_known_in_order(journal: Journal, clock: ManualClock) -> None:
    issued = [
        *journal.append(drafts.ticket(clock.now(), "A002"), drafts.ticket(clock.now(), "A001")),
        *journal.append(drafts.ticket(clock.now(), "B001", lease_id="n-2", item_group="社保")),
    ]
    clock.advance(24 * 3600)
    journal.append(drafts.ticket(clock.now(), "A001", lease_id="n-3"))
    assert journal.open_tickets(DAY, "综合") == issued[:2]
    assert journal.open_tickets(DAY, "社保") == issued[2:]
    assert journal.open_tickets(DAY + timedelta(days=2), "综合") == []


def test_what_became_of_each_copy_is_known(journal: Journal, clock: ManualClock) -> None:
    (ticket,) = journal.append(drafts.ticket(clock.now()))
    assert journal.print_results(ticket.record_id) == []
    results = journal.append(
        drafts.print_result(clock.now(), ticket.record_id, state="failed"),
        drafts.print_result(clock.now(), new_id(), job_id="job-2"),
        drafts.print_result(clock.now(), ticket.record_id, job_id="job-3", copy=2),
    )
    assert journal.print_results(ticket.record_id) == [results[0], results[2]]


def test_a_platform_may_give_the_lease_of_every_day_the_same_id_r22(journal: Journal, clock: ManualClock) -> None:
    journal.append(drafts.ticket(clock.now(), "A001"), drafts.ticket(clock.now(), "A002"))
    clock.advance(24 * 3600)
    tomorrow = DAY + timedelta(days=1)
    assert journal.last_serial("n-1", tomorrow) is None
    journal.append(drafts.ticket(clock.now(), "A001"))
    assert (journal.last_serial("n-1", DAY), journal.last_serial("n-1", tomorrow)) == (2, 1)


# Codes (R3)


def test_a_code_rates_once_also_at_another_process_r3(journal: Journal, there: Journal, clock: ManualClock) -> None:
    (rating,) = journal.append(drafts.rating_by_code(clock.now(), CODES[0], Level.DISSATISFIED))
    refused(there, drafts.rating_by_code(clock.now(), CODES[0]), "R3")
    assert there.rating_by_code(CODES[0]) == rating
    there.append(drafts.rating_by_code(clock.now(), CODES[1]))


def test_another_spelling_is_the_same_code_r3(journal: Journal, clock: ManualClock) -> None:
    spelled = CODES[0].replace("-", "").replace("0", "o").lower()
    (ticket,) = journal.append(drafts.ticket(clock.now(), rating_code=spelled))
    journal.append(drafts.rating_by_code(clock.now(), CODES[0]))
    refused(journal, drafts.rating_by_code(clock.now(), spelled), "R3")
    assert journal.rating_by_code(spelled) == journal.rating_by_code(CODES[0]) is not None
    assert journal.ticket_by_code(CODES[0]) == ticket


def test_a_rating_on_the_spot_is_never_refused_for_its_code_r3(journal: Journal, clock: ManualClock) -> None:
    """A business system may give the code of an earlier ticket: the citizen who presses now has rated this visit."""
    journal.append(drafts.rating_by_code(clock.now(), CODES[0]))
    for _ in range(2):
        visit = new_id()
        rating = drafts.rating(clock.now(), visit)
        rating.payload["rating_code"] = CODES[0]
        journal.append(drafts.opened(clock.now(), visit), rating)
    assert tallies(journal, "day", DAY, DAY)["2026-11-23"].visits_ended == 2
    assert verify(journal.directory).holds


def test_who_rated_on_the_spot_cannot_rate_by_the_code_too_r3(journal: Journal, clock: ManualClock) -> None:
    visit = new_id()
    rating = drafts.rating(clock.now(), visit)
    rating.payload["rating_code"] = CODES[0]
    _, rated = journal.append(drafts.opened(clock.now(), visit), rating)
    refused(journal, drafts.rating_by_code(clock.now(), CODES[0]), "R3")
    assert journal.rating_by_code(CODES[0]) == rated


def test_ratings_without_a_code_do_not_stand_in_each_others_way(journal: Journal, clock: ManualClock) -> None:
    journal.append(*(drafts.rating(clock.now(), None) for _ in range(3)))
    assert journal.rating_by_code("") is None


def test_a_code_stands_on_one_ticket(journal: Journal, there: Journal, clock: ManualClock) -> None:
    (ticket,) = journal.append(drafts.ticket(clock.now(), "A001", rating_code=CODES[0]))
    refused(there, drafts.ticket(clock.now(), "A002", rating_code=CODES[0]), "one ticket")
    assert there.ticket_by_code(CODES[0]) == ticket
    assert there.ticket_by_code(CODES[1]) is None


@pytest.mark.parametrize("where", ["ticket", "opened", "missed", "rating"])
def test_a_counter_that_stands_in_any_record_is_not_used_again(
    journal: Journal, clock: ManualClock, where: str
) -> None:
    visit = new_id()
    made = {
        "ticket": drafts.ticket(clock.now()),
        "opened": drafts.opened(clock.now(), visit),
        "missed": drafts.missed(clock.now(), visit),
        "rating": drafts.rating(clock.now(), visit),
    }
    made[where].payload["rating_code"] = CODES[2]
    needs_a_visit = where in ("missed", "rating")
    journal.append(*[made["opened"]] * needs_a_visit, made[where])
    assert journal.last_code_counter(12, DAY) == 7
    assert journal.last_code_counter(13, DAY) is None
    assert journal.last_code_counter(12, DAY + timedelta(days=1)) is None


def test_the_greatest_counter_counts_in_whatever_order_codes_come(journal: Journal, clock: ManualClock) -> None:
    for code in (CODES[1], CODES[2], CODES[0]):
        visit = new_id()
        opened = drafts.opened(clock.now(), visit)
        opened.payload["rating_code"] = code
        journal.append(opened)
    assert journal.last_code_counter(12, DAY) == 7


# Bookings (R23)


def test_a_booking_is_made_once_and_ends_once_also_at_another_process_r23(
    journal: Journal, there: Journal, clock: ManualClock
) -> None:
    booked = drafts.appointment(BOOKED, clock.now(), "1")
    journal.append(booked)
    refused(there, booked, "R23")
    there.append(drafts.appointment(CHECKED_IN, clock.now(), "1"))
    refused(journal, drafts.appointment(CHECKED_IN, clock.now(), "1"), "R23")
    refused(journal, drafts.appointment(CANCELLED, clock.now(), "1"), "R23")


def test_a_booking_made_elsewhere_ends_here_once_r23(journal: Journal, there: Journal, clock: ManualClock) -> None:
    assert journal.appointment("P-1") is None
    journal.append(drafts.appointment(CANCELLED, clock.now(), "P-1", lease_id=None))
    refused(there, drafts.appointment(CANCELLED, clock.now(), "P-1", lease_id=None), "R23")
    refused(there, drafts.appointment(CHECKED_IN, clock.now(), "P-1", lease_id=None), "R23")
    found = there.appointment("P-1")
    assert found is not None
    assert found["state"] == "cancelled"


@pytest.mark.parametrize(("end", "state"), [(None, "booked"), (CANCELLED, "cancelled"), (CHECKED_IN, "checked_in")])
def test_a_bookings_state_is_known_and_what_was_booked(
    journal: Journal, clock: ManualClock, end: Kind | None, state: str
) -> None:
    (booked,) = journal.append(drafts.appointment(BOOKED, clock.now(), "1", contact=b"sealed"))
    if end is not None:
        journal.append(drafts.appointment(end, clock.now(), "1"))
    assert journal.appointment("1") == {**booked.payload, "state": state}


def test_a_cancelled_booking_gives_its_place_back_and_a_visit_keeps_it_r23(
    journal: Journal, clock: ManualClock
) -> None:
    assert journal.places_taken("s-1") == 0
    journal.append(*(drafts.appointment(BOOKED, clock.now(), number) for number in "123"))
    journal.append(drafts.appointment(BOOKED, clock.now(), "4", lease_id="s-2"))
    journal.append(drafts.appointment(CANCELLED, clock.now(), "2"), drafts.appointment(CHECKED_IN, clock.now(), "3"))
    # Booked elsewhere: its place was never one of this terminal's.
    journal.append(drafts.appointment(CANCELLED, clock.now(), "P-1"))
    assert (journal.places_taken("s-1"), journal.places_taken("s-2")) == (2, 1)


# All of it against a recount from the records

happenings = st.one_of(
    st.tuples(
        st.just("ticket"),
        st.sampled_from(["A001", "A002", "YA002", "B001", "A1000", "?"]),
        st.sampled_from(["n-1", "n-2", None]),
        st.sampled_from([*CODES, None]),
    ),
    st.tuples(st.sampled_from([BOOKED, CANCELLED, CHECKED_IN]), st.sampled_from("123"), st.sampled_from(["s-1", None])),
    st.tuples(st.just("rated"), st.sampled_from(CODES), st.sampled_from(Level)),
    st.tuples(st.just("rated on the spot"), st.sampled_from(CODES), st.sampled_from(Level)),
    st.tuples(st.just("next day")),
)


def play(journal: Journal, clock: ManualClock, happening: tuple[Any, ...]) -> None:
    now = clock.now()
    match happening:
        case ("ticket", number, lease_id, code):
            journal.append(drafts.ticket(now, number, lease_id=lease_id, rating_code=code))
        case ("rated", code, level):
            journal.append(drafts.rating_by_code(now, code, level))
        case ("rated on the spot", code, level):
            visit = new_id()
            rating = drafts.rating(now, visit, level)
            rating.payload["rating_code"] = code
            journal.append(drafts.opened(now, visit), rating)
        case ("next day",):
            clock.advance(24 * 3600)
        case (kind, number, lease_id):
            journal.append(drafts.appointment(kind, now, number, lease_id=lease_id))


def of_kind(records: list[Record], *kinds: Kind) -> list[Record]:
    return [record for record in records if record.kind in kinds]


@settings(max_examples=60, deadline=None)
@given(st.lists(happenings, max_size=25))
def test_whatever_happens_nothing_is_doubled_and_every_answer_equals_a_recount(history: list[tuple[Any, ...]]) -> None:
    clock = ManualClock()
    with TemporaryDirectory() as directory, closing(open_journal(Path(directory), clock)) as journal:
        for happening in history:
            with suppress(AlreadyRecordedError):
                play(journal, clock, happening)
        records = list(journal.all_records())
        check_tickets(journal, of_kind(records, Kind.TICKET_ISSUED))
        check_ratings(journal, records)
        check_bookings(journal, records)
        assert verify(Path(directory)).holds


def check_tickets(journal: Journal, tickets: list[Record]) -> None:
    days = [(ticket.occurred_at[:10], ticket.payload["ticket_no"]) for ticket in tickets]
    assert len(set(days)) == len(days)
    for lease_id in ("n-1", "n-2"):
        for day in {DAY, *(date.fromisoformat(day) for day, _ in days)}:
            own = [t for t in tickets if t.payload["lease_id"] == lease_id and t.occurred_at.startswith(str(day))]
            serials = [serial_of(t.payload["ticket_no"]) for t in own if t.payload["ticket_no"] != "?"]
            assert len(set(serials)) == len(serials)
            assert journal.last_serial(lease_id, day) == max(serials, default=None)
    for code in CODES:
        assert [t for t in tickets if t.payload["rating_code"] == code] == list(
            filter(None, [journal.ticket_by_code(code)])
        )
    assert journal.open_tickets(DAY, "综合") == [t for t in tickets if t.occurred_at.startswith("2026-11-23")]


def check_ratings(journal: Journal, records: list[Record]) -> None:
    ratings = of_kind(records, Kind.RATING)
    for code in CODES:
        with_it = [rating for rating in ratings if rating.payload["rating_code"] == code]
        assert sum(rating.visit_id is None for rating in with_it) <= 1
        assert journal.rating_by_code(code) == next(iter(with_it), None)
    seen = [read_code(record.payload["rating_code"]) for record in records if record.payload.get("rating_code")]
    assert journal.last_code_counter(12, DAY) == max((code.counter for code in seen if code), default=None)


def check_bookings(journal: Journal, records: list[Record]) -> None:
    bookings = {r.payload["appointment_no"]: r for r in of_kind(records, BOOKED)}
    ends = {r.payload["appointment_no"]: r for r in of_kind(records, CANCELLED, CHECKED_IN)}
    assert len(of_kind(records, BOOKED)) == len(bookings)
    assert len(of_kind(records, CANCELLED, CHECKED_IN)) == len(ends)
    kept = [b for n, b in bookings.items() if n not in ends or ends[n].kind != CANCELLED]
    assert journal.places_taken("s-1") == sum(b.payload["lease_id"] == "s-1" for b in kept)
    for number in "123":
        found, record = journal.appointment(number), bookings.get(number, ends.get(number))
        state = ends[number].kind.removeprefix("appointment_") if number in ends else "booked"
        assert found == (record and {**record.payload, "state": state})


# What does not fit


ODD_TICKETS: tuple[Json, ...] = (
    {},
    {"ticket_no": None, "item_group": None, "lease_id": None, "rating_code": None},
    {"ticket_no": 7, "item_group": ["A"], "lease_id": {}, "rating_code": 12},
    {"ticket_no": "Schalter drei", "lease_id": "n-1", "rating_code": "no code"},
    {"ticket_no": f"A{9**99}", "lease_id": "n-1"},
    {"ticket_no": "A" + "9" * 5_000, "lease_id": "n-1"},
    {"ticket_no": "\x00\x001", "lease_id": ""},
)


@pytest.mark.parametrize("payload", ODD_TICKETS, ids=range(len(ODD_TICKETS)))
@pytest.mark.parametrize("kind", sorted(kiosk_projections.KINDS))
def test_an_odd_payload_is_kept_like_any_other_and_breaks_nothing(
    journal: Journal, clock: ManualClock, kind: Kind, payload: Json
) -> None:
    odd = {**payload, "of": payload.get("ticket_no"), "appointment_no": payload.get("ticket_no")}
    (record,) = journal.append(Draft(kind, odd, clock.now()))
    assert journal.record_by_id(record.record_id) == record
    assert journal.last_serial("n-1", DAY) is None
    verdict = verify(journal.directory)
    assert verdict.holds, verdict
    journal.append(drafts.ticket(clock.now(), "A001"))


CHANGES: dict[str, str] = {
    "code_use": "UPDATE code_use SET counter = 4095",
    "issued_numbers": "UPDATE issued_numbers SET ticket_no = 'A002'",
    "lease_use": "DELETE FROM lease_use",
    "ticket_codes": "DELETE FROM ticket_codes",
    "rated_codes": "DELETE FROM rated_codes",
    "bookings": "UPDATE bookings SET lease_id = NULL",
    "booking_ends": "UPDATE booking_ends SET state = 'cancelled'",
    "prints": "DELETE FROM prints",
}


@pytest.mark.parametrize("table", schema.KIOSK_TABLES)
def test_a_changed_table_is_found_by_verify_r12(journal: Journal, clock: ManualClock, table: str) -> None:
    (ticket,) = journal.append(drafts.ticket(clock.now(), rating_code=CODES[0]))
    journal.append(
        drafts.print_result(clock.now(), ticket.record_id),
        drafts.rating_by_code(clock.now(), CODES[0]),
        drafts.appointment(BOOKED, clock.now(), "1"),
        drafts.appointment(CHECKED_IN, clock.now(), "1"),
    )
    assert verify(journal.directory).holds
    with raw(journal.directory) as connection:
        assert connection.execute(CHANGES[table]).rowcount == 1
    verdict = verify(journal.directory)
    assert verdict.problem is not None
    assert table in verdict.problem


@pytest.mark.parametrize("table", schema.KIOSK_TABLES)
def test_a_table_that_no_longer_refuses_a_second_use_is_noticed_at_the_start_and_by_verify_r12(
    journal: Journal, clock: ManualClock, table: str
) -> None:
    journal.append(drafts.ticket(clock.now(), rating_code=CODES[0]))
    journal.close()
    with raw(journal.directory) as connection:
        connection.execute(f"CREATE TABLE plain AS SELECT * FROM {table}")  # noqa: S608
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE plain RENAME TO {table}")
    with pytest.raises(JournalUnavailableError, match=table):
        open_journal(journal.directory)
    verdict = verify(journal.directory)
    assert verdict.problem is not None
    assert table in verdict.problem


# Statistics (R15)


def test_a_visit_at_the_kiosk_counts_as_a_visit_and_no_evaluator_is_missed_there_r15(
    journal: Journal, clock: ManualClock
) -> None:
    visit = new_id()
    opened = drafts.opened(clock.now(), visit, staff_no=None)
    opened.payload.update(window=None, ticket_no=None, opened_by="kiosk")
    rating = drafts.rating(clock.now(), visit, Level.VERY_SATISFIED, staff_no=None)
    rating.payload.update(window=None, ticket_no=None, channel="self_service")
    journal.append(opened, drafts.invited(clock.now(), visit, "touchscreen"), rating)
    tally = tallies(journal, "window", DAY, DAY)[""]
    assert (tally.visits_ended, tally.invitations, tally.rated) == (1, 1, 1)
    assert evaluator_availability(journal, DAY, DAY) is None
    assert verify(journal.directory).holds


def test_a_rating_by_code_counts_as_a_rating_and_not_as_a_visit_r15(journal: Journal, clock: ManualClock) -> None:
    (rating,) = journal.append(drafts.rating_by_code(clock.now(), CODES[0], Level.VERY_DISSATISFIED))
    tally = tallies(journal, "day", DAY, DAY)["2026-11-23"]
    assert (tally.visits_ended, tally.invitations, tally.rated) == (0, 0, 1)
    assert journal.awaiting_detail() == [(rating.record_id, None)]


def test_the_store_says_which_rule_it_kept(journal: Journal, clock: ManualClock) -> None:
    """A technician reads it in the log."""
    twice: list[Callable[[], Draft]] = [
        lambda: drafts.ticket(clock.now(), "A001"),
        lambda: drafts.rating_by_code(clock.now(), CODES[0]),
        lambda: drafts.appointment(BOOKED, clock.now()),
        lambda: drafts.appointment(CANCELLED, clock.now()),
    ]
    for draft in twice:
        journal.append(draft())
        refused(journal, draft(), r"\(R\d+\)")
