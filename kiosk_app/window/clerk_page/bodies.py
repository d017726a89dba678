"""The bodies of the clerk's page; what may be said is checked as strictly as the window API's."""

from kiosk_app.domain.visits import OpenedBy, VisitRequest
from kiosk_app.window.window_api.bodies import Body, ShortText, ShortTextNotEmpty


class SignInBody(Body):
    """Who it is, and the proof."""

    staff_no: ShortTextNotEmpty
    pin: ShortTextNotEmpty


class OpenBody(Body):
    """The number that is called, if one is."""

    ticket_no: ShortText | None = None
    rating_code: ShortText | None = None

    def visit_request(self, staff_no: str) -> VisitRequest:
        """What the window is asked to do: who asks is a claim, the binding counts (R13, R17)."""
        return VisitRequest(**self.said(), staff_no=staff_no, opened_by=OpenedBy.STAFF_PAGE)
