"""A font with Chinese in it, found among those of the system: for pictures that are made without a screen."""

from collections.abc import Iterator
from pathlib import Path

from PIL import ImageFont

FONT_DIRECTORIES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
FAMILIES = (
    "NotoSansCJK*{weight}.tt[cf]",
    "NotoSansCJK*{weight}.otf",
    "NotoSansSC*{weight}.[ot]tf",
    "SourceHanSans*{weight}.[ot]t[cf]",
)
"""File names, the best first; families whose Latin and Chinese letters fit together."""
SIMPLIFIED = ("SC", "CN")
"""How the face for mainland China is called in a collection of several."""
MOST_FACES = 32


class NoChineseFontError(RuntimeError):
    """There is none; the message is one line that says what to install."""


class ChineseFont:
    """One family in two weights, in any size."""

    def __init__(self, regular: tuple[Path, int], bold: tuple[Path, int]) -> None:
        """File and index of the face of each weight."""
        self._faces = {False: regular, True: bold}
        self._sized: dict[tuple[int, bool], ImageFont.FreeTypeFont] = {}

    @classmethod
    def find(cls, directories: tuple[Path, ...] = FONT_DIRECTORIES) -> "ChineseFont":
        """Look for one. Raises `NoChineseFontError`."""
        regular = _face(directories, "Regular")
        if regular is None:
            searched = ", ".join(map(str, directories))
            raise NoChineseFontError(f"no Chinese font in {searched}; install one: apt install fonts-noto-cjk")
        return cls(regular, _face(directories, "Bold") or regular)

    def sized(self, pixels: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        """The font with characters of so many pixels."""
        key = (pixels, bold)
        if key not in self._sized:
            path, index = self._faces[bold]
            self._sized[key] = ImageFont.FreeTypeFont(path, pixels, index)
        return self._sized[key]


def _face(directories: tuple[Path, ...], weight: str) -> tuple[Path, int] | None:
    for family in FAMILIES:
        for directory in directories:
            for path in sorted(directory.rglob(family.format(weight=weight))):
                face = _simplified(path)
                if face is not None:
                    return path, face
    return None


def _simplified(path: Path) -> int | None:
    """The index of the face for mainland China; the only face of a file; None for a file that is no font."""
    names = list(_names(path))
    for index, name in enumerate(names):
        if name.split()[-1] in SIMPLIFIED:
            return index
    return 0 if names else None


def _names(path: Path) -> Iterator[str]:
    for index in range(MOST_FACES):
        try:
            yield str(ImageFont.FreeTypeFont(path, 10, index).getname()[0])
        except OSError:
            return
