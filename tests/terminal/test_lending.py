"""Devices are lent to a technician's test and always come back."""

import pytest

from kiosk_app.terminal.lending import Device, Lending, NotLentError


class Driver:
    def __init__(self) -> None:
        self.at_work = True
        self.detail = ""
        self.busy = False

    def release(self, detail: str) -> None:
        if self.busy:
            raise RuntimeError("a slip is being printed; try again when it is out")
        self.at_work, self.detail = False, detail

    def take_back(self) -> None:
        self.at_work = True


class Hall:
    """The station: says no while a citizen would be disturbed."""

    def __init__(self) -> None:
        self.cause = ""
        self.back: list[Device] = []

    def lend(self, device: Device, borrower: str, release: object) -> None:
        if self.cause:
            raise NotLentError(self.cause)
        assert callable(release)
        release()

    def returned(self, device: Device) -> None:
        self.back.append(device)


def test_the_driver_lets_go_and_takes_back() -> None:
    driver, hall = Driver(), Hall()
    with Lending({Device.EVALUATOR: driver}, hall).borrow(Device.EVALUATOR, "a technician"):
        meanwhile = driver.at_work
    assert not meanwhile
    assert driver.detail == "lent to a technician"
    assert driver.at_work
    assert hall.back == [Device.EVALUATOR]


def test_a_test_that_fails_gives_back_too() -> None:
    driver = Driver()
    with pytest.raises(ZeroDivisionError), Lending({Device.EVALUATOR: driver}, Hall()).borrow(Device.EVALUATOR, "x"):
        raise ZeroDivisionError
    assert driver.at_work


def test_nothing_is_lent_twice() -> None:
    lending = Lending({Device.PRINTER: Driver()}, Hall())
    with (
        lending.borrow(Device.PRINTER, "the first"),
        pytest.raises(NotLentError, match="lent to the first already"),
        lending.borrow(Device.PRINTER, "x"),
    ):
        pytest.fail("it was lent")
    with lending.borrow(Device.PRINTER, "the next"):
        pass


def test_no_citizen_waits_for_a_technician() -> None:
    driver, hall = Driver(), Hall()
    hall.cause = "a citizen is just asked to rate; try again in 12 s"
    lending = Lending({Device.EVALUATOR: driver}, hall)
    with pytest.raises(NotLentError, match="try again in 12 s"), lending.borrow(Device.EVALUATOR, "x"):
        pytest.fail("it was lent")
    assert driver.at_work
    hall.cause = ""
    with lending.borrow(Device.EVALUATOR, "x"):
        pass


def test_a_device_at_work_is_not_lent() -> None:
    driver = Driver()
    driver.busy = True
    lending = Lending({Device.PRINTER: driver}, Hall())
    with pytest.raises(NotLentError, match="a slip is being printed"), lending.borrow(Device.PRINTER, "x"):
        pytest.fail("it was lent")


def test_a_device_that_is_not_configured_is_not_lent() -> None:
    with pytest.raises(NotLentError, match=r"no section \[scanner\]"), Lending({}, Hall()).borrow(Device.SCANNER, "x"):
        pytest.fail("it was lent")
