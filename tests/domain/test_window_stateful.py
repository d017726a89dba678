"""Random lives of a window, restarts, reboots and wrong clocks included, against a simple model of the rules.

The model knows of each visit only when it was opened, invited and finished, on a clock of its own that nobody can set.
"""

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Kind
from kiosk_app.domain.visits import Accepted, Refused
from kiosk_app.domain.window import (
    Decline,
    End,
    Event,
    Expire,
    Invite,
    Limits,
    OpenVisit,
    Pause,
    Press,
    Resume,
    Step,
    WantPause,
    step,
)
from tests.domain.recorded import RecordedWindow
from tests.manual_clock import ManualClock

LIMITS = Limits(invite_ms=30_000, short_service_ms=20_000, visit_max_ms=600_000)
NOT_INVITED = {"not_invited", "abandoned"}


def code_of(visit_id: str) -> str:
    """Each visit's own code."""
    return f"code of {visit_id}"


@dataclass
class ModelVisit:
    """A visit as a person with a notebook and a good watch would note it."""

    visit_id: str
    opened: int
    invited: int | None = None
    outcome: str | None = None
    rebooted: bool = False
    """Opened before a reboot: only the wall clock can tell its age."""
    cut_off: bool = False
    """Invited before a reboot: someone else may stand there."""

    def hears(self, arrived: int) -> bool:
        """Whether an input that arrived at this second of the watch came into the open invitation."""
        if self.outcome is not None or self.invited is None or self.cut_off:
            return False
        return self.invited <= arrived < self.invited + LIMITS.invite_ms


