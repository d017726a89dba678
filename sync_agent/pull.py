"""The hall's data from the platform: taken as a whole, or not at all (interfaces §5)."""

from enum import Enum

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Kind
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallDataError, HallStore
from kiosk_app.journal.hall_data import parse_hall_data, read_hall_json
from kiosk_app.journal.reader import JournalReader
from sync_agent.asking import Asking, DeniedError, HeldBackError, NoAnswerError
from sync_agent.outcomes import HttpAnswer
from sync_agent.platform_client import Question
from sync_agent.troubles import Trouble
from sync_agent.wall_clock import now_ms

LONGEST_CONFIGURATION = 8 << 20
"""Bytes; a hall of 200 windows with 2,000 items takes a quarter of it."""
LONGEST_ETAG = 512

_log = structlog.get_logger(__name__)


class Pulled(Enum):
    """What came of a pull."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    """What is here is the newest."""
    NOTHING = "nothing"
    """What is here stays: no answer, or one that is not right."""


class Pull:
    """Asks for the configuration of one device and keeps it."""

    def __init__(
        self,
        asking: Asking,
        journal: JournalReader,
        hall: HallStore,
        store: DeliveryStore,
        clock: Clock,
        device_id: str,
        platform_url: str,
    ) -> None:
        self._asking = asking
        self._journal = journal
        self._hall = hall
        self._store = store
        self._clock = clock
        self._target = f"/v1/devices/{device_id}/config"
        self._source = f"{platform_url} {device_id}"
        self._no_answer = Trouble(store, clock, cause="pull_error", since="pull_failing_since")
        self._denied = Trouble(store, clock, cause="pull_denied", since="pull_denied_since")
        self._refused = Trouble(store, clock, cause="data_refused", since="data_refused_since")

    def run(self) -> Pulled:
        """Pull once. Raises `sqlite3.Error`, `OSError`."""
        etag = self._hall.etag(self._source)
        headers = {"Accept": "application/json"} | ({"If-None-Match": etag} if etag else {})
        question = Question("GET", self._target, headers=headers, longest=LONGEST_CONFIGURATION)
        journal_sequence, _ = self._journal.head() or (0, "")
        try:
            answer = self._asking.ask(question, good=(200, 304) if etag else (200,))
            if answer.status == 200:
                self._take(answer, journal_sequence)
            else:
                self._note_unchanged(journal_sequence)
        except HeldBackError:
            return Pulled.NOTHING
        except NoAnswerError as error:
            is_denied = isinstance(error, DeniedError)
            self._tell(no_answer=None if is_denied else str(error), denied=str(error) if is_denied else None)
            _log.warning("pull-failed", cause=str(error))
            return Pulled.NOTHING
        except HallDataError as error:
            self._tell()
            self._refused.note(str(error))
            _log.warning("pulled-data-refused", fault=str(error))
            return Pulled.NOTHING
        self._tell()
        self._refused.note(None)
        self._store.note(last_pull_at=now_ms(self._clock))
        return Pulled.TAKEN if answer.status == 200 else Pulled.UNCHANGED

    def _tell(self, *, no_answer: str | None = None, denied: str | None = None) -> None:
        """Why no answer came, if none did."""
        self._no_answer.note(no_answer)
        self._denied.note(denied)

    def _note_unchanged(self, journal_sequence: int) -> None:
        """After a restore, what is here counts once the platform said again that it is the newest.

        Noted then only: every note lets the terminal read all of the hall's data again.
        """
        started = next(iter(self._journal.latest(Kind.JOURNAL_STARTED)), None)
        if started is not None and started.sequence > (self._hall.pulled_at_sequence() or 0):
            self._hall.note_pulled(self._source, journal_sequence)

    def _take(self, answer: HttpAnswer, journal_sequence: int) -> None:
        """Keep all of an answer. Raises `HallDataError` where anything in it is not right; then nothing is kept."""
        if answer.media_type != "application/json":
            raise HallDataError(f"content type {answer.media_type or 'missing'}, needed is application/json")
        try:
            document = read_hall_json(answer.body)
        except ValueError as error:
            raise HallDataError(f"not valid JSON: {error}") from error
        data = parse_hall_data(document)
        self._hall.replace_pulled(
            data.sections,
            data.documents,
            source=self._source,
            etag=_etag(answer),
            journal_sequence=journal_sequence,
        )
        _log.info("pulled", parts=data.counts())


def _etag(answer: HttpAnswer) -> str | None:
    """The version's name to ask by; one that no header can carry back is none."""
    etag = answer.headers.get("ETag", "").strip()
    return etag if etag.isascii() and etag.isprintable() and 0 < len(etag) <= LONGEST_ETAG else None
