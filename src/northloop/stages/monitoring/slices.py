"""What customers received from a release by channel, language, treatment, intent, source and week.

Counts of all that they asked, and of what was sent and judged the sums that an interval takes, kept
up with the release's own (`tally`), by whom they are caught up before they are read. Without the
judge: a slice has few reviews, and its line would be fitted to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import Interaction
from northloop.core.tally import ClusterSums, Share, Slice
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.statistics.powered import REVIEWED_ONLY, reviewed_share

FEWEST = 10
"""Reviewed answers from which on a slice has an interval."""
_WEEK = "week"
_BY: MappingProxyType[str, Callable[[Interaction], str]] = MappingProxyType(
    {
        "channel": lambda asked: asked.channel,
        "language": lambda asked: asked.language,
        "treatment": lambda asked: asked.treatment,
        "intent": lambda asked: asked.intent,
        "source": lambda asked: asked.source.value,
        _WEEK: lambda asked: _week(asked.at),
    }
)


@note("release")
class SliceSums(msgspec.Struct, frozen=True, kw_only=True):
    """What customers asked a release that is alike in one thing, added up."""

    slice_id: str
    release: Hash
    by: str
    name: str
    questions: int = 0
    sent: int = 0
    held: int = 0
    """Drafts that went to a person."""
    reviewed: int = 0
    """Of those sent, with a verdict."""
    skipped: int = 0
    """Of those sent, looked at and left without one."""
    weight: float = 0.0
    """Summed 1/p of the reviewed ones."""
    right: float = 0.0
    """Of it, of those that are right."""
    squares: tuple[float, ...] = (0.0, 0.0)
    """Summed squares of the weights that conversations have in it, and questions."""


class Sliced(msgspec.Struct, frozen=True, kw_only=True):
    """What a question of a customer counts for."""

    interaction: Interaction
    held: bool
    clusters: tuple[str, str]
    """What it is not independent of, see `tally.clusters_of`."""
    weight: float
    """1/p where it was sent and looked at, else 0."""
    quality: float | None
    """1 for right, 0 for not; None where nobody said."""


def count(records: Records, some: Sequence[tuple[Sliced, int]]) -> None:
    """Count each as often more as its number says, or less; inside a transaction."""
    alike: defaultdict[tuple[Hash, str, str], list[tuple[Sliced, int]]] = defaultdict(list)
    for sliced, times in some:
        for by, of in _BY.items():
            alike[sliced.interaction.release, by, of(sliced.interaction)].append((sliced, times))
    by_slice = {derived_id("slice", *named): of_it for named, of_it in alike.items()}
    empty = {
        slice_id: SliceSums(slice_id=slice_id, release=release, by=by, name=name)
        for slice_id, (release, by, name) in zip(by_slice, alike, strict=True)
    }
    kept = {**empty, **records.get_all(SliceSums, by_slice)}
    counted = []
    for slice_id, of_it in by_slice.items():
        sums = kept[slice_id]
        for sliced, times in of_it:
            sums = _added(sums, sliced, times)
        judged = [(one, times) for one, times in of_it if one.quality is not None]
        if judged:
            sums = msgspec.structs.replace(sums, squares=_squares(records, sums, judged))
        if sums.questions:
            counted.append(sums)
        else:
            records.remove(SliceSums, slice_id)
    records.replace_all(counted)


def slices(records: Records, release: Hash) -> dict[str, tuple[Slice, ...]]:
    """Return the slices of a release by what they are alike in.

    Most reviewed first, then most sent; the newest week first. What is not known has the name "".
    """
    found: dict[str, list[SliceSums]] = {name: [] for name in _BY}
    for sums in records.query(SliceSums, {"release": release}).rows:
        found[sums.by].append(sums)
    for by, listed in found.items():
        listed.sort(key=lambda s: s.name, reverse=by == _WEEK)
        if by != _WEEK:
            listed.sort(key=lambda s: (-s.reviewed, -s.sent, -s.questions))
    return {by: tuple(map(_told, listed)) for by, listed in found.items() if listed}


def _added(sums: SliceSums, one: Sliced, times: int) -> SliceSums:
    judged, looked_at = one.quality is not None, one.weight > 0
    weight = times * one.weight if judged else 0.0
    return msgspec.structs.replace(
        sums,
        questions=sums.questions + times,
        sent=sums.sent + times * one.interaction.answers,
        held=sums.held + times * one.held,
        reviewed=sums.reviewed + times * judged,
        skipped=sums.skipped + times * (looked_at and not judged),
        weight=sums.weight + weight,
        right=sums.right + weight * (one.quality or 0.0),
    )


def _squares(
    records: Records, sums: SliceSums, judged: Sequence[tuple[Sliced, int]]
) -> tuple[float, ...]:
    """Return the squares after the weights of some clusters changed, and keep these weights."""
    squares = []
    for way, square in enumerate(sums.squares):
        ids = [derived_id("weight", sums.slice_id, one.clusters[way]) for one, _ in judged]
        kept = records.get_all(ClusterSums, ids)
        before = {name: kept[name].sums[0] if name in kept else 0.0 for name in ids}
        after = dict(before)
        for name, (one, times) in zip(ids, judged, strict=True):
            after[name] += times * one.weight
        for name, weight in after.items():
            square += weight**2 - before[name] ** 2
            if weight > 0.5:  # of one answer it is 1 or more
                records.replace(ClusterSums(cluster_id=name, sums=(weight,)))
            else:
                records.remove(ClusterSums, name)
        squares.append(square)
    return tuple(squares)


def _told(sums: SliceSums) -> Slice:
    share = None
    if sums.reviewed >= FEWEST:
        found = reviewed_share(sums.right, sums.weight, sums.squares)
        share = Share(value=found.value, low=found.low, high=found.high, method=REVIEWED_ONLY)
    return Slice(
        name=sums.name,
        questions=sums.questions,
        sent=sums.sent,
        held=sums.held,
        reviewed=sums.reviewed,
        skipped=sums.skipped,
        accuracy=share,
    )


def _week(at: str) -> str:
    """The ISO week of a time, e.g. "2026-W07"."""
    year, week, _ = date.fromisoformat(at[:10]).isocalendar()
    return f"{year}-W{week:02}"
