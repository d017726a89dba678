"""What a window must do when a clerk asks it at the page, whichever window it is: the window API's rules, no others.

The same tests run on the fake and on the real station (interfaces §6; R3, R6, R13, R19). A subclass gives the fixture
`window`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.clerk_page.clerk import ClerkClient, Clocks, kind_of, serving
from tests.window_api.window_service_contract import MAXIMUM_INVITE_SECONDS, WindowUnderTest, finish


class ClerkPageContract:
    @pytest.fixture
    def window(self) -> Iterator[WindowUnderTest]:
        raise NotImplementedError("A subclass gives the window under test.")

    @pytest.fixture
    def clerk(self, window: WindowUnderTest, storage: Path) -> Iterator[ClerkClient]:
        with (
            serving(window.service, storage, Clocks(), patience_seconds=5) as server,
            ClerkClient(server.address) as clerk,
        ):
            clerk.sign_in()
            yield clerk

    def test_a_number_is_called_and_served(self, clerk: ClerkClient) -> None:
        answer = clerk.post("/clerk/visits", {"ticket_no": "A001", "rating_code": "8080-RGG0-0PFZ-R84R"})
        assert (answer.status_code, answer.json()["state"]) == (201, "serving")
        window = clerk.window()
        assert (window["state"], window["visit_id"]) == ("serving", answer.json()["visit_id"])
        assert window["ticket_no"] == "A001"

    def test_a_visit_is_opened_without_a_number(self, clerk: ClerkClient) -> None:
        visit_id = opened(clerk)
        window = clerk.window()
        assert (window["state"], window["visit_id"], window["ticket_no"]) == ("serving", visit_id, None)

    def test_a_visit_in_progress_blocks_the_next_call(self, clerk: ClerkClient) -> None:
        visit_id = opened(clerk)
        answer = clerk.post("/clerk/visits", {"ticket_no": "A002"})
        assert (answer.status_code, kind_of(answer)) == (409, "visit-open")
        assert answer.json()["visit_id"] == visit_id

    def test_the_citizen_is_invited_once_and_the_clerk_told_how_long_to_wait(
        self, clerk: ClerkClient, window: WindowUnderTest
    ) -> None:
        visit_id = opened(clerk)
        answers = [clerk.post(f"/clerk/visits/{visit_id}/invite") for _ in range(2)]
        assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "inviting")] * 2
        assert window.invitations() == 1
        view = clerk.window()
        assert view["state"] == "inviting"
        assert 1 <= view["closes_in_seconds"] <= MAXIMUM_INVITE_SECONDS

    def test_while_the_citizen_is_asked_nothing_can_be_shortened(self, clerk: ClerkClient) -> None:
        visit_id = invited(clerk)
        for path in (f"/clerk/visits/{visit_id}/end", "/clerk/pause", "/clerk/visits"):
            answer = clerk.post(path)
            assert (answer.status_code, kind_of(answer)) == (409, "inviting")
            assert 1 <= int(answer.headers["Retry-After"]) <= MAXIMUM_INVITE_SECONDS
        assert clerk.window()["state"] == "inviting"

    def test_a_visit_is_ended_without_an_invitation(self, clerk: ClerkClient) -> None:
        visit_id = opened(clerk)
        answer = clerk.post(f"/clerk/visits/{visit_id}/end")
        assert (answer.status_code, answer.json()["state"]) == (200, "missed")
        assert clerk.window()["state"] == "idle"

    @pytest.mark.parametrize("outcome", ["rated", "missed"])
    def test_after_the_invitation_the_window_is_free_and_the_page_cannot_tell_how_it_ended(
        self, clerk: ClerkClient, window: WindowUnderTest, outcome: str
    ) -> None:
        visit_id = invited(clerk)
        finish(window, outcome)
        assert clerk.window() == {
            **clerk.window(),
            "state": "idle",
            "visit_id": None,
            "ticket_no": None,
            "closes_in_seconds": None,
        }
        assert_tells_nothing_of_a_rating(clerk.get("/clerk/state"))
        answer = clerk.post(f"/clerk/visits/{visit_id}/invite")
        assert (answer.status_code, kind_of(answer)) == (409, "visit-finished")
        assert_tells_nothing_of_a_rating(answer)

    def test_the_window_is_paused_with_a_reason_and_a_time_and_resumed(self, clerk: ClerkClient) -> None:
        sign = {"reason": "开会", "back_at": "2026-11-23T14:30:00+08:00"}
        answer = clerk.post("/clerk/pause", sign)
        assert (answer.status_code, answer.json()) == (200, {"state": "paused"})
        assert clerk.window()["away"] == sign
        assert kind_of(clerk.post("/clerk/visits", {"ticket_no": "A001"})) == "paused"
        answer = clerk.post("/clerk/resume")
        assert (answer.status_code, answer.json()) == (200, {"state": "idle"})
        assert clerk.window()["away"] is None

    def test_a_pause_waits_for_the_visit_in_progress_and_can_be_taken_back(self, clerk: ClerkClient) -> None:
        visit_id = opened(clerk)
        assert clerk.post("/clerk/pause", {"reason": "午休"}).status_code == 202
        assert (clerk.window()["state"], clerk.window()["away"]) == ("serving", {"reason": "午休", "back_at": None})
        clerk.post("/clerk/resume")
        assert clerk.window()["away"] is None
        clerk.post("/clerk/pause", {"reason": "午休"})
        clerk.post(f"/clerk/visits/{visit_id}/end")
        assert clerk.window()["state"] == "paused"

    @pytest.mark.parametrize("verb", ["invite", "end"])
    def test_a_visit_that_never_was_is_unknown(self, clerk: ClerkClient, verb: str) -> None:
        answer = clerk.post(f"/clerk/visits/0193a4b0-0000-7000-8000-000000000000/{verb}")
        assert (answer.status_code, kind_of(answer)) == (404, "unknown-visit")


def opened(clerk: ClerkClient) -> str:
    answer = clerk.post("/clerk/visits")
    assert answer.status_code == 201
    visit_id: str = answer.json()["visit_id"]
    return visit_id


def invited(clerk: ClerkClient) -> str:
    visit_id = opened(clerk)
    assert clerk.post(f"/clerk/visits/{visit_id}/invite").status_code == 202
    return visit_id


def assert_tells_nothing_of_a_rating(answer: requests.Response) -> None:
    for word in ("satisfied", "满意", "level", "score", "rating_id", "timeout", "declined"):
        assert word not in answer.text
