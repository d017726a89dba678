"""Since when a problem lasts, and the first words for it: kept while it lasts, also across restarts."""

import json
import os
from datetime import timedelta
from pathlib import Path

from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.book import BOOK_FILE, HealthBook
from tests.manual_clock import ManualClock


def problem(code: str = "evaluator_lost", text: str = "it is gone", since: str | None = None) -> Problem:
    return Problem(code, text, "look", Severity.PROBLEM, since)


def test_a_problem_keeps_its_beginning_while_it_lasts(tmp_path: Path) -> None:
    clock = ManualClock()
    book, began = HealthBook(tmp_path), clock.now().stamp
    assert book.noted([problem()], clock.now())[0].since == began
    clock.advance(60)
    assert book.noted([problem()], clock.now())[0].since == began
    assert HealthBook(tmp_path).noted([problem()], clock.now())[0].since == began


def test_a_problem_that_comes_back_begins_again(tmp_path: Path) -> None:
    clock = ManualClock()
    book = HealthBook(tmp_path)
    book.noted([problem()], clock.now())
    clock.advance(60)
    assert book.noted([], clock.now()) == ()
    assert json.loads((tmp_path / BOOK_FILE).read_text()) == {}
    clock.advance(60)
    assert book.noted([problem()], clock.now())[0].since == clock.now().stamp


def test_the_first_words_stand_and_the_present_ones_beside_them(tmp_path: Path) -> None:
    clock = ManualClock()
    HealthBook(tmp_path).noted([problem(text="no permission")], clock.now())
    (told,) = HealthBook(tmp_path).noted([problem(text="not there")], clock.now())
    assert told.text == "no permission (now: not there)"
    (told,) = HealthBook(tmp_path).noted([problem(text="no permission")], clock.now())
    assert told.text == "no permission"


def test_of_what_is_measured_the_newest_number_is_told(tmp_path: Path) -> None:
    clock, book = ManualClock(), HealthBook(tmp_path)
    began = clock.now().stamp
    book.noted([problem("disk_low", "400 MB are free")], clock.now())
    clock.advance(60)
    (told,) = book.noted([problem("disk_low", "300 MB are free")], clock.now())
    assert (told.text, told.since) == ("300 MB are free", began)


def test_the_earlier_beginning_counts(tmp_path: Path) -> None:
    """The app knows since when it cannot record, but forgets it with a restart."""
    clock, book = ManualClock(), HealthBook(tmp_path)
    began = clock.now().stamp
    book.noted([problem(since=began)], clock.now())
    clock.advance(600)
    assert HealthBook(tmp_path).noted([problem(since=clock.now().stamp)], clock.now())[0].since == began


def test_two_problems_of_one_code_are_two(tmp_path: Path) -> None:
    clock, book = ManualClock(), HealthBook(tmp_path)
    both = [problem("pulled_rules_unusable", "options"), problem("pulled_rules_unusable", "hours")]
    assert [told.text for told in book.noted(both, clock.now())] == ["options", "hours"]
    assert [told.text for told in book.noted(both, clock.now())] == ["options", "hours"]


def test_a_clock_that_was_set_back_makes_nothing_begin_in_the_future(tmp_path: Path) -> None:
    clock, book = ManualClock(), HealthBook(tmp_path)
    book.noted([problem()], clock.now())
    clock.wall -= timedelta(days=1)
    assert book.noted([problem()], clock.now())[0].since == clock.now().stamp


def test_a_book_that_cannot_be_written_is_kept_in_memory(tmp_path: Path) -> None:
    clock = ManualClock()
    book, began = HealthBook(tmp_path / "not there"), clock.now().stamp
    book.noted([problem()], clock.now())
    clock.advance(60)
    assert book.noted([problem()], clock.now())[0].since == began


def test_a_book_that_is_damaged_is_begun_again(tmp_path: Path) -> None:
    clock = ManualClock()
    for content in (
        "",
        "[]",
        '{"x": 1}',
        '{"x": {"since": "yesterday", "text": ""}}',
        '{"x": {"since": "2026-11-25"}}',
    ):
        (tmp_path / BOOK_FILE).write_text(content)
        assert HealthBook(tmp_path).noted([problem("x")], clock.now())[0].since == clock.now().stamp


def test_what_an_old_examination_noted_is_forgotten_where_that_is_wished(tmp_path: Path) -> None:
    clock = ManualClock()
    HealthBook(tmp_path).noted([problem()], clock.now())
    os.utime(tmp_path / BOOK_FILE, (0, 0))
    clock.advance(60)
    (recalled,) = HealthBook(tmp_path).recalled([problem()], clock.now())
    assert recalled.since != clock.now().stamp
    forgotten = HealthBook(tmp_path, forgotten_after=timedelta(days=1))
    assert forgotten.noted([problem()], clock.now())[0].since == clock.now().stamp
