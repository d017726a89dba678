"""What each page shows and does, on real files; the devices have tests of their own."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.levels import Level
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Kind
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.export_check import check_export
from kiosk_app.technician_screen.keys import KEYS
from kiosk_app.technician_screen.state import (
    Facts,
    Options,
    Page,
    People,
    Problems,
    Table,
    Targets,
    Words,
)
from tests.journal import drafts
from tests.journal.storage import unguarded
from tests.technician_screen.technician_rig import (
    TechnicianRig,
    all_words,
    blocks,
    fact,
    labels,
    light,
    says,
)

STAFF = [
    {"staff_no": "0815", "name": "张一", "department": "市场监督管理局"},
    {"staff_no": "0999", "name": "李二", "department": "人社局"},
]
DEVICES = (
    '\n[evaluator]\nprotocol = "shared-bus-68"\nport = "/dev/none"\naddress = 129\n[printer]\nport = "/dev/none"\n'
)
COMMON = (Page.NETWORK, Page.RECORDS, Page.SOUND_SCREEN, Page.EXPORT, Page.ABOUT)


# Which pages there are


def test_a_window_has_all_pages_and_a_kiosk_none_for_whom_sits_there(
    make_rig: Callable[..., TechnicianRig],
) -> None:
    window = make_rig("window", DEVICES).signed_in()
    assert window.state.menu == (Page.OVERVIEW, Page.BINDING, Page.EVALUATOR, Page.PRINTER, *COMMON)
    window.close()


def test_a_kiosk_without_devices_has_no_pages_for_them(make_rig: Callable[..., TechnicianRig]) -> None:
    kiosk = make_rig("kiosk").signed_in()
    assert kiosk.state.menu == (Page.OVERVIEW, *COMMON)
    kiosk.station.go(Page.BINDING)
    assert kiosk.settled().page is Page.OVERVIEW


@pytest.mark.parametrize("profile", ["window", "kiosk"])
def test_every_page_opens_and_uses_only_words_that_are_listed(
    make_rig: Callable[..., TechnicianRig], profile: str
) -> None:
    rig = make_rig(profile, DEVICES).signed_in()
    for page in (*rig.state.menu, Page.OVERVIEW):
        rig.station.go(page)
        rig.wait_for_page(page)
    own = {"area", *(page.value for page in Page)}
    used = {words.key for state in rig.states for words in all_words(state)}
    assert {key for key in used if key.split(".")[0] != "area"} <= KEYS
    assert {key.split(".")[0] for key in used} <= own | {"common"}


def test_a_fault_of_a_file_is_told_on_the_page_and_the_others_still_open(rig: TechnicianRig) -> None:
    rig.signed_in()
    (rig.storage / "delivery.sqlite3").write_bytes(b"this is no database, whatever it was before" * 100)
    rig.station.go(Page.NETWORK)
    state = rig.wait_for(lambda state: says(state, "common.failed"))
    assert state.page is Page.NETWORK
    rig.go(Page.ABOUT)


# Overview


def test_the_overview_shows_every_area_and_the_worst_first(rig: TechnicianRig) -> None:
    rig.health = Health(
        (
            Problem("sound_silent", "no audio output", "connect a loudspeaker", Severity.WARNING),
            Problem("cannot_record", "disk full", "free space", since="2026-11-25T09:00:00.000+08:00"),
        ),
        {Area.CLOCK: "synchronised"},
    )
    state = rig.signed_in().state
    (problems,) = blocks(state, Problems)
    assert [(row.code, row.severity, row.page) for row in problems.rows] == [
        ("cannot_record", "problem", Page.RECORDS),
        ("sound_silent", "warning", Page.SOUND_SCREEN),
    ]
    assert (problems.rows[0].cause, problems.rows[0].since) == ("disk full", "2026-11-25T09:00:00.000+08:00")
    assert (fact(state, "area.storage"), light(state, "area.storage")) == (
        Words("overview.problems", {"n": 1}),
        "problem",
    )
    assert light(state, "area.sound") == "warning"
    assert (fact(state, "area.clock"), light(state, "area.clock")) == ("synchronised", "ok")
    assert fact(state, "area.platform") == Words("overview.ok")
    shown = {f.label.key for facts in blocks(state, Facts) for f in facts.rows}
    assert "area.printer" not in shown, "there is none here"


def test_the_overview_looks_again_by_itself(rig: TechnicianRig) -> None:
    rig.signed_in()
    assert says(rig.state, "overview.all_well")
    rig.health = Health((Problem("network_down", "no network", "plug the cable in"),))
    rig.pass_time(5)
    rig.wait_for(lambda state: blocks(state, Problems))


# Binding (R17)


def bound(rig: TechnicianRig) -> list[tuple[str, str, str, str, str]]:
    rig.settled()
    return [
        (r.kind, r.payload["window"], r.payload["staff_no"], r.payload["by"], r.payload["reason"])
        for kind in (Kind.STAFF_UNBOUND, Kind.STAFF_BOUND)
        for r in rig.records(kind.value)
    ]


def pick(rig: TechnicianRig, staff_no: str) -> None:
    rig.act("person", staff_no)
    rig.wait_for(lambda state: any(row.chosen for people in blocks(state, People) for row in people.rows))


def test_a_person_is_bound_with_a_reason_and_by_whom_r17(rig: TechnicianRig) -> None:
    rig.hall(STAFF)
    state = rig.signed_in().go(Page.BINDING)
    assert (fact(state, "binding.here"), light(state, "binding.here")) == (Words("binding.nobody"), "problem")
    assert "binding.bind" not in labels(state), "nobody is chosen"
    pick(rig, "0815")
    rig.act("reason", "cover")
    rig.act("bind")
    assert rig.wait_for_message("binding.bound").words.values == {"name": "张一"}
    assert bound(rig) == [("staff_bound", "12", "0815", "technician", "顶岗")]
    assert ("bind", "12 0815", "bound") in rig.actions()
    state = rig.wait_for(lambda state: blocks(state, Table))
    assert fact(state, "binding.here") == "张一 (0815)"
    (table,) = blocks(state, Table)
    assert table.rows[0].cells[0] == "张一 (0815)"
    assert table.rows[0].cells[2:] == (Words("binding.history.until_now"), "technician", "顶岗")


def test_a_person_who_sits_elsewhere_moves_only_after_asking_r17(rig: TechnicianRig) -> None:
    rig.hall(STAFF)
    with rig.journal() as journal:
        journal.append(drafts.bound(rig.clock.now(), "13", "0999"))
    state = rig.signed_in().go(Page.BINDING)
    (people,) = blocks(state, People)
    assert people.rows[1].note == Words("binding.person.elsewhere", {"window": "13"})
    pick(rig, "0999")
    rig.act("bind")
    assert rig.question().question == Words("binding.confirm_move", {"name": "李二", "window": "13"})
    assert len(bound(rig)) == 1
    rig.act(rig.question().no_action)
    rig.settled()
    assert len(bound(rig)) == 1
    rig.act("bind")
    rig.yes()
    rig.wait_for_message("binding.bound")
    assert [change[:3] for change in bound(rig)] == [
        ("staff_unbound", "13", "0999"),
        ("staff_bound", "13", "0999"),
        ("staff_bound", "12", "0999"),
    ]
    assert ("bind", "12 0999", "moved from 13") in rig.actions()


def test_unbinding_asks_first_and_takes_only_the_one_who_was_seen_r17(rig: TechnicianRig) -> None:
    rig.hall(STAFF)
    with rig.journal() as journal:
        journal.append(drafts.bound(rig.clock.now(), "12", "0815"))
    rig.signed_in().go(Page.BINDING)
    rig.act("unbind")
    question = rig.question()
    assert question.question == Words("binding.confirm_unbind", {"name": "张一"})
    with rig.journal() as journal:
        journal.append(drafts.bound(rig.clock.now(), "12", "0999"))
    rig.yes()
    rig.wait_for_message("binding.changed_meanwhile")
    with rig.journal() as journal:
        assert journal.bound_to("12") == "0999"
    rig.wait_for(lambda state: fact(state, "binding.here") == "李二 (0999)")
    rig.act("unbind")
    rig.yes()
    rig.wait_for_message("binding.unbound")
    with rig.journal() as journal:
        assert journal.bound_to("12") is None


def test_history_tells_from_when_until_when(rig: TechnicianRig) -> None:
    rig.hall(STAFF)
    with rig.journal() as journal:
        # 0999 takes over, and then goes elsewhere.
        for hour, (window, staff_no) in enumerate((("12", "0815"), ("12", "0999"), ("13", "0999"))):
            journal.append(drafts.bound(rig.clock.now().later(hour * 3_600_000), window, staff_no))
    state = rig.signed_in().go(Page.BINDING)
    (table,) = blocks(state, Table)
    assert [row.cells[:3] for row in table.rows] == [
        ("李二 (0999)", "2026-11-23 10:00:00", "2026-11-23 11:00:00"),
        ("张一 (0815)", "2026-11-23 09:00:00", "2026-11-23 10:00:00"),
    ]
    assert fact(state, "binding.here") == Words("binding.nobody")


def test_many_people_are_found_by_the_first_letter(rig: TechnicianRig) -> None:
    rig.hall(
        [*STAFF, *({"staff_no": f"1{n:03}", "name": f"王{n}"} for n in range(20)), {"staff_no": "2", "name": "曾三"}]
    )
    state = rig.signed_in().go(Page.BINDING)
    initial = blocks(state, Options)[0]
    assert {option.value for option in initial.options} >= {"", "C", "L", "W", "Z"}, "of every reading"
    rig.act("initial", "Z")
    state = rig.wait_for(lambda state: blocks(state, Options) and blocks(state, Options)[0].chosen == "Z")
    (people,) = blocks(state, People)
    assert [row.name for row in people.rows] == ["张一", "曾三"]


def test_without_a_staff_list_it_says_so(rig: TechnicianRig) -> None:
    assert says(rig.signed_in().go(Page.BINDING), "binding.no_staff")


def test_while_nothing_can_be_recorded_nobody_is_bound_and_it_says_so(rig: TechnicianRig) -> None:
    rig.hall(STAFF)
    rig.signed_in().go(Page.BINDING)
    rig.station._mailbox.ask(rig.station._desk.recorder.close)
    rig.cannot_open = "no space left"
    pick(rig, "0815")
    rig.act("bind")
    assert rig.wait_for_message("common.cannot_record").detail == "no space left"
    assert rig.state.cannot_record == "no space left"
    rig.cannot_open = None
    assert bound(rig) == []


# Network and platform (R26, R27, R28)


@pytest.fixture
def refused(rig: TechnicianRig) -> str:
    """One record that the platform refused, one that waits."""
    with rig.journal() as journal, closing(DeliveryStore.open(rig.storage)) as store:
        journal.append(drafts.action(rig.clock.now()), drafts.action(rig.clock.now()))
        records = list(journal.all_records())
        store.admit(records)
        store.settle(
            [
                Settlement(records[0].record_id, State.CONFIRMED),
                Settlement(records[1].record_id, State.REFUSED, "unknown item_code"),
                Settlement(records[2].record_id, State.WAITING, "timed out", 4_000_000_000_000),
            ],
            confirmed=(1, records[0].hash),
            status={"clock_offset_ms": -7_000, "last_error": "timed out", "last_contact_at": 1_795_000_000_000},
        )
        return records[1].record_id


def test_what_was_refused_is_shown_with_the_platforms_reason_r26(rig: TechnicianRig, refused: str) -> None:
    state = rig.signed_in().go(Page.NETWORK)
    (table,) = blocks(state, Table)
    assert [(row.id, row.cells) for row in table.rows] == [
        (refused, ("2", "operator_action", "1", "unknown item_code"))
    ]
    assert (fact(state, "network.refused"), light(state, "network.refused")) == ("1", "problem")
    assert fact(state, "network.waiting") == "2", "the sign-in is a record, too"
    assert fact(state, "network.last_error") == "timed out"
    assert fact(state, "network.clock_offset") == Words("network.clock_offset.value", {"seconds": "+7.0"})
    assert light(state, "network.clock_offset") == "warning"
    assert fact(state, "network.address") == "https://platform.intra/evaluation"


def test_one_refused_record_is_sent_again_after_asking_r26(rig: TechnicianRig, refused: str) -> None:
    rig.signed_in().go(Page.NETWORK)
    rig.act("record", refused)
    assert rig.question().question == Words("network.resend", {"sequence": 2})
    rig.yes()
    rig.wait_for_message("network.due_now")
    assert ("resend", refused, "due now") in rig.actions()
    rig.wait_for(lambda state: says(state, "network.nothing_refused"))
    with rig.journal() as journal, closing(DeliveryStore.open(rig.storage)) as store:
        waiting = {pending.sequence: pending for pending in store.pending(journal)}
    assert (waiting[2].state, waiting[2].next_try_at) == (State.WAITING, None)
    assert waiting[3].next_try_at is not None


def test_all_are_sent_again_after_asking_r26(rig: TechnicianRig, refused: str) -> None:
    rig.signed_in().go(Page.NETWORK)
    rig.act("all")
    assert rig.question().question == Words("network.confirm_resend_all", {"n": 3})
    rig.yes()
    rig.wait_for_message("network.due_now")
    assert ("resend", "all", "due now") in rig.actions()
    with rig.journal() as journal, closing(DeliveryStore.open(rig.storage)) as store:
        assert {pending.state for pending in store.pending(journal)} == {State.WAITING}


def test_where_the_agent_never_ran_everything_waits(rig: TechnicianRig) -> None:
    state = rig.signed_in().go(Page.NETWORK)
    assert fact(state, "network.waiting") == "2"
    assert fact(state, "network.last_contact") == Words("network.never")
    assert "network.resend_all" in labels(state)


# Records (R6, R12)


@pytest.mark.parametrize("level", list(Level))
def test_the_last_visits_never_tell_the_level_nor_a_name_r6(rig: TechnicianRig, level: Level) -> None:
    with rig.journal() as journal:
        journal.append(*drafts.whole_visit(rig.clock.now(), level))
    state = rig.signed_in().go(Page.RECORDS)
    (table,) = blocks(state, Table)
    assert table.rows[0].cells == (
        "2026-11-23 09:00:00",
        Words("records.opened_by.window_api"),
        "A001",
        "1",
        Words("records.outcome.rated"),
    )
    for told in (level.value, str(level.score), "0815"):
        assert told not in str([row.cells[2:] for row in table.rows]).replace("A001", "").replace("'1'", "")


def test_visits_are_told_with_how_they_ended(rig: TechnicianRig) -> None:
    now = rig.clock.now()
    with rig.journal() as journal:
        for number, reason in enumerate(("declined", "not_invited", "timeout")):
            visit = f"visit-{number}"
            journal.append(drafts.opened(now, visit), drafts.invited(now, visit), drafts.missed(now, visit, reason))
        journal.append(drafts.opened(now, "visit-3"))
        journal.append(drafts.opened(now, "visit-4"), drafts.invited(now, "visit-4"))
        journal.append(drafts.rating_by_code(now, "8080-RGG0-0PFZ-R84R"))
    (table,) = blocks(rig.signed_in().go(Page.RECORDS), Table)
    outcomes = [row.cells[4].key for row in table.rows if isinstance(row.cells[4], Words)]
    assert [outcome.removeprefix("records.outcome.") for outcome in outcomes] == [
        "rated", "invited", "serving", "missed.timeout", "missed.not_invited", "missed.declined",
    ]  # fmt: skip
    assert table.rows[0].cells[1] == Words("records.opened_by.code")


def test_the_journal_is_verified_and_the_verdict_recorded_r12(rig: TechnicianRig) -> None:
    rig.signed_in().go(Page.RECORDS)
    rig.act("verify")
    assert rig.wait_for_message("records.verify.holds").words.values == {"n": 2}
    assert rig.actions()[-1] == ("verify", "journal", "holds: 2 records")


def test_a_changed_record_is_found_and_named_r12(rig: TechnicianRig) -> None:
    with rig.journal() as journal:
        journal.append(drafts.action(rig.clock.now()))
    with unguarded(rig.storage) as connection:
        connection.execute("UPDATE records SET body = replace(body, 'due now', 'changed') WHERE sequence = 2")
    rig.signed_in().go(Page.RECORDS)
    rig.act("verify")
    assert rig.wait_for_message("records.verify.broken").words.values == {"sequence": 2}
    assert rig.actions()[-1][2].startswith("broken at 2: ")


# Sound and screen


def test_each_sound_is_played_and_silence_is_told_with_its_cause(rig: TechnicianRig) -> None:
    rig.signed_in().go(Page.SOUND_SCREEN)
    rig.act("play", "invite")
    rig.wait_for_message("sound_screen.played")
    rig.sound_fault = "no audio output"
    rig.act("play", "key")
    assert rig.wait_for_message("sound_screen.silent").detail == "no audio output"
    assert rig.played == ["invite", "key"]
    assert rig.actions()[-2:] == [("sound_test", "invite", "played"), ("sound_test", "key", "failed: no audio output")]


def test_what_is_no_sound_is_not_played(rig: TechnicianRig) -> None:
    rig.signed_in().go(Page.SOUND_SCREEN)
    rig.act("play", "../../etc/passwd")
    rig.settled()
    assert rig.played == []


@pytest.mark.parametrize(
    ("off", "grade"), [(1.0, "good"), (4.0, "fair"), (9.0, "bad")], ids=["near", "a little off", "far off"]
)
def test_nine_targets_tell_how_far_off_touches_are(rig: TechnicianRig, off: float, grade: str) -> None:
    rig.signed_in().go(Page.SOUND_SCREEN)
    rig.act("touch")
    state = rig.wait_for_page(Page.TOUCH)
    assert state.may_go_back
    rig.station.target_touched(5, 0.1, rig.clock.seconds)  # not the one that is asked for
    for index in range(9):
        rig.station.target_touched(index, off, rig.clock.seconds)
    (targets,) = blocks(rig.wait_for(lambda state: blocks(state, Targets)[0].next == 9), Targets)
    assert [target.off_mm for target in targets.targets] == [off] * 9
    assert rig.actions()[-1] == ("touch_test", "screen", f"{grade}: mean {off} mm, worst {off} mm")
    rig.station.go_back()
    state = rig.wait_for_page(Page.SOUND_SCREEN)
    assert says(state, f"sound_screen.touch.{grade}")


def test_a_touch_test_that_is_broken_off_is_recorded_as_that(rig: TechnicianRig) -> None:
    rig.station.open_as("root", Page.TOUCH)
    rig.wait_for_page(Page.TOUCH)
    rig.station.target_touched(0, 1.0, rig.clock.seconds)
    rig.station.put_out("a citizen is invited")
    assert rig.actions()[0] == ("touch_test", "screen", "stopped after 1 of 9")
    assert rig.records()[0].payload["operator"] == "root"


# Export (R29)


@pytest.fixture
def stick(rig: TechnicianRig) -> Path:
    """A stick with a blank in its name, mounted as the system tells it."""
    place = rig.mounts.parent / "media" / "USB STICK"
    place.mkdir(parents=True)
    elsewhere = rig.mounts.parent / "elsewhere"
    lines = [
        f"/dev/sdb1 {place.parent}/USB\\040STICK vfat rw,nosuid 0 0",
        f"/dev/sdc1 {elsewhere} ext4 rw 0 0",
        f"/dev/sr0 {place.parent / 'cdrom'} iso9660 ro 0 0",
    ]
    rig.mounts.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place


def test_without_a_stick_it_asks_for_one(rig: TechnicianRig) -> None:
    state = rig.signed_in().go(Page.EXPORT)
    assert says(state, "export.place.none")
    assert labels(state) == []


@pytest.mark.parametrize(("what", "name"), [("waiting", "waiting"), ("everything", "all")])
def test_records_are_written_to_the_stick_in_a_file_that_checks_itself(
    rig: TechnicianRig, stick: Path, what: str, name: str
) -> None:
    state = rig.signed_in().go(Page.EXPORT)
    (places,) = blocks(state, Options)
    assert [option.value for option in places.options] == [str(stick)]
    rig.act("export", what)
    message = rig.wait_for_message("export.exported")
    (file,) = stick.iterdir()
    assert message.detail == str(file)
    assert file.name == f"lw-a-w12-{name}-20261123-090000.jsonl"
    verdict = check_export(file, None)
    assert (verdict.holds, verdict.count) == (True, 2)
    assert rig.actions()[-1] == ("export", str(file), "2 records")


def test_a_stick_that_was_pulled_out_is_told_and_recorded(rig: TechnicianRig, stick: Path) -> None:
    rig.signed_in().go(Page.EXPORT)
    shutil.rmtree(stick)
    rig.act("export", "waiting")
    assert "No such file" in rig.wait_for_message("export.failed").detail
    assert rig.actions()[-1][2].startswith("failed: ")


def test_a_file_that_was_written_is_not_called_failed_because_that_cannot_be_noted(
    rig: TechnicianRig, stick: Path
) -> None:
    rig.signed_in().go(Page.EXPORT)
    (rig.storage / "delivery.sqlite3").write_bytes(b"not a database" * 1000)
    rig.act("export", "everything")
    message = rig.wait_for_message("export.exported")
    assert message.detail == str(next(stick.iterdir()))


def test_a_copy_is_made_on_the_stick(rig: TechnicianRig, stick: Path) -> None:
    rig.signed_in().go(Page.EXPORT)
    rig.act("backup")
    rig.wait_for_message("export.same_disk")  # the test's stick is no other disk
    (copy,) = (stick / "lw-a-w12").iterdir()
    assert (copy / "journal.sqlite3").is_file()
    assert rig.actions()[-1] == ("backup", str(stick), "copied up to record 2")


def test_nothing_is_written_where_no_stick_was_offered(rig: TechnicianRig, stick: Path, tmp_path: Path) -> None:
    rig.signed_in().go(Page.EXPORT)
    rig.act("place", str(tmp_path))
    rig.act("export", "waiting")
    rig.wait_for_message("export.exported")
    assert len(list(stick.iterdir())) == 1


# About


def test_about_tells_which_terminal_this_is(rig: TechnicianRig) -> None:
    state = rig.signed_in().go(Page.ABOUT)
    assert fact(state, "about.device") == "lw-a-w12"
    assert fact(state, "about.storage") == str(rig.storage)
    key = fact(state, "about.public_key")
    assert isinstance(key, str)
    assert len(key.replace(" ", "")) == 64
