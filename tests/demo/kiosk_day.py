"""A day at two kiosks: a number, a booking, no paper, no network, and a rating by code at the other kiosk."""

import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import zxingcpp

from device_drivers.simulated.printer_paper import Paper
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Json
from sync_agent.simulated.platform import SimulatedPlatform
from sync_agent.simulated.small_hall import small_hall
from tests.demo.story import Story
from tests.end_to_end.kiosk import Kiosk, new_seal_key
from tests.end_to_end.program import PATIENCE
from tests.end_to_end.terminal import PUBLIC_URL, SECRET

PICTURES = Path("build") / "demo"
PHONE = "10000000000"
"""Nobody's: no number begins with 100."""


def tell(story: Story) -> None:
    """The whole day; `PICTURES` gets every page and every paper."""
    seal_key = new_seal_key()
    hall = small_hall(datetime.now(CHINA_TIME), kiosks=("demo-k1", "demo-k2"))
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="demo-")))
        platform = stack.enter_context(SimulatedPlatform(SECRET.encode(), hall=hall))
        first, second = (
            stack.enter_context(
                Kiosk(directory / name, platform.url, device_id=name, short_id=short_id, seal_key=seal_key)
            )
            for name, short_id in (("demo-k1", 101), ("demo-k2", 102))
        )
        _open(story, platform, first, second)
        code = _take_a_number(story, first)
        _book(story, first)
        _rate_offline(story, platform, second, code)
        _run_out_of_paper(story, first)
        _settle_accounts(story, platform, first, second)


def _open(story: Story, platform: SimulatedPlatform, *kiosks: Kiosk) -> None:
    story.chapter("Two kiosks of one hall open; what the hall offers is pulled from the platform")
    for number, kiosk in enumerate(kiosks, 1):
        kiosk.start_app("--pictures", str(PICTURES / f"kiosk-{number}"))
        kiosk.start_agent()
        kiosk.wait_for_items()
        story.tell(f"kiosk {number} runs: items, leases and calendar are here")
    pulled = [request for request in platform.requests if request.target.endswith("/config")]
    story.expect(len(pulled) >= len(kiosks), "GET config", f"{len(pulled)} pulls")


def _take_a_number(story: Story, kiosk: Kiosk) -> str:
    """Returns the rating code, as decoded from the paper."""
    story.chapter("A citizen takes a number")
    _go(kiosk, "choose-take_number", "departments", "choose-综合窗口", "items", "choose-T-01", "number")
    _go(kiosk, "confirm", "number_taken")
    (paper,) = kiosk.printer.wait_papers(1)
    ticket = kiosk.wait_until_recorded("ticket_issued", 1)[0].payload
    decoded = _keep(paper, "number")
    story.expect(ticket["ticket_no"] in paper.text, "the slip is printed", ticket["ticket_no"])
    story.expect(decoded == f"{PUBLIC_URL}/r/{ticket['rating_code']}", "its QR code, read from the paper", decoded)
    result = kiosk.wait_until_recorded("print_result", 1)[0].payload
    story.expect(result["state"] == "confirmed", "the printer has said that it is printed", result["state"])
    _go(kiosk, "done", "choices", "choice-very_satisfied", "details", "done", "questions", "confirm", "thanks", "done")
    story.expect(len(kiosk.records("rating")) == 1, "the kiosk's own service is rated", "by itself, as the last step")
    return decoded


def _book(story: Story, kiosk: Kiosk) -> None:
    story.chapter("Another one books a day")
    _go(kiosk, "choose-book", "booking_menu", "choose-book", "departments", "choose-综合窗口", "items", "choose-T-01")
    for page, what in (("days", "day"), ("times", "time")):
        kiosk.app.wait_page(page)
        kiosk.app.touch(_first_choice(kiosk))
        story.tell(f"a {what} with places left is chosen")
    kiosk.app.wait_page("booking_phone")
    kiosk.app.type(PHONE)
    _go(kiosk, "confirm", "booking", "confirm", "booked")
    booked = kiosk.wait_until_recorded("appointment_booked", 1)[0]
    _keep(kiosk.printer.wait_papers(2)[1], "booking")
    slot = booked.payload["slot"]
    story.expect(True, "booked", f"{slot['date']} {slot['from']}, code {booked.payload['appointment_no']}")
    stored = b"".join(file.read_bytes() for file in (kiosk.directory / "data").glob("*.sqlite3*"))
    story.expect(PHONE.encode() not in stored, "the telephone number", "sealed; nowhere on the disk")
    kiosk.wait_until_recorded("print_result", 2)
    _go(kiosk, "done", "choices", "decline", "home")


