"""Fixtures for tests with real windows: when Python takes apart what is left of them."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def nothing_collected_meanwhile() -> Iterator[None]:
    """Python takes apart what is left of windows between two tests only: in the midst of Qt's loop, Qt would crash."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def collected_between_tests(nothing_collected_meanwhile: None) -> Iterator[None]:
    yield
    gc.collect()
