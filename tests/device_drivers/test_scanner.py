"""A serial scanner: what it sends becomes codes, each told once (real bytes over a pty)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.scanner.driver import LONGEST_CODE, SAME_SECONDS, SILENCE_SECONDS, CodeReader, ScannerDriver
from device_drivers.serial_line import boottime
from device_drivers.simulated.scanner import SimulatedScanner
from tests.device_drivers.recorder import WAIT_SECONDS

CODE = "8080-RGG0-0PFZ-R84R"
ADDRESS = f"https://pj.example.gov.cn/r/{CODE}"
ENDINGS = ("\r", "\n", "\r\n", "\n\r", "\r\r")


class Scans:
    """Keeps what a driver tells, and lets a test wait for it."""

    def __init__(self) -> None:
        self.scans: list[tuple[str, float]] = []
        self.connections: list[tuple[bool, str]] = []
        self._changed = threading.Condition()

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.scans]

    def scanned(self, text: str, at: float) -> None:
        self._keep(lambda: self.scans.append((text, at)))

    def connection_changed(self, connected: bool, detail: str) -> None:
        self._keep(lambda: self.connections.append((connected, detail)))

    def _keep(self, keep: Callable[[], None]) -> None:
        with self._changed:
            keep()
            self._changed.notify_all()

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(wanted, WAIT_SECONDS), (self.scans, self.connections)

    def wait_texts(self, *texts: str) -> None:
        """Wait for so many, and hold them to these."""
        self.wait(lambda: len(self.scans) >= len(texts))
        assert self.texts == list(texts)

    def wait_connection(self, connected: bool, changes: int) -> str:
        self.wait(lambda: len(self.connections) >= changes and self.connections[-1][0] is connected)
        return self.connections[-1][1]


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(tmp_path / "scanner") as scanner:
        yield scanner


@pytest.fixture
def scans() -> Scans:
    return Scans()


@pytest.fixture
def driver(scanner: SimulatedScanner, scans: Scans) -> Iterator[ScannerDriver]:
    driver = ScannerDriver(scanner.port, 9600, scans)
    driver.start()
    with closing(driver):
        scans.wait_connection(True, 1)
        yield driver


@pytest.mark.usefixtures("driver")
def test_each_code_is_told_with_the_moment_at_which_it_came(scanner: SimulatedScanner, scans: Scans) -> None:
    before = boottime()
    scanner.scan(CODE)
    scanner.scan("001212345678", "\r\n")
    scanner.scan(ADDRESS, "\n")
    scans.wait_texts(CODE, "001212345678", ADDRESS)
    stamps = [at for _, at in scans.scans]
    assert before <= stamps[0] <= stamps[1] <= stamps[2] <= boottime()


@pytest.mark.usefixtures("driver")
def test_a_scanner_that_sends_no_ending_is_understood_by_its_silence(scanner: SimulatedScanner, scans: Scans) -> None:
    scanner.scan(CODE, "")
    scans.wait_texts(CODE)
    scanner.scan("001212345678", "")
    scans.wait_texts(CODE, "001212345678")


@pytest.mark.usefixtures("driver")
def test_a_code_held_before_the_glass_is_told_once(scanner: SimulatedScanner, scans: Scans) -> None:
    for _ in range(5):
        scanner.scan(CODE)
    scanner.scan("the next one")
    scans.wait_texts(CODE, "the next one")


def test_a_scanner_may_be_unplugged_and_plugged_in_again(
    scanner: SimulatedScanner, scans: Scans, driver: ScannerDriver
) -> None:
    scanner.send(b"8080-RGG0")
    scanner.unplug()
    assert scans.wait_connection(False, 2)
    assert not driver.connected
    assert driver.detail
    scanner.scan("nobody hears it")
    scanner.plug()
    scans.wait_connection(True, 3)
    assert (driver.connected, driver.detail) == (True, "")
    scanner.scan(CODE)
    scans.wait_texts(CODE)


def test_a_scanner_that_is_not_there_yet_is_found_later(tmp_path: Path, scans: Scans) -> None:
    driver = ScannerDriver(str(tmp_path / "scanner"), 9600, scans)
    driver.start()
    with closing(driver):
        scans.wait_connection(False, 1)
        with SimulatedScanner(tmp_path / "scanner") as scanner:
            scans.wait_connection(True, 2)
            scanner.scan(CODE)
            scans.wait_texts(CODE)


# Bytes to codes


def read(*pieces: bytes | float, at: float = 100.0) -> list[str]:
    """What is told of bytes that come in these pieces, with so many seconds of silence between them."""
    reader, told = CodeReader(at), []
    for piece in pieces:
        if isinstance(piece, bytes):
            told += reader.feed(piece, at)
        else:
            at += piece
            told += reader.silent(at)
    return [text for text, _ in told]


codes = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ-/:.测", min_size=1, max_size=40)


@given(st.lists(codes, unique=True), st.sampled_from(ENDINGS), st.data())
def test_codes_are_the_same_however_their_bytes_are_cut(texts: list[str], ending: str, data: st.DataObject) -> None:
    sent = "".join(text + ending for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    pieces = [sent[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert read(*pieces) == texts


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_came_before_the_next_code_is_read(noise: bytes, more: bytes) -> None:
    assert read(noise, more, SAME_SECONDS + SILENCE_SECONDS, f"\r{CODE}\r".encode())[-1] == CODE


def test_a_pause_within_a_code_does_not_cut_it_unless_it_is_silence() -> None:
    assert read(b"8080-RGG0", 0.9 * SILENCE_SECONDS, b"-0PFZ-R84R\r") == [CODE]
    assert read(b"8080-RGG0", 1.1 * SILENCE_SECONDS, b"-0PFZ-R84R\r") == ["8080-RGG0", "-0PFZ-R84R"]


def test_silence_alone_tells_nothing() -> None:
    assert read(5.0, b"\r\n\r\n", 5.0, b"  \t \r", 5.0, "\u200b\ufeff\r".encode(), 5.0) == []


def test_control_characters_and_blanks_around_are_dropped() -> None:
    assert read(b"\x02\x1d 8080-RGG0\x00-0PFZ-\x7fR84R \x03\r") == [CODE]
    assert read("\ufeff预约\r".encode()) == ["预约"]


def test_bytes_that_are_no_text_are_told_as_what_is_no_code() -> None:
    """The citizen is told that the code was not understood, instead of nothing."""
    assert read(b"\xff\xfe\xff\r") == ["\ufffd" * 3]


@pytest.mark.parametrize(("length", "told"), [(LONGEST_CODE, 1), (LONGEST_CODE + 1, 0), (100_000, 0)])
@pytest.mark.parametrize("letter", ["x", "测"])
def test_what_is_longer_than_any_code_is_dropped_as_a_whole(letter: str, length: int, told: int) -> None:
    sent = (letter * length).encode()
    pieces = [sent[begin : begin + 1_000] for begin in range(0, len(sent), 1_000)]
    assert read(*pieces, f"\r{CODE}\r".encode()) == [letter * length] * told + [CODE]


def test_the_same_code_counts_again_once_it_was_away_for_a_second() -> None:
    sent = f"{CODE}\r".encode()
    assert read(sent, 0.9, sent, 0.9, sent, 0.9, sent) == [CODE]
    assert read(sent, SAME_SECONDS, sent) == [CODE, CODE]
    assert read(sent, 0.1, b"another\r", 0.1, sent) == [CODE, "another", CODE]


def test_a_code_bears_the_moment_of_its_first_bytes() -> None:
    reader = CodeReader(0.0)
    assert reader.feed(b"8080", 7.0) == []
    assert reader.feed(b"-RGG0\rnext", 7.05) == [("8080-RGG0", 7.0)]
    assert reader.silent(7.2) == [("next", 7.05)]
