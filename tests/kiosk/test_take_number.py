"""Take a number: from the lease, once, shown large, printed, with its rating code (R21, R22)."""

from contextlib import closing
from datetime import timedelta

import pytest

from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.domain.queue_numbers import serial_of
from kiosk_app.domain.rating_code import COUNTERS_A_DAY, check_code, device_key, make_code, read_code
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.kiosk.screen_state import Check, Listing, Menu, Message, Name, Page, Printing, Result, Row, Search, say
from kiosk_app.kiosk.service import Action
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import FakePrinter, KioskRig, words_of


def test_home_offers_five_choices(rig: KioskRig) -> None:
    menu = rig.content(Menu)
    assert [entry.id for entry in menu.entries] == ["take_number", "book", "check_in", "rate", "look_up"]
    assert all(entry.enabled for entry in menu.entries)
    assert not rig.screen().can_go_back


def test_the_way_from_home_to_the_number(rig: KioskRig) -> None:
    rig.choose("take_number")
    assert rig.page() is Page.DEPARTMENTS
    assert [entry.id for entry in rig.content(Listing).entries] == ["社会保险", "出入境", "税务"]
    rig.choose("社会保险", "S-1")
    check = rig.content(Check)
    assert check.rows == (
        Row(say("number.department"), Name("社会保险")),
        Row(say("number.waiting"), say("number.waiting.count", count=7)),
    )
    assert check.note is None
    assert rig.records("ticket_issued") == []
    rig.confirm()
    screen, result = rig.screen(), rig.content(Result)
    assert (screen.page, screen.done, screen.can_go_back) == (Page.NUMBER_TAKEN, True, True)
    (ticket,) = rig.records("ticket_issued")
    assert result.big == ticket.payload["ticket_no"] == "A001"
    assert ticket.payload["item_group"] == "social"
    assert ticket.payload["items"] == ["S-1"]
    assert ticket.payload["lease_id"] == "n-social"
    code = check_code(ticket.payload["rating_code"], small_hall.HALL_KEY, small_hall.HALL_ID)
    assert not isinstance(code, str)
    assert (code.short_id, code.day, code.counter) == (small_hall.SHORT_ID, small_hall.TODAY, 0)
    assert result.qr == f"{small_hall.PUBLIC_URL}/r/{code.text}"


def test_the_number_is_recorded_with_its_visit_before_it_is_printed(rig: KioskRig) -> None:
    rig.take_number()
    *_, opened, ticket = rig.records()
    assert (opened.kind, ticket.kind) == ("visit_opened", "ticket_issued")
    assert opened.visit_id == ticket.visit_id is not None
    assert opened.payload["opened_by"] == "kiosk"
    assert opened.payload["ticket_no"] is None
    assert opened.payload["rating_code"] is None
    assert [case["item_code"] for case in opened.payload["cases"]] == ["S-1"]
    assert rig.content(Result).printing is Printing.PRINTING
    rig.print_ends()
    (result,) = rig.records("print_result")
    assert (result.payload["of"], result.payload["copy"]) == (ticket.record_id, 1)
    assert rig.content(Result).printing is Printing.PRINTED
    assert rig.content(Result).printing_line == say("printing.take")


def test_the_slip_bears_number_item_code_and_last_day(rig: KioskRig) -> None:
    rig.take_number()
    assert rig.printer is not None
    words = words_of(rig.printer.slips[0])
    (ticket,) = rig.records("ticket_issued")
    for expected in ("A001", "医疗保险参保登记", ticket.payload["rating_code"], "11月30日"):
        assert expected in words


def test_the_slip_speaks_the_language_of_the_screen_and_the_next_citizen_has_the_default(rig: KioskRig) -> None:
    assert rig.printer is not None
    rig.act(Action.LANGUAGE, "en")
    rig.take_number()
    rig.home()
    rig.take_number()
    english, chinese = map(words_of, rig.printer.slips)
    assert "Health insurance registration" in english
    assert "Health insurance registration" not in chinese


