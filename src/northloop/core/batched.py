"""Lots of what is much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of that size, the last one as long as what is left."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
