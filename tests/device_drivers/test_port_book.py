"""Which port is whose: never one for two, and none before it is certain."""

import contextlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from device_drivers.port_assignment import Remembered, Role, Situation, assign, open_candidates
from device_drivers.port_book import PortBook, PortsAmbiguousError
from device_drivers.port_memory import PORTS_FILE
from device_drivers.serial_ports import AUTO, PortNotFoundError, UsbIds
from device_drivers.stable_ports import StablePort
from tests.device_drivers.sockets import CH340, PROLIFIC, Sockets

LOOKS = (UsbIds(*CH340), UsbIds(*PROLIFIC), UsbIds(*PROLIFIC, "A7"))
PLACES = ("left", "right", "top")


def port(place: str, ids: UsbIds = LOOKS[0]) -> StablePort:
    return StablePort(f"/dev/{place}", place, "", ids, is_on_usb=True)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Up to three devices, some named, some remembered, at up to three ports that may look the same."""
    places = draw(st.lists(st.sampled_from(PLACES), unique=True))
    present = [port(place, draw(st.sampled_from(LOOKS))) for place in places]
    devices = [each.device for each in present]
    roles = draw(st.lists(st.sampled_from(Role), unique=True, min_size=1))
    wanted = {role: draw(st.sampled_from([AUTO, AUTO, *(f"/dev/{place}" for place in PLACES)])) for role in roles}
    named = {role: name for role, name in wanted.items() if name in devices}
    named = {role: name for role, name in named.items() if list(named.values()).count(name) == 1}
    free = [device for device in devices if device not in named.values()]
    held = dict(zip(draw(st.lists(st.sampled_from(roles), unique=True)), draw(st.permutations(free)), strict=False))
    held = {role: device for role, device in held.items() if wanted[role] == AUTO}
    remembered = {
        role: Remembered(draw(st.sampled_from(PLACES)), draw(st.sampled_from(LOOKS)))
        for role in draw(st.lists(st.sampled_from(Role), unique=True))
    }
    doubted = frozenset(draw(st.sets(st.sampled_from(Role))))
    foreign = frozenset(draw(st.sets(st.sampled_from(free)))) if free else frozenset()
    used = {role: draw(st.sampled_from(LOOKS)) for role in draw(st.lists(st.sampled_from(roles), unique=True))}
    return Situation(wanted, present, named, held, remembered, doubted, used, foreign)


@given(situations())
def test_no_port_is_ever_given_to_two_devices(situation: Situation) -> None:
    assigned = assign(situation)
    assert len(set(assigned.values())) == len(assigned)
    assert set(assigned) <= set(situation.wanted)


@given(situations())
def test_what_is_named_or_in_use_is_never_taken_away(situation: Situation) -> None:
    assigned = assign(situation)
    for role, device in {**situation.held, **situation.named}.items():
        assert assigned.get(role) == device


@given(situations())
def test_a_printer_never_gets_a_port_at_which_another_evaluator_was_heard(situation: Situation) -> None:
    device = assign(situation).get(Role.PRINTER)
    told = {**situation.named, **situation.held}
    assert Role.PRINTER in told or device not in situation.foreign


@given(situations())
def test_a_port_is_given_for_a_reason(situation: Situation) -> None:
    """It is named, in use, remembered and not doubted, or nothing else is left while all others are known."""
    assigned = assign(situation)
    for role, device in assigned.items():
        if device in (situation.named.get(role), situation.held.get(role)):
            continue
        remembered = situation.remembered.get(role)
        ids = next(each.ids for each in situation.present if each.device == device)
        is_recalled = remembered is not None and remembered.ids == ids and role not in situation.doubted
        others = {other: given for other, given in assigned.items() if other is not role}
        is_left = set(situation.wanted) == set(assigned) and len(open_candidates(situation, others, role)) == 1
        assert is_recalled or is_left


@given(situations(), st.permutations(list(Role)))
def test_the_order_of_the_sections_decides_nothing(situation: Situation, order: list[Role]) -> None:
    wanted = {role: situation.wanted[role] for role in order if role in situation.wanted}
    turned = Situation(
        wanted,
        situation.present[::-1],
        situation.named,
        situation.held,
        situation.remembered,
        situation.doubted,
        situation.used,
        situation.foreign,
    )
    assert assign(turned) == assign(situation)


BOTH = {Role.EVALUATOR: AUTO, Role.PRINTER: AUTO}
EVALUATOR_LEFT = {Role.EVALUATOR: Remembered("left", LOOKS[0])}


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        pytest.param(Situation({Role.EVALUATOR: AUTO}, [port("left")]), {Role.EVALUATOR: "left"}, id="the only one"),
        pytest.param(Situation({Role.PRINTER: AUTO}, [port("left"), port("top")]), {}, id="two for one"),
        pytest.param(Situation(BOTH, [port("left")]), {}, id="one for two"),
        pytest.param(Situation(BOTH, [port("left"), port("top")]), {}, id="two for two"),
        pytest.param(
            Situation(BOTH, [port("left"), port("top")], remembered=EVALUATOR_LEFT),
            {Role.EVALUATOR: "left", Role.PRINTER: "top"},
            id="evaluator remembered",
        ),
        pytest.param(
            Situation(BOTH, [port("left", LOOKS[1]), port("top", LOOKS[2])], remembered=EVALUATOR_LEFT),
            {},
            id="another adapter at the remembered place",
        ),
        pytest.param(
            Situation(
                BOTH, [port("left"), port("top")], remembered=EVALUATOR_LEFT, doubted=frozenset({Role.EVALUATOR})
            ),
            {},
            id="doubted",
        ),
        pytest.param(
            Situation({Role.EVALUATOR: "/dev/left", Role.PRINTER: AUTO}, [port("top")]),
            {},
            id="may be the evaluator in another socket",
        ),
        pytest.param(
            Situation(
                BOTH,
                [port("right"), port("top", LOOKS[1])],
                remembered=EVALUATOR_LEFT | {Role.PRINTER: Remembered("right", LOOKS[1])},
            ),
            {Role.EVALUATOR: "right", Role.PRINTER: "top"},
            id="moved, of different make",
        ),
        pytest.param(
            Situation(BOTH, [port("right"), port("top", LOOKS[1])], remembered=EVALUATOR_LEFT),
            {},
            id="moved, and the printer may look like it",
        ),
        pytest.param(
            Situation(
                BOTH,
                [port("right", LOOKS[2])],
                remembered={
                    Role.EVALUATOR: Remembered("left", LOOKS[2]),
                    Role.PRINTER: Remembered("top", LOOKS[1]),
                },
            ),
            {Role.EVALUATOR: "right"},
            id="moved, known by its serial number",
        ),
    ],
)
def test_what_is_known_decides(situation: Situation, expected: Mapping[Role, str]) -> None:
    assert assign(situation) == {role: f"/dev/{place}" for role, place in expected.items()}


# The book, on an invented machine.


@pytest.fixture
def sockets(tmp_path: Path) -> Sockets:
    return Sockets(tmp_path)


def device(sockets: Sockets, socket: str, ids: tuple[int, int] = CH340, serial: str | None = None) -> str:
    """A node for each plugging, as devtmpfs makes them."""
    node = sockets.storage.parent / f"tty-{socket}"
    node.touch()
    sockets.plug(socket, str(node), ids, serial)
    return str(node)


def pull(sockets: Sockets, *names: str) -> None:
    for name in names:
        sockets.unplug(name)
        node = sockets.storage.parent / f"tty-{name}"
        # Its number must not be given to the next node at once, as a file system of memory does not.
        node.rename(node.with_suffix(f".old{len(list(node.parent.iterdir()))}"))


def test_what_proved_itself_is_remembered_with_its_place_and_ids(sockets: Sockets) -> None:
    left = device(sockets, "left", PROLIFIC, "A7")
    sockets.book(evaluator=AUTO).recognised(Role.EVALUATOR, left)
    known = {"port": sockets.path("left"), "vid": PROLIFIC[0], "pid": PROLIFIC[1], "serial": "A7"}
    assert json.loads((sockets.storage / PORTS_FILE).read_text(encoding="utf-8")) == {"evaluator": known}


def test_what_has_not_proved_itself_is_not_remembered(sockets: Sockets) -> None:
    device(sockets, "left")
    sockets.book(evaluator=AUTO).claim(Role.EVALUATOR)
    assert not (sockets.storage / PORTS_FILE).exists()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"evaluator": 7}', '{"modem": {"vid": 1}}', '{"evaluator": {}}'])
def test_a_spoiled_memory_is_no_memory(sockets: Sockets, content: str) -> None:
    (sockets.storage / PORTS_FILE).write_text(content, encoding="utf-8")
    device(sockets, "left"), device(sockets, "right")
    with pytest.raises(PortsAmbiguousError):
        sockets.book(evaluator=AUTO).claim(Role.EVALUATOR)


def test_a_storage_that_takes_nothing_costs_only_the_memory(sockets: Sockets) -> None:
    left = device(sockets, "left")
    device(sockets, "right")
    sockets.storage.rmdir()
    book = sockets.book(evaluator=AUTO)
    book.recognised(Role.EVALUATOR, left)
    book.release(Role.EVALUATOR)
    assert book.claim(Role.EVALUATOR) == left


def test_what_one_program_learned_another_knows(sockets: Sockets) -> None:
    left = device(sockets, "left")
    device(sockets, "right")
    app, command = sockets.book(evaluator=AUTO), sockets.book(evaluator=AUTO)
    with pytest.raises(PortsAmbiguousError):
        app.claim(Role.EVALUATOR)
    command.recognised(Role.EVALUATOR, left)
    assert app.claim(Role.EVALUATOR) == left


def test_a_device_that_came_back_alone_is_trusted_at_its_place(sockets: Sockets) -> None:
    left = device(sockets, "left")
    device(sockets, "right")
    book = sockets.book(evaluator=AUTO, printer=AUTO)
    book.recognised(Role.EVALUATOR, left)
    book.claim(Role.PRINTER)
    pull(sockets, "left")
    book.release(Role.EVALUATOR)
    with pytest.raises(PortNotFoundError):
        book.claim(Role.EVALUATOR)
    device(sockets, "left")
    assert book.claim(Role.EVALUATOR) == left


@pytest.mark.parametrize("first", ["left", "right"])
def test_places_of_devices_that_look_the_same_are_doubted_once_both_were_out(sockets: Sockets, first: str) -> None:
    """Also when one of them is no device of ours, and when nobody looked while both were out."""
    left = device(sockets, "left")
    device(sockets, "right")
    book = sockets.book(evaluator=AUTO)
    book.recognised(Role.EVALUATOR, left)
    pull(sockets, "left", "right")
    book.release(Role.EVALUATOR)
    device(sockets, first)
    with pytest.raises(PortNotFoundError):
        book.claim(Role.EVALUATOR)
    device(sockets, "right" if first == "left" else "left")
    with pytest.raises(PortsAmbiguousError):
        book.claim(Role.EVALUATOR)
    book.recognised(Role.EVALUATOR, left)
    book.release(Role.EVALUATOR)
    assert book.claim(Role.EVALUATOR) == left


def test_a_guess_gives_way_when_there_is_a_choice_and_a_proved_device_does_not(sockets: Sockets) -> None:
    left = device(sockets, "left")
    book = sockets.book(evaluator=AUTO)
    assert book.claim(Role.EVALUATOR) == left
    assert book.stands(Role.EVALUATOR)
    device(sockets, "right")
    assert not book.stands(Role.EVALUATOR)
    book.confirm(Role.EVALUATOR)
    assert book.stands(Role.EVALUATOR)


def test_a_port_in_use_is_refused_to_any_other_device(sockets: Sockets) -> None:
    left = device(sockets, "left")
    book = sockets.book(evaluator=sockets.path("left"), printer=left, scanner="usb:1a86:7523")
    book.claim(Role.EVALUATOR)
    for role in (Role.PRINTER, Role.SCANNER):
        with pytest.raises(PortNotFoundError, match=r"is in use for the evaluator; name another port"):
            book.claim(role)
        assert not book.recognised(role, left)
    book.release(Role.EVALUATOR)
    assert book.claim(Role.PRINTER) == left


def test_a_number_that_went_to_another_adapter_is_refused_while_the_own_one_is_there(sockets: Sockets) -> None:
    """/dev/ttyUSB0 is whatever is plugged in first."""
    first = device(sockets, "left", PROLIFIC)
    book = sockets.book(evaluator=first)
    book.claim(Role.EVALUATOR)
    book.confirm(Role.EVALUATOR)
    pull(sockets, "left")
    book.release(Role.EVALUATOR)
    sockets.plug("right", first)
    Path(first).touch()
    assert book.claim(Role.EVALUATOR) == first, "the adapter was replaced"
    book.release(Role.EVALUATOR)
    device(sockets, "top", PROLIFIC)
    with pytest.raises(
        PortNotFoundError, match=r"is another adapter now \(usb:1a86:7523\), the evaluator's is at .*top;"
    ):
        book.claim(Role.EVALUATOR)


def test_a_port_that_is_not_on_usb_is_nobodys(sockets: Sockets) -> None:
    """A machine's own ports may be a console, or a modem of the board."""
    sockets.plug("own", str(sockets.storage), ids=None)
    with pytest.raises(PortNotFoundError, match="no USB serial port is present; plug the evaluator in"):
        sockets.book(evaluator=AUTO).claim(Role.EVALUATOR)


