"""Which rows are learnt from, tuned on and tested on, for ever.

Rows that belong together (a conversation, a customer, questions that ask the same in other words)
share a split, so that nothing of the test is seen in training. Rows keep the split they once had;
only where a new row asks what one of them is measured by, the new row is learnt from and the old
one is retired: measured no more, and not learnt from either.

Paraphrases are joined the likest first, and no further than a group stays small: without that
bound, half of a company's questions hang together by some chain. What the bound parts and is close
all the same costs the held-out row its place (`benchmarks/splits.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Literal, TypeAlias

import msgspec

from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError
from northloop.core.ids import derived_id, uniform
from northloop.stages.data.disjoint import DisjointSets
from northloop.stages.data.paraphrases import CLOSE, Pair

SplitBy: TypeAlias = Literal["random", "time"]
_CAUTION = (Split.TEST, Split.VALIDATION, Split.RETIRED, Split.TRAIN)
"""Where ties of a group pull to different splits, the first of these wins."""
_HELD_OUT = (Split.TEST, Split.VALIDATION)
LARGEST_SHARE, SMALL_GROUP = 0.01, 20
"""Paraphrases are joined to groups of at most this share of the rows, or so many rows."""
FEWEST_LEFT = 0.5
"""At least this share of a split's rows stays where rows retire for what is close to them."""


class SplitSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How rows are divided."""

    validation_share: float = 0.1
    test_share: float = 0.1
    seed: int = 1
    by: SplitBy = "random"
    """"time": the newest rows are the test, those before them the validation split, and rows
    without a date are learnt from (but where none has one, all are dealt out at random). Dates
    decide then, not what resembles what: the future asks again what the past has asked."""

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
    """People and conversations: rows that share one share a split."""
    asks: tuple[str, ...] = ()
    """The same of what is asked in nearly the same words."""
    stratum: str = ""
    at: str = ""
    pin: Split | None = None
    """Where its source is to go: paraphrases do not move it."""
    frozen: Split | None = None
    """Where it was in an earlier version. It stays there unless it retires."""
    learnt: bool = True
    """Whether it teaches anything, in the training split."""


class Assigned(msgspec.Struct, frozen=True):
    """A row's place."""

    split: Split
    group: str


def assign(
    items: Sequence[Item], spec: SplitSpec, paraphrases: Sequence[Pair] = ()
) -> list[Assigned]:
    """Return the split and group of each item, in order; the same for any order of the items.

    Groups are what shared ties and what is asked connect, paraphrases as long as the group stays
    small. A group with a pinned row goes where that row goes (test before validation before train
    where they disagree). New rows of a group with earlier rows are learnt from, except those of a
    customer or conversation that is held out. A held-out row retires, unless it is pinned, where a
    new row that asks the same is learnt from. The other groups are dealt out stratum by stratum,
    so that every stratum comes close to the shares.
    """
    groups = _Groups(items, () if spec.by == "time" else paraphrases)
    splits = _joining(items, groups)
    retired = _retired(items, groups, splits)
    names = groups.names()
    splits |= _dealt_out(items, names, spec, retired)
    splits |= dict.fromkeys(retired, Split.RETIRED)
    splits |= _too_close(items, groups.pairs, splits)
    return [Assigned(splits[i], names[i]) for i in range(len(items))]


def most_cautious(splits: Collection[Split]) -> Split | None:
    """Return test before validation before retired before train, None for none."""
    return next((split for split in _CAUTION if split in splits), None)


def kept(earlier: Collection[Split]) -> Split | None:
    """Return where a row stays of whose wordings each had a place; None if none had.

    What was learnt from in one wording is not measured in another.
    """
    if Split.RETIRED in earlier or (Split.TRAIN in earlier and len(set(earlier)) > 1):
        return Split.RETIRED
    return most_cautious(earlier)


# --- groups ------------------------------------------------------------------------------------


