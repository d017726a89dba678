"""`staff list`, `staff import`, `hall import`: a bad file changes nothing."""

import base64
import hashlib
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.journal.hall import DOCUMENTS, HallStore
from sync_agent.simulated.small_hall import KIOSKS, small_hall
from tests.technician.terminal import Terminal

STAFF: list[dict[str, Any]] = [
    {
        "staff_no": "0815",
        "name": "测试员甲",
        "name_en": "Zhang Jianguo",
        "department": "市场监督管理局",
        "title": "科员",
        "badge_no": "ZW-0815",
        "stars": 5,
        "honours": ["党员示范岗"],
    },
    {"staff_no": "0999", "name": "测试员乙"},
]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def listed(terminal: Terminal) -> list[dict[str, Any]]:
    return terminal.done("staff", "list", "--json").rows


def actions(terminal: Terminal) -> list[str]:
    return [r["payload"]["target"] for r in terminal.records() if r["kind"] == "operator_action"]


def with_photo(**changes: Any) -> dict[str, Any]:
    photo = {"sha256": hashlib.sha256(PNG).hexdigest(), "url": "0815.png", **changes}
    return {**STAFF[0], "photo": photo}


def test_the_list_of_a_new_terminal_is_empty(terminal: Terminal) -> None:
    assert listed(terminal) == []


def test_an_import_replaces_the_list_and_is_a_record(terminal: Terminal) -> None:
    said = terminal.done("staff", "import", terminal.file("staff.json", STAFF))
    assert "2 staff" in said.out
    assert listed(terminal) == STAFF
    assert actions(terminal) == ["2 staff"]
    terminal.done("staff", "import", terminal.file("staff.json", STAFF[:1]))
    assert listed(terminal) == STAFF[:1]


