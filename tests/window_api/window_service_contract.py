"""What a window must do when it is asked over HTTP, whichever window it is (interfaces §6; R3, R6, R19).

The same tests run on the fake and on the real station, so that the fake cannot drift from it. A subclass gives the
fixture `window`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Protocol

import pytest
import requests

from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.server import WindowApiServer
from tests.window_api.api_client import TOKEN, ApiClient, problem

MAXIMUM_INVITE_SECONDS = 600


class WindowUnderTest(Protocol):
    """An idle window, not paused, and what happens in front of it. Each method returns once its effect can be read."""

    @property
    def service(self) -> WindowService: ...

    def rate(self) -> None:
        """The invited citizen chooses a level."""
        ...

    def let_the_invitation_expire(self) -> None:
        """The invited citizen does nothing until the deadline is past."""
        ...

    def invitations(self) -> int:
        """How many invitations there were since the window was made."""
        ...


class WindowServiceContract:
    @pytest.fixture
    def window(self) -> Iterator[WindowUnderTest]:
        raise NotImplementedError("A subclass gives the window under test.")

    @pytest.fixture
    def api(self, window: WindowUnderTest) -> Iterator[ApiClient]:
        server = WindowApiServer(window.service, listen="127.0.0.1:0", token=TOKEN)
        server.start()
        with closing(server), ApiClient(server.address) as api:
            yield api

    def test_a_visit_is_opened_and_served(self, api: ApiClient) -> None:
        answer = api.post("/v1/visits", {"ticket_no": "A001"})
        assert answer.status_code == 201
        visit_id = answer.json()["visit_id"]
        assert answer.json() == {"visit_id": visit_id, "state": "serving"}
        assert answer.headers["Location"] == f"/v1/visits/{visit_id}"
        assert state_of_window(api) == ("serving", visit_id)

    def test_a_visit_of_which_nothing_is_known_is_opened(self, api: ApiClient) -> None:
        assert api.post("/v1/visits").status_code == 201

    def test_a_visit_opened_with_invite_is_inviting(self, api: ApiClient, window: WindowUnderTest) -> None:
        answer = api.post("/v1/visits", {"invite": True})
        assert (answer.status_code, answer.json()["state"]) == (201, "inviting")
        assert state_of_window(api) == ("inviting", answer.json()["visit_id"])
        assert window.invitations() == 1

    def test_an_open_visit_blocks_the_next_and_is_named(self, api: ApiClient) -> None:
        visit_id = opened(api)
        answer = api.post("/v1/visits")
        assert (answer.status_code, problem(answer)["visit_id"]) == (409, visit_id)
        assert "Retry-After" not in answer.headers

    def test_an_open_invitation_blocks_the_next_visit_until_its_deadline(self, api: ApiClient) -> None:
        visit_id = opened(api, invite=True)
        answer = api.post("/v1/visits")
        assert problem(answer)["visit_id"] == visit_id
        assert_to_be_asked_again(answer.status_code, answer.headers["Retry-After"])

    def test_a_visit_is_invited(self, api: ApiClient, window: WindowUnderTest) -> None:
        visit_id = opened(api)
        answer = api.post(f"/v1/visits/{visit_id}/invite")
        assert (answer.status_code, answer.json()) == (202, {"visit_id": visit_id, "state": "inviting"})
        assert window.invitations() == 1

    def test_asking_again_is_no_second_invitation(self, api: ApiClient, window: WindowUnderTest) -> None:
        visit_id = opened(api, invite=True)
        answer = api.post(f"/v1/visits/{visit_id}/invite")
        assert (answer.status_code, answer.json()["state"]) == (202, "inviting")
        assert window.invitations() == 1

    @pytest.mark.parametrize("verb", ["invite", "end"])
    def test_an_unknown_visit_cannot_be_asked_for_anything(self, api: ApiClient, verb: str) -> None:
        assert api.post(f"/v1/visits/0193a4b0-0000-7000-8000-000000000000/{verb}").status_code == 404

    def test_an_unknown_visit_has_no_state(self, api: ApiClient) -> None:
        assert api.get("/v1/visits/no-such-visit").status_code == 404

    def test_a_visit_without_an_invitation_ends_as_missed(self, api: ApiClient) -> None:
        visit_id = opened(api)
        answer = api.post(f"/v1/visits/{visit_id}/end")
        assert (answer.status_code, answer.json()) == (200, {"visit_id": visit_id, "state": "missed"})
        assert state_of_window(api) == ("idle", None)

    def test_an_open_invitation_cannot_be_ended(self, api: ApiClient) -> None:
        visit_id = opened(api, invite=True)
        answer = api.post(f"/v1/visits/{visit_id}/end")
        assert_to_be_asked_again(answer.status_code, answer.headers["Retry-After"])
        assert state_of_visit(api, visit_id) == "inviting"

    def test_a_rated_visit_tells_only_that_it_is_rated(self, api: ApiClient, window: WindowUnderTest) -> None:
        visit_id = opened(api, invite=True)
        window.rate()
        assert api.get(f"/v1/visits/{visit_id}").json() == {"visit_id": visit_id, "state": "rated"}

    def test_an_invitation_without_an_answer_is_missed(self, api: ApiClient, window: WindowUnderTest) -> None:
        visit_id = opened(api, invite=True)
        window.let_the_invitation_expire()
        assert state_of_visit(api, visit_id) == "missed"

    @pytest.mark.parametrize("verb", ["invite", "end"])
    @pytest.mark.parametrize("outcome", ["rated", "missed"])
    def test_a_finished_visit_stays_as_it_is(
        self, api: ApiClient, window: WindowUnderTest, outcome: str, verb: str
    ) -> None:
        visit_id = opened(api, invite=True)
        finish(window, outcome)
        assert api.post(f"/v1/visits/{visit_id}/{verb}").status_code == 409
        assert state_of_visit(api, visit_id) == outcome
        assert window.invitations() == 1

    @pytest.mark.parametrize("outcome", ["rated", "missed"])
    def test_a_finished_visit_does_not_block_the_next(
        self, api: ApiClient, window: WindowUnderTest, outcome: str
    ) -> None:
        first = opened(api, invite=True)
        finish(window, outcome)
        second = opened(api)
        assert second != first
        assert (state_of_visit(api, first), state_of_visit(api, second)) == (outcome, "serving")

    def test_a_window_is_paused_and_resumed(self, api: ApiClient) -> None:
        answer = api.post("/v1/window/pause", {"reason": "开会", "back_at": "2026-11-22T14:30:00+08:00"})
        assert (answer.status_code, answer.json()) == (200, {"state": "paused"})
        assert state_of_window(api) == ("paused", None)
        answer = api.post("/v1/window/resume")
        assert (answer.status_code, answer.json()) == (200, {"state": "idle"})
        assert state_of_window(api) == ("idle", None)

    def test_a_paused_window_opens_no_visit(self, api: ApiClient) -> None:
        api.post("/v1/window/pause")
        assert api.post("/v1/visits").status_code == 409
        assert api.post("/v1/window/call", {"ticket_no": "A001"}).status_code == 409
        api.post("/v1/window/resume")
        assert api.post("/v1/visits").status_code == 201

    def test_a_pause_waits_for_the_visit_in_progress(self, api: ApiClient) -> None:
        visit_id = opened(api)
        answer = api.post("/v1/window/pause", {"reason": "午休"})
        assert (answer.status_code, answer.json()) == (202, {"state": "serving"})
        api.post(f"/v1/visits/{visit_id}/end")
        assert state_of_window(api) == ("paused", None)

    def test_a_pause_waits_for_the_rating_of_the_visit_in_progress(
        self, api: ApiClient, window: WindowUnderTest
    ) -> None:
        visit_id = opened(api)
        api.post("/v1/window/pause")
        api.post(f"/v1/visits/{visit_id}/invite")
        assert state_of_window(api) == ("inviting", visit_id)
        window.rate()
        assert state_of_window(api) == ("paused", None)

    def test_a_pause_is_taken_back_before_the_visit_is_over(self, api: ApiClient) -> None:
        visit_id = opened(api)
        api.post("/v1/window/pause")
        answer = api.post("/v1/window/resume")
        assert (answer.status_code, answer.json()) == (200, {"state": "serving"})
        api.post(f"/v1/visits/{visit_id}/end")
        assert state_of_window(api) == ("idle", None)

    def test_a_pause_does_not_cut_an_invitation_short(self, api: ApiClient) -> None:
        visit_id = opened(api, invite=True)
        answer = api.post("/v1/window/pause")
        assert_to_be_asked_again(answer.status_code, answer.headers["Retry-After"])
        assert state_of_window(api) == ("inviting", visit_id)

    def test_a_call_opens_the_visit_of_its_number(self, api: ApiClient) -> None:
        answer = api.post("/v1/window/call", {"ticket_no": "A001"})
        assert (answer.status_code, answer.json()["state"]) == (201, "serving")
        assert state_of_window(api) == ("serving", answer.json()["visit_id"])

    def test_a_call_waits_for_the_end_of_the_visit(self, api: ApiClient) -> None:
        visit_id = opened(api)
        answer = api.post("/v1/window/call", {"ticket_no": "A002"})
        assert (answer.status_code, problem(answer)["visit_id"]) == (409, visit_id)

    def test_a_call_does_not_cut_an_invitation_short(self, api: ApiClient) -> None:
        visit_id = opened(api, invite=True)
        answer = api.post("/v1/window/call", {"ticket_no": "A002"})
        assert problem(answer)["visit_id"] == visit_id
        assert_to_be_asked_again(answer.status_code, answer.headers["Retry-After"])
        assert state_of_visit(api, visit_id) == "inviting"

    def test_of_visits_opened_at_once_one_is_served(self, api: ApiClient) -> None:
        statuses = [answer.status_code for answer in at_once(api, "/v1/visits", 4)]
        assert sorted(statuses) == [201, 409, 409, 409]

    def test_of_invitations_asked_for_at_once_one_is_open(self, api: ApiClient, window: WindowUnderTest) -> None:
        visit_id = opened(api)
        statuses = [answer.status_code for answer in at_once(api, f"/v1/visits/{visit_id}/invite", 4)]
        assert statuses == [202, 202, 202, 202]
        assert window.invitations() == 1


def opened(api: ApiClient, *, invite: bool = False) -> str:
    answer = api.post("/v1/visits", {"ticket_no": "A001", "invite": invite})
    assert answer.status_code == 201
    visit_id: str = answer.json()["visit_id"]
    return visit_id


def at_once(api: ApiClient, path: str, times: int) -> list[requests.Response]:
    def post(_: int) -> requests.Response:
        with ApiClient(api.address) as own:
            return own.post(path)

    with ThreadPoolExecutor(times) as clients:
        return list(clients.map(post, range(times)))


def finish(window: WindowUnderTest, outcome: str) -> None:
    if outcome == "rated":
        window.rate()
    else:
        window.let_the_invitation_expire()


def state_of_visit(api: ApiClient, visit_id: str) -> str:
    state: str = api.get(f"/v1/visits/{visit_id}").json()["state"]
    return state


def state_of_window(api: ApiClient) -> tuple[str, str | None]:
    view = api.get("/v1/window").json()
    return view["state"], view["visit_id"]


def assert_to_be_asked_again(status: int, retry_after: str) -> None:
    assert status == 409
    assert 1 <= int(retry_after) <= MAXIMUM_INVITE_SECONDS
