"""The kiosk as citizens meet it: real commands, touches, bytes on a pty, HTTP on loopback (R7, R10, R11, R21-R25)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from sync_agent.simulated.platform import SimulatedPlatform
from sync_agent.simulated.small_hall import small_hall
from tests.end_to_end.kiosk import Kiosk, new_seal_key
from tests.end_to_end.program import PATIENCE
from tests.end_to_end.terminal import PUBLIC_URL, SECRET, Terminal, wait_until

DEVICES = ("test-k1", "test-k2")
PHONE = "10000000000"

MakeKiosk = Callable[..., Kiosk]
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def seal_key() -> RSAPrivateKey:
    return new_seal_key()


@pytest.fixture
def platform() -> Iterator[SimulatedPlatform]:
    hall = small_hall(datetime.now(CHINA_TIME), kiosks=DEVICES)
    with SimulatedPlatform(SECRET.encode(), hall=hall) as platform:
        yield platform


@pytest.fixture
def make_kiosk(platform: SimulatedPlatform, seal_key: RSAPrivateKey, tmp_path: Path) -> Iterator[MakeKiosk]:
    with ExitStack() as stack:

        def make(number: int = 1, **options: object) -> Kiosk:
            name = DEVICES[number - 1]
            kiosk = Kiosk(
                tmp_path / name,
                platform.url,
                device_id=name,
                short_id=100 + number,
                seal_key=seal_key,
                **options,  # type: ignore[arg-type]
            )
            return stack.enter_context(kiosk)

        yield make


def open_with_what_was_pulled(kiosk: Kiosk) -> Kiosk:
    """What the hall offers is on the disk before the app starts; the agent has ended."""
    kiosk.start_app()
    kiosk.start_agent()
    kiosk.wait_for_items()
    assert kiosk.agent is not None
    kiosk.agent.stop()
    return kiosk


def choose_an_item(kiosk: Kiosk) -> None:
    kiosk.app.touch("choose-take_number")
    kiosk.app.wait_page("departments")
    kiosk.app.touch("choose-综合窗口")
    kiosk.app.wait_page("items")
    kiosk.app.touch("choose-T-01")
    kiosk.app.wait_page("number")


def take_a_number(kiosk: Kiosk) -> str:
    """Its rating code."""
    before = len(kiosk.records("ticket_issued"))
    choose_an_item(kiosk)
    kiosk.app.touch("confirm")
    kiosk.app.wait_page("number_taken")
    return str(kiosk.wait_until_recorded("ticket_issued", before + 1)[before].payload["rating_code"])


def rate_by_code(kiosk: Kiosk, code: str, level: Level) -> None:
    kiosk.app.keys(code + "\n")
    kiosk.app.wait_page("choices")
    kiosk.app.touch(f"choice-{level.value}")
    kiosk.app.wait_page("details")
    kiosk.app.touch("skip")
    kiosk.app.wait_page("questions")
    kiosk.app.touch("skip")
    kiosk.app.wait_page("thanks")
    kiosk.app.touch("done")
    kiosk.app.wait_page("home")


def test_a_number_is_printed_rated_and_confirmed(make_kiosk: MakeKiosk, platform: SimulatedPlatform) -> None:
    kiosk = open_with_what_was_pulled(make_kiosk())
    code = take_a_number(kiosk)
    (paper,) = kiosk.printer.wait_papers(1)
    (found,) = zxingcpp.read_barcodes(paper.picture())
    ticket = kiosk.records("ticket_issued")[0]
    assert found.text == f"{PUBLIC_URL}/r/{code}"
    assert ticket.payload["ticket_no"] in paper.text
    assert kiosk.printer.violations == []
    (printed,) = kiosk.wait_until_recorded("print_result", 1)
    assert (printed.payload["of"], printed.payload["state"]) == (ticket.record_id, "confirmed")
    kiosk.app.touch("done")
    kiosk.app.wait_page("choices")
    kiosk.app.touch("choice-very_satisfied")
    kiosk.app.wait_page("details")
    assert kiosk.app.stop() == 0
    assert kiosk.sync() == 0
    assert platform.count() == len(kiosk.records())
    assert kiosk.admin("verify").returncode == 0


def test_the_code_of_a_missed_rating_at_the_window_is_rated_at_the_kiosk(make_kiosk: MakeKiosk, tmp_path: Path) -> None:
    with Terminal(tmp_path / "window", invite_seconds=1) as window:
        window.start_app()
        visit = window.open_visit(invite=True)
        window.wait_for_state(visit, "missed")
        code = str(window.records("rating_missed")[0].payload["rating_code"])
    kiosk = make_kiosk()
    kiosk.start_app()
    rate_by_code(kiosk, code, Level.DISSATISFIED)
    (rating,) = kiosk.records("rating")
    assert (rating.visit_id, rating.payload["rating_code"], rating.payload["source"]) == (None, code, "code")
    assert rating.payload["channel"] == "self_service"
    # A bad rating left without a reason says so; nothing is invented (R7).
    assert [r.payload["reason"] for r in kiosk.records("rating_detail")] == ["not_given"]


def test_of_two_ratings_without_network_the_first_to_arrive_counts(
    make_kiosk: MakeKiosk, platform: SimulatedPlatform
) -> None:
    first, second = open_with_what_was_pulled(make_kiosk(1)), make_kiosk(2)
    platform.stop()
    code = take_a_number(first)
    first.app.touch("home")
    first.app.wait_page("home")
    rate_by_code(first, code, Level.SATISFIED)
    second.start_app()
    rate_by_code(second, f"{PUBLIC_URL}/r/{code.lower()}", Level.VERY_DISSATISFIED)
    platform.start()
    assert first.sync() == 0
    assert second.sync() == 0
    counted = [rating["payload"]["level"] for rating in platform.ratings()]
    assert counted == ["satisfied"]
    second.app.touch("choose-look_up")
    second.app.wait_page("look_up_menu")
    second.app.touch("choose-my_rating")
    second.app.wait_page("look_up_code")
    second.app.keys(code + "\n")
    texts = second.app.wait_page("my_rating")
    assert not any(word in text for word in ("满意", "stars") for text in texts)
    assert any("为准" in text for text in texts), texts


def test_no_number_is_given_twice_over_kills_at_any_moment(make_kiosk: MakeKiosk) -> None:
    kiosk = open_with_what_was_pulled(make_kiosk())
    for _ in range(3):
        choose_an_item(kiosk)
        kiosk.app.touch("confirm")
        kiosk.app.kill()
        kiosk.start_app()
    take_a_number(kiosk)
    tickets = kiosk.records("ticket_issued")
    numbers = [ticket.payload["ticket_no"] for ticket in tickets]
    codes = [ticket.payload["rating_code"] for ticket in tickets]
    assert len(set(numbers)) == len(numbers)
    assert len(set(codes)) == len(codes)
    kiosk.wait_until_recorded("print_result", len(tickets))
    printed = [result.payload["of"] for result in kiosk.records("print_result")]
    assert sorted(printed) == sorted(ticket.record_id for ticket in tickets)
    papers = [paper.text for paper in kiosk.printer.papers]
    assert all(sum(number in text for number in numbers) <= 1 for text in papers), "nobody's slip has another's on it"
    assert kiosk.admin("verify").returncode == 0


@pytest.mark.parametrize("profile", ["tm88", "silent"])
def test_what_a_printer_cannot_tell_is_not_claimed(make_kiosk: MakeKiosk, profile: str) -> None:
    kiosk = open_with_what_was_pulled(make_kiosk(profile=profile))
    take_a_number(kiosk)
    kiosk.printer.wait_papers(1)
    (printed,) = kiosk.wait_until_recorded("print_result", 1)
    assert printed.payload["state"] == {"tm88": "confirmed", "silent": "unconfirmed"}[profile]


def test_unplugged_in_the_middle_of_a_ticket(make_kiosk: MakeKiosk) -> None:
    kiosk = open_with_what_was_pulled(make_kiosk())
    kiosk.printer.unplug_after(200)
    take_a_number(kiosk)
    (printed,) = kiosk.wait_until_recorded("print_result", 1)
    assert printed.payload["state"] in {"unconfirmed", "failed"}
    number = kiosk.records("ticket_issued")[0].payload["ticket_no"]
    assert number in kiosk.app.look()["texts"], "the number stands on the screen"
    kiosk.printer.plug()
    kiosk.app.wait_for_log("serial port opened", count=2)
    assert len(kiosk.records("print_result")) == 1, "nothing is printed again by itself"


def test_nothing_personal_stays(make_kiosk: MakeKiosk, platform: SimulatedPlatform) -> None:
    """R11, R24: not in the files, not in the logs, not on the screen."""
    kiosk = open_with_what_was_pulled(make_kiosk())
    kiosk.app.touch("choose-book")
    kiosk.app.wait_page("booking_menu")
    kiosk.app.touch("choose-book")
    kiosk.app.wait_page("departments")
    kiosk.app.touch("choose-综合窗口")
    kiosk.app.wait_page("items")
    kiosk.app.touch("choose-T-01")
    for page in ("days", "times"):
        kiosk.app.wait_page(page)
        kiosk.app.touch(next(name for name in kiosk.app.look()["enabled"] if name.startswith("choose-")))
    kiosk.app.wait_page("booking_phone")
    kiosk.app.type(PHONE)
    kiosk.app.touch("confirm")
    kiosk.app.wait_page("booking")
    kiosk.app.touch("confirm")
    kiosk.app.wait_page("booked")
    kiosk.app.touch("home")
    kiosk.app.wait_page("home")
    assert not any(PHONE in text.replace(" ", "") for text in kiosk.app.look()["texts"])
    (booked,) = kiosk.records("appointment_booked")
    assert booked.sealed["contact"]
    assert kiosk.sync() == 0
    platform.wait_for(lambda held: held.count("appointment_booked") == 1, PATIENCE)
    files = [file for file in kiosk.directory.rglob("*") if file.is_file()]
    assert not any(PHONE.encode() in file.read_bytes() for file in files)
    assert not any(PHONE in line for line in kiosk.app.lines)
    assert PHONE not in "".join(paper.text for paper in kiosk.printer.wait_papers(1))


def test_what_is_wrong_stands_in_the_log_with_what_to_do(make_kiosk: MakeKiosk) -> None:
    """A kiosk has no API that tells its health."""
    kiosk = make_kiosk()
    kiosk.start_app()
    kiosk.printer.end_paper()

    def told() -> dict[str, str]:
        return {line["code"]: line["action"] for line in kiosk.app.logged("problem")}

    wait_until(lambda: "printer_paper_out" in told(), "the paper is told")
    assert told()["printer_paper_out"] == "put in a new roll"
    kiosk.printer.load_paper()
    wait_until(
        lambda: any(line["code"] == "printer_paper_out" for line in kiosk.app.logged("problem is over")),
        "that there is paper again is told",
    )
