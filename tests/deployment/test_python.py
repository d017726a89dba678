"""The program runs as the user kiosk on the Python that installed it: one that is shut to that user is refused."""

import sys
from pathlib import Path

import pytest

from config.install import program
from config.install.layout import InstallError, Layout


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """As in a home directory: `home/bin/python3`."""
    file = tmp_path / "home" / "bin" / "python3"
    file.parent.mkdir(parents=True)
    file.touch()
    file.chmod(0o755)
    for directory in file.parents:
        if not directory.stat().st_mode & 0o001:
            directory.chmod(0o755)
    return file


def test_a_python_that_everybody_may_run_is_taken(python: Path) -> None:
    program.refuse_shut(python)


@pytest.mark.parametrize("shut", ["home", "home/bin", "home/bin/python3"])
def test_a_python_in_a_shut_home_is_refused_in_one_line_that_says_what_to_do(
    python: Path, tmp_path: Path, shut: str
) -> None:
    (tmp_path / shut).chmod(0o700)
    link = tmp_path / "python3"
    link.symlink_to(python)
    with pytest.raises(InstallError) as refused:
        program.refuse_shut(link)
    assert str(refused.value).startswith(f"{tmp_path / shut} is shut to the user kiosk")
    assert str(refused.value).endswith("make install PYTHON=/usr/bin/python3")
    assert "\n" not in str(refused.value)


def test_it_is_refused_before_anything_is_made(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python.parent.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(InstallError, match="is shut to the user kiosk"):
        program.build(Layout(prefix=tmp_path / "opt"))
    assert not (tmp_path / "opt").exists()
