"""What is heard, and when: the invitation, the thanks, and one key sound that gives nothing away."""

import sys
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.sounds import SoundPlayer
from kiosk_app.window.screen_state import Page
from tests.screens import examples
from tests.screens.terminal import Terminal

OpenTerminal = Callable[..., Terminal]

# Qt says so where no sound server runs, as on the machines that run the tests; there is no category to filter it by.
no_sound_server = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)


@pytest.mark.parametrize(
    ("before", "after", "heard"),
    [
        (Page.SIGN, Page.SERVING, []),
        (Page.SERVING, Page.CHOICES, ["invite"]),
        (Page.CHOICES, Page.CHOICES, []),
        (Page.CHOICES, Page.DETAILS, ["thanks"]),
        (Page.CHOICES, Page.THANKS, ["thanks"]),
        (Page.CHOICES, Page.NOT_NOW, []),
        (Page.CHOICES, Page.CANNOT_RECORD, []),
        (Page.DETAILS, Page.THANKS, []),
        (Page.THANKS, Page.SIGN, []),
    ],
    ids=str,
)
def test_page_changes(open_terminal: OpenTerminal, before: Page, after: Page, heard: list[str]) -> None:
    terminal = open_terminal(examples.state(before))
    terminal.show(examples.state(after))
    assert [name for name, _ in terminal.sounds.played] == heard


def test_next_citizen_is_invited_by_voice_once(open_terminal: OpenTerminal) -> None:
    """Also while the last one's page is still open; the button does not say it again."""
    terminal = open_terminal(examples.state(Page.DETAILS))
    terminal.show(examples.state(Page.DETAILS, next_invited=True))
    terminal.show(examples.state(Page.CHOICES))
    assert terminal.sounds.played == [("invite", "zh-CN")]


def test_thanks_are_said_once_for_each_rating(open_terminal: OpenTerminal) -> None:
    """Also for a press on the evaluator while the last one's page is open."""
    terminal = open_terminal(examples.state(Page.DETAILS, next_invited=True))
    terminal.show(examples.state(Page.DETAILS, rating_id="rating-2"))
    terminal.show(examples.state(Page.CHOICES))
    terminal.show(examples.state(Page.DETAILS, rating_id="rating-2"))
    assert [name for name, _ in terminal.sounds.played].count("thanks") == 1


def test_prompts_speak_the_citizens_language(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SERVING), language="en")
    terminal.show(examples.state(Page.CHOICES))
    terminal.show(examples.state(Page.THANKS))
    assert terminal.sounds.played == [("invite", "en"), ("thanks", "en")]


@pytest.mark.parametrize("level", list(Level), ids=str)
def test_every_level_sounds_the_same(open_terminal: OpenTerminal, level: Level) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.touch(f"choice-{level}")
    terminal.show(examples.state(Page.DETAILS, options=examples.OPTIONS[level]))
    assert terminal.sounds.played == [("key", "zh-CN"), ("thanks", "zh-CN")]


@pytest.mark.parametrize(
    ("page", "control"),
    [(Page.CHOICES, "decline"), (Page.DETAILS, "option-207"), (Page.DETAILS, "skip"), (Page.SIGN, "largeType")],
)
def test_every_touch_is_heard(open_terminal: OpenTerminal, page: Page, control: str) -> None:
    terminal = open_terminal(examples.state(page))
    terminal.pass_guard()
    terminal.touch(control)
    assert terminal.sounds.played == [("key", "zh-CN")]


@no_sound_server
def test_halls_own_files_go_first(tmp_path: Path) -> None:
    own = tmp_path / "zh-CN" / "invite.wav"
    own.parent.mkdir()
    own.write_bytes(b"")
    player = SoundPlayer(assets_directory(), tmp_path)
    built_in = assets_directory() / "sounds"
    assert player.file("invite", "zh-CN") == own
    assert player.file("thanks", "zh-CN") == built_in / "zh-CN" / "thanks.wav"
    assert player.file("key", "en") == built_in / "key.wav"
    assert player.file("no such sound", "en") is None


@no_sound_server
def test_silence_is_told_and_never_raised(qapp: object) -> None:
    """The machines that run the tests have no loudspeaker; a terminal may have none either."""
    player = SoundPlayer(assets_directory())
    player.play("key", "zh-CN")
    player.play("no such sound", "zh-CN")
    if player.problem:
        assert player.problem == "no audio output"


def test_no_multimedia_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    player = SoundPlayer(assets_directory())
    player.play("key", "zh-CN")
    assert "Qt Multimedia cannot be loaded" in player.problem


@pytest.mark.parametrize("file", sorted((assets_directory() / "sounds").rglob("*.wav")), ids=lambda file: file.stem)
def test_sound_files_are_small_and_plain(file: Path) -> None:
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getnframes() / sound.getframerate() < 4
