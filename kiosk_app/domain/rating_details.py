"""What is recorded when the pages after a press close (R7, R8, R9, R11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk_app.domain.catalogue import Option
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Json, Kind


@dataclass(frozen=True)
class Details:
    """What a citizen said after a press; all of it is voluntary."""

    chosen: tuple[Option, ...] = ()
    comment: str = ""
    answers: Mapping[str, Json] = field(default_factory=dict)
    """Answers to the questionnaire by question code: question, answer and text as they were shown (R9)."""
    questionnaire_version: str | None = None
    sealed_contact: bytes | None = None
    """A telephone number for a call-back, sealed (R11)."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not (self.chosen or self.comment or self.answers or self.sealed_contact)


NOTHING_SAID = Details()


def details_draft(
    rating_id: str, visit_id: str | None, catalogue_version: str, at: Moment, details: Details = NOTHING_SAID
) -> Draft:
    """The one detail of a rating. Left without a reason it says `not_given`: no reason is ever invented (R7)."""
    payload: Json = {
        "rating_id": rating_id,
        "reason": "given" if details.chosen or details.comment else "not_given",
        "options": [{"code": option.code, "text": option.text} for option in details.chosen],
        "catalogue_version": catalogue_version,
        "answers": dict(details.answers),
        "comment": details.comment or None,
        "contact_commitment": None,
    }
    if details.answers:
        payload["questionnaire_version"] = details.questionnaire_version
    sealed = {"contact": details.sealed_contact} if details.sealed_contact is not None else {}
    return Draft(Kind.RATING_DETAIL, payload, at, visit_id, sealed)