class WindowLife(RuleBasedStateMachine):
    """Rules are what can happen; invariants are what must hold whatever happens."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.watch = 0
        """Milliseconds of a watch that no reboot and no operator can touch."""
        self.window = RecordedWindow(LIMITS)
        self.visits: list[ModelVisit] = []
        self.paused = False
        self.pause_wanted = False

    @initialize()
    def begin(self) -> None:
        self.window.start_again(self.clock.now())

    # What the model knows

    @property
    def current(self) -> ModelVisit | None:
        return self.visits[-1] if self.visits and self.visits[-1].outcome is None else None

    def inviting(self) -> bool:
        return self.current is not None and self.current.invited is not None

    def finish(self, outcome: str) -> None:
        assert self.current is not None
        self.current.outcome = outcome
        self.paused, self.pause_wanted = self.paused or self.pause_wanted, False

    def take(self, event: Event) -> Step:
        result = step(self.window.state, event, LIMITS)
        self.window.play(event)
        return result

    # What can happen

    @rule(milliseconds=st.one_of(st.integers(0, 3_000), st.integers(0, 40_000), st.integers(0, 700_000)))
    def time_passes(self, milliseconds: int) -> None:
        self.watch += milliseconds
        self.clock.pass_ms(milliseconds)

    @rule(milliseconds=st.integers(-100_000_000, 100_000_000))
    def somebody_sets_the_wall_clock(self, milliseconds: int) -> None:
        self.clock.set_wall(milliseconds)

    @rule(invite=st.booleans())
    def a_visit_is_opened(self, invite: bool) -> None:
        visit_id = f"v{len(self.visits)}"
        prompt = "both" if invite else None
        event = OpenVisit(self.clock.now(), visit_id, "12", "0815", rating_code=code_of(visit_id), invite_with=prompt)
        answer = self.take(event).answer
        if self.current is not None or self.paused:
            assert isinstance(answer, Refused)
        else:
            assert isinstance(answer, Accepted)
            self.visits.append(ModelVisit(visit_id, self.watch, self.watch if invite else None))

    @precondition(lambda self: self.visits)
    @rule(back=st.integers(0, 2))
    def an_invitation_is_asked_for(self, back: int) -> None:
        """For the visit of now, or one long finished."""
        visit = self.visits[max(len(self.visits) - 1 - back, 0)]
        answer = self.take(Invite(self.clock.now(), visit.visit_id, "both")).answer
        assert isinstance(answer, Accepted if visit is self.current else Refused)
        if visit is self.current and visit.invited is None:
            visit.invited = self.watch

    @precondition(lambda self: self.visits)
    @rule(back=st.integers(0, 2))
    def the_service_side_ends_it(self, back: int) -> None:
        visit = self.visits[max(len(self.visits) - 1 - back, 0)]
        ends = visit is self.current and visit.invited is None
        answer = self.take(End(self.clock.now(), visit.visit_id)).answer
        assert isinstance(answer, Accepted if ends else Refused)
        if ends:
            self.finish("not_invited")

    @rule(
        level=st.sampled_from(Level), ago=st.one_of(st.integers(0, 400), st.integers(0, 60_000)), closed=st.booleans()
    )
    def the_citizen_presses(self, level: Level, ago: int, closed: bool) -> None:
        """The press arrived some time ago and is handled only now: the moment of its arrival counts."""
        heard = self.current is not None and self.current.hears(self.watch - ago)
        result = self.take(Press(self.clock.ago(ago), level, "evaluator", outside_hours=closed))
        assert result.stray is not heard
        assert [draft.kind for draft in result.drafts][:1] == [Kind.RATING] * heard
        if heard:
            assert result.drafts[0].payload["level"] == level
            assert ("outside_hours" in result.drafts[0].payload["flags"]) is closed, "flagged, never refused (R13)"
            self.finish("rated")

    @rule(ago=st.one_of(st.integers(0, 400), st.integers(0, 60_000)))
    def the_citizen_declines(self, ago: int) -> None:
        heard = self.current is not None and self.current.hears(self.watch - ago)
        assert self.take(Decline(self.clock.ago(ago))).stray is not heard
        if heard:
            self.finish("declined")

    @rule()
    def the_window_is_to_be_paused(self) -> None:
        answer = self.take(WantPause(self.clock.now(), Pause("开会", None))).answer
        if self.inviting():
            assert isinstance(answer, Refused)
        elif self.current is not None:
            assert isinstance(answer, Accepted)
            assert answer.deferred
            self.pause_wanted = True
        else:
            self.paused = True

    @rule()
    def the_staff_member_is_back(self) -> None:
        self.take(Resume(self.clock.now()))
        self.paused = self.pause_wanted = False

    @rule(settle=st.sampled_from([0, 300]))
    def time_is_looked_at(self, settle: int) -> None:
        visit = self.current
        seen = self.watch - settle
        result = self.take(Expire(self.clock.ago(settle)))
        if visit is None:
            assert result.drafts == ()
        elif visit.invited is not None:
            over = seen >= visit.invited + LIMITS.invite_ms
            assert bool(result.drafts) is over
            if over:
                self.finish("timeout")
        elif not visit.rebooted:
            over = seen >= visit.opened + LIMITS.visit_max_ms
            assert bool(result.drafts) is over
            if over:
                self.finish("abandoned")
        elif result.drafts:
            # After a reboot only the wall clock could tell the age, and anybody may have set that.
            self.finish("abandoned")

    @rule()
    def the_app_starts_again(self) -> None:
        visit = self.current
        self.window.start_again(self.clock.now())
        if visit is not None and visit.invited is not None and not visit.hears(self.watch):
            self.finish("interrupted")

    @rule(down_ms=st.integers(0, 700_000), boot_ms=st.integers(1, 2_000_000))
    def the_machine_starts_again(self, down_ms: int, boot_ms: int) -> None:
        self.watch += down_ms
        self.clock.reboot(down_ms, boot_ms)
        if self.current is not None:
            self.current.rebooted = True
            self.current.cut_off = self.current.invited is not None
        self.the_app_starts_again()
        assert not self.inviting(), "after a reboot no invitation goes on"

    # What must hold

    @invariant()
    def every_finished_visit_has_exactly_one_outcome_r3(self) -> None:
        found: dict[str | None, list[str]] = {}
        for record in self.window.of_kind(Kind.RATING, Kind.RATING_MISSED):
            outcome = "rated" if record.kind == Kind.RATING else str(record.payload["reason"])
            found.setdefault(record.visit_id, []).append(outcome)
        assert found == {visit.visit_id: [visit.outcome] for visit in self.visits if visit.outcome}

    @invariant()
    def the_code_of_a_visit_stands_in_its_outcome_r10(self) -> None:
        for record in self.window.of_kind(Kind.VISIT_OPENED, Kind.RATING, Kind.RATING_MISSED):
            assert record.payload["rating_code"] == code_of(str(record.visit_id))

    @invariant()
    def what_ended_without_an_invitation_says_so_and_nothing_else_does_r6(self) -> None:
        invited = [record.visit_id for record in self.window.of_kind(Kind.RATING_INVITED)]
        assert len(set(invited)) == len(invited), "never a second invitation of one visit"
        for visit in self.visits:
            if visit.outcome:
                assert (visit.visit_id in invited) is (visit.outcome not in NOT_INVITED)

    @invariant()
    def every_visit_is_opened_once_and_comes_before_its_outcome(self) -> None:
        opened = [record.visit_id for record in self.window.of_kind(Kind.VISIT_OPENED)]
        assert opened == [visit.visit_id for visit in self.visits]

    @invariant()
    def nothing_but_the_citizen_and_time_closes_an_invitation_r6(self) -> None:
        visit, open_visit = self.current, self.window.state.visit
        assert (visit.visit_id if visit else None) == (open_visit.visit_id if open_visit else None)
        if visit is not None and open_visit is not None and visit.invited is not None:
            assert open_visit.deadline is not None
            left = open_visit.deadline.boot_ms - self.clock.boot_ms
            assert left == visit.invited + LIMITS.invite_ms - self.watch

    @invariant()
    def the_away_sign_stands_only_between_visits_r19(self) -> None:
        assert (self.window.state.pause is not None) is self.paused
        assert (self.window.state.pause_wanted is not None) is self.pause_wanted
        assert not (self.paused and self.current)


WindowLife.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestWindowLife = WindowLife.TestCase
