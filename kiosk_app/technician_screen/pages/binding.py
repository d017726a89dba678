"""Who sits here: picked from the staff, with a reason; and who sat here before (R17)."""

from dataclasses import dataclass, replace

from kiosk_app.domain.records import Json
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.technician import seats
from kiosk_app.technician.seats import SitsElsewhereError, Sitting
from kiosk_app.technician_screen.desk import Desk
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.reading import hall_of, journal_of, when
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Confirm,
    Fact,
    Facts,
    Message,
    Option,
    Options,
    Page,
    People,
    PersonRow,
    Row,
    Table,
    Words,
)
from kiosk_app.terminal.pinyin import initials

PERSON, INITIAL, REASON, BIND, MOVE, UNBIND, UNBIND_YES, NO = (
    "person", "initial", "reason", "bind", "move", "unbind", "unbind_yes", "no",
)  # fmt: skip

REASONS = {
    "on_duty": "上班",
    "shift": "换班",
    "cover": "顶岗",
    "off_duty": "下班",
    "correction": "更正",
    "other": "其他",
}
"""What can be chosen, and how it stands in the record, which the platform reads."""
FEW = 12
"""So many people are found without letters to choose from."""
MOST_SITTINGS = 30


@dataclass(frozen=True)
class Seats:
    """Who there is, and who sits where."""

    staff: tuple[tuple[Json, str], ...]
    """Entries with the path of the photo."""
    bound: dict[str, str]
    """Staff numbers by window."""
    history: tuple[Sitting, ...]

    def name(self, staff_no: str) -> str:
        """The name; the number of somebody who is not in the staff list."""
        found = next((entry for entry, _ in self.staff if entry["staff_no"] == staff_no), {})
        return str(found.get("name") or staff_no)


