"""How wide the paper is, and how wide a character of the printer's own font."""

from dataclasses import dataclass

COLUMN_DOTS = 12
"""Width of an ASCII character; a Chinese one takes two columns. Both are 24 dots high (203 dots per inch)."""

LINE_DOTS = 24
"""Height of a character of single size."""


@dataclass(frozen=True)
class Paper:
    """One width of paper."""

    dots: int

    @property
    def columns(self) -> int:
        """ASCII characters of single size in a line."""
        return self.dots // COLUMN_DOTS


PAPERS = {58: Paper(384), 80: Paper(576)}
"""By the paper's width in millimetres."""
