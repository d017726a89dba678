"""The hall's data: replaced as a whole, section by section, all or none (R8, R18)."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.domain.records import Json
from kiosk_app.journal.hall import HallDataError, HallStore

STAFF: list[Json] = [{"staff_no": "0815", "name": "测试员甲", "stars": 5}, {"staff_no": "0999", "name": "测试员乙"}]


@pytest.fixture
def hall(storage: Path) -> Iterator[HallStore]:
    with closing(HallStore.open(storage)) as hall:
        yield hall


def test_a_new_hall_is_empty(hall: HallStore) -> None:
    assert hall.entries("staff") == []
    assert hall.entry("staff", "0815") is None


def test_entries_come_back_as_they_were_worded_in_the_order_given(hall: HallStore) -> None:
    hall.replace_all({"staff": STAFF})
    assert hall.entries("staff") == STAFF
    assert hall.entry("staff", "0999") == STAFF[1]


def test_a_section_is_replaced_and_the_others_stay(hall: HallStore) -> None:
    hall.replace_all({"staff": STAFF, "windows": [{"window": "12", "department": "人社局"}]})
    hall.replace_all({"staff": STAFF[:1]})
    assert hall.entries("staff") == STAFF[:1]
    assert hall.entry("windows", "12") == {"window": "12", "department": "人社局"}


@pytest.mark.parametrize(
    "bad", ["text", 5, None, [], {}, {"staff_no": 815}, {"staff_no": ""}, {"staff_no": "  "}, {"name": "测试员甲"}]
)
def test_an_entry_without_a_name_is_refused_by_its_place_and_nothing_changes(hall: HallStore, bad: Any) -> None:
    hall.replace_all({"staff": STAFF})
    with pytest.raises(HallDataError, match=r"staff\[1\].*staff_no"):
        hall.replace_all({"windows": [{"window": "1"}], "staff": [STAFF[0], bad]})
    assert hall.entries("staff") == STAFF
    assert hall.entries("windows") == []


def test_sections_and_documents_are_replaced_together_or_not_at_all(hall: HallStore) -> None:
    hall.replace_all({"staff": STAFF}, {"settings": {"waiting": {"A": 1}}})
    with pytest.raises(HallDataError):
        hall.replace_all({"staff": [{}]}, {"settings": {}})
    assert hall.entries("staff") == STAFF
    assert hall.document("settings") == {"waiting": {"A": 1}}


def test_what_was_pulled_is_known_by_its_etag_to_its_own_source_alone(hall: HallStore) -> None:
    hall.replace_pulled({"staff": STAFF}, {}, source="https://one device", etag='"1"')
    assert hall.etag("https://one device") == '"1"'
    assert hall.etag("https://another device") is None
    hall.replace_pulled({}, {}, source="https://another device", etag=None)
    assert hall.etag("https://one device") is None
    assert hall.entries("staff") == STAFF


def test_what_is_imported_by_hand_makes_the_next_pull_bring_everything(hall: HallStore) -> None:
    hall.replace_pulled({"staff": STAFF}, {}, source="here", etag='"1"')
    hall.replace_all({"staff": STAFF[:1]})
    assert hall.etag("here") is None


def test_an_etag_is_never_kept_without_its_data(hall: HallStore) -> None:
    hall.replace_pulled({"staff": STAFF}, {}, source="here", etag='"1"')
    with pytest.raises(HallDataError):
        hall.replace_pulled({"staff": [{}]}, {}, source="here", etag='"2"')
    assert hall.etag("here") == '"1"'
    assert hall.entries("staff") == STAFF


def test_photos_that_nobody_needs_are_removed(hall: HallStore, storage: Path) -> None:
    needed, other = (hashlib.sha256(content).hexdigest() for content in (b"needed", b"other"))
    hall.replace_all({"staff": [{**STAFF[0], "photo": {"sha256": needed.upper(), "url": "1.png"}}, STAFF[1]]})
    assert hall.forget_photos() == 0
    hall.keep_photo(needed.upper(), b"needed")
    hall.keep_photo(other, b"other")
    (storage / "photos" / f"{needed}.new").write_bytes(b"being written by somebody")
    (storage / "photos" / f"{other}.new").write_bytes(b"left behind by a crash")
    assert hall.forget_photos() == 2
    assert sorted(path.name for path in (storage / "photos").iterdir()) == [needed, f"{needed}.new"]
    assert hall.photo_file(hall.entries("staff")[0]) == storage / "photos" / needed


def test_a_photo_is_kept_under_its_digest(hall: HallStore) -> None:
    content = b"\x89PNG\r\n\x1a\n and so on"
    digest = hashlib.sha256(content).hexdigest()
    entry = {**STAFF[0], "photo": {"sha256": digest, "url": "0815.png"}}
    assert hall.photo_file(entry) is None
    hall.keep_photo(digest, content)
    path = hall.photo_file(entry)
    assert path is not None
    assert path.read_bytes() == content
    assert [p.name for p in path.parent.iterdir()] == [digest]


@pytest.mark.parametrize("photo", [None, {}, {"sha256": None}, {"sha256": "ab" * 32}])
def test_without_a_photo_there_is_none(hall: HallStore, photo: Any) -> None:
    assert hall.photo_file({"staff_no": "0815", "photo": photo}) is None


def test_another_process_notices_the_change(hall: HallStore, storage: Path) -> None:
    before = hall.data_version()
    with closing(HallStore.open(storage)) as other:
        other.replace_all({"staff": STAFF})
    assert hall.data_version() != before
    assert hall.entries("staff") == STAFF
