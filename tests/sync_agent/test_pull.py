"""The hall's data from the platform: whole or not at all, and told in health (interfaces §5)."""

import hashlib
import json
from contextlib import closing
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_app.journal import wakeup
from kiosk_app.journal.hall import DOCUMENTS, HallStore
from sync_agent.pull import LONGEST_CONFIGURATION
from sync_agent.simulated.config_faults import NAMED
from sync_agent.simulated.exchange import JSON, Answer
from sync_agent.simulated.faults import error, redirect, unauthorised
from sync_agent.simulated.hall import as_json, etag_of
from tests.sync_agent.hall_link import HallLink
from tests.sync_agent.support import DEVICE

TAKEN_ALL_THE_SAME = ("bad-etag", "no-etag", "bad-photo")
SLOW = ("drip", "never")
"""These last until a time limit ends them: the agent's own tests meet them."""


def say(link: HallLink, answer: Answer) -> None:
    """Let the platform answer every pull so."""
    link.platform.errands.spoil_config = lambda _document: answer


def config(content: object, **headers: str | None) -> Answer:
    return Answer(200, json.dumps(content).encode(), {"Content-Type": JSON, **headers})


def test_all_that_the_platform_says_is_here_as_it_was_worded(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    said = hall_link.platform.hall.document(DEVICE, hall_link.platform.now())
    held = hall_link.held()
    for section in ("staff", "bindings", "items", "windows", "notices", "appointments"):
        assert held[section] == said[section]
    for name in DOCUMENTS:
        assert held[name] == [{"name": name, "document": said[name]}]
    assert hall_link.health() == {}
    assert hall_link.terminal.store.status().last_pull_at == hall_link.terminal.clock.ms


def test_what_is_the_newest_already_is_not_sent_again(hall_link: HallLink) -> None:
    for _ in range(2):
        hall_link.errands.pull()
    first, second = hall_link.asked("/config")
    body = as_json(hall_link.platform.hall.document(DEVICE, hall_link.platform.now()))
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == etag_of(body)
    hall_link.platform.hall.answer("8080-RGG0-0PFZ-R84R", "answered", "thank you")
    hall_link.errands.pull()
    assert hall_link.held()["feedback"][0]["text"] == "thank you"


def test_a_restarted_agent_still_knows_what_it_has(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    hall_link.close()
    hall_link.restart()
    hall_link.errands.pull()
    assert "if-none-match" in hall_link.asked("/config")[-1].headers


def test_a_key_that_is_absent_leaves_its_section_as_it_is(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    before = hall_link.held()
    hall_link.platform.hall.replace({"notices": [], "leases": {"numbers": []}})
    hall_link.errands.pull()
    after = hall_link.held()
    assert "notices" not in after
    kept = {section for section in before if section not in ("notices", "pulled")}
    assert {section: before[section] for section in kept} == {section: after[section] for section in kept}


@pytest.mark.parametrize("name", [name for name in NAMED if name not in (*TAKEN_ALL_THE_SAME, *SLOW)])
def test_a_wrong_or_half_answer_changes_nothing_and_is_told_until_a_good_one_comes(
    hall_link: HallLink, name: str
) -> None:
    hall_link.errands.pull()
    before, photos, records = hall_link.held(), hall_link.photos(), hall_link.terminal.records()
    hall_link.platform.hall.bind("12", "0014", hall_link.platform.now())
    hall_link.pass_seconds(60)
    hall_link.platform.errands.spoil_config = NAMED[name]
    for _ in range(2):
        hall_link.errands.pull()
    assert hall_link.held() == before
    assert hall_link.photos() == photos
    assert hall_link.terminal.records() == records
    told = hall_link.health()
    assert set(told) <= {"platform_data_refused", "pull_failing"}
    assert len(told) == 1
    hall_link.platform.errands.spoil_config = None
    hall_link.errands.pull()
    assert hall_link.held() != before
    assert hall_link.health() == {}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wrong-type", "staff[0].staff_no"),
        ("missing-name", "staff[0].staff_no"),
        ("duplicate", "items[14].item_code"),
        ("half", "not valid JSON"),
        ("wrong-content-type", "text/html"),
        ("error-page", "needed is a JSON object"),
    ],
)
def test_health_names_the_field_that_is_wrong(hall_link: HallLink, name: str, told: str) -> None:
    hall_link.platform.errands.spoil_config = NAMED[name]
    hall_link.errands.pull()
    assert told in hall_link.health()["platform_data_refused"]


def test_health_tells_since_when_and_that_nothing_was_ever_pulled(hall_link: HallLink) -> None:
    hall_link.platform.stop()
    hall_link.errands.pull()
    since = hall_link.terminal.store.status().pull_failing_since
    hall_link.pass_seconds(60)
    hall_link.errands.pull()
    assert hall_link.terminal.store.status().pull_failing_since == since
    assert hall_link.health()["pull_failing"] == "the hall's data was never pulled from the platform: no connection"
    hall_link.platform.start()
    hall_link.errands.pull()
    hall_link.platform.stop()
    hall_link.errands.pull()
    assert "was last pulled from the platform at 20" in hall_link.health()["pull_failing"]


def test_an_answer_without_a_usable_etag_is_taken_and_asked_for_as_a_whole_again(hall_link: HallLink) -> None:
    for name in ("bad-etag", "no-etag"):
        hall_link.platform.errands.spoil_config = NAMED[name]
        hall_link.errands.pull()
        hall_link.errands.pull()
        assert "if-none-match" not in hall_link.asked("/config")[-1].headers
        assert hall_link.health() == {}
    assert len(hall_link.held()["items"]) == 14


def test_a_304_that_nobody_asked_for_is_no_answer(hall_link: HallLink) -> None:
    say(hall_link, Answer(304))
    hall_link.errands.pull()
    assert "HTTP 304" in hall_link.health()["pull_failing"]


def test_an_answer_up_to_the_limit_is_read(hall_link: HallLink) -> None:
    empty = len(json.dumps({"settings": {}, "padding": ""}))
    say(hall_link, config({"settings": {}, "padding": "x" * (LONGEST_CONFIGURATION - empty)}))
    hall_link.errands.pull()
    assert hall_link.health() == {}
    say(hall_link, config({"settings": {}, "padding": "x" * (LONGEST_CONFIGURATION - empty + 1)}))
    hall_link.errands.pull()
    assert "answer too long" in hall_link.health()["pull_failing"]


def test_a_redirect_is_not_followed(hall_link: HallLink) -> None:
    hall_link.platform.inject(redirect(f"{hall_link.platform.url}/v1/devices/{DEVICE}/config"), on="config")
    hall_link.errands.pull()
    assert len(hall_link.platform.requests) == 1
    assert "HTTP 307" in hall_link.health()["pull_failing"]


def test_what_was_imported_by_hand_is_replaced_by_the_next_pull(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    with closing(HallStore.open(hall_link.terminal.directory)) as hall:
        hall.replace_all({"staff": [{"staff_no": "9999"}]})
    hall_link.errands.pull()
    assert [entry["staff_no"] for entry in hall_link.held()["staff"]] == ["0012", "0013", "0014", "0015"]


def test_a_new_hall_wakes_the_app_and_the_same_one_does_not(hall_link: HallLink) -> None:
    with wakeup.WakeUp(hall_link.terminal.directory, "app") as ear:
        hall_link.errands.pull()
        assert ear.wait(0)
        hall_link.errands.pull()
        assert not ear.wait(0)


# What holds pulls back


def test_a_401_on_a_pull_shouts_holds_pulls_and_no_pushes(hall_link: HallLink) -> None:
    hall_link.platform.inject(unauthorised(), on="config")
    hall_link.errands.pull()
    assert set(hall_link.health()) == {"platform_refuses_device"}
    hall_link.platform.clear_faults()
    hall_link.pass_seconds(299)
    hall_link.errands.pull()
    assert len(hall_link.platform.requests) == 1
    hall_link.terminal.rate()
    hall_link.deliver()
    assert hall_link.platform.count("rating") == 1
    assert set(hall_link.health()) == {"platform_refuses_device"}
    hall_link.pass_seconds(2)
    hall_link.errands.pull()
    assert hall_link.health() == {}


@pytest.mark.parametrize("errand", ["heartbeat", "reconcile"])
def test_what_is_denied_holds_itself_for_five_minutes_and_nothing_else(hall_link: HallLink, errand: str) -> None:
    """A heartbeat comes more often than a pull: it would hold it back for ever."""
    hall_link.deliver()
    hall_link.platform.inject(unauthorised(403), on=errand)
    run = getattr(hall_link.errands, errand)
    for _ in range(2):
        run()
        assert len(hall_link.asked(f"/{errand}")) == 1
        assert set(hall_link.health()) == {f"{errand}_failing"}
    hall_link.errands.pull()
    assert len(hall_link.held()["items"]) == 14
    hall_link.deliver()
    hall_link.platform.clear_faults()
    hall_link.pass_seconds(301)
    run()
    assert hall_link.health() == {}


def test_a_date_to_retry_after_is_compared_with_the_platforms_time(hall_link: HallLink) -> None:
    """R28: the answer has no date of its own, and this device's clock is an hour slow."""
    hall_link.platform.clock_offset = timedelta(hours=1)
    hall_link.errands.heartbeat()
    later = format_datetime(hall_link.platform.now() + timedelta(seconds=90), usegmt=True)
    hall_link.platform.inject(error(503, retry_after=later, date="no date"), 1, on="config")
    hall_link.errands.pull()
    hall_link.pass_seconds(91)
    hall_link.errands.pull()
    assert len(hall_link.held()["items"]) == 14


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_pulls_for_so_long(hall_link: HallLink, status: int) -> None:
    hall_link.platform.inject(error(status, retry_after="90"), 1, on="config")
    hall_link.errands.pull()
    hall_link.pass_seconds(89)
    hall_link.errands.pull()
    assert len(hall_link.platform.requests) == 1
    hall_link.pass_seconds(2)
    hall_link.errands.pull()
    assert hall_link.health() == {}


@pytest.mark.parametrize("hold", [error(503, retry_after="600"), unauthorised(403)])
def test_a_hold_on_pushes_holds_pulls_too(hall_link: HallLink, hold: Any) -> None:
    hall_link.platform.inject(hold, 1)
    hall_link.deliver()
    for errand in (hall_link.errands.pull, hall_link.errands.heartbeat, hall_link.errands.reconcile):
        errand()
    assert len(hall_link.platform.requests) == 1


def test_a_wrong_clock_is_corrected_by_the_refusal_itself(hall_link: HallLink) -> None:
    """R28."""
    hall_link.terminal.clock.wall = hall_link.terminal.clock.wall.replace(year=2020)
    hall_link.errands.pull()
    assert len(hall_link.held()["items"]) == 14
    assert "clock_wrong" in hall_link.health()


# Photos


def test_photos_are_brought_and_checked(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    served = hall_link.platform.hall.photos
    assert hall_link.photos() == sorted(hashlib.sha256(photo).hexdigest() for photo in served.values())
    hall_link.errands.pull()
    assert len(hall_link.asked("/photos/")) == len(served)


def test_a_bad_photo_spoils_nothing_else_and_is_told(hall_link: HallLink) -> None:
    hall_link.platform.errands.spoil_config = NAMED["bad-photo"]
    hall_link.errands.pull()
    assert len(hall_link.photos()) == 3
    assert len(hall_link.held()["staff"]) == 4
    assert hall_link.health() == {
        "photos_refused": "staff photos are missing: 0012: not the picture with this sha256",
    }
    hall_link.platform.errands.spoil_config = None
    hall_link.errands.pull()
    assert len(hall_link.photos()) == 4
    assert hall_link.health() == {}


def test_a_photo_that_is_denied_holds_nothing_else(hall_link: HallLink) -> None:
    hall_link.platform.inject(unauthorised(403), 1, on="photos")
    hall_link.errands.pull()
    assert len(hall_link.photos()) == 3
    assert hall_link.health() == {"photos_refused": "staff photos are missing: 0012: HTTP 403"}
    hall_link.errands.heartbeat()
    assert len(hall_link.platform.errands.heartbeats) == 1


def with_photos(link: HallLink, *urls: str | None, content: bytes = b"\x89PNG\r\n\x1a\n..") -> None:
    """Let the hall have a person for each URL, all with the same picture."""
    digest = hashlib.sha256(content).hexdigest()
    link.platform.hall.replace(
        {"staff": [{"staff_no": f"{n}", "photo": {"sha256": digest, "url": url}} for n, url in enumerate(urls)]}
    )
    link.platform.hall.photos = {"one.png": content}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/one.png",
        "https://127.0.0.1/one.png",
        "//elsewhere.invalid/one.png",
        "ftp://127.0.0.1/one.png",
        "http://user@127.0.0.1/one.png",
        "http://[::1/one.png",
        "file:///etc/passwd",
    ],
)
def test_no_photo_is_asked_for_at_another_host(hall_link: HallLink, url: str) -> None:
    with_photos(hall_link, url)
    hall_link.errands.pull()
    assert hall_link.health()["photos_refused"] == "staff photos are missing: 0: its url leads to another host"
    assert len(hall_link.platform.requests) == 1


@pytest.mark.parametrize("base", ["{url}/v1/photos", "/evaluation/v1/photos", "v1/photos"])
def test_a_photos_url_may_be_whole_or_relative_and_is_signed(hall_link: HallLink, base: str) -> None:
    with_photos(hall_link, f"{base.format(url=hall_link.platform.url)}/one.png?size=2")
    hall_link.errands.pull()
    assert hall_link.health() == {}
    assert hall_link.asked("/photos/")[0].target == "/evaluation/v1/photos/one.png?size=2"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"GIF89a", "not a PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(512 * 1024), "answer too long"),
    ],
)
def test_a_photo_that_is_none_is_told(hall_link: HallLink, content: bytes, told: str) -> None:
    with_photos(hall_link, "v1/photos/one.png", content=content)
    hall_link.errands.pull()
    assert hall_link.health()["photos_refused"] == f"staff photos are missing: 0: {told}"
    assert hall_link.photos() == []


