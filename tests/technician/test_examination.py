"""How far the way to the platform goes, and what the kernel knows of displays and sound."""

import socket
import threading
from pathlib import Path

import pytest

from kiosk_app.configuration import Settings, load_settings
from kiosk_app.domain.health import Area
from kiosk_app.technician.examination import network
from kiosk_app.technician.examination.network import network_health
from kiosk_app.technician.examination.screen import connected_displays, sound_cards
from tests.technician.terminal import SETTINGS, Terminal


def settings_for(terminal: Terminal, url: str) -> Settings:
    text = SETTINGS.replace("https://platform.intra/evaluation", url)
    (terminal.config / "terminal.toml").write_text(text, encoding="utf-8")
    return load_settings(terminal.config)


def interfaces(directory: Path, **states: str) -> Path:
    for name, state in {"lo": "unknown", **states}.items():
        (directory / name).mkdir(parents=True)
        (directory / name / "operstate").write_text(f"{state}\n")
    return directory


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ({"eth0": "down", "wlan0": "dormant"}, "no network interface is up: eth0 is down, wlan0 is dormant"),
        ({}, "this machine has no network interface"),
    ],
)
def test_a_cable_that_is_not_plugged_in(terminal: Terminal, tmp_path: Path, states: dict[str, str], told: str) -> None:
    settings = settings_for(terminal, "https://10.255.255.1/x")
    (problem,) = network_health(settings, interfaces=interfaces(tmp_path / "net", **states)).problems
    assert (problem.code, problem.text) == ("network_down", told)


def test_a_name_that_nobody_knows(terminal: Terminal, tmp_path: Path) -> None:
    settings = settings_for(terminal, "https://no-such-host.invalid/x")
    (problem,) = network_health(settings, interfaces=interfaces(tmp_path / "net", eth0="up")).problems
    assert problem.code == "network_name_unknown"
    assert "no-such-host.invalid" in problem.text


def test_a_name_server_that_is_silent_is_given_up_in_time(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        over.wait()
        raise socket.gaierror("given up")

    monkeypatch.setattr(network, "NAME_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    settings = settings_for(terminal, "https://platform.intra/x")
    (problem,) = network_health(settings, interfaces=interfaces(tmp_path / "net", eth0="up")).problems
    over.set()
    assert problem.code == "network_name_unknown"
    assert "not answered for within 0.1 s" in problem.text


def test_a_way_that_is_there_is_told_with_the_interface(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = settings_for(terminal, f"http://127.0.0.1:{server.getsockname()[1]}/x")
        health = network_health(settings)
    assert health.problems == ()
    assert "seen from 127.0.0.1" in health.facts[Area.NETWORK]


def connector(directory: Path, name: str, status: str, modes: str = "") -> None:
    (directory / name).mkdir(parents=True)
    (directory / name / "status").write_text(f"{status}\n")
    (directory / name / "modes").write_text(modes)


def test_displays_as_the_kernel_knows_them(tmp_path: Path) -> None:
    assert "not known" in connected_displays(tmp_path).facts[Area.DISPLAY]
    connector(tmp_path, "card0-HDMI-A-1", "disconnected")
    (problem,) = connected_displays(tmp_path).problems
    assert problem.text == "no screen can be shown: no display is connected"
    connector(tmp_path, "card0-DP-1", "connected", "1920x1080\n1280x720\n")
    health = connected_displays(tmp_path)
    assert health.problems == ()
    assert health.facts[Area.DISPLAY].startswith("DP-1 connected 1920x1080")


def test_sound_cards_as_the_kernel_knows_them(tmp_path: Path) -> None:
    cards = tmp_path / "cards"
    assert [problem.code for problem in sound_cards(cards).problems] == ["sound_silent"]
    cards.write_text("--- no soundcards ---\n")
    assert [problem.code for problem in sound_cards(cards).problems] == ["sound_silent"]
    cards.write_text(" 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA Intel PCH at 0x1\n")
    assert sound_cards(cards).facts == {Area.SOUND: "HDA-Intel - HDA Intel PCH"}
