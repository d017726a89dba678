"""Whatever is touched in whatever order: no error, each number once, one outcome a visit, no place overbooked."""

import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.domain.levels import Level
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.verification import verify
from kiosk_app.kiosk.screen_state import (
    CodeEntry,
    Details,
    Listing,
    Menu,
    Page,
    PhoneEntry,
    Questions,
    Search,
)
from kiosk_app.kiosk.service import Action
from kiosk_app.terminal import mailbox
from tests.kiosk import small_hall
from tests.kiosk.kiosk_rig import FakePrinter, KioskRig, code

PLACES = {"s-1": 2, "s-2": 1}
PLAIN = [action for action in Action if action not in (Action.CHOOSE, Action.TYPE, Action.LANGUAGE)]


class Errors:
    """Keeps what the station's thread logs as its own failure, and would survive."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def exception(self, event: str) -> None:
        self.seen.append(f"{event}: {sys.exc_info()[1]!r}")


class AnyTouch(RuleBasedStateMachine):
    """A kiosk under the hands of people who do anything."""

    @initialize()
    def begin(self) -> None:
        self._directory = TemporaryDirectory()
        self.errors = Errors()
        self._patch = patch.object(mailbox, "_log", self.errors)
        self._patch.start()
        sections = small_hall.hall(
            numbers=[small_hall.number_lease(last=9), small_hall.number_lease("n-tax", "tax", last=3)],
            appointments=[
                {
                    "appointment_no": "P-1",
                    "code": "123456",
                    "item_code": "S-1",
                    "slot": {"date": small_hall.TODAY.isoformat(), "from": "09:10", "to": "10:00"},
                }
            ],
        )
        self.printer = FakePrinter()
        self.rig = KioskRig(Path(self._directory.name), printer=self.printer, sections=sections)
        self.finished = 0

    @rule(action=st.sampled_from(PLAIN))
    def touch(self, action: Action) -> None:
        self.rig.act(action)

    @rule(data=st.data())
    def choose(self, data: st.DataObject) -> None:
        content = self.rig.screen().content
        if isinstance(content, (Menu, Listing, Search)) and content.entries:
            self.rig.choose(data.draw(st.sampled_from(content.entries)).id)

    @rule(item=st.sampled_from([("社会保险", "S-1"), ("社会保险", "S-2"), ("税务", "T-1")]))
    def take_number(self, item: tuple[str, str]) -> None:
        self.rig.home()
        self.rig.take_number(*item)

    @rule(lease=st.sampled_from(sorted(PLACES)))
    def book(self, lease: str) -> None:
        self.rig.home()
        self.rig.book(lease=lease)

    @rule(data=st.data())
    def end_a_booking(self, data: st.DataObject) -> None:
        self.rig.home()
        self.rig.choose(*data.draw(st.sampled_from([("book", "cancel"), ("check_in",)])))
        self.rig.scan(data.draw(st.sampled_from(self.codes())))

    @rule(data=st.data(), level=st.sampled_from(Level))
    def rate_by_code(self, data: st.DataObject, level: Level) -> None:
        self.rig.home()
        self.rig.scan(data.draw(st.sampled_from(self.codes())))
        self.rig.press(level)

    @rule(data=st.data())
    def type(self, data: st.DataObject) -> None:
        content = self.rig.screen().content
        if isinstance(content, PhoneEntry):
            self.rig.keys(data.draw(st.sampled_from(["13800001234", "123", "x"])))
        if isinstance(content, CodeEntry):
            self.rig.keys(data.draw(st.sampled_from(self.codes())).replace("-", ""))
        if isinstance(content, Search):
            self.rig.keys(data.draw(st.sampled_from(["cbdj", "swdj", "zz", "险"])))

    @rule(data=st.data())
    def scan(self, data: st.DataObject) -> None:
        self.rig.scan(data.draw(st.sampled_from([*self.codes(), "noise"])))

    @rule(level=st.sampled_from(Level))
    def press(self, level: Level) -> None:
        self.rig.press(level)

    @rule()
    def decline(self) -> None:
        self.rig.decline()

    @rule(data=st.data(), give=st.booleans())
    def reasons(self, data: st.DataObject, give: bool) -> None:
        content = self.rig.screen().content
        options = content.options if isinstance(content, Details) else ()
        codes = tuple(option.code for option in options if data.draw(st.booleans()))
        (self.rig.station.give_reasons if give else self.rig.station.choose_reasons)(codes)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        content = self.rig.screen().content
        if isinstance(content, Questions):
            question = data.draw(st.sampled_from(content.questions))
            self.rig.station.answer(question.code, data.draw(st.sampled_from(question.answers)).code)

    @rule(seconds=st.sampled_from([0.3, 5, 30, 61, 100]))
    def time_passes(self, seconds: float) -> None:
        self.rig.pass_time(seconds)

    @precondition(lambda self: self.finished < len(self.printer.jobs))
    @rule(state=st.sampled_from(PrintState))
    def print_ends(self, state: PrintState) -> None:
        self.rig.station.printed(self.printer.jobs[self.finished][0], state, "")
        self.finished += 1

    @rule(condition=st.sampled_from(Condition))
    def printer_changes(self, condition: Condition) -> None:
        self.rig.printer_becomes(condition)

    @rule()
    def crash(self) -> None:
        self.rig.restart()
        self.finished = len(self.printer.jobs)

    @rule(fault=st.sampled_from([None, "disk full"]))
    def disk(self, fault: str | None) -> None:
        self.rig.broken = fault
        self.rig.pass_time(6)

    def codes(self) -> list[str]:
        """Codes that people may have in their hands."""
        records = self.rig.records("ticket_issued", "appointment_booked")
        printed = [r.payload.get("rating_code") or r.payload.get("appointment_no") for r in records]
        return [code(), code(9), code(hall_id=2), "123456", "010100000000", *map(str, printed)]

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "rig"):
            return
        state = self.rig.screen()
        assert self.errors.seen == []
        records = self.rig.records()
        numbers = [r.payload["ticket_no"].removeprefix("Y") for r in records if r.kind == "ticket_issued"]
        assert max(Counter(numbers).values(), default=1) == 1
        outcomes = Counter(r.visit_id for r in records if r.kind in ("rating", "rating_missed") and r.visit_id)
        assert max(outcomes.values(), default=1) == 1
        opened = {r.visit_id for r in records if r.kind == "visit_opened"}
        assert set(outcomes) <= opened
        unsettled = len(opened - set(outcomes))
        assert unsettled <= 1 or state.page is Page.CANNOT_RECORD
        by_code = Counter(r.payload["rating_code"] for r in records if r.kind == "rating" and r.visit_id is None)
        assert max(by_code.values(), default=1) == 1
        ended = Counter(
            r.payload["appointment_no"]
            for r in records
            if r.kind in ("appointment_cancelled", "appointment_checked_in")
        )
        assert max(ended.values(), default=1) == 1
        with closing(JournalReader.open(self.rig.directory)) as reader:
            assert all(0 <= reader.places_taken(lease) <= places for lease, places in PLACES.items())

    def teardown(self) -> None:
        if not hasattr(self, "rig"):
            return
        self.rig.broken = None
        self.rig.pass_time(6)
        self.rig.home()
        self.rig.decline()
        self.rig.home()
        records = self.rig.records()
        opened = {r.visit_id for r in records if r.kind == "visit_opened"}
        assert opened == {r.visit_id for r in records if r.kind in ("rating", "rating_missed") and r.visit_id}
        bad = {r.record_id for r in records if r.kind == "rating" and Level(r.payload["level"]).is_bad}
        assert bad <= {r.payload["rating_id"] for r in records if r.kind == "rating_detail"}
        self.rig.close()
        self._patch.stop()
        assert self.errors.seen == []
        assert verify(self.rig.directory).holds
        self._directory.cleanup()


TestAnyTouch = AnyTouch.TestCase
TestAnyTouch.settings = settings(
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
