"""Who does work that falls into many independent pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Protocol


class Work(Protocol):
    """Makes what does one piece after another; sent to other processes, so it can be pickled."""

    def __call__(self) -> Callable[[bytes], bytes]:
        """Return what turns a piece into its result, which follows from the piece alone."""
        ...


class Workers(Protocol):
    """Does pieces of work, perhaps in other processes or on other machines."""

    def __call__(self, work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the result of each piece, in any order; a piece may be done more than once."""
        ...


def here(work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the results in order, done by this process."""
    yield from map(work(), pieces)


def of_many(few: int, workers: Callable[[], Workers]) -> Workers:
    """Return what does a few pieces here, and asks others for more."""

    def done(work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        rest = iter(pieces)
        first = list(islice(rest, few))
        chosen = here if len(first) < few else workers()
        yield from chosen(work, chain(first, rest))

    return done


class Done(Protocol):
    """Results of work that was done before, by what they follow from."""

    def get(self, keys: Sequence[bytes], /) -> Mapping[bytes, bytes]:
        """Return the results that are known."""
        ...

    def put(self, results: Mapping[bytes, bytes], /) -> None:
        """Keep results."""
        ...


class DoneHere:
    """Keeps results in memory."""

    def __init__(self) -> None:
        self._results: dict[bytes, bytes] = {}

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the results that are known."""
        return {key: self._results[key] for key in keys if key in self._results}

    def put(self, results: Mapping[bytes, bytes]) -> None:
        """Keep results."""
        self._results |= results


class _Unknown:
    """Knows of no work that was done before, and keeps none."""

    def get(self, _: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return nothing."""
        return {}

    def put(self, _: Mapping[bytes, bytes]) -> None:
        """Keep nothing."""


unknown = _Unknown()
