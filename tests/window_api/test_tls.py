"""TLS with the hall's certificate: what is then spoken, by which names, and what a silent client gets."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import requests

from kiosk_app.configuration import WindowApi
from kiosk_app.window.window_api.from_settings import window_api_server
from kiosk_app.window.window_api.listening import CannotListenError
from kiosk_app.window.window_api.own_hosts import certified_names, is_own_host, is_own_origin
from kiosk_app.window.window_api.server import WindowApiServer
from tests.self_signed import write_certificate
from tests.window_api.api_client import TOKEN, is_closed, read_answer
from tests.window_api.fake_window import FakeWindow

OUTSIDE = ("10.1.2.3", 8711)


def settings(directory: Path, **more: object) -> WindowApi:
    token = directory / "token"
    token.write_text(TOKEN, encoding="utf-8")
    token.chmod(0o600)
    values = {"listen": "127.0.0.1:0", "token_file": "token", **more}
    return WindowApi.model_validate(values, context={"directory": directory})


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    certificate, _ = write_certificate(tmp_path, names=("localhost", "W12.hall.example"))
    return certificate


@pytest.fixture
def server(tmp_path: Path, certificate: Path, window: FakeWindow) -> Iterator[WindowApiServer]:
    api = settings(tmp_path, certificate_file="tls.pem", certificate_key_file="tls.key")
    server = window_api_server(window, api, hall="测试政务服务中心", directory=tmp_path)
    server.start()
    with closing(server):
        yield server


def ask(server: WindowApiServer, certificate: Path, path: str = "/v1/window", **headers: str) -> requests.Response:
    sent: dict[str, str | bytes] = {"Authorization": f"Bearer {TOKEN}".encode(), **headers}
    with requests.Session() as session:
        session.trust_env = False
        url = f"https://127.0.0.1:{server.address[1]}{path}"
        return session.get(url, headers=sent, verify=str(certificate), timeout=10)


def test_with_a_certificate_the_api_and_the_page_are_served_over_tls(
    server: WindowApiServer, certificate: Path
) -> None:
    assert ask(server, certificate).json()["number"] == "12"
    assert "<!doctype html>" in ask(server, certificate, "/").text


def test_with_a_certificate_nothing_is_served_unencrypted(server: WindowApiServer) -> None:
    with socket.create_connection(server.address, 10) as connection:
        connection.sendall(f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{server.address[1]}\r\n\r\n".encode())
        assert is_closed(connection) or not connection.recv(100).startswith(b"HTTP")


def test_old_versions_of_tls_are_refused(server: WindowApiServer, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(server.address, 10) as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname="127.0.0.1")


def test_the_terminal_goes_by_its_certificates_names_too(server: WindowApiServer, certificate: Path) -> None:
    port = server.address[1]
    assert ask(server, certificate, Host=f"w12.hall.example:{port}").status_code == 200
    own = {"Host": f"w12.hall.example:{port}", "Origin": f"https://w12.hall.example:{port}"}
    assert ask(server, certificate, **own).status_code == 200
    assert ask(server, certificate, Host=f"w13.hall.example:{port}").status_code == 421
    assert ask(server, certificate, Origin=f"http://w12.hall.example:{port}").status_code == 403
    assert ask(server, certificate, Origin=f"https://w13.hall.example:{port}").status_code == 403


def test_without_a_certificate_no_such_name_is_the_terminals() -> None:
    assert not is_own_host("w12.hall.example:8711", OUTSIDE)
    assert is_own_host("w12.hall.example:8711", OUTSIDE, frozenset({"w12.hall.example"}))
    assert not is_own_host("w12.hall.example:80", OUTSIDE, frozenset({"w12.hall.example"}))
    assert is_own_origin("https://w12.hall.example:8711", OUTSIDE, "https", frozenset({"w12.hall.example"}))


def test_a_wildcard_is_good_for_this_machine_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "W12")
    certificate, _ = write_certificate(tmp_path, names=("*.hall.example", "desk.hall.example"))
    assert certified_names(certificate) == {"w12.hall.example", "desk.hall.example"}


def test_a_certificate_without_names_adds_none(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path, names=(), addresses=())
    assert certified_names(certificate) == frozenset()


def test_a_client_that_is_silent_before_the_handshake_is_not_waited_for_long(
    tmp_path: Path, certificate: Path, window: FakeWindow
) -> None:
    api = settings(tmp_path, certificate_file="tls.pem", certificate_key_file="tls.key")
    server = window_api_server(window, api, hall="", directory=tmp_path)
    server._server._patience_seconds = 1
    server.start()
    with closing(server), socket.create_connection(server.address, 10) as connection:
        assert is_closed(connection)


def test_open_connections_do_not_keep_the_server_from_closing(server: WindowApiServer, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with ExitStack() as stack:
        stack.enter_context(socket.create_connection(server.address, 10))
        plain = stack.enter_context(socket.create_connection(server.address, 10))
        kept = stack.enter_context(context.wrap_socket(plain, server_hostname="127.0.0.1"))
        head = f"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:{server.address[1]}\r\n\r\n"
        kept.sendall(head.encode())
        assert read_answer(kept)[0] == 200
        server.close()
        assert server._thread is not None
        assert not server._thread.is_alive()


def test_a_certificate_that_went_after_it_was_checked_is_told(
    tmp_path: Path, certificate: Path, window: FakeWindow
) -> None:
    api = settings(tmp_path, certificate_file="tls.pem", certificate_key_file="tls.key")
    certificate.unlink()
    with pytest.raises(CannotListenError, match="the certificate cannot be used: "):
        window_api_server(window, api, hall="", directory=tmp_path)


def test_without_a_certificate_it_speaks_http(tmp_path: Path, window: FakeWindow) -> None:
    server = window_api_server(window, settings(tmp_path), hall="", directory=tmp_path)
    server.start()
    with closing(server):
        assert requests.get(f"http://127.0.0.1:{server.address[1]}/", timeout=10).status_code == 200
