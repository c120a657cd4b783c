"""Which rows are learnt from, tuned on and tested on, for ever.

Rows that belong together (a conversation, a customer, texts that are nearly the same) share a
split, so that nothing of the test is seen in training. Rows keep the split they once had.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError
from northloop.core.ids import derived_id, uniform

SplitBy: TypeAlias = Literal["random", "time"]
_CAUTION = (Split.TEST, Split.VALIDATION, Split.TRAIN)
"""Where ties of a group pull to different splits, the first of these wins."""


class SplitSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How rows are divided."""

    validation_share: float = 0.1
    test_share: float = 0.1
    seed: int = 1
    by: SplitBy = "random"
    """"time": the newest rows are the test, those before them the validation split."""

    def __post_init__(self) -> None:
        shares = (self.validation_share, self.test_share)
        if min(shares) < 0 or sum(shares) >= 1:
            raise ConfigurationError(
                f"shares of {shares[0]} and {shares[1]} leave nothing to train on",
                where="data.validation_share, data.test_share",
                action="choose shares of at least 0 that sum to less than 1",
            )


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What the split has to know of a row."""

    item_id: str
    ties: tuple[str, ...] = ()
    """Keys that it must not be parted from: rows that share one share a split."""
    stratum: str = ""
    at: str = ""
    pin: Split | None = None
    frozen: Split | None = None
    """Where it was in an earlier version; stays there whatever happens."""


class Assigned(msgspec.Struct, frozen=True):
    """A row's place."""

    split: Split
    group: str


def assign(items: Sequence[Item], spec: SplitSpec) -> list[Assigned]:
    """Return the split and group of each item, in order; the same for any order of the items.

    Groups are the connected components of shared ties. A group with a pinned or frozen row goes
    where that row goes (test before validation before train where they disagree); the others are
    dealt out stratum by stratum so that every stratum comes close to the shares.
    """
    groups = _components(items)
    strata: dict[str, list[str]] = defaultdict(list)
    splits: dict[str, Split] = {}
    for name, members in groups.items():
        fixed = {s for i in members for s in (items[i].frozen, items[i].pin) if s}
        if fixed:
            splits[name] = most_cautious(fixed) or Split.TRAIN
        else:
            strata[_stratum(items, members)].append(name)
    sizes = {name: len(members) for name, members in groups.items()}
    if spec.by == "time":
        newest = {name: max(items[i].at for i in members) for name, members in groups.items()}
        loose = [name for names in strata.values() for name in names]
        ordered = sorted(loose, key=lambda name: (newest[name], name), reverse=True)
        splits |= _newest_first(ordered, sizes, spec)
    else:
        for names in strata.values():
            splits |= _dealt(names, sizes, spec)
    group_of = {i: name for name, members in groups.items() for i in members}
    return [
        Assigned(item.frozen or splits[group_of[i]], group_of[i]) for i, item in enumerate(items)
    ]


def most_cautious(splits: Collection[Split]) -> Split | None:
    """Return test before validation before train, None for none."""
    return next((split for split in _CAUTION if split in splits), None)


def _components(items: Sequence[Item]) -> dict[str, list[int]]:
    """Return the items of each connected component, by a name derived from its smallest id."""
    parent = list(range(len(items)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    for i, item in enumerate(items):
        for tie in item.ties:
            parent[root(i)] = root(first.setdefault(tie, i))
    members: dict[int, list[int]] = defaultdict(list)
    for i in range(len(items)):
        members[root(i)].append(i)
    return {derived_id("group", min(items[i].item_id for i in m)): m for m in members.values()}


def _stratum(items: Sequence[Item], members: Iterable[int]) -> str:
    counts = Counter(items[i].stratum for i in members)
    return min(counts, key=lambda stratum: (-counts[stratum], stratum))


def _dealt(names: Sequence[str], sizes: Mapping[str, int], spec: SplitSpec) -> dict[str, Split]:
    """Deal out the groups of one stratum in the order of their permanent random numbers.

    How far each split is behind its share is the probability that it gets the next group, so that
    small strata are fair on average and large ones close to the shares.
    """
    shares = {
        Split.TRAIN: 1 - spec.validation_share - spec.test_share,
        Split.VALIDATION: spec.validation_share,
        Split.TEST: spec.test_share,
    }
    seed = str(spec.seed)
    behind = dict.fromkeys(shares, 0.0)
    given: dict[str, Split] = {}
    for name in sorted(names, key=lambda name: (uniform(seed, "order", name), name)):
        for split, share in shares.items():
            behind[split] += share * sizes[name]
        chosen = _drawn(behind, shares, uniform(seed, "deal", name))
        behind[chosen] -= sizes[name]
        given[name] = chosen
    return given


def _drawn(behind: Mapping[Split, float], shares: Mapping[Split, float], u: float) -> Split:
    """Return the split that is most behind; one with no share never."""
    open_ = {split: lag for split, lag in behind.items() if shares[split] > 0}
    total = sum(max(0.0, lag) for lag in open_.values())
    if total <= 0:
        return max(open_, key=lambda split: shares[split])
    edge = 0.0
    for split, lag in open_.items():
        edge += max(0.0, lag) / total
        if u < edge:
            return split
    return max(open_, key=lambda split: open_[split])


def _newest_first(
    ordered: Sequence[str], sizes: Mapping[str, int], spec: SplitSpec
) -> dict[str, Split]:
    total = sum(sizes[name] for name in ordered)
    tested = round(spec.test_share * total)
    held_out = round((spec.test_share + spec.validation_share) * total)
    given: dict[str, Split] = {}
    seen = 0
    for name in ordered:
        if seen < tested:
            given[name] = Split.TEST
        elif seen < held_out:
            given[name] = Split.VALIDATION
        else:
            given[name] = Split.TRAIN
        seen += sizes[name]
    return given