def test_an_item_is_found_by_pinyin_initials_and_full_pinyin(rig: KioskRig) -> None:
    rig.choose("take_number")
    rig.act(Action.SEARCH)
    assert rig.content(Search).entries == ()
    rig.keys("cbdj")
    assert [entry.id for entry in rig.content(Search).entries] == ["S-1"]
    rig.keys("x")
    assert rig.content(Search).entries == ()
    for _ in range(5):
        rig.act(Action.ERASE)
    assert rig.content(Search).typed == ""
    rig.keys("yanglao")
    assert [entry.id for entry in rig.content(Search).entries] == ["S-2"]
    rig.choose("S-2")
    assert rig.page() is Page.NUMBER
    rig.back()
    assert rig.content(Search).typed == "yanglao"


def test_an_item_without_a_queue_stays_in_its_place_and_says_so(rig: KioskRig) -> None:
    rig.choose("take_number", "税务")
    entry = next(entry for entry in rig.content(Listing).entries if entry.id == "X-1")
    assert (entry.enabled, entry.detail) == (False, say("item.no_number"))
    rig.choose("X-1")
    assert rig.page() is Page.ITEMS


def test_serials_follow_the_steps_of_the_lease(rig: KioskRig) -> None:
    for _ in range(3):
        rig.take_number()
        rig.home()
    assert [ticket.payload["ticket_no"] for ticket in rig.records("ticket_issued")] == ["A001", "A003", "A005"]


def test_a_terminal_that_took_the_place_of_another_goes_on_behind_it(make_rig: MakeRig) -> None:
    rig = make_rig(sections=small_hall.hall(numbers=[small_hall.number_lease(next=8)]))
    rig.take_number()
    assert rig.content(Result).big == "A009"


def test_a_second_lease_goes_on_where_the_first_is_used_up_and_then_a_clear_word_follows(make_rig: MakeRig) -> None:
    leases = [small_hall.number_lease(last=1), small_hall.number_lease("n-more", first=1000, last=1002)]
    rig = make_rig(sections=small_hall.hall(numbers=leases))
    for _ in range(3):
        rig.take_number()
        rig.home()
    assert [ticket.payload["ticket_no"] for ticket in rig.records("ticket_issued")] == ["A001", "A1000", "A1002"]
    before = len(rig.records())
    rig.take_number()
    message = rig.content(Message)
    assert message.title == say("number.used_up")
    assert message.lines == (say("number.used_up.reception"), say("number.used_up.booking"))
    assert len(rig.records()) == before
    rig.back()
    assert rig.page() is Page.NUMBER


def test_no_number_is_made_up_from_another_days_or_groups_lease(make_rig: MakeRig) -> None:
    leases = [
        small_hall.number_lease("n-yesterday", day=small_hall.TODAY - timedelta(days=1)),
        small_hall.number_lease("n-tomorrow", day=small_hall.TODAY + timedelta(days=1)),
        small_hall.number_lease("n-tax", "tax"),
    ]
    rig = make_rig(sections=small_hall.hall(numbers=leases))
    rig.take_number()
    assert rig.content(Message).title == say("number.used_up")
    assert rig.records("ticket_issued", "visit_opened") == []


def test_at_midnight_the_next_days_lease_begins(make_rig: MakeRig) -> None:
    leases = [small_hall.number_lease("n-1"), small_hall.number_lease("n-2", day=small_hall.TODAY + timedelta(days=1))]
    rig = make_rig(sections=small_hall.hall(numbers=leases))
    rig.take_number()
    rig.home()
    rig.pass_time(24 * 3600)
    rig.take_number()
    first, second = rig.records("ticket_issued")
    assert (first.payload["ticket_no"], second.payload["ticket_no"]) == ("A001", "A001")
    assert (first.payload["lease_id"], second.payload["lease_id"]) == ("n-1", "n-2")
    counters = [check_code(t.payload["rating_code"], small_hall.HALL_KEY, 1).counter for t in (first, second)]  # type: ignore[union-attr]
    assert counters == [0, 0]


