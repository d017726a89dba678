"""For all tests: what one of them does to this process is not met by the next."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import structlog


def pytest_configure() -> None:
    # A logger that once cached how it logs cannot be listened to by any later test.
    structlog.configure = partial(_configured, structlog.configure)
    # A shell that runs the tests in the background lets its children ignore Ctrl-C, which some tests try.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def mask_of_files_as_before() -> Iterator[None]:
    """A command that runs in this process makes its files private; those of the next test are its own matter."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


def _configured(configure: Callable[..., None], **settings: Any) -> None:
    configure(**(settings | {"cache_logger_on_first_use": False}))
