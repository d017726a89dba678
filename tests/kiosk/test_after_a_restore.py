"""A kiosk whose journal was lost or restored gives nothing twice: it waits for what the platform knows (R22, R23)."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk_app.domain.appointments import new_appointment_no
from kiosk_app.domain.rating_code import COUNTERS_A_DAY, read_code
from kiosk_app.domain.records import Json
from kiosk_app.health import kiosk_problems
from kiosk_app.journal.backup import back_up, read_copy
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.old_storage import Held
from kiosk_app.journal.restore import Circumstances, restore
from kiosk_app.kiosk.screen_state import Listing, Message, Result, say
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import DEVICE, KioskRig

TOMORROW = small_hall.TODAY + timedelta(days=1)


class _Fixed:
    """Chooses the number that it is told."""

    def __init__(self, number: int) -> None:
        self.number = number

    def randrange(self, _: int) -> int:
        return self.number


def restored(rig: KioskRig, tmp_path: Path, *, beyond: int | None = None) -> None:
    """The journal is brought back from the copy; the platform holds `beyond`."""
    copy = read_copy(tmp_path / "stick" / DEVICE / "copy-000001")
    by = Circumstances(DEVICE, "technician", "test 1", rig.clock, lambda _: Held(beyond) if beyond else None)
    for file in rig.directory.glob("*.sqlite3*"):
        file.unlink()
    restore(rig.directory, copy, by)


def lacking(rig: KioskRig) -> set[str]:
    return {problem.code for problem in kiosk_problems(rig.directory, rig.clock.now())}


@pytest.fixture
def copied(rig: KioskRig, tmp_path: Path) -> KioskRig:
    """A kiosk that has given A001, was copied, and has given A003 since."""
    rig.take_number()
    rig.home()
    (tmp_path / "stick").mkdir()
    back_up(rig.directory, tmp_path / "stick", tmp_path)
    rig.take_number()
    rig.home()
    return rig


def test_no_number_is_given_until_the_platform_has_told_where_to_go_on(copied: KioskRig, tmp_path: Path) -> None:
    given = [r.payload["ticket_no"] for r in copied.records("ticket_issued")]
    assert given == ["A001", "A003"]
    newest = copied.records()[-1].sequence
    copied.restart(lambda: restored(copied, tmp_path, beyond=newest))
    copied.take_number()
    assert copied.content(Message).title == say("number.used_up")
    assert "numbers_unsure" in lacking(copied), "the technician learns why"
    assert [r.payload["ticket_no"] for r in copied.records("ticket_issued")] == ["A001"]
    copied.home()
    copied.pull(small_hall.hall(numbers=[small_hall.number_lease(next=5)]))
    assert "numbers_unsure" not in lacking(copied)
    copied.take_number()
    assert copied.content(Result).big == "A005"


def test_after_a_restore_no_rating_code_is_made_again(copied: KioskRig, tmp_path: Path) -> None:
    """Also where the platform holds nothing beyond the copy: it is not known what is on paper."""
    lost = copied.records("ticket_issued")[-1].payload["rating_code"]
    copied.restart(lambda: restored(copied, tmp_path))
    copied.pull(small_hall.hall(numbers=[small_hall.number_lease(next=5)]))
    copied.take_number()
    code = copied.records("ticket_issued")[-1].payload["rating_code"]
    assert code != lost
    read = read_code(code)
    assert read is not None
    assert read.counter == 9 * COUNTERS_A_DAY // 24 + 1


def test_a_lost_journal_waits_for_the_platform_as_well(rig: KioskRig) -> None:
    rig.pull(small_hall.hall())
    rig.take_number()
    rig.home()
    with closing(DeliveryStore.open(rig.directory)) as delivery:
        delivery.admit(rig.records())

    def lose_the_journal() -> None:
        for file in rig.directory.glob("journal.sqlite3*"):
            file.unlink()

    rig.restart(lose_the_journal)
    rig.take_number()
    assert rig.records("ticket_issued") == []
    # The platform says the same as before the loss: then nothing was given since.
    with closing(HallStore.open(rig.directory)) as hall:
        hall.note_pulled("platform", rig.records()[-1].sequence)
    rig.home()
    rig.take_number()
    assert len(rig.records("ticket_issued")) == 1


def test_imported_leases_of_the_next_day_are_used(copied: KioskRig, tmp_path: Path) -> None:
    """Nobody can be asked where leases are imported by hand; a number is of one day."""
    copied.restart(lambda: restored(copied, tmp_path))
    copied.tell_hall(small_hall.hall(numbers=[small_hall.number_lease(), small_hall.number_lease("n-2", day=TOMORROW)]))
    copied.take_number()
    assert len(copied.records("ticket_issued")) == 1
    copied.home()
    copied.pass_time(24 * 3600)
    copied.take_number()
    assert [r.payload["lease_id"] for r in copied.records("ticket_issued")] == ["n-social", "n-2"]


def test_no_place_is_booked_until_then_and_what_was_booked_here_since_counts_r23(
    make_rig: MakeRig, tmp_path: Path
) -> None:
    rig = make_rig(sections=small_hall.hall(slots=[small_hall.slot_lease(places=2)]))
    (tmp_path / "stick").mkdir()
    back_up(rig.directory, tmp_path / "stick", tmp_path)
    rig.book()
    rig.home()
    (booked,) = rig.records("appointment_booked")
    newest = rig.records()[-1].sequence
    rig.restart(lambda: restored(rig, tmp_path, beyond=newest))
    rig.choose("book", "book", "社会保险", "S-1")
    assert not any(entry.enabled for entry in rig.content(Listing).entries)
    rig.home()
    known: Json = {name: booked.payload[name] for name in ("appointment_no", "item_code", "slot")}
    rig.pull(small_hall.hall(slots=[small_hall.slot_lease(places=2)], appointments=[known]))
    rig.book()
    rig.home()
    assert len(rig.records("appointment_booked")) == 1
    # Two places: one of before the restore, one of now.
    rig.book()
    assert len(rig.records("appointment_booked")) == 1


def test_a_booking_number_that_the_platform_knows_is_not_made_again(
    make_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = {"date": TOMORROW.isoformat(), "from": "14:00", "to": "15:00"}
    taken = new_appointment_no(small_hall.SHORT_ID, _Fixed(7))  # type: ignore[arg-type]
    known: Json = {"appointment_no": taken, "item_code": "S-1", "slot": slot}
    rig = make_rig(sections=small_hall.hall(appointments=[known]))
    numbers = iter([7, 7, 8])
    monkeypatch.setattr(
        "kiosk_app.kiosk.tasks.book_place.new_appointment_no",
        lambda short_id, _: new_appointment_no(short_id, _Fixed(next(numbers))),  # type: ignore[arg-type]
    )
    rig.book()
    (booked,) = rig.records("appointment_booked")
    assert booked.payload["appointment_no"] == new_appointment_no(small_hall.SHORT_ID, _Fixed(8))  # type: ignore[arg-type]


def test_a_kiosk_that_lost_nothing_waits_for_nobody(rig: KioskRig) -> None:
    rig.take_number()
    assert rig.content(Result).big == "A001"