class BindingPage(ReadingPage[Seats]):
    """Of a window; a kiosk has no such page."""

    name = Page.BINDING
    refresh_ms = 5_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._window = desk.means.window or ""
        self._initial = ""
        self._person = ""
        self._reason = "on_duty"
        self._question: Confirm | None = None

    def read(self) -> Seats:
        """Staff, bindings and history."""
        directory = self.desk.means.directory
        staff: list[tuple[Json, str]] = []
        with hall_of(directory) as hall:
            if hall is not None:
                staff = [(entry, str(hall.photo_file(entry) or "")) for entry in hall.entries("staff")]
        with journal_of(directory) as journal:
            if journal is None:
                return Seats(tuple(staff), {}, ())
            bound = {binding["window"]: binding["staff_no"] for binding in journal.bindings()}
            return Seats(tuple(staff), bound, tuple(seats.history(journal, self._window)[:MOST_SITTINGS]))

    def content(self, data: Seats) -> tuple[Block, ...]:
        """Who sits here, who could, and who did."""
        question = (self._question,) if self._question is not None else ()
        return (*question, self._now(data), *self._to_pick(data), *self._history(data))

    def act(self, action: str, value: str, /) -> Page | None:
        """Choose a person, a letter, a reason; bind, unbind, and what is asked before."""
        if self.data is None:
            return None
        if action in (PERSON, INITIAL, REASON):
            self._choose(action, value, self.data)
        elif action in (BIND, MOVE):
            self._bind(self.data, move=action == MOVE)
        elif action == UNBIND:
            self._ask_unbind(self.data)
        elif action == UNBIND_YES:
            self._unbind(self.data, value)
        elif action == NO:
            self._question = None
        return None

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _now(self, data: Seats) -> Facts:
        staff_no = data.bound.get(self._window)
        sitting = next((s for s in data.history if s.until is None), None)
        facts = [Fact(Words("binding.window"), self._window)]
        if staff_no is None:
            facts.append(Fact(Words("binding.here"), Words("binding.nobody"), "problem"))
        else:
            facts.append(Fact(Words("binding.here"), f"{data.name(staff_no)} ({staff_no})", "ok"))
        if staff_no is not None and sitting is not None:
            facts += [Fact(Words("binding.since"), when(sitting.since)), Fact(Words("binding.by"), sitting.by)]
        return Facts(tuple(facts))

    def _to_pick(self, data: Seats) -> tuple[Block, ...]:
        can_unbind = Button(UNBIND, "", Words("binding.unbind"), enabled=self._window in data.bound)
        if not data.staff:
            return (Message("info", Words("binding.no_staff")), Buttons((can_unbind,)))
        reasons = tuple(Option(reason, Words(f"binding.reason.{reason}")) for reason in REASONS)
        name = data.name(self._person) if self._person else ""
        bind = Button(BIND, "", Words("binding.bind", {"name": name}), primary=True, enabled=bool(self._person))
        return (
            *self._letters(data),
            People(tuple(self._people(data)), PERSON),
            Options(REASON, reasons, self._reason, Words("binding.reason")),
            Buttons((bind, can_unbind)),
        )

    def _letters(self, data: Seats) -> tuple[Block, ...]:
        if len(data.staff) <= FEW:
            return ()
        letters = sorted({letter for entry, _ in data.staff for letter in initials(_name(entry))})
        options = (Option("", Words("binding.initial.all")), *(Option(letter, letter) for letter in letters))
        return (Options(INITIAL, options, self._initial, Words("binding.initial")),)

    def _people(self, data: Seats) -> list[PersonRow]:
        sits = {staff_no: window for window, staff_no in data.bound.items()}
        return [
            PersonRow(
                staff_no=entry["staff_no"],
                name=_name(entry),
                department=str(entry.get("department") or ""),
                photo_file=photo,
                note=self._note(sits.get(entry["staff_no"])),
                current=sits.get(entry["staff_no"]) == self._window,
                chosen=entry["staff_no"] == self._person,
            )
            for entry, photo in data.staff
            if not self._initial or self._initial in initials(_name(entry))
        ]

    def _note(self, window: str | None) -> Words | None:
        if window is None:
            return None
        here = Words("binding.person.here")
        return here if window == self._window else Words("binding.person.elsewhere", {"window": window})

    def _history(self, data: Seats) -> tuple[Block, ...]:
        if not data.history:
            return ()
        header = tuple(Words(f"binding.history.{column}") for column in ("who", "from", "until", "by", "reason"))
        rows = tuple(
            Row(
                str(number),
                (
                    f"{data.name(sitting.staff_no)} ({sitting.staff_no})",
                    when(sitting.since),
                    when(sitting.until) if sitting.until else Words("binding.history.until_now"),
                    sitting.by,
                    sitting.reason,
                ),
            )
            for number, sitting in enumerate(data.history)
        )
        return (Table(header, rows, title=Words("binding.history")),)

    # -- what is done -------------------------------------------------------------------------------------------------

    def _choose(self, action: str, value: str, data: Seats) -> None:
        if action == PERSON and any(entry["staff_no"] == value for entry, _ in data.staff):
            self._person = "" if self._person == value else value
        elif action == INITIAL and len(value) <= 1:
            self._initial = value
        elif action == REASON and value in REASONS:
            self._reason = value
        self._question = None

    def _bind(self, data: Seats, *, move: bool) -> None:
        person, self._question = self._person, None
        if not person:
            return
        name = data.name(person)
        try:
            seated = seats.bind(self.desk.hand, self._window, person, REASONS[self._reason], move=move)
        except SitsElsewhereError as error:
            question = Words("binding.confirm_move", {"name": name, "window": error.window})
            self._question = Confirm(question, MOVE, person, NO)
            return
        except JournalUnavailableError as error:
            self.desk.say("bad", "common.cannot_record", str(error))
            return
        if seated.already:
            self.desk.say("info", "binding.already", name=name)
        else:
            self.desk.say("good", "binding.bound", name=name)
        self._person = ""
        self._shown_at_once(data, {self._window: person}, without=person)

    def _ask_unbind(self, data: Seats) -> None:
        staff_no = data.bound.get(self._window)
        if staff_no is not None:
            question = Words("binding.confirm_unbind", {"name": data.name(staff_no)})
            self._question = Confirm(question, UNBIND_YES, staff_no, NO)

    def _unbind(self, data: Seats, expected: str) -> None:
        self._question = None
        try:
            left = seats.unbind(self.desk.hand, self._window, REASONS[self._reason], expected=expected)
        except JournalUnavailableError as error:
            self.desk.say("bad", "common.cannot_record", str(error))
            return
        if left is None:
            self.desk.say("bad", "binding.changed_meanwhile")
        else:
            self.desk.say("good", "binding.unbound", name=data.name(left))
        self._shown_at_once(data, {}, without=expected)

    def _shown_at_once(self, data: Seats, bound: dict[str, str], *, without: str) -> None:
        """What was done is seen before it is read again."""
        others = {w: who for w, who in data.bound.items() if who != without and w != self._window}
        self.data = replace(data, bound={**others, **bound})
        self.look_again()


def _name(entry: Json) -> str:
    return str(entry.get("name") or entry["staff_no"])
