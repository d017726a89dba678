"""The pages after the press: what they offer and what is recorded when they close (R7, R8)."""

from kiosk_app.domain.catalogue import Catalogue, Option
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Json, Kind, Record
from kiosk_app.window.pages import DetailPage


def detail_page(rating: Record, catalogue: Catalogue, detail_ms: int, now_ms: int) -> DetailPage:
    """The page that opens once a rating is on the disk; alike for every level."""
    level = Level(rating.payload["level"])
    return DetailPage(
        rating_id=rating.record_id,
        visit_id=str(rating.visit_id),
        level=level,
        options=catalogue.options(level),
        catalogue_version=catalogue.version,
        opened_ms=now_ms,
        closes_ms=now_ms + detail_ms,
    )


def detail_draft(page: DetailPage, comment: str, at: Moment) -> Draft | None:
    """What stands when a page closes; None: nothing was said, and nothing needed to be.

    A bad rating left without an option stands with `reason: not_given`; no reason is ever invented (R7).
    """
    chosen = page.chosen_options()
    if not chosen and not comment and not page.level.is_bad:
        return None
    return _draft(page.rating_id, page.visit_id, page.catalogue_version, at, chosen, comment)


def cut_off_draft(rating_id: str, visit_id: str | None, catalogue_version: str, at: Moment) -> Draft:
    """After a crash: a bad rating whose page was cut off stands without a reason (R7)."""
    return _draft(rating_id, visit_id, catalogue_version, at)


def _draft(
    rating_id: str,
    visit_id: str | None,
    catalogue_version: str,
    at: Moment,
    chosen: tuple[Option, ...] = (),
    comment: str = "",
) -> Draft:
    payload: Json = {
        "rating_id": rating_id,
        "reason": "given" if chosen or comment else "not_given",
        "options": [{"code": option.code, "text": option.text} for option in chosen],
        "catalogue_version": catalogue_version,
        "answers": {},
        "comment": comment or None,
        "contact_commitment": None,
    }
    return Draft(Kind.RATING_DETAIL, payload, at, visit_id)