def _rate_offline(story: Story, platform: SimulatedPlatform, kiosk: Kiosk, qr_code: str) -> None:
    story.chapter("The network is gone; the first citizen rates at the other kiosk, by the code on the slip")
    platform.stop()
    kiosk.app.keys(qr_code + "\n")
    texts = kiosk.app.wait_page("choices")
    story.tell(f"a scanner types the code: {', '.join(texts[3:9])}")
    _go(kiosk, "choice-dissatisfied", "details")
    kiosk.app.touch(_first_control(kiosk, "option-"))
    _go(kiosk, "contact", "contact_phone")
    kiosk.app.type(PHONE)
    _go(kiosk, "confirm", "details", "done", "questions", "answer-guidance-no", "questions", "confirm", "thanks")
    rating = kiosk.wait_until_recorded("rating", 1)[0]
    detail = kiosk.wait_until_recorded("rating_detail", 1)[0]
    story.expect(rating.payload["source"] == "code", "rated by code, with no network", rating.payload["rating_code"])
    story.expect(
        "contact" in detail.sealed and bool(detail.payload["options"]),
        "reason, answer and a sealed telephone number",
        _told(detail.payload),
    )
    _go(kiosk, "done", "home")
    kiosk.app.keys(qr_code + "\n")
    story.expect(kiosk.app.wait_page("message") != [], "the same code again", "refused kindly: it is rated already")
    _go(kiosk, "home", "home")


def _run_out_of_paper(story: Story, kiosk: Kiosk) -> None:
    story.chapter("The paper ends in the middle of a slip")
    kiosk.printer.end_paper_after(300)
    _go(kiosk, "choose-take_number", "departments", "choose-税务局", "items")
    kiosk.app.touch(_first_choice(kiosk))
    _go(kiosk, "", "number", "confirm", "number_taken")
    result = kiosk.wait_until_recorded("print_result", 3)[2].payload
    story.expect(result["state"] != "confirmed", "the record says so", f"{result['state']}: {result['detail']}")
    story.tell("the number is on the screen, large: " + next(t for t in kiosk.app.look()["texts"] if t[1:4].isdigit()))
    ready = len(kiosk.app.logged("printer condition"))
    kiosk.printer.load_paper()
    kiosk.app.wait_for_log("printer condition", count=ready + 1)
    _go(kiosk, "copy", "number_taken")
    again = kiosk.wait_until_recorded("print_result", 4)[3].payload
    paper = kiosk.printer.papers[-1]
    _keep(paper, "copy")
    story.expect(again["state"] == "confirmed" and "补打" in paper.text, "new paper, and a copy", "it says 补打")
    _go(kiosk, "done", "choices", "decline", "home")


def _settle_accounts(story: Story, platform: SimulatedPlatform, *kiosks: Kiosk) -> None:
    story.chapter("The network is back; accounts")
    platform.start()
    for kiosk in kiosks:
        story.expect(kiosk.app.stop() == 0, "kiosk-app ended on SIGTERM", "exit code 0")
        # What failed while the network was away would wait for its time.
        kiosk.admin("resend", "--all")
    count = sum(len(kiosk.records()) for kiosk in kiosks)
    platform.wait_for(lambda held: held.count() >= count, PATIENCE)
    for kiosk in kiosks:
        story.expect(kiosk.rows("pending") == [], "kiosk-admin pending", "nothing waits, nothing was refused")
        assert kiosk.agent is not None
        kiosk.agent.stop()
        verified = kiosk.admin("verify")
        story.expect(verified.returncode == 0, "kiosk-admin verify", verified.stdout.strip())
        story.expect(
            kiosk.printer.violations == [], "the printer understood every byte", f"{len(kiosk.printer.papers)} papers"
        )
    counted = platform.statistics()
    story.expect(counted["records"] == count, "the platform holds every record once", str(count))
    story.expect(not counted["violations"] and not counted["chain_problems"], "its own checks", "found nothing wrong")


def _go(kiosk: Kiosk, *steps: str) -> None:
    """Touch, wait for the page it leads to, touch, …"""
    for step, control in enumerate(steps):
        if step % 2:
            kiosk.app.wait_page(control)
        elif control:
            kiosk.app.touch(control)


def _first_choice(kiosk: Kiosk) -> str:
    return _first_control(kiosk, "choose-")


def _first_control(kiosk: Kiosk, prefix: str) -> str:
    return str(next(name for name in kiosk.app.look()["enabled"] if name.startswith(prefix)))


def _told(detail: Json) -> str:
    said = [*detail["options"], *detail["answers"].values()]
    return ", ".join(str(entry["text"]) for entry in said)


def _keep(paper: Paper, name: str) -> str:
    """Save the paper's picture; what its QR code says to a decoder that knows nothing of us, if it has one."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = paper.picture()
    picture.save(PICTURES / f"paper-{name}.png")
    return str(next((code.text for code in zxingcpp.read_barcodes(picture)), ""))
