"""The network and the platform: what waits, what was refused and why, and sending it again (R26, R27, R28)."""

from collections.abc import Iterator
from dataclasses import dataclass

import pysqlite3 as sqlite3

from kiosk_app.journal.delivery import NotResendableError, PendingRecord, PlatformStatus, State
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.technician.own_addresses import own_addresses
from kiosk_app.technician.resending import resend, resend_all
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.reading import delivery_of, journal_of, refused_records, when, when_ms
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Confirm,
    Fact,
    Facts,
    Light,
    Message,
    Page,
    Row,
    Table,
    Text,
    Words,
)

RECORD, RESEND, ALL, RESEND_ALL, NO = "record", "resend", "all", "resend_all", "no"
MOST_REFUSED = 50
"""So many are shown; all are sent again by one button."""
MOST_OFF_MS = 5_000


@dataclass(frozen=True)
class PlatformFacts:
    """What delivery's bookkeeping says."""

    addresses: tuple[str, ...]
    status: PlatformStatus
    waiting: int
    refused: int
    oldest: str | None
    confirmed: int | None
    refused_records: tuple[tuple[PendingRecord, str], ...]
    """With the kind of the record."""


class NetworkPage(ReadingPage[PlatformFacts]):
    """Of every terminal."""

    name = Page.NETWORK
    refresh_ms = 2_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._question: Confirm | None = None

    def read(self) -> PlatformFacts:
        """The bookkeeping, and this machine's addresses."""
        directory, addresses = self.desk.means.directory, tuple(own_addresses())
        with journal_of(directory) as journal, delivery_of(directory) as store:
            if journal is None:
                return PlatformFacts(addresses, PlatformStatus(), 0, 0, None, None, ())
            if store is None:
                first, head = next(iter(journal.records_after(0, 1)), None), journal.head()
                waiting, oldest = head[0] if head else 0, first.occurred_at if first else None
                return PlatformFacts(addresses, PlatformStatus(), waiting, 0, oldest, None, ())
            counts, late, confirmed = store.counts(journal), store.oldest_waiting(journal), store.confirmed_head()
            refused = refused_records(directory, MOST_REFUSED)
            kinds = {
                record.record_id: record.kind for record in journal.records_by_sequence([r.sequence for r in refused])
            }
            return PlatformFacts(
                addresses,
                store.status(),
                counts[State.WAITING],
                counts[State.REFUSED],
                late.occurred_at if late else None,
                confirmed[0] if confirmed else None,
                tuple((record, kinds.get(record.record_id, "")) for record in refused),
            )

    def content(self, data: PlatformFacts) -> tuple[Block, ...]:
        """The facts, then what was refused."""
        question = (self._question,) if self._question is not None else ()
        waits = bool(data.waiting or data.refused)
        send_all = Button(ALL, "", Words("network.resend_all"), primary=data.refused > 0, enabled=waits)
        return (*question, Facts(tuple(self._facts(data))), self._refused(data), Buttons((send_all,)))

    def act(self, action: str, value: str, /) -> Page | None:
        """Send one or all again, after asking."""
        if self.data is None:
            return None
        if action == RECORD:
            self._ask_one(self.data, value)
        elif action == ALL:
            n = self.data.waiting + self.data.refused
            self._question = Confirm(Words("network.confirm_resend_all", {"n": n}), RESEND_ALL, "", NO)
        elif action in (RESEND, RESEND_ALL):
            self._resend(value if action == RESEND else None)
        elif action == NO:
            self._question = None
        return None

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _facts(self, data: PlatformFacts) -> Iterator[Fact]:
        status, never = data.status, Words("network.never")
        yield Fact(Words("network.address"), self.desk.means.settings.platform.url)
        yield Fact(
            Words("network.own_addresses"), ", ".join(data.addresses) or "-", "none" if data.addresses else "problem"
        )
        if status.unauthorised_since is not None:
            yield Fact(Words("network.not_accepted"), when_ms(status.unauthorised_since), "problem")
        if status.hold_until is not None and status.hold_until > self._now_ms():
            yield Fact(Words("network.held_until"), when_ms(status.hold_until), "warning")
        yield Fact(Words("network.last_contact"), when_ms(status.last_contact_at) or never)
        if status.last_error:
            yield Fact(Words("network.last_error"), status.last_error, "warning")
        yield Fact(Words("network.last_pull"), when_ms(status.last_pull_at) or never)
        yield Fact(Words("network.waiting"), str(data.waiting), "none" if data.waiting == 0 else "warning")
        if data.waiting and data.oldest is not None:
            yield Fact(Words("network.oldest"), when(data.oldest))
        yield Fact(Words("network.refused"), str(data.refused), "problem" if data.refused else "ok")
        if data.confirmed is not None:
            yield Fact(Words("network.confirmed"), str(data.confirmed))
        yield Fact(Words("network.clock_offset"), *_offset(status.clock_offset_ms))

    def _now_ms(self) -> int:
        return round(self.desk.clock.now().wall.timestamp() * 1000)

    def _refused(self, data: PlatformFacts) -> Block:
        if not data.refused_records:
            return Message("good", Words("network.nothing_refused"))
        header = tuple(Words(f"network.{column}") for column in ("record", "kind", "attempts", "reason"))
        rows = tuple(
            Row(record.record_id, (str(record.sequence), kind, str(record.attempts), record.last_error or ""))
            for record, kind in data.refused_records
        )
        return Table(header, rows, RECORD, Words("network.refused_records"))

    # -- what is done -------------------------------------------------------------------------------------------------

    def _ask_one(self, data: PlatformFacts, record_id: str) -> None:
        found = next((record for record, _ in data.refused_records if record.record_id == record_id), None)
        if found is not None:
            question = Words("network.resend", {"sequence": found.sequence})
            self._question = Confirm(question, RESEND, record_id, NO)

    def _resend(self, record_id: str | None) -> None:
        self._question = None
        try:
            if record_id is None:
                resend_all(self.desk.hand)
            else:
                resend(self.desk.hand, record_id)
        except NotResendableError as error:
            self.desk.say("info", "network.not_resendable", words_of(error))
        except JournalUnavailableError as error:
            self.desk.say("bad", "common.cannot_record", words_of(error))
        except (sqlite3.Error, OSError) as error:
            self.desk.failed(error)
        else:
            self.desk.say("good", "network.due_now")
        self.look_again()


def _offset(milliseconds: int | None) -> tuple[Text, Light]:
    """This device's clock against the platform's, in seconds ahead."""
    if milliseconds is None:
        return Words("network.clock_offset.unknown"), "none"
    seconds = f"{-milliseconds / 1000:+.1f}"
    light: Light = "warning" if abs(milliseconds) > MOST_OFF_MS else "ok"
    return Words("network.clock_offset.value", {"seconds": seconds}), light
