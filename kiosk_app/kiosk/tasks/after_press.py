"""The pages after a press: options, questionnaire, a number for a call-back; the same for every level (R7, R9, R11)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from kiosk_app.domain.catalogue import Catalogue, Option
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.questionnaire import Question, QuestionKind, Questionnaire
from kiosk_app.domain.rating_details import Details, details_draft
from kiosk_app.domain.records import Draft, Record
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk import screen_state as screen
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.screen_state import Message, Name, Page, PhoneEntry, say
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.phone_page import PhonePage

THANKS_MS = 8_000

_log = structlog.get_logger()


@dataclass(frozen=True)
class Said:
    """What a citizen has said after a press, until it is recorded as the one detail of the rating."""

    rating: Record
    catalogue: Catalogue
    questionnaire: Questionnaire
    chosen: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    sealed_contact: bytes | None = None

    @property
    def options(self) -> tuple[Option, ...]:
        """What is offered after this press."""
        return self.catalogue.options(Level(self.rating.payload["level"]))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions that are answered by a touch; there is no keyboard here for the others."""
        return tuple(asked for asked in self.questionnaire.questions if asked.kind is QuestionKind.CHOICE)

    def drafts(self, at: Moment) -> tuple[Draft, ...]:
        """The detail; none where nothing was said and nothing needed to be.

        A bad rating left without an option stands with `reason: not_given` (R7).
        """
        details = Details(
            chosen=tuple(option for option in self.options if option.code in self.chosen),
            answers=self.questionnaire.recorded(self.answers),
            questionnaire_version=self.questionnaire.version,
            sealed_contact=self.sealed_contact,
        )
        if details.is_empty and not Level(self.rating.payload["level"]).is_bad:
            return ()
        return (details_draft(self.rating.record_id, self.rating.visit_id, self.catalogue.version, at, details),)


class DetailsPage(KioskPage):
    """The options of the level that was pressed; the page names no level."""

    name = Page.DETAILS
    can_go_back = False

    def __init__(self, counter: Counter, rating: Record) -> None:
        self._counter = counter
        self._said = Said(rating, counter.hall.catalogue, counter.hall.questionnaire)

    def content(self) -> screen.Details:
        """The options of this level, and whether a number can be left."""
        return screen.Details(
            options=self._said.options,
            offers_contact=self._counter.sealer is not None,
            contact_left=self._said.sealed_contact is not None,
            chosen=self._said.chosen,
        )

    def choose_reasons(self, codes: tuple[str, ...]) -> None:
        """They stand if the citizen leaves without a word."""
        self._said = replace(self._said, chosen=codes)

    def give_reasons(self, codes: tuple[str, ...]) -> Move:
        """On to the questions, or to the thanks where there are none."""
        said = replace(self._said, chosen=codes)
        return Onward(QuestionsPage(self._counter, said)) if said.questions else thanks(self._counter, said)

    def _other(self, action: Action) -> Move:
        if action is Action.CONTACT and self._counter.sealer is not None:
            return Forward(ContactPage(self._counter.sealer, self._keep_contact))
        return Turn.STAY

    def left(self, at: Moment) -> tuple[Draft, ...]:
        """What was ticked until then."""
        return self._said.drafts(at)

    def _keep_contact(self, sealed: bytes) -> None:
        self._said = replace(self._said, sealed_contact=sealed)


class ContactPage(PhonePage):
    """A telephone number for a call-back: sealed the moment it is confirmed (R11)."""

    name = Page.CONTACT_PHONE

    def __init__(self, sealer: Sealer, keep: Callable[[bytes], None]) -> None:
        super().__init__()
        self._sealer = sealer
        self._keep = keep

    def content(self) -> PhoneEntry:
        """The number as it is typed."""
        return PhoneEntry(say("rate.contact"), say("rate.contact.help"), self.typed, self.is_complete, skippable=True)

    def _confirm(self) -> Move:
        if not self.is_complete:
            return Turn.STAY
        self._keep(self.sealed_by(self._sealer))
        return Turn.BACK


class QuestionsPage(KioskPage):
    """The questions that are answered by a touch; there is no keyboard here for the others."""

    name = Page.QUESTIONS
    can_go_back = False

    def __init__(self, counter: Counter, said: Said) -> None:
        self._counter = counter
        self._said = said

    def content(self) -> screen.Questions:
        """The questions, with the answers ticked so far."""
        questions = tuple(
            screen.Question(
                question.code,
                Name(question.text, question.text_en),
                tuple(screen.Answer(answer.code, Name(answer.text, answer.text_en)) for answer in question.answers),
                self._said.answers.get(question.code, ""),
            )
            for question in self._said.questions
        )
        return screen.Questions(say("rate.questions"), questions)

    def answer(self, question: str, answer: str) -> None:
        """Tick an answer, or take it back."""
        others = {code: given for code, given in self._said.answers.items() if code != question}
        taken_back = self._said.answers.get(question) == answer
        if taken_back or self._is_offered(question, answer):
            answers = others if taken_back else {**others, question: answer}
            self._said = replace(self._said, answers=answers)

    def _confirm(self) -> Move:
        return thanks(self._counter, self._said)

    def _other(self, action: Action) -> Move:
        if action is not Action.SKIP:
            return Turn.STAY
        return thanks(self._counter, replace(self._said, answers={}))

    def left(self, at: Moment) -> tuple[Draft, ...]:
        """What was said until then."""
        return self._said.drafts(at)

    def _is_offered(self, question: str, answer: str) -> bool:
        return any(
            asked.code == question and answer in {choice.code for choice in asked.answers}
            for asked in self._said.questions
        )


def thanks(counter: Counter, said: Said) -> Move:
    """Record what was said, then thank. Raises `JournalUnavailableError`."""
    now = counter.clock.now()
    try:
        counter.recorder.append(*said.drafts(now))
    except AlreadyRecordedError:
        _log.warning("the rating has its detail already", rating_id=said.rating.record_id)
    return Onward(ThanksPage(now))


class ThanksPage(KioskPage):
    """Thanks; then home."""

    name = Page.THANKS
    can_go_back = False
    done = True

    def __init__(self, shown: Moment) -> None:
        self._until_ms = shown.boot_ms + THANKS_MS

    def content(self) -> Message:
        """The thanks."""
        return Message(say("rate.thanks"), (say("rate.thanks.seen"),), "check-circle")

    def _confirm(self) -> Move:
        return Turn.HOME

    def due_ms(self) -> int | None:
        """They were shown long enough."""
        return self._until_ms

    def on_time(self, now: Moment) -> Move:  # noqa: ARG002 - as above
        """Nobody has to leave them."""
        return Turn.HOME
