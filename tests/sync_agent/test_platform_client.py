"""The client over real HTTP: what is sent, and what comes of everything that can happen on the way."""

import datetime as dt
import ssl
import threading
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync_agent.outcomes import Blame, Outcome, Results, Unavailable
from sync_agent.platform_client import LONGEST_ANSWER, TIME_OUT, TimeLimits
from sync_agent.signing import Algorithm
from sync_agent.simulated.exchange import Fault, Manner
from sync_agent.simulated.faults import error, processed, redirect, replaced, unprocessed
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.support import SECRET, Terminal, client_for

SHORT = TimeLimits(connect=1, read=0.2)


def pushed(
    platform: SimulatedPlatform, terminal: Terminal, offset_ms: int = 0, limits: TimeLimits | None = None
) -> Outcome:
    with client_for(platform, terminal.clock, limits=limits) as client:
        return client.push(terminal.records(), offset_ms).outcome


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("base_path", ["", "/evaluation", "/a%20b/评价"])
def test_a_push_is_signed_as_it_is_sent(terminal: Terminal, algorithm: Algorithm, base_path: str) -> None:
    terminal.rate(20)
    with SimulatedPlatform(SECRET, base_path=base_path.replace("评价", "%E8%AF%84%E4%BB%B7")) as platform:
        with client_for(platform, terminal.clock, algorithm=algorithm) as client:
            assert isinstance(client.push(terminal.records(), 0).outcome, Results)
        [request] = platform.requests
        assert platform.count() == 21
        assert platform.violations == []
    assert request.headers["content-encoding"] == "gzip"
    assert request.headers["content-length"] == str(len(request.body))
    assert "transfer-encoding" not in request.headers
    assert request.headers["x-signature-algorithm"] == algorithm.value


def test_the_same_batch_has_the_same_key_and_another_nonce(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.inject(error(500), 1)
    with client_for(platform, terminal.clock) as client:
        for _ in range(2):
            client.push(terminal.records(), 0)
    first, second = platform.requests
    assert first.headers["x-idempotency-key"] == second.headers["x-idempotency-key"]
    assert first.headers["x-nonce"] != second.headers["x-nonce"]


def test_the_signature_carries_the_corrected_time(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.clock_offset = dt.timedelta(days=9000)
    assert isinstance(pushed(platform, terminal, offset_ms=9000 * 86_400_000), Results)


def test_the_middle_of_an_exchange_is_told(terminal: Terminal, platform: SimulatedPlatform) -> None:
    class SteppingClock(type(terminal.clock)):  # type: ignore[misc]
        def now(self):  # type: ignore[no-untyped-def]
            moment = super().now()
            self.pass_seconds(4)
            return moment

    with client_for(platform, SteppingClock()) as client:
        start = dt.datetime.now(dt.UTC)
        exchange = client.push(terminal.records(), 0)
    assert exchange.round_trip == dt.timedelta(seconds=4)
    assert abs(exchange.midpoint - start - dt.timedelta(seconds=2)) < dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("fault", "blame"),
    [
        (unprocessed(Manner.NEVER), Blame.SILENCE),
        (processed(Manner.NEVER), Blame.SILENCE),
        (unprocessed(Manner.RESET), Blame.SILENCE),
        (processed(Manner.RESET), Blame.SILENCE),
        (processed(Manner.CUT), Blame.SILENCE),
        (replaced(b"x" * (LONGEST_ANSWER + 1)), Blame.ANSWER),
        (error(500), Blame.ANSWER),
    ],
)
def test_what_goes_wrong_on_the_way_concludes_nothing(
    terminal: Terminal, platform: SimulatedPlatform, fault: Fault, blame: Blame
) -> None:
    platform.inject(fault)
    outcome = pushed(platform, terminal, limits=SHORT)
    assert isinstance(outcome, Unavailable)
    assert outcome.blame is blame
    platform.clear_faults()
    assert isinstance(pushed(platform, terminal), Results)


def test_a_time_out_is_told_as_what_it_is(terminal: Terminal, platform: SimulatedPlatform) -> None:
    """R27: it may well have arrived."""
    platform.inject(processed(Manner.NEVER))
    assert pushed(platform, terminal, limits=SHORT) == Unavailable(
        "no answer in time; it may have arrived", Blame.SILENCE
    )
    assert platform.count() == 1


def test_a_dripping_answer_is_bounded_as_a_whole(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.inject(processed(Manner.DRIP, drip_seconds=0.02))
    limits = TimeLimits(connect=0.3, read=0.3)
    start = time.monotonic()
    outcome = pushed(platform, terminal, limits=limits)
    assert outcome == Unavailable(TIME_OUT, Blame.SILENCE)
    assert time.monotonic() - start < 3


def test_a_slow_but_whole_answer_counts(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.inject(processed(Manner.DRIP, drip_seconds=0.0001))
    assert isinstance(pushed(platform, terminal), Results)


def test_a_redirect_is_not_followed(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.inject(redirect(f"{platform.url}/v1/records"), 1)
    assert pushed(platform, terminal) == Unavailable("HTTP 307", Blame.NO_RECORD)
    assert len(platform.requests) == 1


def test_nobody_listening_is_no_records_fault(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.stop()
    assert pushed(platform, terminal) == Unavailable("no connection", Blame.NO_RECORD)


def test_an_unknown_host_is_no_records_fault(terminal: Terminal, platform: SimulatedPlatform) -> None:
    with client_for(platform, terminal.clock) as client:
        client._url = "http://no-such-host.invalid"
        assert client.push(terminal.records(), 0).outcome == Unavailable("no connection", Blame.NO_RECORD)


def test_proxies_and_netrc_of_the_machine_are_ignored(
    terminal: Terminal, platform: SimulatedPlatform, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password something")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert isinstance(pushed(platform, terminal), Results)
    assert "authorization" not in platform.requests[0].headers


def test_abort_ends_a_request_from_another_thread(terminal: Terminal, platform: SimulatedPlatform) -> None:
    platform.inject(unprocessed(Manner.NEVER))
    outcomes: list[Outcome] = []
    with client_for(platform, terminal.clock, limits=TimeLimits(60, 60)) as client:
        thread = threading.Thread(target=lambda: outcomes.append(client.push(terminal.records(), 0).outcome))
        thread.start()
        platform.wait_for(lambda p: len(p.requests) == 1)
        client.abort()
        thread.join(10)
    assert not thread.is_alive()
    assert isinstance(outcomes[0], Unavailable)


def test_a_private_authority_is_trusted_only_when_named(terminal: Terminal, tmp_path: Path) -> None:
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with SimulatedPlatform(SECRET, tls=context) as platform:
        assert pushed(platform, terminal) == Unavailable("certificate refused", Blame.NO_RECORD)
        assert platform.requests == []
        with client_for(platform, terminal.clock, ca_file=certificate) as client:
            assert isinstance(client.push(terminal.records(), 0).outcome, Results)
            platform.inject(unprocessed(Manner.NEVER))
            threading.Timer(0.1, client.abort).start()
            assert isinstance(client.push(terminal.records(), 0).outcome, Unavailable)


def _certificate(directory: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(__import__("ipaddress").ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (directory / "platform.pem").write_bytes(pem)
    return directory / "platform.pem"
