"""Signing in to the clerk's page: who may, how long wrong ones wait, and when it is over."""

import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_app.journal.database import HALL_FILE
from kiosk_app.window.clerk_page.sessions import SESSIONS
from kiosk_app.window.window_api.server import WindowApiServer
from tests.clerk_page.clerk import PINS, STAFF, WRONG, ClerkClient, Clocks, kind_of, pin_store, serving, set_staff
from tests.window_api.fake_window import FakeWindow

HOUR = 3600


def is_signed_in(client: ClerkClient) -> bool:
    state = client.state()
    assert (state["person"] is None) == (state["window"] is None)
    return state["person"] is not None


def wrong(client: ClerkClient, times: int, staff_no: str = "1203") -> list[int]:
    return [client.sign_in(staff_no, WRONG).status_code for _ in range(times)]


def test_a_clerk_signs_in_by_staff_number_and_pin(stranger: ClerkClient) -> None:
    assert not is_signed_in(stranger)
    assert stranger.sign_in().status_code == 204
    assert stranger.state()["person"]["name"] == "测试甲"


def test_the_cookie_is_the_browsers_alone_and_never_twice_the_same(stranger: ClerkClient) -> None:
    cookies = [stranger.sign_in().headers["Set-Cookie"] for _ in range(2)]
    for cookie in cookies:
        assert re.fullmatch(r"clerk=[A-Za-z0-9_-]{43}; HttpOnly; Path=/; SameSite=strict", cookie)
    assert cookies[0] != cookies[1]


def test_signing_in_again_ends_the_session_that_the_browser_had(stranger: ClerkClient) -> None:
    stranger.sign_in()
    first = stranger.session.cookies["clerk"]
    stranger.sign_in("1204")
    stranger.session.cookies.clear()
    assert stranger.get("/clerk/state", Cookie=f"clerk={first}").json()["person"] is None