def test_the_table_shows_chinese_names_in_straight_columns(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", STAFF))
    header, first, second = terminal.done("staff", "list").out.splitlines()
    assert header.split() == ["staff_no", "name", "department", "title", "badge_no", "stars"]
    assert first.split() == ["0815", "测试员甲", "市场监督管理局", "科员", "ZW-0815", "5"]
    assert second.split() == ["0999", "测试员乙", "-", "-", "-", "-"]
    # A Chinese character takes two columns, as in GB 18030 it takes two bytes.
    begins = [
        line.encode("gb18030").index(word.encode("gb18030"))
        for line, word in ((header, "department"), (first, "市场监督管理局"), (second, "-"))
    ]
    assert len(set(begins)) == 1


def test_a_file_saved_by_windows_is_read(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", '\ufeff[{"staff_no": "0815"}]\r\n'))
    assert listed(terminal) == [{"staff_no": "0815"}]


BAD_FILES: dict[str, Any] = {
    "empty": "",
    "not JSON": "staff_no,name\n0815,测试员甲",
    "cut off": '[{"staff_no": "0815", "na',
    "another encoding": '[{"staff_no": "0815", "name": "张"}]'.encode("gb18030"),
    "bytes": bytes(range(256)),
    "nested too deeply": "[" * 100_000,
    "an object": {"staff": STAFF},
    "a number": 5,
    "null": None,
    "a list of texts": ["0815", "0999"],
    "a list of lists": [[], []],
    "an entry that is null": [STAFF[0], None],
    "an entry without a number": [STAFF[0], {"name": "测试员乙"}],
    "two entries without a number": [{"name": "测试员乙"}, {"name": "张"}],
    "a number that is no text": [{"staff_no": 815}],
    "two numbers that are no text": [{"staff_no": 815}, {"staff_no": 815}],
    "an empty number": [STAFF[0], {"staff_no": " "}],
    "the same person twice": [STAFF[0], STAFF[1], STAFF[0]],
    "a photo that is no object": [{**STAFF[0], "photo": "0815.png"}],
    "a photo with another digest": [with_photo(sha256="ab" * 32)],
    "a photo without a digest": [with_photo(sha256=None)],
    "a photo that is no picture": [with_photo(sha256=hashlib.sha256(b"{}").hexdigest(), url="staff.txt")],
    "blanks around the number": '[{"staff_no": " 0815"}]',
    "too many stars": '[{"staff_no": "0815", "stars": 9}]',
    "stars that are text": '[{"staff_no": "0815", "stars": "4"}]',
    "not a number": '[{"staff_no": "0815", "stars": NaN}]',
    "half a character": '[{"staff_no": "0815", "name": "\\ud83d"}]',
}


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_bad_file_is_refused_in_one_line_and_changes_nothing(terminal: Terminal, bad: str) -> None:
    terminal.file("0815.png", PNG)
    terminal.file("staff.txt", "{}")
    terminal.done("staff", "import", terminal.file("good.json", STAFF))
    records = terminal.records()
    path = terminal.file("bad.json", BAD_FILES[bad])
    line = terminal.admin("staff", "import", path).complaint
    assert path in line or "photo" in bad, "it names the file"
    assert listed(terminal) == STAFF
    assert terminal.records() == records
    assert list((terminal.storage / "photos").glob("*")) == []


def test_the_person_who_stands_twice_is_named(terminal: Terminal) -> None:
    line = terminal.admin("staff", "import", terminal.file("s.json", [STAFF[0], STAFF[1], STAFF[0]])).complaint
    assert "0815" in line
    assert "0999" not in line


@pytest.mark.parametrize("file", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_told(terminal: Terminal, file: str) -> None:
    assert "cannot be read" in terminal.admin("staff", "import", str(terminal.config / file)).complaint


def test_the_photo_beside_the_file_is_kept_under_its_digest(terminal: Terminal) -> None:
    terminal.file("0815.png", PNG)
    said = terminal.done("staff", "import", terminal.file("staff.json", [with_photo(), STAFF[1]]))
    assert "1 photos" in said.out
    (kept,) = (terminal.storage / "photos").iterdir()
    assert kept.name == hashlib.sha256(PNG).hexdigest()
    assert kept.read_bytes() == PNG


def test_a_photo_that_is_too_large_is_not_left_out_without_a_word(terminal: Terminal) -> None:
    large = PNG + bytes(512 * 1024)
    terminal.file("0815.png", large)
    path = terminal.file("staff.json", [with_photo(sha256=hashlib.sha256(large).hexdigest())])
    line = terminal.admin("staff", "import", path).complaint
    assert "512 KiB" in line
    assert "0815" in line
    assert listed(terminal) == []


@pytest.mark.parametrize("url", ["https://platform.intra/0815.png", "elsewhere.png", "", None])
def test_a_photo_that_is_not_beside_the_file_is_left_to_the_agent(terminal: Terminal, url: str | None) -> None:
    said = terminal.done("staff", "import", terminal.file("staff.json", [with_photo(url=url)]))
    assert "0 photos" in said.out
    assert len(listed(terminal)) == 1


HALL = {
    "windows": [{"window": "12", "department": "市场监督管理局"}],
    "items": [{"item_code": "640101", "name": "企业设立登记", "promised_days": 3}],
    "notices": [{"title": "放假", "text": "国庆"}, {"title": "放假", "text": "春节"}],
    "staff": STAFF,
}


def test_a_hall_import_replaces_what_it_names_and_leaves_the_rest(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", STAFF[:1]))
    said = terminal.done("hall", "import", terminal.file("hall.json", {k: v for k, v in HALL.items() if k != "staff"}))
    assert "1 windows" in said.out
    assert listed(terminal) == STAFF[:1]
    terminal.done("hall", "import", terminal.file("hall.json", HALL))
    assert listed(terminal) == STAFF


def test_all_that_a_platform_would_say_can_be_imported_but_who_sits_where(terminal: Terminal) -> None:
    """A hall without a platform can run a kiosk."""
    now = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA_TIME)
    said = small_hall(now).document(KIOSKS[0], now)
    path = terminal.file("hall.json", said)
    line = terminal.admin("hall", "import", path).complaint
    assert "bindings are not imported; bind with: kiosk-admin bind" in line
    del said["bindings"]
    assert "14 items" in terminal.done("hall", "import", terminal.file("hall.json", said)).out
    with closing(HallStore.open(terminal.storage)) as hall:
        assert hall.entries("items") == said["items"]
        assert hall.entries("number_leases") == said["leases"]["numbers"]
        for name in DOCUMENTS:
            assert hall.document(name) == said[name]


def test_the_field_at_fault_is_named_with_its_file(terminal: Terminal) -> None:
    path = terminal.file("hall.json", {"leases": {"numbers": [{"lease_id": "n1"}]}})
    line = terminal.admin("hall", "import", path).complaint
    assert f"{path}: leases.numbers[0].group: " in line


@pytest.mark.parametrize(
    "document",
    [
        STAFF,
        {},
        5,
        {"colours": []},
        {**HALL, "colours": []},
        {"staff": {}},
        {"staff": None},
        {**HALL, "items": [{"name": "no code"}]},
        {**HALL, "windows": [{"window": "12"}, {"window": "12"}]},
        {**HALL, "items": [1]},
        {**HALL, "notices": ["text"]},
        {**HALL, "bindings": []},
        {**HALL, "options": {"version": "1", "levels": {}}},
        {**HALL, "workdays": {"2027": {"holidays": ["2027-13-01"], "workdays": []}}},
        {**HALL, "settings": {"numbers_without_paper": 1}},
    ],
)
def test_a_bad_hall_file_changes_nothing_of_any_section(terminal: Terminal, document: Any) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", STAFF[:1]))
    records = terminal.records()
    path = terminal.file("hall.json", document)
    assert path in terminal.admin("hall", "import", path).complaint
    assert listed(terminal) == STAFF[:1]
    assert terminal.records() == records


def test_ten_thousand_people_are_imported(terminal: Terminal) -> None:
    many = [{"staff_no": f"{number:05}"} for number in range(10_000)]
    assert "10000 staff" in terminal.done("staff", "import", terminal.file("many.json", many)).out