def test_two_items_of_one_queue_share_the_number_within_a_visit(rig: KioskRig) -> None:
    rig.take_number()
    rig.print_ends()
    rig.back()
    assert rig.page() is Page.DEPARTMENTS
    rig.choose("社会保险", "S-2")
    rig.confirm()
    result = rig.content(Result)
    assert result.big == "A001"
    assert result.lines[0] == say("number.shared", number="A001")
    assert len(rig.records("ticket_issued")) == 1
    assert len(rig.records("visit_opened")) == 1


def test_another_queue_in_the_same_visit_is_another_number_and_the_first_task_is_settled(rig: KioskRig) -> None:
    rig.take_number()
    rig.back()
    rig.choose("税务", "T-1")
    rig.confirm()
    first, second = rig.records("visit_opened")
    missed = rig.outcome(first.visit_id)
    assert missed is not None
    assert missed.payload["reason"] == "not_invited"
    assert rig.outcome(second.visit_id) is None
    assert [t.payload["ticket_no"] for t in rig.records("ticket_issued")] == ["A001", "C001"]


def test_the_next_citizen_gets_a_number_of_the_same_queue(rig: KioskRig) -> None:
    rig.take_number()
    rig.home()
    rig.take_number()
    assert rig.content(Result).big == "A003"


@pytest.mark.parametrize("hour", [8, 17, 23])
def test_outside_of_opening_hours_the_page_warns(rig: KioskRig, hour: int) -> None:
    rig.clock.wall = rig.clock.wall.replace(hour=hour)
    rig.choose("take_number", "社会保险", "S-1")
    assert rig.content(Check).note == say("number.closed")


def test_without_rating_codes_the_number_has_none(make_rig: MakeRig) -> None:
    rig = make_rig(rating_key=None)
    rig.take_number()
    (ticket,) = rig.records("ticket_issued")
    assert ticket.payload["rating_code"] is None
    assert rig.content(Result).qr == ""