@pytest.mark.parametrize("staff_no", ["1203", "1205", "9999", " ", "' OR 1=1 --"])
def test_nothing_tells_whether_a_staff_number_exists(stranger: ClerkClient, staff_no: str) -> None:
    """A person with a PIN, one without, and nobody at all: the same answers, the same waits."""
    answers = [stranger.sign_in(staff_no, WRONG) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert "Retry-After" not in answers[3].headers
    assert [answer.headers["Retry-After"] for answer in answers[4:]] == ["15"] * 3
    assert answers[0].text == stranger_answer_text()
    assert all("Set-Cookie" not in answer.headers for answer in answers)


def stranger_answer_text() -> str:
    return (
        '{"type":"urn:hall-kiosk:problem:wrong-pin","title":"The staff number or the PIN is wrong","status":401,'
        '"detail":"Type both again, after Retry-After seconds if it is there; a technician can set a new PIN."}'
    )


def test_the_wait_doubles_and_even_the_right_pin_waits(stranger: ClerkClient, clocks: Clocks) -> None:
    wrong(stranger, 5)
    for seconds in (15, 30, 60):
        clocks.advance(seconds - 1)
        answer = stranger.sign_in()
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        clocks.advance(1)
        answer = stranger.sign_in(pin=WRONG)
        assert (answer.status_code, answer.headers["Retry-After"]) == (401, str(2 * seconds))
    clocks.advance(120)
    assert stranger.sign_in().status_code == 204


def test_the_wait_grows_to_an_hour_and_no_further(stranger: ClerkClient, clocks: Clocks) -> None:
    wait = 0
    for _ in range(20):
        clocks.advance(wait)
        wait = int(stranger.sign_in(pin=WRONG).headers.get("Retry-After", 0))
    assert wait == HOUR


def test_the_right_pin_forgives_the_wrong_ones_of_its_number(
    stranger: ClerkClient, clocks: Clocks, storage: Path
) -> None:
    wrong(stranger, 4)
    stranger.sign_in()
    with pin_store(storage, clocks) as pins:
        for _ in range(4):
            pins.count_wrong("1203")
        assert pins.wait_seconds("1203") == 0


def test_an_address_waits_too_whatever_numbers_it_tries(stranger: ClerkClient, clocks: Clocks) -> None:
    """Else one common PIN could be tried with every number of the hall."""
    assert [stranger.sign_in(str(number), WRONG).status_code for number in range(5)] == [401] * 5
    answer = stranger.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    clocks.advance(15)
    assert stranger.sign_in().status_code == 204
    assert stranger.sign_in("1205", WRONG).headers["Retry-After"] == "30", "a right PIN does not reset the address"
    clocks.advance(HOUR)
    assert wrong(stranger, 4, "1205") == [401] * 4


def test_a_number_waits_whatever_address_tries_it(stranger: ClerkClient, clocks: Clocks, storage: Path) -> None:
    with pin_store(storage, clocks) as pins:
        for _ in range(5):
            pins.count_wrong("1203")
    assert stranger.sign_in().status_code == 429
    assert stranger.sign_in("1204").status_code == 204


def test_the_wait_of_a_number_outlives_a_restart(window: FakeWindow, storage: Path, clocks: Clocks) -> None:
    with serving(window, storage, clocks) as server, ClerkClient(server.address) as client:
        wrong(client, 5)
    with serving(window, storage, clocks) as server, ClerkClient(server.address) as client:
        assert client.sign_in().headers["Retry-After"] == "15"
        assert client.sign_in("1204").status_code == 204


def test_a_clock_that_is_set_back_makes_nobody_wait_for_longer(stranger: ClerkClient, clocks: Clocks) -> None:
    wrong(stranger, 5)
    clocks.wall_ms -= 24 * HOUR * 1000
    assert stranger.sign_in().headers["Retry-After"] == "15"
    clocks.advance(15)
    assert stranger.sign_in().status_code == 204


def test_wrong_tries_of_yesterday_are_forgotten(stranger: ClerkClient, clocks: Clocks) -> None:
    wrong(stranger, 5)
    clocks.advance(24 * HOUR)
    assert wrong(stranger, 4) == [401] * 4
    assert stranger.sign_in().status_code == 204


def test_what_was_typed_is_in_no_log(stranger: ClerkClient) -> None:
    with capture_logs() as logs:
        stranger.sign_in("1203", "13572468")
        stranger.sign_in("1203", PINS["1203"])
    assert [line["event"] for line in logs] == ["wrong_pin"]
    assert "1203" not in str(logs)
    assert "13572468" not in str(logs)


def test_no_pin_lies_in_the_database(stranger: ClerkClient, storage: Path) -> None:
    content = b"".join(path.read_bytes() for path in storage.glob(f"{HALL_FILE}*"))
    assert b"$argon2id$" in content
    assert not any(pin.encode() in content for pin in PINS.values() if len(pin) > 4)


def test_who_leaves_the_staff_list_is_out_at_once(clerk: ClerkClient, storage: Path) -> None:
    set_staff(storage, STAFF[1:])
    assert not is_signed_in(clerk)
    assert clerk.post("/clerk/visits").status_code == 401
    assert clerk.sign_in().status_code == 401


def test_an_import_of_the_staff_leaves_the_pins(clerk: ClerkClient, storage: Path) -> None:
    set_staff(storage, STAFF)
    assert is_signed_in(clerk)
    assert clerk.sign_in().status_code == 204


@pytest.mark.parametrize("change", ["set", "remove"])
def test_another_pin_ends_the_session(clerk: ClerkClient, storage: Path, clocks: Clocks, change: str) -> None:
    with pin_store(storage, clocks) as pins:
        if change == "set":
            pins.set("1203", PINS["1203"])
        else:
            pins.remove("1203")
    assert not is_signed_in(clerk)
    assert clerk.sign_in().status_code == (204 if change == "set" else 401)


def test_a_session_ends_when_nothing_was_done_for_half_an_hour(clerk: ClerkClient, clocks: Clocks) -> None:
    clocks.advance(29 * 60)
    assert clerk.state()["person"]["seconds_left"] == 60, "looking at the page is nothing done"
    assert clerk.post("/clerk/stay").json()["seconds_left"] == 1800
    clocks.advance(29 * 60)
    assert clerk.post("/clerk/resume").status_code == 200
    clocks.advance(30 * 60)
    assert not is_signed_in(clerk)


def test_a_session_ends_after_eight_hours(clerk: ClerkClient, clocks: Clocks) -> None:
    for _ in range(8 * 3 - 1):
        clocks.advance(HOUR / 3)
        assert clerk.post("/clerk/stay").status_code == 200
    assert clerk.state()["person"]["seconds_left"] == HOUR / 3
    clocks.advance(HOUR / 3)
    assert clerk.post("/clerk/stay").status_code == 401


def test_signing_out_ends_it_also_for_who_kept_the_cookie(clerk: ClerkClient) -> None:
    kept = clerk.session.cookies["clerk"]
    answer = clerk.post("/clerk/sign-out")
    assert answer.status_code == 204
    assert "clerk" not in clerk.session.cookies
    assert clerk.get("/clerk/state", Cookie=f"clerk={kept}").json()["person"] is None
    assert clerk.post("/clerk/sign-out").status_code == 204


def test_a_restart_asks_everyone_to_sign_in_again(window: FakeWindow, storage: Path, clocks: Clocks) -> None:
    with serving(window, storage, clocks) as server, ClerkClient(server.address) as client:
        client.sign_in()
        cookie = client.session.cookies["clerk"]
    with serving(window, storage, clocks) as server, ClerkClient(server.address) as client:
        assert client.get("/clerk/state", Cookie=f"clerk={cookie}").json()["person"] is None


def test_no_more_sessions_are_kept_than_a_window_can_need(server: WindowApiServer, stranger: ClerkClient) -> None:
    stranger.sign_in()
    oldest = stranger.session.cookies["clerk"]
    for _ in range(SESSIONS):
        stranger.session.cookies.clear()
        stranger.sign_in()
    assert is_signed_in(stranger)
    stranger.session.cookies.clear()
    assert stranger.get("/clerk/state", Cookie=f"clerk={oldest}").json()["person"] is None


@pytest.mark.parametrize("cookie", ["clerk=", "clerk=x", "clerk=" + "x" * 4000, "clerk", ";;;", "clerk=\xff\xfe"])
def test_a_made_up_cookie_is_nobodys(stranger: ClerkClient, cookie: str) -> None:
    assert stranger.get("/clerk/state", Cookie=cookie).json()["person"] is None


@pytest.mark.parametrize(
    "path",
    ["/clerk/visits", "/clerk/visits/x/invite", "/clerk/visits/x/end", "/clerk/pause", "/clerk/resume", "/clerk/stay"],
)
def test_without_a_session_nothing_can_be_asked_of_the_window(
    stranger: ClerkClient, window: FakeWindow, path: str
) -> None:
    answer = stranger.post(path)
    assert (answer.status_code, kind_of(answer)) == (401, "sign-in-required")
    assert not window.called.is_set()


def test_a_hall_file_that_cannot_be_read_lets_nobody_in_and_heals(
    clerk: ClerkClient, storage: Path, clocks: Clocks
) -> None:
    with capture_logs() as logs, pin_store(storage, clocks) as pins:
        pins._connection.execute("ALTER TABLE pins RENAME TO hidden")
        for answer in (clerk.sign_in(), clerk.get("/clerk/state"), clerk.post("/clerk/visits")):
            assert (answer.status_code, kind_of(answer)) == (503, "cannot-sign-in")
            assert answer.headers["Retry-After"] == "30"
        pins._connection.execute("ALTER TABLE hidden RENAME TO pins")
    assert {line["event"] for line in logs} == {"clerks_cannot_sign_in"}
    assert is_signed_in(clerk)