class _Groups:
    """Which items share a split: by people and conversations, by what they ask, and by both."""

    def __init__(self, items: Sequence[Item], pairs: Iterable[Pair]) -> None:
        self._items = items
        self.people, self.asking, self.all = (DisjointSets(len(items)) for _ in range(3))
        for kind, sets in (("ties", self.people), ("asks", self.asking)):
            first: dict[str, int] = {}
            for i, item in enumerate(items):
                for tie in getattr(item, kind):
                    sets.join(i, first.setdefault(tie, i))
                    self.all.join(i, first[tie])
        self.pairs = self._free(pairs)
        most = max(SMALL_GROUP, int(LARGEST_SHARE * len(items)))
        for pair in self.pairs:
            apart = self.all.root(pair.a) != self.all.root(pair.b)
            if apart and self.all.size(pair.a) + self.all.size(pair.b) <= most:
                self.all.join(pair.a, pair.b)

    def asked_with(self, some: Collection[int]) -> set[int]:
        """Return what asks the same as some items, in a group with them."""
        sets = {self.asking.root(i) for i in some}
        found = {i for i in range(len(self._items)) if self.asking.root(i) in sets}
        for pair in self.pairs:
            if self.all.root(pair.a) == self.all.root(pair.b):
                found.update(b for a, b in ((pair.a, pair.b), (pair.b, pair.a)) if a in some)
        return found

    def _free(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return the pairs that no pin has decided on, the likest first whatever their order was.

        A pinned export that drew in whatever asks the same would leave little to learn from.
        """
        pinned = {self.all.root(i) for i, item in enumerate(self._items) if item.pin}
        ids = [item.item_id for item in self._items]
        free = [p for p in pairs if pinned.isdisjoint((self.all.root(p.a), self.all.root(p.b)))]
        return sorted(free, key=lambda p: (-p.alike, *sorted((ids[p.a], ids[p.b]))))

    def names(self) -> dict[int, str]:
        """Return for each item the name of its group, which its smallest id gives it."""
        found: dict[int, str] = {}
        for members in self.all.members().values():
            name = derived_id("group", min(self._items[i].item_id for i in members))
            found |= dict.fromkeys(members, name)
        return found


# --- rows that join earlier ones ---------------------------------------------------------------


def _joining(items: Sequence[Item], groups: _Groups) -> dict[int, Split]:
    """Return the splits of the items of groups that have an earlier or a pinned row."""
    splits: dict[int, Split] = {}
    held_out = _held_out_people(items, groups)
    for members in groups.all.members().values():
        earlier = [i for i in members if items[i].frozen]
        pins = {pin for i in members if not items[i].frozen and (pin := items[i].pin)}
        pinned = most_cautious(pins)
        if not earlier and pinned is None:
            continue
        for i in members:
            followed = held_out.get(groups.people.root(i)) if earlier else None
            splits[i] = items[i].frozen or pinned or followed or Split.TRAIN
    return splits


def _held_out_people(items: Sequence[Item], groups: _Groups) -> dict[int, Split]:
    """Return the people (by their set) that an earlier version held out, and in which split."""
    found: dict[int, Split] = {}
    for i, item in enumerate(items):
        if item.frozen in _HELD_OUT:
            at = groups.people.root(i)
            found[at] = most_cautious({item.frozen, found.get(at, item.frozen)}) or item.frozen
    return found


def _retired(items: Sequence[Item], groups: _Groups, splits: Mapping[int, Split]) -> set[int]:
    """Return the held-out rows that ask what a new row teaches."""
    new = {
        i
        for i, split in splits.items()
        if split is Split.TRAIN and items[i].learnt and not items[i].frozen
    }
    held_out = {
        i
        for i, split in splits.items()
        if split in _HELD_OUT and (items[i].frozen or not items[i].pin)
    }
    return held_out & groups.asked_with(new)


def _too_close(
    items: Sequence[Item], pairs: Sequence[Pair], splits: Mapping[int, Split]
) -> dict[int, Split]:
    """Return the held-out rows to retire that a close pair, one of it new, ties to the training.

    Of each split the closest, and never more than leave it `FEWEST_LEFT` of its rows.
    """
    counts = Counter(splits.values())
    room = {split: int((1 - FEWEST_LEFT) * counts[split]) for split in _HELD_OUT}
    found: dict[int, Split] = {}
    for pair in pairs:
        if pair.alike < CLOSE or (items[pair.a].frozen and items[pair.b].frozen):
            continue
        for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
            split = splits[one]
            taught = splits[other] is Split.TRAIN and items[other].learnt
            if split in _HELD_OUT and taught and one not in found and room[split]:
                found[one] = Split.RETIRED
                room[split] -= 1
    return found


# --- rows that are dealt out -------------------------------------------------------------------


def _dealt_out(
    items: Sequence[Item], names: Mapping[int, str], spec: SplitSpec, retired: Iterable[int]
) -> dict[int, Split]:
    """Return the splits of the items of groups without an earlier or a pinned row."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, name in names.items():
        groups[name].append(i)
    loose = {
        name: members
        for name, members in groups.items()
        if not any(items[i].frozen or items[i].pin for i in members)
    }
    sizes = {name: len(members) for name, members in loose.items()}
    newest = {name: max(items[i].at for i in members) for name, members in loose.items()}
    if spec.by == "time" and any(newest.values()):
        dealt = _newest_first(newest, sizes, spec)
    else:
        strata = {name: _stratum(items, members) for name, members in loose.items()}
        owed: dict[str, Counter[Split]] = defaultdict(Counter)
        for i in retired:
            owed[items[i].stratum].update(filter(None, [items[i].frozen]))
        dealt = _by_strata(strata, sizes, spec, owed)
    return {i: dealt[name] for name, members in loose.items() for i in members}


def _stratum(items: Sequence[Item], members: Iterable[int]) -> str:
    counts = Counter(items[i].stratum for i in members)
    return min(counts, key=lambda stratum: (-counts[stratum], stratum))


def _by_strata(
    strata: Mapping[str, str],
    sizes: Mapping[str, int],
    spec: SplitSpec,
    owed: Mapping[str, Mapping[Split, int]],
) -> dict[str, Split]:
    """Deal out the groups of each stratum, those that are large for theirs among themselves.

    A stratum of few large groups cannot come close to its shares; all of them together can. What
    retired is owed to its split by the new rows of its stratum.
    """
    rows: Counter[str] = Counter()
    for name, stratum in strata.items():
        rows[stratum] += sizes[name]
    least = min((share for share in _held_out_shares(spec).values() if share > 0), default=1.0)
    large: list[str] = []
    heaps: dict[str, list[str]] = defaultdict(list)
    for name, stratum in strata.items():
        is_large = sizes[name] > max(1.0, least * rows[stratum])
        (large if is_large else heaps[stratum]).append(name)
    deal = _Deal(spec, sum(sizes.values()))
    dealt = deal.out(large, sizes, {})
    for stratum, names in heaps.items():
        dealt |= deal.out(names, sizes, owed.get(stratum, {}))
    return dealt


def _held_out_shares(spec: SplitSpec) -> dict[Split, float]:
    return {Split.VALIDATION: spec.validation_share, Split.TEST: spec.test_share}


class _Deal:
    """Deals out groups in the order of their permanent random numbers.

    How far each split is behind its share is the probability that it gets the next group, so that
    small strata are fair on average and large ones close to the shares.
    """

    def __init__(self, spec: SplitSpec, total: int) -> None:
        held_out = _held_out_shares(spec)
        self._shares = {Split.TRAIN: 1 - sum(held_out.values()), **held_out}
        self._seed = str(spec.seed)
        self._total = total

    def out(
        self, names: Iterable[str], sizes: Mapping[str, int], owed: Mapping[Split, int]
    ) -> dict[str, Split]:
        """Return the split of each group; `owed` is what splits are behind to begin with."""
        behind = {split: float(owed.get(split, 0)) for split in self._shares}
        given: dict[str, Split] = {}
        for name in sorted(names, key=lambda name: (uniform(self._seed, "order", name), name)):
            for split, share in self._shares.items():
                behind[split] += share * sizes[name]
            chosen = self._drawn(behind, sizes[name], uniform(self._seed, "deal", name))
            behind[chosen] -= sizes[name]
            given[name] = chosen
        return given

    def _drawn(self, behind: Mapping[Split, float], size: int, u: float) -> Split:
        """Return a split that is behind; none that has no share, or that the group would fill."""
        open_ = {split: max(0.0, lag) for split, lag in behind.items() if self._holds(split, size)}
        total = sum(open_.values())
        if total <= 0:
            return max(open_, key=lambda split: self._shares[split])
        edge = 0.0
        for split, lag in open_.items():
            edge += lag / total
            if u < edge:
                return split
        return max(open_, key=lambda split: open_[split])

    def _holds(self, split: Split, size: int) -> bool:
        share = self._shares[split]
        return share > 0 and (split is Split.TRAIN or size <= max(1.0, 2 * share * self._total))


def _newest_first(
    newest: Mapping[str, str], sizes: Mapping[str, int], spec: SplitSpec
) -> dict[str, Split]:
    """Return the splits by the newest date of each group; without a date, train.

    Rows of one time stay together where that leaves a split between half and twice its share;
    where many rows have one time, some of them are parted.
    """
    dated = sorted((n for n, at in newest.items() if at), key=lambda n: (newest[n], n))[::-1]
    seen = [0, *accumulate(sizes[name] for name in dated)]
    turns = [k for k in range(1, len(dated)) if newest[dated[k - 1]] != newest[dated[k]]]
    given = dict.fromkeys(newest, Split.TRAIN)
    start = 0
    for split in _HELD_OUT:
        wanted = _held_out_shares(spec)[split] * seen[-1]
        end = _cut(seen, [k for k in turns if k > start], start, wanted)
        given |= dict.fromkeys(dated[start:end], split)
        start = end
    return given


def _cut(seen: Sequence[int], turns: Sequence[int], start: int, wanted: float) -> int:
    """Return where to end a split that begins at `start`, of groups of which `seen` counts rows."""
    rows = {k: seen[k] - seen[start] for k in turns}
    nearest = min(turns, key=lambda k: abs(rows[k] - wanted), default=start)
    if nearest > start and wanted / 2 <= rows[nearest] <= 2 * wanted:
        return nearest
    return bisect_left(seen, seen[start] + round(wanted), lo=start)
