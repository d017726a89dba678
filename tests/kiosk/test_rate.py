"""Rating at the kiosk: by code and after a task; refused kindly; once (R3, R5, R6, R7, R9, R10, R11, R13, R21)."""

import base64
import json
from contextlib import closing
from datetime import date, datetime, time, timedelta

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from device_drivers.printer.conditions import PrintState
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.screen_state import (
    Choices,
    CodeEntry,
    Details,
    Guide,
    Menu,
    Message,
    Name,
    Page,
    PhoneEntry,
    Questions,
    Row,
    Say,
    say,
)
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.result_page import TAKE_MS
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import IDLE_SECONDS, KioskRig, code


def only_rating(rig: KioskRig) -> Record:
    (rating,) = rig.records("rating")
    return rating


# -- after a task (R21) -----------------------------------------------------------------------------------------------


def test_a_finished_task_goes_to_its_own_rating(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    screen = rig.screen()
    assert (screen.page, screen.can_go_back) == (Page.CHOICES, False)
    assert screen.countdown is not None
    assert screen.countdown.seconds == IDLE_SECONDS
    invited = rig.records()[-1]
    assert (invited.kind, invited.payload["prompt"]) == ("rating_invited", "touchscreen")
    assert invited.payload["expires_at"] == rig.clock.now().later(IDLE_SECONDS * 1000).stamp
    rig.clock.advance(3)
    rig.press(Level.SATISFIED)
    rating = only_rating(rig)
    assert rating.visit_id == invited.visit_id
    assert rating.payload == {
        "level": "satisfied",
        "score": 4,
        "source": "touchscreen",
        "channel": "self_service",
        "window": None,
        "staff_no": None,
        "ticket_no": None,
        "cases": rig.records("visit_opened")[0].payload["cases"],
        "rating_code": None,
        "response_ms": 3000,
        "flags": [],
        "evaluator": None,
    }
    assert rig.page() is Page.DETAILS


def test_silence_is_missed_at_the_deadline_and_the_screen_goes_home(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    invited = rig.clock.now()
    citizen = rig.screen().citizen
    rig.pass_time(IDLE_SECONDS + 0.4)
    assert rig.page() is Page.CHOICES
    rig.pass_time(0.2)
    screen = rig.screen()
    assert (screen.page, screen.citizen) == (Page.HOME, citizen + 1)
    missed = rig.records()[-1]
    assert (missed.kind, missed.payload["reason"]) == ("rating_missed", "timeout")
    assert missed.occurred_at == invited.later(IDLE_SECONDS * 1000).stamp


def test_a_press_that_arrived_in_time_counts_though_it_is_handled_late(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    arrived = rig.clock.seconds + IDLE_SECONDS - 0.001
    rig.clock.advance(IDLE_SECONDS + 0.3)
    rig.press(Level.DISSATISFIED, at=arrived)
    assert only_rating(rig).payload["response_ms"] == IDLE_SECONDS * 1000 - 1


def test_a_press_at_the_very_deadline_is_too_late(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    deadline = rig.clock.seconds + IDLE_SECONDS
    rig.clock.advance(IDLE_SECONDS)
    rig.press(Level.SATISFIED, at=deadline)
    rig.pass_time(1)
    assert rig.records("rating") == []
    assert rig.records()[-1].payload["reason"] == "timeout"


@pytest.mark.parametrize("how", ["decline", "home"])
def test_not_rating_is_declined_however_one_leaves(rig: KioskRig, how: str) -> None:
    rig.take_number()
    rig.confirm()
    if how == "decline":
        rig.decline()
    else:
        rig.home()
    assert rig.page() is Page.HOME
    assert rig.records()[-1].payload == {"reason": "declined", "rating_code": None}


@pytest.mark.parametrize("task", ["number", "booking"])
def test_once_the_slip_came_out_the_rating_follows_by_itself(rig: KioskRig, task: str) -> None:
    rig.take_number() if task == "number" else rig.book()
    rig.pass_time(30)
    page = rig.page()  # nothing came out yet: it stays
    rig.print_ends(PrintState.CONFIRMED)
    rig.pass_time(TAKE_MS / 1000 - 0.001)
    assert rig.page() is page is not Page.CHOICES
    rig.pass_time(0.001)
    screen = rig.screen()
    assert (screen.page, screen.idle) == (Page.CHOICES, None)
    assert len(rig.records("rating_invited")) == 1
    rig.pass_time(IDLE_SECONDS + 0.6)
    assert rig.page() is Page.HOME
    assert [r.payload["reason"] for r in rig.records("rating_missed")] == ["timeout"]


@pytest.mark.parametrize("state", [PrintState.UNCONFIRMED, PrintState.FAILED])
def test_what_may_be_on_no_paper_is_not_taken_off_the_screen(rig: KioskRig, state: PrintState) -> None:
    rig.take_number()
    rig.print_ends(state)
    for _ in range(5):
        rig.pass_time(50)
        rig.touch()
    assert rig.page() is Page.NUMBER_TAKEN
    rig.act(Action.PRINT)
    rig.print_ends(PrintState.CONFIRMED)
    rig.pass_time(TAKE_MS / 1000)
    assert rig.page() is Page.CHOICES


def test_a_cancelled_booking_goes_to_its_rating_by_itself(rig: KioskRig) -> None:
    rig.book()
    number = rig.records("appointment_booked")[-1].payload["appointment_no"]
    rig.home()
    rig.choose("book", "cancel")
    rig.keys(number)
    rig.confirm()
    rig.confirm()
    assert rig.content(Message).title == say("cancel.done")
    rig.pass_time(8)
    assert rig.page() is Page.CHOICES


def test_leaving_the_result_without_its_button_is_not_invited(rig: KioskRig) -> None:
    rig.take_number()
    rig.home()
    assert rig.records()[-1].payload["reason"] == "not_invited"
    rig.take_number()
    rig.pass_time(IDLE_SECONDS + 11)
    assert rig.page() is Page.HOME
    assert [r.payload["reason"] for r in rig.records("rating_missed")] == ["not_invited"] * 2


def test_an_answer_within_a_second_and_one_outside_of_the_hours_are_flagged(rig: KioskRig) -> None:
    rig.clock.wall = rig.clock.wall.replace(hour=20)
    rig.take_number()
    rig.confirm()
    rig.press(Level.SATISFIED)
    assert only_rating(rig).payload["flags"] == ["instant", "outside_hours"]


def test_the_rating_of_the_kiosk_leaves_the_tickets_code_free(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()
    rig.clock.advance(2)
    rig.press(Level.SATISFIED)
    rig.give_reasons()
    rig.act(Action.SKIP)
    rig.home()
    (ticket,) = rig.records("ticket_issued")
    rig.scan(ticket.payload["rating_code"])
    assert rig.page() is Page.CHOICES


# -- by code (R10) ----------------------------------------------------------------------------------------------------


def type_code(rig: KioskRig, text: str) -> None:
    rig.choose("rate")
    rig.keys(text.replace("-", ""))
    rig.confirm()


def test_a_code_of_a_window_leads_to_the_choices_and_one_rating(rig: KioskRig) -> None:
    type_code(rig, code().lower())
    screen = rig.screen()
    assert (screen.page, screen.countdown, screen.can_go_back) == (Page.CHOICES, None, True)
    assert rig.content(Choices).rows == (
        Row(say("rate.hall"), Name("测试政务服务中心")),
        Row(say("rate.day"), say("rate.day.value", day=small_hall.TODAY)),
        Row(say("rate.window"), say("rate.window.value", window="3")),
    )
    rig.clock.advance(2)
    rig.press(Level.VERY_SATISFIED)
    rating = only_rating(rig)
    assert rating.visit_id is None
    assert rating.payload["source"] == "code"
    assert rating.payload["channel"] == "self_service"
    assert rating.payload["rating_code"] == code()
    assert (rating.payload["window"], rating.payload["staff_no"], rating.payload["ticket_no"]) == ("3", None, None)
    assert rating.payload["cases"] == []


def test_a_ticket_of_this_kiosk_tells_number_and_item(rig: KioskRig) -> None:
    rig.take_number()
    rig.home()
    (ticket,) = rig.records("ticket_issued")
    rig.scan(f"{small_hall.PUBLIC_URL}/r/{ticket.payload['rating_code']}\n")
    assert rig.content(Choices).rows[-1] == Row(
        say("rate.item"), Name("医疗保险参保登记", "Health insurance registration")
    )
    rig.clock.advance(2)
    rig.press(Level.SATISFIED)
    rating = only_rating(rig)
    assert rating.payload["ticket_no"] == "A001"
    assert [(case["item_code"], case["department"]) for case in rating.payload["cases"]] == [("S-1", "社会保险")]


def test_what_looks_alike_is_understood_and_what_no_code_holds_is_not_typed(rig: KioskRig) -> None:
    rig.choose("rate")
    rig.keys("8o8oU!*-rggolil")
    assert rig.content(CodeEntry).typed == "8080-RGG0-111"
    assert not rig.content(CodeEntry).complete


@pytest.mark.parametrize("place", range(16))
def test_one_wrong_character_is_refused_and_can_be_mended(rig: KioskRig, place: int) -> None:
    plain = code().replace("-", "")
    wrong = plain[:place] + ("7" if plain[place] != "7" else "8") + plain[place + 1 :]
    type_code(rig, wrong)
    entry = rig.content(CodeEntry)
    assert entry.fault in (say("code.mistyped"), say("code.forged"), say("code.other_hall"))
    assert entry.typed.replace("-", "") == wrong
    for _ in range(16 - place):
        rig.act(Action.ERASE)
    rig.keys(plain[place:])
    rig.confirm()
    assert rig.page() is Page.CHOICES


def test_another_halls_code_and_one_of_tomorrow_are_told_apart(rig: KioskRig) -> None:
    type_code(rig, code(hall_id=2))
    assert rig.content(CodeEntry).fault == say("code.other_hall")
    rig.home()
    type_code(rig, code(-1))
    assert rig.content(CodeEntry).fault == say("code.future")


@pytest.mark.parametrize(
    ("visit", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 9, 30), date(2026, 10, 13)),  # National Day; Saturday 10 Oct is worked
        (date(2026, 2, 13), date(2026, 2, 27)),  # Spring Festival; Saturday 14 Feb is worked
        (date(2026, 5, 8), date(2026, 5, 14)),  # Saturday 9 May is worked
    ],
)
def test_a_code_is_valid_to_the_end_of_the_fifth_working_day(rig: KioskRig, visit: date, last: date) -> None:
    text = code((small_hall.TODAY - visit).days)
    rig.clock.wall = datetime.combine(last, time(23, 59, 58), CHINA_TIME)
    type_code(rig, text)
    assert rig.page() is Page.CHOICES
    rig.home()
    rig.pass_time(3)
    type_code(rig, text)
    message = rig.content(Message)
    assert (message.title, message.lines) == (say("rate.too_old"), (say("rate.too_old.until", day=last),))
    assert rig.records("rating") == []


def test_a_press_after_the_end_of_the_last_day_is_too_late_though_its_page_was_opened_before(rig: KioskRig) -> None:
    last = date(2026, 11, 30)
    rig.clock.wall = datetime.combine(last, time(23, 59, 58), CHINA_TIME)
    type_code(rig, code())
    rig.clock.advance(2)
    rig.press(Level.DISSATISFIED)
    message = rig.content(Message)
    assert (message.title, message.lines) == (say("rate.too_old"), (say("rate.too_old.until", day=last),))
    assert rig.records("rating") == []


def test_a_press_before_the_end_of_the_last_day_counts_though_it_is_handled_after_it(rig: KioskRig) -> None:
    rig.clock.wall = datetime.combine(date(2026, 11, 30), time(23, 59, 58), CHINA_TIME)
    type_code(rig, code())
    arrived = rig.clock.seconds + 1.9
    rig.clock.advance(2.1)
    rig.press(Level.DISSATISFIED, at=arrived)
    assert only_rating(rig).occurred_at.startswith("2026-11-30T23:59:59.9")


def test_one_code_is_rated_once(rig: KioskRig) -> None:
    type_code(rig, code())
    rig.clock.advance(2)
    rig.press(Level.SATISFIED)
    rig.home()
    type_code(rig, code())
    assert rig.content(Message).title == say("rate.already")
    # Another slip can be held before the scanner at once.
    rig.scan(code(counter=6))
    assert rig.page() is Page.CHOICES
    rig.scan(code(counter=7))
    assert rig.page() is Page.CHOICES
    assert len(rig.records("rating")) == 1


def test_rated_by_another_process_meanwhile_is_refused_by_the_store(rig: KioskRig) -> None:
    type_code(rig, code())
    payload = {
        "rating_code": code(), "level": "satisfied", "score": 4, "source": "code",
        "window": None, "staff_no": None, "cases": [],
    }  # fmt: skip
    elsewhere = Draft(Kind.RATING, payload, rig.clock.now())
    rig.station._mailbox.ask(lambda: rig.station._counter.recorder.append(elsewhere))
    rig.clock.advance(2)
    rig.press(Level.VERY_DISSATISFIED)
    assert rig.content(Message).title == say("rate.already")
    assert len(rig.records("rating")) == 1


def test_leaving_the_choices_of_a_code_records_nothing(rig: KioskRig) -> None:
    for leave in (rig.decline, rig.home, rig.back, lambda: rig.pass_time(IDLE_SECONDS + 11)):
        rig.home()
        type_code(rig, code())
        assert rig.page() is Page.CHOICES
        leave()
        assert rig.page() in (Page.HOME, Page.RATE_CODE)
    assert rig.records("rating", "rating_missed", "visit_opened") == []


def test_a_scan_at_home_finds_its_own_way(rig: KioskRig) -> None:
    rig.scan("not a code")
    assert rig.content(Message).title == say("code.unread")
    rig.scan(code())
    assert rig.page() is Page.CHOICES
    rig.home()
    rig.scan(code(hall_id=3))
    assert rig.content(CodeEntry).fault == say("code.other_hall")
    assert rig.page() is Page.RATE_CODE


def test_without_a_hall_key_nothing_by_code_is_offered(make_rig: MakeRig) -> None:
    rig = make_rig(rating_key=None)
    entry = next(entry for entry in rig.content(Menu).entries if entry.id == "rate")
    assert (entry.enabled, entry.detail) == (False, say("home.rate.off"))
    rig.choose("rate")
    assert rig.page() is Page.HOME
    rig.choose("look_up", "my_rating")
    assert rig.page() is Page.LOOK_UP_MENU


# -- after the press (R7, R9, R11) ------------------------------------------------------------------------------------


def rated(rig: KioskRig, level: Level) -> None:
    type_code(rig, code())
    rig.clock.advance(2)
    rig.press(level)


@pytest.mark.parametrize("level", list(Level))
def test_the_pages_after_a_press_are_the_same_for_every_level(rig: KioskRig, level: Level) -> None:
    rated(rig, level)
    details = rig.content(Details)
    assert len(details.options) == 8
    assert not details.offers_contact
    option = details.options[2]
    rig.give_reasons(option.code)
    assert rig.page() is Page.QUESTIONS
    assert [question.code for question in rig.content(Questions).questions] == [
        "guidance",
        "procedure",
        "materials",
        "screens",
    ]
    rig.station.answer("guidance", "no")
    rig.station.answer("screens", "yes")
    rig.station.answer("screens", "yes")
    rig.station.answer("screens", "invented")
    rig.station.answer("invented", "yes")
    assert [question.given for question in rig.content(Questions).questions] == ["no", "", "", ""]
    rig.confirm()
    assert rig.page() is Page.THANKS
    (detail,) = rig.records("rating_detail")
    assert detail.payload["rating_id"] == only_rating(rig).record_id
    assert detail.payload["options"] == [{"code": option.code, "text": option.text}]
    assert detail.payload["answers"] == {
        "guidance": {"question": "服务指引是否清晰", "answer": "no", "text": "否"},
    }
    assert detail.visit_id is None
    rig.pass_time(8)
    assert rig.page() is Page.HOME


def test_a_good_rating_left_without_a_word_has_no_detail_and_a_bad_one_says_not_given(rig: KioskRig) -> None:
    for number, level in enumerate((Level.SATISFIED, Level.DISSATISFIED)):
        type_code(rig, code(counter=number))
        rig.clock.advance(2)
        rig.press(level)
        rig.give_reasons()
        rig.act(Action.SKIP)
        rig.home()
    (detail,) = rig.records("rating_detail")
    assert detail.payload["rating_id"] == rig.records("rating")[1].record_id
    assert (detail.payload["reason"], detail.payload["options"]) == ("not_given", [])


@pytest.mark.parametrize("leave", ["home", "idle", "stop"])
def test_what_was_ticked_stands_if_the_citizen_leaves_without_a_word(rig: KioskRig, leave: str) -> None:
    rated(rig, Level.DISSATISFIED)
    option = rig.content(Details).options[0]
    rig.station.choose_reasons((option.code,))
    match leave:
        case "home":
            rig.home()
        case "idle":
            rig.pass_time(IDLE_SECONDS + 11)
        case _:
            rig.stop_and_start()
    (detail,) = rig.records("rating_detail")
    assert (detail.payload["reason"], [o["code"] for o in detail.payload["options"]]) == ("given", [option.code])
    assert rig.page() is Page.HOME


def test_answers_stand_at_home_and_are_dropped_by_skip(rig: KioskRig) -> None:
    for number, action in enumerate((Action.HOME, Action.SKIP)):
        type_code(rig, code(counter=number))
        rig.clock.advance(2)
        rig.press(Level.SATISFIED)
        rig.give_reasons()
        rig.station.answer("guidance", "yes")
        rig.act(action)
        rig.home()
    (detail,) = rig.records("rating_detail")
    assert list(detail.payload["answers"]) == ["guidance"]


def test_an_option_of_another_level_is_no_reason(rig: KioskRig) -> None:
    rated(rig, Level.DISSATISFIED)
    rig.give_reasons("511", "108")
    rig.confirm()
    (detail,) = rig.records("rating_detail")
    assert detail.payload["reason"] == "not_given"


@pytest.mark.parametrize("level", [Level.VERY_SATISFIED, Level.VERY_DISSATISFIED])
def test_a_number_for_a_call_back_is_sealed_for_the_platform_alone(
    make_rig: MakeRig, sealer: Sealer, private_key: bytes, level: Level
) -> None:
    rig = make_rig(sealer=sealer)
    rated(rig, level)
    assert rig.content(Details).offers_contact
    ticked = (rig.content(Details).options[1].code,)
    rig.station.choose_reasons(ticked)
    rig.act(Action.CONTACT)
    assert rig.page() is Page.CONTACT_PHONE
    rig.keys("1380000")
    rig.confirm()
    assert rig.page() is Page.CONTACT_PHONE
    rig.keys("1234")
    assert rig.content(PhoneEntry).complete
    rig.confirm()
    assert rig.page() is Page.DETAILS
    assert rig.content(Details).contact_left
    assert rig.content(Details).chosen == ticked
    rig.give_reasons()
    rig.confirm()
    (detail,) = rig.records("rating_detail")
    assert detail.payload["reason"] == "not_given"
    sealed = rig.records("rating_detail")[0].sealed["contact"]
    opened = jwe.decrypt_compact(
        base64.b64decode(sealed), RSAKey.import_key(private_key), algorithms=["RSA-OAEP-256", "A256GCM"]
    )
    assert json.loads(opened.plaintext or b"") == {"phone": "13800001234"}


def test_a_number_that_is_not_left_is_forgotten(make_rig: MakeRig, sealer: Sealer) -> None:
    rig = make_rig(sealer=sealer)
    rated(rig, Level.SATISFIED)
    for leave in (Action.BACK, Action.SKIP):
        rig.act(Action.CONTACT)
        assert rig.content(PhoneEntry).typed == ""
        rig.keys("13800001234")
        rig.act(leave)
        assert not rig.content(Details).contact_left
    rig.home()
    assert rig.records("rating_detail") == []


def test_catalogue_and_questionnaire_are_the_platforms_once_it_has_sent_them(rig: KioskRig) -> None:
    options = {level.value: [{"code": f"9{level.score}", "text": "测试选项"}] for level in Level}
    questionnaire = {"version": "q-2", "questions": ["办得快吗", "还有什么建议"]}
    rig.tell_hall({}, {"options": {"version": "c-2", "levels": options}, "questionnaire": questionnaire})
    rated(rig, Level.DISSATISFIED)
    assert [option.code for option in rig.content(Details).options] == ["92"]
    rig.give_reasons("92")
    assert [question.code for question in rig.content(Questions).questions] == ["q1"]
    rig.station.answer("q1", "partly")
    rig.confirm()
    (detail,) = rig.records("rating_detail")
    assert detail.payload["catalogue_version"] == "c-2"
    assert detail.payload["questionnaire_version"] == "q-2"
    assert detail.payload["answers"] == {"q1": {"question": "办得快吗", "answer": "partly", "text": "一般"}}


def test_without_questions_that_a_touch_can_answer_the_thanks_follow_at_once(rig: KioskRig) -> None:
    rig.tell_hall({}, {"questionnaire": {"version": "q-3", "questions": ["还有什么建议"]}})
    rated(rig, Level.SATISFIED)
    rig.give_reasons()
    assert rig.page() is Page.THANKS
    assert rig.records("rating_detail") == []


# -- my rating (R10, R27) ---------------------------------------------------------------------------------------------


def my_rating(rig: KioskRig, text: str) -> dict[str, object]:
    rig.home()
    rig.choose("look_up", "my_rating")
    rig.keys(text.replace("-", ""))
    rig.confirm()
    return {row.label.key: row.value for row in rig.content(Guide).rows}


def test_what_has_become_of_a_rating_is_told_honestly_and_never_its_level(rig: KioskRig) -> None:
    assert my_rating(rig, code())["my_rating.state"] == say("my_rating.open", day=date(2026, 11, 30))
    rig.home()
    rated(rig, Level.VERY_DISSATISFIED)
    rig.home()
    assert my_rating(rig, code())["my_rating.state"] == say("my_rating.waiting")
    rating = only_rating(rig)
    with closing(DeliveryStore.open(rig.directory)) as store:
        store.admit(rig.records())
        assert my_rating(rig, code())["my_rating.state"] == say("my_rating.waiting")
        for state, word in ((State.SUPERSEDED, "superseded"), (State.CONFIRMED, "confirmed")):
            store.settle([Settlement(rating.record_id, state)])
            assert my_rating(rig, code())["my_rating.state"] == say(f"my_rating.{word}")
    assert "dissatisfied" not in repr(rig.states[-1])


def test_the_halls_answer_is_shown(make_rig: MakeRig) -> None:
    feedback = {"rating_code": code(), "state": "已办结", "text": "测试答复：已改进。"}
    rig = make_rig(sections=small_hall.hall(feedback=[feedback]))
    rows = my_rating(rig, code())
    assert rows["my_rating.answer"] == Name("测试答复：已改进。")
    assert rows["my_rating.answer_state"] == Name("已办结")
    assert rows["rate.window"] == say("rate.window.value", window="3")


def test_after_the_last_day_the_look_up_says_so(rig: KioskRig) -> None:
    state = my_rating(rig, code(30))["my_rating.state"]
    assert isinstance(state, Say)
    assert state.key == "my_rating.closed"
    assert dict(state.values)["day"] < small_hall.TODAY - timedelta(days=1)  # type: ignore[operator]