def test_a_photo_without_a_url_or_behind_an_error_is_told(hall_link: HallLink) -> None:
    with_photos(hall_link, None, "v1/photos/two.png", "v1/photos/one.png")
    hall_link.errands.pull()
    assert hall_link.health()["photos_refused"] == "staff photos are missing: 0: has no url; 1: HTTP 404"
    assert len(hall_link.photos()) == 1


def test_photos_that_nobody_has_any_more_are_removed(hall_link: HallLink) -> None:
    hall_link.errands.pull()
    hall_link.platform.hall.content["staff"] = hall_link.platform.hall.content["staff"][:1]
    hall_link.errands.pull()
    assert hall_link.photos() == [hall_link.held()["staff"][0]["photo"]["sha256"]]


def test_while_photos_cannot_be_had_the_rest_is_not_asked_for(hall_link: HallLink) -> None:
    hall_link.platform.inject(error(503, retry_after="60"), on="photos")
    hall_link.errands.pull()
    assert len(hall_link.asked("/photos/")) == 1
    assert hall_link.health()["photos_refused"] == "staff photos are missing: the rest: HTTP 503"


# Whatever is changed on the way


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """A way to spoil the bytes of a configuration."""
    kind = draw(st.sampled_from(["cut", "flip", "drop", "double", "insert"]))
    at, length = draw(st.floats(0, 1)), draw(st.integers(1, 40))
    byte = draw(st.integers(0, 255))

    def mutate(body: bytes) -> bytes:
        place = min(int(at * len(body)), len(body) - 1)
        match kind:
            case "cut":
                return body[:place]
            case "flip":
                return body[:place] + bytes([byte]) + body[place + 1 :]
            case "drop":
                return body[:place] + body[place + length :]
            case "double":
                return body[: place + length] + body[place:]
        return body[:place] + bytes([byte]) * length + body[place:]

    return mutate


