"""What the technician's screens show at one moment: a value, made by the core, drawn by the screens.

A page is a tuple of blocks. Blocks are few, so that a new page needs no new QML. Words are keys of the translations
(`assets/translations/technician`) with their values, never sentences; all keys stand in `keys.py`. What a device, the
platform or the operating system said is shown as it was said: it is a plain text in a cell, or a message's detail.
Nothing here tells how anybody was rated: the technician is on the staff's side (R6).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias


class Page(StrEnum):
    """The technician's pages; the title of each is the translation `<page>.title`."""

    CLOSED = "closed"
    """Nobody is here: the overlay is not shown."""
    SIGN_IN = "sign_in"
    OVERVIEW = "overview"
    """Everything's health in one look, and what to do."""
    BINDING = "binding"
    """Who sits here (R17); windows only."""
    EVALUATOR = "evaluator"
    """How it is, and the rating test; where one is configured."""
    LEARN = "learn"
    """Learning a protocol that no file describes; reached from `EVALUATOR`."""
    PRINTER = "printer"
    """How it is, and the test slip; where one is configured."""
    NETWORK = "network"
    """The network and the platform: what waits, what was refused and why (R26, R27)."""
    RECORDS = "records"
    """The last visits without personal data, and whether the journal holds (R12)."""
    SOUND_SCREEN = "sound_screen"
    TOUCH = "touch"
    """Nine targets, without a word around them; reached from `SOUND_SCREEN`."""
    EXPORT = "export"
    """Records and backups to a second place (R29)."""
    ABOUT = "about"


@dataclass(frozen=True)
class Words:
    """A key of the translations, with the values of its placeholders."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)


Text: TypeAlias = Words | str
"""A plain str is shown as it is: a name, a number, an address, the words of an error."""

Light: TypeAlias = Literal["none", "ok", "warning", "problem"]
"""How something is, for a colour and a symbol together; `none` for what is neither good nor bad."""


@dataclass(frozen=True)
class Fact:
    """One line of a list: what, and how it is."""

    label: Words
    value: Text
    state: Light = "none"
    page: Page | None = None
    """A touch on the line goes to this page; None: it is no button."""


@dataclass(frozen=True)
class Facts:
    """A list of facts."""

    rows: tuple[Fact, ...]
    title: Words | None = None


@dataclass(frozen=True)
class ProblemRow:
    """One problem of the terminal's health."""

    severity: Literal["warning", "problem"]
    code: str
    """Worded by the translations `problem.<code>` and `problem.<code>.action`."""
    cause: str
    """In the words of the first error seen; shown as it is."""
    action: str
    """What to do, as health says it; for a code that has no translation."""
    since: str
    """RFC 3339; empty where not known."""
    page: Page | None = None
    """A touch goes to the page that mends it."""


@dataclass(frozen=True)
class Problems:
    """What is wrong, worst first."""

    rows: tuple[ProblemRow, ...]


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    id: str
    """The value of the table's action."""
    cells: tuple[Text, ...]
    chosen: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a header; all of them, the view scrolls."""

    header: tuple[Words, ...]
    rows: tuple[Row, ...]
    action: str = ""
    """With an action a row can be touched: `act(action, row.id)`."""
    title: Words | None = None


@dataclass(frozen=True)
class PersonRow:
    """One of the staff."""

    staff_no: str
    name: str
    department: str
    photo_file: str
    """Path of a picture; empty where there is none."""
    note: Words | None = None
    """Where the person sits now, if anywhere."""
    current: bool = False
    """Whether this is who sits here now."""
    chosen: bool = False


@dataclass(frozen=True)
class People:
    """Staff to pick from; all that fit what is filtered, the view pages them."""

    rows: tuple[PersonRow, ...]
    action: str
    """`act(action, staff_no)`."""


@dataclass(frozen=True)
class Button:
    """Something to do: `act(action, value)`."""

    action: str
    value: str
    label: Words
    primary: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class Buttons:
    """Buttons beside each other."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Option:
    """One of several that exclude each other."""

    value: str
    label: Text


@dataclass(frozen=True)
class Options:
    """A choice of one: `act(action, option.value)`."""

    action: str
    options: tuple[Option, ...]
    chosen: str
    title: Words | None = None


@dataclass(frozen=True)
class KeyLight:
    """One key of the evaluator in the rating test; worded by the common translations `level.<level>`."""

    level: str
    lit: bool = False
    """It was pressed when it was asked for, or just now."""
    presses: int = 0
    latency_ms: int | None = None
    """From the key's first byte to here."""
    wrong: bool = False
    """It was pressed when another one was asked for."""


@dataclass(frozen=True)
class Keys:
    """The five keys in the evaluator's order, best first."""

    keys: tuple[KeyLight, ...]
    asked: str | None = None
    """The level whose key is to be pressed now."""


@dataclass(frozen=True)
class Lines:
    """Hex and log lines, monospaced, newest last."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Notes:
    """What is good to know: sentences, each for itself."""

    notes: tuple[Text, ...]
    title: Words | None = None


@dataclass(frozen=True)
class Message:
    """One thing said."""

    kind: Literal["info", "good", "bad"]
    words: Words
    detail: str = ""
    """The cause in the words of who said it; shown below as it is."""


@dataclass(frozen=True)
class Confirm:
    """A question before something is done; stands above the page until it is answered."""

    question: Words
    yes_action: str
    yes_value: str
    no_action: str
    """`act(no_action, "")`."""


@dataclass(frozen=True)
class Target:
    """One of the nine targets of the touch test: three by three over the whole screen, row by row."""

    index: int
    done: bool = False
    off_mm: float | None = None
    """How far from the middle of the target the touch was."""


@dataclass(frozen=True)
class Targets:
    """The nine targets; only `next` is shown as one to touch, 9 when all are done."""

    targets: tuple[Target, ...]
    next: int


Block: TypeAlias = (
    Facts | Problems | Table | People | Buttons | Options | Keys | Lines | Notes | Message | Confirm | Targets
)


@dataclass(frozen=True)
class TechnicianState:
    """One moment of the technician's screens."""

    page: Page = Page.CLOSED
    blocks: tuple[Block, ...] = ()
    menu: tuple[Page, ...] = ()
    """The pages that this terminal has, in order, for the navigation; empty until somebody is signed in."""
    technicians: tuple[str, ...] = ()
    """Who has a PIN; on the sign-in page."""
    operator: str = ""
    """Who is signed in; on the sign-in page who is chosen to sign in."""
    wait_seconds: int = 0
    """So long after wrong tries no PIN is taken from `operator`; counted down by the core."""
    busy: bool = False
    """Something runs that takes its time; buttons of the page wait, leaving never does."""
    message: Message | None = None
    """What became of the last thing that was done; gone with the next page."""
    may_go_back: bool = False
    """Whether `go_back` leads to a page before this one."""
    leaves_at: float | None = None
    """When the screen is left without a touch, in seconds of CLOCK_BOOTTIME."""
    cannot_record: str = ""
    """Why nothing can be recorded at the moment; the pages work all the same, and say so."""
