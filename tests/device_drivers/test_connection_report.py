"""What is told of a port that comes and goes."""

from device_drivers.connection_report import ConnectionReport


def test_the_first_opening_is_told_at_once() -> None:
    report = ConnectionReport()
    assert not report.connected
    assert report.opened(1.0)
    assert report.connected


def test_three_misses_in_a_row_are_told_once() -> None:
    report = ConnectionReport()
    report.opened(1.0)
    assert [report.missed("pulled") for _ in range(5)] == [False, False, True, False, False]
    assert not report.connected


def test_a_glitch_is_not_told() -> None:
    report = ConnectionReport()
    report.opened(1.0)
    assert not report.missed("pulled")
    assert not report.missed("away")
    assert not report.opened(2.0)
    assert report.connected


def test_misses_with_a_steady_time_between_them_are_not_in_a_row() -> None:
    report = ConnectionReport()
    for second in range(0, 20, 2):
        report.opened(second)
        assert not report.alive(second + 1.1, spoke=False)
        assert not report.missed("glitch")


def test_a_port_that_opens_and_fails_again_and_again_is_gone_and_stays_so() -> None:
    report = ConnectionReport()
    report.opened(0.0)
    told = []
    for turn in range(20):
        told += [report.missed("loose"), report.opened(turn), report.alive(turn + 0.5, spoke=False)]
    assert told.count(True) == 1
    assert not report.connected


def test_a_port_is_back_once_it_stays_or_speaks() -> None:
    for spoke, at in ((False, 11.0), (True, 10.1)):
        report = ConnectionReport()
        for _ in range(3):
            report.missed("away")
        assert not report.opened(10.0)
        assert not report.alive(10.05, spoke=False)
        assert report.alive(at, spoke=spoke)
        assert not report.alive(at + 1, spoke=spoke)


def test_the_first_cause_is_kept_beside_the_one_of_now() -> None:
    report = ConnectionReport()
    report.missed("input/output error")
    assert report.detail == "input/output error"
    report.missed("not there")
    report.missed("held by another program")
    assert report.detail == "input/output error (now: held by another program)"
    report.opened(1.0)
    report.alive(2.0, spoke=False)
    assert report.detail == ""


def test_a_port_that_is_set_aside_is_told_once_and_begins_anew() -> None:
    report = ConnectionReport()
    report.opened(1.0)
    assert report.set_aside("lent to the technician")
    assert (report.connected, report.detail) == (False, "lent to the technician")
    assert report.opened(2.0), "told at once, as at the beginning"
    assert (report.connected, report.detail) == (True, "")


def test_a_port_that_is_gone_is_not_told_as_gone_again_when_it_is_set_aside_but_when_it_stays_away() -> None:
    report = ConnectionReport()
    for _ in range(3):
        report.missed("pulled")
    assert not report.set_aside("lent to the technician")
    assert [report.missed("not there") for _ in range(4)] == [False, False, True, False]
    assert report.detail == "not there"
