"""The page's contract on the window in memory, and who its visits are asked for by (R13, R17)."""

import pytest

from kiosk_app.domain.visits import OpenedBy, VisitRequest
from tests.clerk_page.clerk import ClerkClient
from tests.clerk_page.clerk_page_contract import ClerkPageContract
from tests.window_api.fake_window import FakeWindow


class TestFakeWindow(ClerkPageContract):
    @pytest.fixture
    def window(self) -> FakeWindow:
        return FakeWindow()


def test_a_visit_is_asked_for_by_the_page_with_who_is_signed_in_as_the_claim(
    clerk: ClerkClient, window: FakeWindow
) -> None:
    clerk.post("/clerk/visits", {"ticket_no": "A001", "rating_code": ""})
    assert window.requests == [VisitRequest(staff_no="1203", ticket_no="A001", opened_by=OpenedBy.STAFF_PAGE)]


@pytest.mark.parametrize("claim", ["staff_no", "user", "cases", "invite", "opened_by", "level"])
def test_a_visit_cannot_be_asked_for_in_another_name_or_with_anything_else(
    clerk: ClerkClient, window: FakeWindow, claim: str
) -> None:
    assert clerk.post("/clerk/visits", {claim: "1204"}).status_code == 422
    assert window.requests == []


def test_the_page_is_told_who_is_bound_and_who_is_signed_in(stranger: ClerkClient) -> None:
    stranger.sign_in("1204")
    state = stranger.state()
    assert state["person"] == {"staff_no": "1204", "name": "测试乙", "seconds_left": 1800}
    assert state["window"]["staff"] == {"staff_no": "1203", "name": "测试甲"}
