"""The five levels (R1, R2) and which of them count as satisfied (R15)."""

import pytest

from kiosk_app.domain.levels import Level


@pytest.mark.parametrize(
    ("word", "score", "bad", "satisfied"),
    [
        ("very_satisfied", 5, False, True),
        ("satisfied", 4, False, True),
        ("basically_satisfied", 3, False, True),
        ("dissatisfied", 2, True, False),
        ("very_dissatisfied", 1, True, False),
    ],
)
def test_score_and_meaning_of_every_level_r1_r2(word: str, score: int, bad: bool, satisfied: bool) -> None:
    level = Level(word)
    assert (level.score, level.is_bad, level.is_satisfied) == (score, bad, satisfied)


def test_there_are_five_levels_best_first_r1() -> None:
    assert [level.score for level in Level] == [5, 4, 3, 2, 1]