def told_of_pulls(hall_link: HallLink) -> dict[str, str]:
    """The terminal's clock stands still here while the platform's goes on; that is no matter of pulls."""
    return {code: text for code, text in hall_link.health().items() if code != "clock_wrong"}


def kept(appointment: dict[str, Any]) -> list[Any]:
    return [appointment[name] for name in ("appointment_no", "item_code", "slot")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mutations())
def test_any_answer_is_taken_whole_or_changes_nothing(hall_link: HallLink, mutate: Any) -> None:
    hall_link.platform.errands.spoil_config = None
    hall_link.errands.pull()
    before = hall_link.held()
    said = as_json({**hall_link.platform.hall.content, "staff": [], "bindings": []})
    body = mutate(said)
    say(hall_link, Answer(200, body, {"Content-Type": JSON, "ETag": etag_of(body)}))
    hall_link.errands.pull()
    after = hall_link.held()
    if after != before:
        document = json.loads(body)
        for section in ("staff", "items", "windows", "notices", "feedback"):
            assert after.get(section, []) == document.get(section, before.get(section, []))
        # Of an appointment only what is known is kept, and its name masked (R24); so the whole entry may differ.
        told = document.get("appointments", before.get("appointments", []))
        assert [kept(entry) for entry in after.get("appointments", [])] == [kept(entry) for entry in told]
        assert after["pulled"][0]["etag"] == etag_of(body)
        assert told_of_pulls(hall_link) == {}
    else:
        assert told_of_pulls(hall_link)
