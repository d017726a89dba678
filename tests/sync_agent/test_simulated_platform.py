"""The simulated platform is what the agent is tested against, so it is tested itself."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from kiosk_app.domain.records import Json, Record
from sync_agent.batches import body_of
from sync_agent.signing import Algorithm, Signer
from sync_agent.simulated.control import HELP, Control
from sync_agent.simulated.exchange import json_answer
from sync_agent.simulated.faults import NAMED, error
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.support import DEVICE, SECRET, Terminal

Change = Callable[[dict[str, str]], None]


def push(
    platform: SimulatedPlatform,
    records: list[Json],
    *,
    change: Change = lambda headers: None,
    at: datetime | None = None,
    algorithm: Algorithm = Algorithm.HMAC_SHA256,
) -> requests.Response:
    body = json.dumps({"device_id": DEVICE, "records": records}).encode()
    signer = Signer(DEVICE, SECRET, algorithm)
    headers = {"X-Idempotency-Key": str(hash(body))}
    headers |= signer.headers("POST", "/evaluation/v1/records", body, at or datetime.now(UTC))
    change(headers)
    return requests.post(f"{platform.url}/v1/records", data=body, headers=headers, timeout=10)


def verdicts(response: requests.Response) -> list[str]:
    return [result["status"] for result in response.json()["results"]]


def wire(records: list[Record]) -> list[Json]:
    return [record.to_wire() for record in records]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_it_accepts_once_and_calls_the_rest_duplicates(
    terminal: Terminal, platform: SimulatedPlatform, algorithm: Algorithm
) -> None:
    terminal.rate(2)
    records = wire(terminal.records())
    assert verdicts(push(platform, records[:2], algorithm=algorithm)) == ["accepted", "accepted"]
    assert verdicts(push(platform, records, algorithm=algorithm)) == ["duplicate", "duplicate", "accepted"]
    assert platform.count() == 3
    assert platform.count("rating") == 2
    assert platform.arrivals[records[0]["record_id"]] == 2
    assert platform.chain_problems() == []


def test_the_first_rating_of_a_code_wins(terminal: Terminal, platform: SimulatedPlatform) -> None:
    first, later = wire(terminal.rate(2, rating_code="8080-RGG0-0PFZ-R84R"))
    assert verdicts(push(platform, wire(terminal.records()))) == ["accepted", "accepted", "superseded"]
    assert verdicts(push(platform, [later])) == ["superseded"]
    assert [held["record_id"] for held in platform.ratings()] == [first["record_id"]]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda headers: headers.pop("X-Nonce"), "X-Nonce is missing"),
        (lambda headers: headers.update({"X-Nonce": "G" * 32}), "malformed timestamp or nonce"),
        (lambda headers: headers.update({"X-Timestamp": "2026-11-22T06:45:53Z"}), "malformed timestamp or nonce"),
        (lambda headers: headers.update({"X-Signature": "0" * 64}), "wrong signature"),
        (lambda headers: headers.update({"X-Signature-Algorithm": "HMAC-MD5"}), "unknown signature algorithm"),
    ],
)
def test_it_refuses_what_is_not_signed_right(platform: SimulatedPlatform, change: Change, detail: str) -> None:
    response = push(platform, [], change=change)
    assert response.status_code == 401
    assert response.json()["detail"] == detail
    assert "server_time" in response.json()
    assert "Date" in response.headers


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (-4, 200), (4, 200), (6, 401)])
def test_its_window_is_five_minutes(platform: SimulatedPlatform, minutes: int, status: int) -> None:
    platform.clock_offset = timedelta(hours=2)
    at = datetime.now(UTC) + timedelta(hours=2, minutes=minutes)
    assert push(platform, [], at=at).status_code == status


def test_a_replayed_request_is_refused_and_noted(terminal: Terminal) -> None:
    with SimulatedPlatform(SECRET) as platform:
        body = body_of(DEVICE, terminal.records()).content
        headers = Signer(DEVICE, SECRET).headers("POST", "/evaluation/v1/records", body, datetime.now(UTC))
        answers = [
            requests.post(f"{platform.url}/v1/records", data=body, headers=headers, timeout=10).status_code
            for _ in range(2)
        ]
        assert answers == [200, 401]
        assert set(platform.violations) == {"X-Idempotency-Key is missing", "a nonce was used twice"}


def test_another_device_is_not_welcome() -> None:
    with SimulatedPlatform(SECRET, device_id="another") as platform:
        assert push(platform, []).json()["detail"] == "unknown device"


def test_changed_records_are_rejected(terminal: Terminal, platform: SimulatedPlatform) -> None:
    first, second = wire(terminal.records() + terminal.rate())
    other_key = base64.b64encode(bytes(64)).decode()
    changed: list[Json] = [
        {**second, "payload": {**second["payload"], "level": "very_satisfied"}},
        {**second, "signature": other_key},
        {**second, "sealed": {"contact": base64.b64encode(b"someone").decode()}},
        {**second, "record_id": None},
    ]
    push(platform, [first])
    for record in changed:
        assert verdicts(push(platform, [record])) == ["rejected"]
    assert verdicts(push(platform, [second])) == ["accepted"]
    forged = replace(terminal.records()[1], record_id="another").to_wire()
    assert push(platform, [forged]).json()["results"][0]["reason"] == "the sequence holds another record"


def test_chains_are_judged_whatever_the_order_of_arrival(terminal: Terminal, platform: SimulatedPlatform) -> None:
    terminal.rate(4)
    first, second, third, fourth, fifth = wire(terminal.records())
    push(platform, [fifth, second])
    assert [problem.split(": ", 1)[1] for problem in platform.chain_problems()] == [
        "a gap: 1 is missing",
        "nobody knows the device's key",
        "a gap: 3 is missing",
        "nobody knows the device's key",
    ]
    push(platform, [fourth, first, third])
    assert platform.chain_problems() == []


def test_a_rule_rejects_until_it_is_taken_back(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.reject(lambda record: "no journals" if record["kind"] == "journal_started" else None)
    records = wire(terminal.records())
    assert push(platform, records).json()["results"][0]["reason"] == "no journals"
    assert platform.count() == 0
    platform.reject(None)
    assert verdicts(push(platform, records)) == ["accepted"]


def test_a_fault_strikes_as_often_as_told(platform: SimulatedPlatform) -> None:
    platform.inject(error(503, retry_after="7"), 2)
    answers = [push(platform, []) for _ in range(3)]
    assert [(a.status_code, a.headers.get("Retry-After")) for a in answers] == [(503, "7"), (503, "7"), (200, None)]


def test_it_refuses_connections_while_stopped_and_comes_back_on_its_port(platform: SimulatedPlatform) -> None:
    url = platform.url
    platform.stop()
    with pytest.raises(requests.ConnectionError):
        push(platform, [])
    platform.start()
    assert platform.url == url
    assert push(platform, []).status_code == 200


def test_waiting_ends_when_the_condition_holds_or_the_time_is_up(platform: SimulatedPlatform) -> None:
    platform.wait_for(lambda p: len(p.requests) == 0)
    with pytest.raises(TimeoutError, match="'requests': 0"):
        platform.wait_for(lambda p: len(p.requests) == 1, timeout=0.01)


def test_what_is_no_push_is_told_so(platform: SimulatedPlatform) -> None:
    platform.add_route(
        "GET", r"/v1/devices/([a-z0-9-]+)/config", lambda device, _request, match: json_answer([device, match[1]])
    )
    headers = Signer(DEVICE, SECRET).headers("GET", "/evaluation/v1/devices/x-1/config?a=1", b"", datetime.now(UTC))
    answer = requests.get(f"{platform.url}/v1/devices/x-1/config?a=1", headers=headers, timeout=10)
    assert answer.json() == [DEVICE, "x-1"]
    assert requests.get(f"{platform.url}/v1/other", timeout=10).status_code == 404
    assert requests.post(f"{platform.url}/v1/records", data=iter([b"chunked"]), timeout=10).status_code == 411


@pytest.mark.parametrize("name", [*NAMED, "500", "302"])
def test_every_fault_has_a_command(platform: SimulatedPlatform, name: str) -> None:
    control = Control(platform)
    assert control.run(f"fault {name} 1") == {"faults": [name]}
    assert control.run("fault none") == {"faults": []}


def test_commands(platform: SimulatedPlatform, terminal: Terminal) -> None:
    control = Control(platform)
    assert control.run("help") == HELP
    assert "known" in control.run("fault nothing")["error"]
    assert "fault" in control.run("fualt 503")["error"] or "help" in control.run("fualt 503")["error"]
    control.run("fault 503 1 retry-after=9")
    assert push(platform, []).headers["Retry-After"] == "9"
    control.run("reject journal_started not today")
    assert push(platform, wire(terminal.records())).json()["results"][0]["reason"] == "not today"
    control.run("reject none")
    control.run("clock 7200")
    assert push(platform, []).status_code == 401
    assert control.run("stats")["requests"] == 3
    assert control.run("down") == {"url": None}
    assert control.run("up") == {"url": platform.url}


def test_the_command_prints_its_url_and_ends_with_its_input(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret")
    command = [sys.executable, "-m", "sync_agent.simulated", "platform", "--secret-file", str(tmp_path / "secret")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        origin = url.removesuffix("/evaluation")
        by_http = requests.post(f"{origin}/simulated/control", data=b"fault 503 3", timeout=10).json()
        assert by_http == {"faults": ["503"]}
        assert requests.get(url, timeout=10).status_code == 503
        process.stdin.write("stats\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["requests"] == 1
        process.stdin.close()
        assert process.wait(10) == 0