def test_a_section_that_is_not_there_has_no_port(sockets: Sockets) -> None:
    with pytest.raises(ValueError, match=r"no section \[scanner\]"):
        PortBook({Role.PRINTER: AUTO}).access(Role.SCANNER)


class Technician(RuleBasedStateMachine):
    """Pulls and plugs evaluator and printer in whatever order, while both drivers look for them all the time.

    What a driver is given it speaks to at once: it must never be the other's device.
    """

    @initialize(looks=st.tuples(st.sampled_from(LOOKS), st.sampled_from(LOOKS)), answers=st.booleans())
    def begin(self, looks: tuple[UsbIds, UsbIds], answers: bool) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.sockets = Sockets(Path(self.directory.name))
        self.looks = dict(zip((Role.EVALUATOR, Role.PRINTER), looks, strict=True))
        self.printer_answers = answers
        self.places: dict[Role, str] = {}
        self.claims: dict[Role, str] = {}
        self.book = self.sockets.book(evaluator=AUTO, printer=AUTO)

    def teardown(self) -> None:
        if hasattr(self, "directory"):
            self.directory.cleanup()

    def node(self, role: Role) -> str:
        return str(self.sockets.storage.parent / f"tty-{self.places[role]}")

    @precondition(lambda self: len(self.places) < 2)
    @rule(role=st.sampled_from((Role.EVALUATOR, Role.PRINTER)), socket=st.sampled_from(PLACES))
    def plug(self, role: Role, socket: str) -> None:
        if role not in self.places and socket not in self.places.values():
            ids = self.looks[role]
            device(self.sockets, socket, (ids.vid, ids.pid), ids.serial)
            self.places[role] = socket

    @rule(roles=st.sets(st.sampled_from((Role.EVALUATOR, Role.PRINTER)), min_size=1))
    def pull(self, roles: set[Role]) -> None:
        """One or both at once; the drivers notice it after that."""
        pull(self.sockets, *(self.places.pop(role) for role in roles if role in self.places))
        for role, path in list(self.claims.items()):
            if not Path(path).exists():
                del self.claims[role]
                self.book.release(role)

    @rule(role=st.sampled_from((Role.EVALUATOR, Role.PRINTER)))
    def look_for(self, role: Role) -> None:
        if role in self.claims:
            return
        with contextlib.suppress(PortNotFoundError):
            self.claims[role] = self.book.claim(role)
            if role is Role.PRINTER and self.printer_answers and self.claims[role] == self.node(role):
                self.book.confirm(role)

    @precondition(lambda self: Role.EVALUATOR in self.places)
    @rule()
    def press(self) -> None:
        """Heard where the driver listens: at its own port, or at all that may be it."""
        node = self.node(Role.EVALUATOR)
        if self.claims.get(Role.EVALUATOR) == node:
            self.book.confirm(Role.EVALUATOR)
        elif Role.EVALUATOR not in self.claims:
            try:
                self.claims[Role.EVALUATOR] = self.book.claim(Role.EVALUATOR)
            except PortsAmbiguousError as error:
                if node in error.candidates and self.book.recognised(Role.EVALUATOR, node):
                    self.claims[Role.EVALUATOR] = node
            except PortNotFoundError:
                pass

    @invariant()
    def each_driver_has_its_own_device_or_none(self) -> None:
        for role, path in getattr(self, "claims", {}).items():
            assert role in self.places, self.places
            assert path == self.node(role), (role, path, self.places)


TestTechnician = Technician.TestCase
TestTechnician.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
