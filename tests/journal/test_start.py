"""Opening a journal, and starting one: whose it is, with which key, after what was before."""

import base64
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Kind
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.journal import (
    Journal,
    JournalBelongsElsewhereError,
    JournalUnavailableError,
    head_known_to_delivery,
)
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.journal.verification import verify
from tests.journal import drafts
from tests.journal.storage import open_journal, raw
from tests.manual_clock import ManualClock


def confirm(directory: Path, sequence: int, record_hash: str) -> None:
    """As the agent remembers what the platform has confirmed."""
    with closing(DeliveryStore.open(directory)) as store:
        store.settle([], confirmed=(sequence, record_hash))


def remove_journal(directory: Path) -> None:
    for path in directory.glob(f"{JOURNAL_FILE}*"):
        path.unlink()


def test_the_storage_directory_is_made(tmp_path: Path, clock: ManualClock) -> None:
    deep = tmp_path / "a" / "b" / "c"
    open_journal(deep, clock).close()
    assert verify(deep).count == 1


def test_the_key_is_made_once_and_can_be_read_by_its_owner_alone(storage: Path, journal: Journal) -> None:
    path = storage / SIGNING_KEY_FILE
    before = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    open_journal(storage).close()
    assert path.read_bytes() == before
    assert not (storage / f"{SIGNING_KEY_FILE}.new").exists()


def test_a_key_left_by_a_start_that_was_cut_off_is_used(storage: Path, clock: ManualClock) -> None:
    open_journal(storage, clock).close()
    key = (storage / SIGNING_KEY_FILE).read_bytes()
    remove_journal(storage)
    open_journal(storage, clock).close()
    assert (storage / SIGNING_KEY_FILE).read_bytes() == key
    assert verify(storage).holds


