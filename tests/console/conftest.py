"""A console over the example desk, and a browser-like client that holds its token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.client import Visitor
from console.example_desk import EmptyDesk, ExampleDesk


@pytest.fixture
def desk() -> ExampleDesk:
    return ExampleDesk()


@pytest.fixture
def visitor(desk: ExampleDesk) -> Iterator[Visitor]:
    with Visitor(desk) as visitor:
        yield visitor


@pytest.fixture
def newcomer() -> Iterator[Visitor]:
    with Visitor(EmptyDesk()) as visitor:
        yield visitor
