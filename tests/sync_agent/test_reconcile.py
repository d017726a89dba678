"""Comparing with the platform: what it lost is sent again, what it refused is not (interfaces §5, R25, R26)."""

import json
from typing import Any

import pytest

from kiosk_app.journal.delivery import State
from sync_agent.reconcile import Compared
from sync_agent.simulated.exchange import JSON, Answer
from sync_agent.simulated.faults import always, error
from tests.sync_agent.hall_link import HallLink


def answer(link: HallLink, content: Any, content_type: str = JSON) -> None:
    """Let the platform answer every comparison so."""
    link.platform.inject(
        always(Answer(200, json.dumps(content).encode(), {"Content-Type": content_type})), on="reconcile"
    )


def delivered(link: HallLink, count: int = 9) -> None:
    link.terminal.rate(count)
    link.deliver()


def test_what_was_delivered_is_compared(hall_link: HallLink) -> None:
    delivered(hall_link)
    assert hall_link.errands.reconcile() is Compared.DONE
    (compared,) = hall_link.platform.errands.comparisons
    head = hall_link.terminal.records()[-1]
    assert compared == {"from": 1, "to": 10, "count": 10, "head_hash": head.hash, "missing": []}
    assert hall_link.terminal.states() == {}


def test_while_something_waits_nothing_is_compared(hall_link: HallLink) -> None:
    delivered(hall_link)
    hall_link.terminal.rate()
    assert hall_link.errands.reconcile() is Compared.NOT_NOW
    assert hall_link.platform.errands.comparisons == []


def test_what_the_platform_lost_is_sent_again(hall_link: HallLink) -> None:
    delivered(hall_link)
    hall_link.platform.forget(2, 3, 7, 10)
    assert hall_link.errands.reconcile() is Compared.SENT_AGAIN
    assert hall_link.platform.errands.comparisons[0]["missing"] == [[2, 3], [7, 7], [10, 10]]
    assert set(hall_link.terminal.states()) == {2, 3, 7, 10}
    hall_link.deliver()
    assert hall_link.platform.count() == 10
    assert hall_link.platform.chain_problems() == []
    assert hall_link.terminal.states() == {}
    assert hall_link.errands.reconcile() is Compared.DONE


def test_a_platform_that_lost_everything_gets_everything(hall_link: HallLink) -> None:
    delivered(hall_link, 1200)
    hall_link.platform.forget(*range(1, 1202))
    hall_link.errands.reconcile()
    hall_link.deliver()
    assert hall_link.platform.count() == 1201
    assert hall_link.platform.chain_problems() == []


def test_a_rating_that_was_superseded_is_sent_again_too(hall_link: HallLink) -> None:
    hall_link.terminal.rate(2, rating_code="8080-RGG0-0PFZ-R84R")
    hall_link.deliver()
    hall_link.platform.forget(3)
    hall_link.errands.reconcile()
    hall_link.deliver()
    assert hall_link.platform.count() == 3
    assert hall_link.errands.reconcile() is Compared.DONE


def test_what_the_platform_refused_is_not_sent_again_by_itself(hall_link: HallLink) -> None:
    """R26."""
    hall_link.platform.reject(lambda record: "no" if record["sequence"] == 4 else None)
    delivered(hall_link)
    assert hall_link.errands.reconcile() is Compared.DONE
    assert hall_link.platform.errands.comparisons[0]["missing"] == [[4, 4]]
    assert hall_link.terminal.states() == {4: State.REFUSED}


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        {"missing": None},
        {"missing": {}},
        {"missing": [[1]]},
        {"missing": [1, 2]},
        {"missing": [[1, 2, 3]]},
        {"missing": [["1", "2"]]},
        {"missing": [[True, True]]},
        {"missing": [[0, 1]]},
        {"missing": [[3, 2]]},
        {"missing": [[1, 2], [5, 11]]},
        {"missing": [[1.0, 2.0]]},
    ],
)
def test_an_answer_that_is_none_is_ignored_and_told(hall_link: HallLink, content: Any) -> None:
    delivered(hall_link)
    answer(hall_link, content)
    assert hall_link.errands.reconcile() is Compared.DONE
    assert hall_link.terminal.states() == {}
    assert set(hall_link.health()) == {"reconcile_failing"}
    hall_link.platform.clear_faults()
    hall_link.errands.reconcile()
    assert hall_link.health() == {}


def test_an_answer_of_a_wrong_type_or_none_is_ignored_and_told(hall_link: HallLink) -> None:
    delivered(hall_link)
    answer(hall_link, {"missing": [[1, 2]]}, "text/plain")
    hall_link.errands.reconcile()
    assert hall_link.terminal.states() == {}
    hall_link.platform.clear_faults()
    hall_link.platform.inject(error(501), on="reconcile")
    hall_link.errands.reconcile()
    assert "HTTP 501" in hall_link.health()["reconcile_failing"]


def test_a_range_that_is_named_twice_is_sent_once(hall_link: HallLink) -> None:
    delivered(hall_link)
    answer(hall_link, {"missing": [[2, 4], [3, 5]]})
    hall_link.errands.reconcile()
    hall_link.deliver()
    assert [hall_link.platform.arrivals[r.record_id] for r in hall_link.terminal.records()] == [
        1,
        2,
        2,
        2,
        2,
        1,
        1,
        1,
        1,
        1,
    ]


def test_a_journal_that_was_set_back_is_not_compared(hall_link: HallLink) -> None:
    """Its head is not the one that was delivered."""
    delivered(hall_link)
    hall_link.terminal.store.set_back((5, hall_link.terminal.records()[4].hash), hall_link.terminal.clock.ms)
    assert hall_link.errands.reconcile() is Compared.NOT_NOW
