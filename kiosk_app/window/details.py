"""The page after the press: what it offers, and what is recorded when it closes (R7, R8)."""

from kiosk_app.domain.catalogue import Catalogue
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.rating_details import Details, details_draft
from kiosk_app.domain.records import Draft, Record
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
    details = Details(chosen=page.chosen_options(), comment=comment)
    if details.is_empty and not page.level.is_bad:
        return None
    return details_draft(page.rating_id, page.visit_id, page.catalogue_version, at, details)