class HeldClock(ManualClock):
    """Tells that the first record is about to be written, and waits until it may be."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = threading.Event(), threading.Event()

    def now(self) -> Moment:
        self.asked.set()
        assert self.go_on.wait(60)
        return super().now()


def test_nobody_starts_a_journal_that_another_is_just_starting(storage: Path) -> None:
    clocks = [HeldClock(), HeldClock()]
    with ThreadPoolExecutor() as threads:
        first = threads.submit(lambda: open_journal(storage, clocks[0]).close())
        assert clocks[0].asked.wait(60)
        second = threads.submit(lambda: open_journal(storage, clocks[1]).close())
        # It has come as far as it can: either to the lock, or, without one, to a first record of its own.
        clocks[1].asked.wait(0.5)
        for clock in clocks:
            clock.go_on.set()
        first.result(), second.result()
    assert not clocks[1].asked.is_set()
    assert verify(storage).count == 1


def test_half_a_key_left_by_a_crash_is_made_anew(storage: Path, clock: ManualClock) -> None:
    storage.mkdir()
    (storage / f"{SIGNING_KEY_FILE}.new").write_bytes(b"-----BEGIN")
    open_journal(storage, clock).close()
    assert verify(storage).holds


def test_the_journal_of_another_device_is_refused_and_named(storage: Path, journal: Journal) -> None:
    with pytest.raises(JournalBelongsElsewhereError, match=r"lw-a-w12.*lw-b-w01") as refusal:
        open_journal(storage, device_id="lw-b-w01")
    assert str(storage / JOURNAL_FILE) in str(refusal.value)
    assert [record.device_id for record in journal.all_records()] == ["lw-a-w12"]


def test_a_missing_key_is_never_replaced_by_another_r12(storage: Path, journal: Journal) -> None:
    (storage / SIGNING_KEY_FILE).unlink()
    with pytest.raises(JournalUnavailableError, match=r"signing\.key.*missing.*backup"):
        open_journal(storage)
    assert not (storage / SIGNING_KEY_FILE).exists()
    verdict = verify(storage)
    assert verdict.problem is not None
    assert "missing" in verdict.problem


def _pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _pem_of_unknown_algorithm() -> bytes:
    """PKCS 8 as it should be, but of an algorithm that nobody knows."""
    der = bytearray(base64.b64decode(b"".join(_pem(ed25519.Ed25519PrivateKey.generate()).splitlines()[1:-1])))
    der[der.index(b"\x2b\x65\x70") + 2] = 0x7A
    return b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(der) + b"\n-----END PRIVATE KEY-----\n"


WRONG_KEYS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"not a key\n",
    "cut off": lambda: _pem(ed25519.Ed25519PrivateKey.generate())[:60],
    "of another kind": lambda: _pem(ec.generate_private_key(ec.SECP256R1())),
    "of an unknown algorithm": _pem_of_unknown_algorithm,
    "another device's": lambda: _pem(ed25519.Ed25519PrivateKey.generate()),
}


@pytest.mark.parametrize("wrong", WRONG_KEYS)
def test_a_wrong_key_is_refused_with_words_r12(storage: Path, journal: Journal, wrong: str) -> None:
    (storage / SIGNING_KEY_FILE).write_bytes(WRONG_KEYS[wrong]())
    with pytest.raises(JournalUnavailableError, match=r"signing\.key.*backup"):
        open_journal(storage)
    assert not verify(storage).holds


def test_a_key_that_is_a_directory_is_refused_with_words(storage: Path, journal: Journal) -> None:
    (storage / SIGNING_KEY_FILE).unlink()
    (storage / SIGNING_KEY_FILE).mkdir()
    with pytest.raises(JournalUnavailableError, match=r"signing\.key"):
        open_journal(storage)
    assert not verify(storage).holds


@pytest.mark.parametrize("content", [b"", b"x" * 5_000])
def test_a_wrong_key_starts_no_journal(storage: Path, clock: ManualClock, content: bytes) -> None:
    storage.mkdir()
    (storage / SIGNING_KEY_FILE).write_bytes(content)
    with pytest.raises(JournalUnavailableError, match=r"signing\.key"):
        open_journal(storage, clock)
    assert (storage / SIGNING_KEY_FILE).read_bytes() == content


def test_after_a_loss_the_journal_goes_on_after_the_highest_known_sequence(storage: Path, clock: ManualClock) -> None:
    with closing(open_journal(storage, clock)) as journal:
        confirmed = journal.append(*drafts.whole_visit(clock.now()))[-1]
    confirm(storage, confirmed.sequence, confirmed.hash)
    remove_journal(storage)
    with closing(open_journal(storage, clock)) as journal:
        (started,) = journal.records_after(0)
        assert started.kind == Kind.JOURNAL_STARTED
        assert started.sequence == confirmed.sequence + 1
        assert started.previous_hash == confirmed.hash
        assert started.payload["previous_journal"] == {
            "head_hash": confirmed.hash,
            "sequence": confirmed.sequence,
            "reason": "journal missing",
        }
        assert journal.append(drafts.action(clock.now()))[0].sequence == confirmed.sequence + 2


def test_after_a_loss_verify_names_the_first_missing_record_by_its_own_sequence_r12(
    storage: Path, clock: ManualClock
) -> None:
    with closing(open_journal(storage, clock)) as journal:
        confirmed = journal.append(*drafts.whole_visit(clock.now()))[-1]
    confirm(storage, confirmed.sequence, confirmed.hash)
    remove_journal(storage)
    assert verify(storage).holds is False
    open_journal(storage, clock).close()
    verdict = verify(storage)
    assert (verdict.holds, verdict.sequence, verdict.count) == (False, 1, 0)
    assert verdict.problem is not None
    assert "missing" in verdict.problem


def test_without_a_delivery_database_nothing_is_known_of_before(storage: Path, journal: Journal) -> None:
    assert head_known_to_delivery(storage) is None


@pytest.mark.parametrize("make", [DeliveryStore.open, lambda directory: (directory / DELIVERY_FILE).touch()])
def test_a_delivery_database_that_is_only_being_made_keeps_nobody_from_starting(
    storage: Path, clock: ManualClock, make: Callable[[Path], object]
) -> None:
    storage.mkdir()
    store = make(storage)
    assert head_known_to_delivery(storage) is None
    open_journal(storage, clock).close()
    assert verify(storage).holds
    if isinstance(store, DeliveryStore):
        store.close()


@pytest.mark.parametrize("file", [JOURNAL_FILE, SIGNING_KEY_FILE])
def test_a_file_where_the_directory_should_be_is_told(tmp_path: Path, file: str) -> None:
    (tmp_path / "storage").write_text("a file")
    with pytest.raises(JournalUnavailableError, match="storage"):
        open_journal(tmp_path / "storage")


@pytest.mark.parametrize(
    "content", [b"not a database, but as long as the header of one would be" * 20, b"SQLite format 3\0"]
)
def test_what_is_not_a_journal_is_never_overwritten(storage: Path, content: bytes) -> None:
    storage.mkdir()
    (storage / JOURNAL_FILE).write_bytes(content)
    with pytest.raises(JournalUnavailableError, match=r"journal\.sqlite3"):
        open_journal(storage)
    assert (storage / JOURNAL_FILE).read_bytes() == content


def test_a_directory_in_place_of_the_journal_is_told(storage: Path) -> None:
    (storage / JOURNAL_FILE).mkdir(parents=True)
    with pytest.raises(JournalUnavailableError, match=r"journal\.sqlite3"):
        open_journal(storage)


def test_a_failed_start_leaves_no_connection_open(storage: Path, journal: Journal) -> None:
    journal.close()
    opened = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(JournalBelongsElsewhereError):
        open_journal(storage, device_id="lw-b-w01")
    assert len(list(Path("/proc/self/fd").iterdir())) == opened


def test_a_first_record_that_is_damaged_is_told_as_unavailable(storage: Path, journal: Journal) -> None:
    """Not as a traceback, which would end the window's thread."""
    journal.close()
    with raw(storage) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'never_changed'").fetchone()[0]
        connection.execute("DROP TRIGGER never_changed")
        connection.execute("UPDATE records SET body = replace(body, '\"clock\"', '\"clack\"')")
        connection.execute(sql)
    with pytest.raises(JournalUnavailableError, match="record"):
        open_journal(storage)


def test_after_a_loss_a_sequence_that_was_sent_without_an_answer_is_not_used_again(
    storage: Path, clock: ManualClock
) -> None:
    with closing(open_journal(storage, clock)) as journal:
        confirmed, *_, sent = journal.append(*drafts.whole_visit(clock.now()))
        with closing(DeliveryStore.open(storage)) as store:
            store.admit(journal.records_after(0))
    confirm(storage, confirmed.sequence, confirmed.hash)
    remove_journal(storage)
    with closing(open_journal(storage, clock)) as journal:
        (started,) = journal.records_after(0)
        assert (started.sequence, started.previous_hash) == (sent.sequence + 1, sent.hash)