def test_a_touch_just_before_midnight_has_a_code_of_the_day_of_its_number(
    rig: KioskRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last day to rate, which the slip tells, is counted from the day in the code (R10)."""
    rig.choose("take_number", "社会保险", "S-1")
    tomorrow = small_hall.TODAY + timedelta(days=1)
    monkeypatch.setattr(rig.station._counter, "today", lambda: tomorrow)  # midnight passes while it is recorded
    rig.confirm()
    (ticket,) = rig.records("ticket_issued")
    code = read_code(ticket.payload["rating_code"])
    assert code is not None
    assert code.day.isoformat() == ticket.occurred_at[:10]


def test_a_journal_that_took_the_place_of_a_lost_one_repeats_none_of_its_codes(rig: KioskRig) -> None:
    rig.take_number()
    (lost,) = rig.records("ticket_issued")
    with closing(DeliveryStore.open(rig.directory)) as delivery:
        delivery.admit(rig.records())

    def lose_the_journal() -> None:
        for file in rig.directory.glob("journal.sqlite3*"):
            file.unlink()

    rig.restart(lose_the_journal)
    rig.pull(small_hall.hall(numbers=[small_hall.number_lease(next=3)]))
    rig.take_number()
    (ticket,) = rig.records("ticket_issued")
    assert ticket.payload["rating_code"] != lost.payload["rating_code"]
    code = check_code(ticket.payload["rating_code"], small_hall.HALL_KEY, small_hall.HALL_ID)
    assert not isinstance(code, str)
    assert code.counter == 9 * COUNTERS_A_DAY // 24 + 1


def test_a_terminal_that_took_the_place_of_another_repeats_none_of_its_codes(make_rig: MakeRig) -> None:
    leases = [small_hall.number_lease(next=8), small_hall.number_lease("other", "户籍", first=10, last=20, step=5)]
    rig = make_rig(sections=small_hall.hall(numbers=leases))
    rig.take_number()
    given = read_code(rig.records("ticket_issued")[0].payload["rating_code"])
    # The platform knows of 1, 3, 5 and 7: four codes, 0 to 3, are on paper already.
    assert given is not None
    assert given.counter == 4


def test_numbers_of_ones_own_that_the_platform_knows_skip_no_code(rig: KioskRig) -> None:
    rig.take_number()
    rig.tell_hall(small_hall.hall(numbers=[small_hall.number_lease(next=3)]))
    rig.home()
    rig.take_number()
    codes = [read_code(ticket.payload["rating_code"]) for ticket in rig.records("ticket_issued")]
    assert [code.counter for code in codes if code is not None] == [0, 1]


def test_after_4096_codes_a_day_numbers_go_on_without_a_code(rig: KioskRig) -> None:
    key = device_key(small_hall.HALL_KEY, small_hall.SHORT_ID)
    last = make_code(key, small_hall.HALL_ID, small_hall.SHORT_ID, small_hall.TODAY, COUNTERS_A_DAY - 1)
    payload: Json = {"ticket_no": "Z001", "item_group": "z", "items": [], "rating_code": last, "lease_id": None}
    given = Draft(Kind.TICKET_ISSUED, payload, rig.clock.now())
    rig.station._mailbox.ask(lambda: rig.station._counter.recorder.append(given))
    rig.take_number()
    assert rig.records("ticket_issued")[-1].payload["rating_code"] is None
    assert rig.content(Result).big == "A001"


# -- paper ------------------------------------------------------------------------------------------------------------


def test_a_slip_that_did_not_come_out_can_be_asked_for_again_and_says_so(rig: KioskRig) -> None:
    assert rig.printer is not None
    rig.take_number()
    rig.act(Action.PRINT)
    assert len(rig.printer.jobs) == 1
    rig.print_ends(PrintState.FAILED, "paper out")
    result = rig.content(Result)
    assert (result.printing, result.may_print, result.printing_line) == (Printing.FAILED, True, say("printing.failed"))
    rig.act(Action.PRINT)
    assert [reprint for _, _, reprint in rig.printer.jobs] == [False, True]
    assert "补打" not in words_of(rig.printer.slips[0])
    assert "补打" in words_of(rig.printer.slips[1])
    rig.print_ends(PrintState.UNCONFIRMED)
    assert rig.content(Result).may_print
    rig.act(Action.PRINT)
    rig.print_ends(PrintState.FAILED)
    assert not rig.content(Result).may_print
    rig.act(Action.PRINT)
    assert len(rig.printer.jobs) == 3
    assert [r.payload["copy"] for r in rig.records("print_result")] == [1, 2, 3]
    assert len(rig.records("ticket_issued")) == 1


def test_while_a_slip_stands_still_the_screen_says_what_to_do_and_nothing_is_printed_twice(rig: KioskRig) -> None:
    assert rig.printer is not None
    rig.take_number()
    rig.printer_becomes(Condition.PAPER_OUT)
    result = rig.content(Result)
    assert (result.printing, result.printing_line) == (Printing.PRINTING, say("printing.held"))
    rig.printer_becomes(Condition.READY)
    assert rig.content(Result).printing_line == say("printing.printing")
    rig.print_ends(PrintState.CONFIRMED)
    assert rig.content(Result).printing_line == say("printing.take")
    assert len(rig.printer.jobs) == 1


def test_a_slip_that_came_out_is_not_printed_again(rig: KioskRig) -> None:
    assert rig.printer is not None
    rig.take_number()
    rig.print_ends(PrintState.CONFIRMED)
    rig.act(Action.PRINT)
    assert len(rig.printer.jobs) == 1


def test_a_result_that_comes_after_the_citizen_has_gone_is_recorded_and_shown_to_nobody(rig: KioskRig) -> None:
    rig.take_number()
    rig.home()
    rig.print_ends(PrintState.FAILED)
    assert rig.page() is Page.HOME
    assert len(rig.records("print_result")) == 1


def test_without_paper_home_says_so_and_the_number_is_shown_large(rig: KioskRig) -> None:
    rig.printer_becomes(Condition.PAPER_OUT)
    assert rig.screen().notices == (say("notice.paper_out"),)
    rig.choose("take_number", "社会保险", "S-1")
    assert rig.content(Check).note == say("number.no_paper")
    rig.confirm()
    assert rig.content(Result).big == "A001"
    rig.print_ends(PrintState.FAILED, "paper out")
    assert rig.content(Result).printing_line == say("printing.failed")


def test_where_numbers_without_paper_make_no_sense_none_are_offered_without_it(rig: KioskRig) -> None:
    rig.tell_hall({}, {"settings": {"numbers_without_paper": False}})
    rig.choose("take_number", "社会保险", "S-1")
    rig.printer_becomes(Condition.COVER_OPEN)
    rig.confirm()
    assert rig.content(Message).title == say("number.not_without_paper")
    rig.home()
    entry = rig.content(Menu).entries[0]
    assert (entry.enabled, entry.detail) == (False, say("home.take_number.no_paper"))
    rig.choose("take_number")
    assert rig.page() is Page.HOME
    assert rig.screen().notices == (say("notice.printer_down"),)
    assert rig.records("ticket_issued") == []
    rig.printer_becomes(Condition.READY)
    rig.take_number()
    assert rig.content(Result).big == "A001"


def test_a_kiosk_without_a_printer_says_photograph_it(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.take_number()
    result = rig.content(Result)
    assert (result.printing, result.printing_line, result.may_print) == (Printing.NONE, say("printing.none"), False)


# -- once -------------------------------------------------------------------------------------------------------------


def test_two_kiosks_of_a_hall_never_give_one_number_twice(make_rig: MakeRig) -> None:
    kiosks = [
        make_rig(
            f"kiosk-{first}",
            device=f"lw-a-k{first}",
            short_id=100 + first,
            sections=small_hall.hall(numbers=[small_hall.number_lease(f"n-{first}", first=first)]),
        )
        for first in (1, 2)
    ]
    for turn in (0, 1, 1, 0, 1, 0, 0):
        kiosks[turn].take_number()
        kiosks[turn].home()
    tickets = [ticket for kiosk in kiosks for ticket in kiosk.records("ticket_issued")]
    numbers = [ticket.payload["ticket_no"] for ticket in tickets]
    codes = [ticket.payload["rating_code"] for ticket in tickets]
    assert len(set(numbers)) == len(set(codes)) == 7
    assert {serial_of(number) % 2 for number in numbers} == {0, 1}


def test_a_number_that_the_store_has_seen_today_is_passed_over(make_rig: MakeRig) -> None:
    rig = make_rig(sections=small_hall.hall(numbers=[small_hall.number_lease("n-old", last=5)]))
    rig.take_number()
    rig.home()
    # The platform leases the same serials anew under another name.
    rig.tell_hall(small_hall.hall(numbers=[small_hall.number_lease("n-new", last=5)]))
    rig.take_number()
    assert rig.content(Result).big == "A003"
    assert [t.payload["lease_id"] for t in rig.records("ticket_issued")] == ["n-old", "n-new"]


def test_after_a_restart_the_serials_go_on(rig: KioskRig) -> None:
    rig.take_number()
    rig.restart()
    rig.take_number()
    assert rig.content(Result).big == "A003"


def test_nothing_is_given_that_cannot_be_recorded(make_rig: MakeRig) -> None:
    printer = FakePrinter()
    rig = make_rig(printer=printer)
    rig.choose("take_number", "社会保险", "S-1")
    rig.broken = "disk full"
    rig.confirm()
    assert rig.page() is Page.CANNOT_RECORD
    assert printer.jobs == []
    rig.broken = None
    rig.pass_time(6)
    assert rig.page() is Page.NUMBER
    rig.confirm()
    assert rig.content(Result).big == "A001"
