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

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.sparse import coo_array

from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError
from northloop.core.ids import derived_id, uniform
from northloop.stages.data.disjoint import DisjointSets
from northloop.stages.data.paraphrases import CLOSE, Pairs, alike
from northloop.stages.data.temporary_files import Column

SplitBy: TypeAlias = Literal["random", "time"]
Numbers: TypeAlias = NDArray[np.int64]
Sets: TypeAlias = "NDArray[np.int32] | NDArray[np.int64]"
"""Of items, the number of the set that each is in."""
Flags: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.int8]
"""Of splits: places in `SPLITS`, or `NONE`."""
Links: TypeAlias = tuple[Numbers, Numbers]
"""Rows, and of each the number of what it shares with others: those with one number are tied."""

SPLITS = tuple(Split)
AT_ONCE = 10_000
"""So many pairs are looked at together."""
NAME = 24
"""The name of a group has so many digits."""
NONE = -1
_CAUTION = (Split.TEST, Split.VALIDATION, Split.RETIRED, Split.TRAIN)
"""Where ties of a group pull to different splits, the first of these wins."""
_HELD_OUT = (Split.TEST, Split.VALIDATION)
_TRAIN, _RETIRED = SPLITS.index(Split.TRAIN), SPLITS.index(Split.RETIRED)
_IS_HELD_OUT = np.array([split in _HELD_OUT for split in SPLITS] + [False])
"""By code; the last is that of `NONE`."""
LARGEST_SHARE, SMALL_GROUP = 0.01, 20
"""Paraphrases are joined to groups of at most this share of the rows, or so many rows."""
MANY = 1_000
"""A stratum of so many groups is cut at its shares, one of fewer is dealt out group by group."""
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
    told: bool = False
    """Whether it is also said in other conversations, before what they go on with."""


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """What the split has to know of rows, in columns; see `Item`."""

    ids: NDArray[np.bytes_]
    ties: Sequence[Links]
    asks: Sequence[Links]
    strata: Numbers
    """Places in `names`."""
    names: Sequence[str]
    """Of the strata."""
    at: NDArray[np.bytes_]
    pins: Codes
    frozen: Codes
    learnt: Flags
    told: Flags

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, items: Sequence[Item]) -> Items:
        """Return items in columns."""
        names = sorted({item.stratum for item in items})
        place = {name: at for at, name in enumerate(names)}
        return cls(
            ids=np.array([item.item_id.encode() for item in items], bytes),
            ties=(_links(item.ties for item in items),),
            asks=(_links(item.asks for item in items),),
            strata=np.array([place[item.stratum] for item in items], np.int64),
            names=names,
            at=np.array([item.at.encode() for item in items], bytes),
            pins=_codes(item.pin for item in items),
            frozen=_codes(item.frozen for item in items),
            learnt=np.array([item.learnt for item in items], bool),
            told=np.array([item.told for item in items], bool),
        )


class Assigned(msgspec.Struct, frozen=True):
    """A row's place."""

    split: Split
    group: str


class Places(Sequence[Assigned]):
    """The places of rows, in their order, each made when it is asked for."""

    def __init__(self, splits: Codes, groups: NDArray[np.bytes_]) -> None:
        self.splits = splits
        self.groups = groups
        """The names of their groups."""

    def __len__(self) -> int:
        return len(self.splits)

    def __getitem__(self, at: Any) -> Any:
        """Return one; IndexError."""
        return Assigned(SPLITS[self.splits[at]], self.groups[at].decode())


def assign(items: Items, spec: SplitSpec, paraphrases: Pairs | None = None) -> Places:
    """Return the split and group of each item, in order; the same for any order of the items.

    Groups are what shared ties and what is asked connect, paraphrases as long as the group stays
    small. A group with a pinned row goes where that row goes (test before validation before train
    where they disagree). New rows of a group with earlier rows are learnt from, except those of a
    customer or conversation that is held out. A held-out row retires, unless it is pinned, where a
    new row that asks the same is learnt from, or other conversations go on after it: their later
    rows have it among what was said before. The other groups are dealt out stratum by stratum, so
    that every stratum comes close to the shares.
    """
    scratch = None if paraphrases is None else paraphrases.scratch
    if spec.by == "time":
        paraphrases, items = None, msgspec.structs.replace(items, told=np.zeros(len(items), bool))
    groups = _Groups(items, paraphrases)
    splits = _joining(items, groups)
    retired = _retired(items, groups, splits)
    loose = _Loose(items, groups)
    dealt = loose.dealt_out(spec, retired)
    splits = np.where(dealt == NONE, splits, dealt)
    splits[retired] = _RETIRED
    splits[_too_close(items, groups, splits)] = _RETIRED
    splits[items.told & _IS_HELD_OUT[splits] & (items.pins == NONE)] = _RETIRED
    return Places(Column.of(splits, scratch), Column.taken(groups.names, groups.of, scratch))


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


def code(split: Split | None) -> int:
    """Return the code of a split."""
    return NONE if split is None else SPLITS.index(split)


def _codes(splits: Iterable[Split | None]) -> Codes:
    return np.array([code(split) for split in splits], np.int8)


def _links(shared: Iterable[tuple[str, ...]]) -> Links:
    numbers: dict[str, int] = {}
    pairs = [(i, numbers.setdefault(t, len(numbers))) for i, own in enumerate(shared) for t in own]
    rows, of = np.array(pairs, np.int64).reshape(-1, 2).T
    return rows, of


# --- groups ------------------------------------------------------------------------------------


class _Groups:
    """Which items share a split: by people and conversations, by what they ask, and by both."""

    def __init__(self, items: Items, paraphrases: Pairs | None) -> None:
        count = len(items)
        self.people, self.asking = _joined(count, items.ties), _joined(count, items.asks)
        """(items,) the number of the set that each is in."""
        tied = _joined(count, [*items.ties, *items.asks])
        self.pairs, self.shared = _free(items, tied, paraphrases)
        """(pairs, 2) items that ask the same in other words, and (pairs,) their products, likest
        first; none that a pin has decided on."""
        self.of = self._grown(tied)
        """(items,) the number of the group of each."""
        self.sizes = np.bincount(self.of)
        order = np.lexsort((items.ids, self.of))
        firsts = order[np.searchsorted(self.of[order], np.arange(len(self.sizes)))]
        self.names = _each(items.ids[firsts], _group_name, np.dtype(f"S{NAME}"))
        """(groups,) which the smallest id of each gives it."""

    def _grown(self, tied: Sets) -> Numbers:
        """Return the sets that paraphrases join, the likest first, as long as they stay small."""
        sizes = np.bincount(tied)
        most = max(SMALL_GROUP, int(LARGEST_SHARE * len(tied)))
        sets = DisjointSets(len(sizes), sizes)
        for some in _in_parts(self.pairs):
            sets.join_small(tied[some].tolist(), most)
        return np.unique(sets.roots()[tied], return_inverse=True)[1]

    def any(self, flags: Flags) -> Flags:
        """Return for each group whether one of its items has a flag."""
        return np.bincount(self.of[flags], minlength=len(self.sizes)) > 0

    def asked_with(self, some: Flags) -> Flags:
        """Return what asks the same as some items, in a group with them."""
        found = np.isin(self.asking, self.asking[some])
        for pairs in _in_parts(self.pairs):
            together = pairs[self.of[pairs[:, 0]] == self.of[pairs[:, 1]]]
            for one, other in (together.T, together.T[::-1]):
                found[other[some[one]]] = True
        return found


def _group_name(id_: bytes) -> bytes:
    return derived_id("group", id_.decode()).encode()


def _each(
    names: NDArray[np.bytes_], of: Callable[[bytes], object], type_: np.dtype[Any]
) -> NDArray[Any]:
    """Return what is made of each name; only some are objects of Python's at a time."""
    found = np.empty(len(names), type_)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        found[start : start + AT_ONCE] = [of(name) for name in some.tolist()]
    return found


def _joined(count: int, links: Iterable[Links]) -> Sets:
    """Return for each of so many rows the number of the set that ties put it in."""
    if not count:
        return np.empty(0, np.int32)
    ends = [np.empty((2, 0), np.int32)]
    for rows, shared in links:
        _, first, which = np.unique(shared, return_index=True, return_inverse=True)
        rows = rows.astype(np.int32)
        ends.append(np.stack([rows, rows[first[which]]]))
    one, other = np.concatenate(ends, axis=1)
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), (count, count))
    _, sets = scipy.sparse.csgraph.connected_components(graph, directed=False)
    found: Sets = sets
    return found


def _free(
    items: Items, tied: Sets, paraphrases: Pairs | None
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the pairs that no pin has decided on, the likest first whatever their order was.

    A pinned export that drew in whatever asks the same would leave little to learn from.
    """
    scratch = None if paraphrases is None else paraphrases.scratch
    ends, shared = (Column(np.dtype("i4"), scratch) for _ in range(2))
    if paraphrases is not None and len(paraphrases):
        is_pinned = np.isin(tied, tied[items.pins != NONE])
        rank = np.empty(len(items), np.int32)
        rank[np.argsort(items.ids, kind="stable")] = np.arange(len(items))
        for some, products in paraphrases.likest_first():
            free = ~is_pinned[some].any(axis=1)
            some, products = some[free], products[free]
            ranks = np.sort(rank[some], axis=1)
            order = np.lexsort((ranks[:, 1], ranks[:, 0], -products))
            ends.add(some[order].ravel())
            shared.add(products[order])
    return ends.array().reshape(-1, 2), shared.array()


def _in_parts(pairs: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    return (pairs[start : start + AT_ONCE] for start in range(0, len(pairs), AT_ONCE))


# --- rows that join earlier ones ---------------------------------------------------------------


_CAUTION_OF = np.array([_CAUTION.index(split) for split in SPLITS])
"""By code: the smaller, the earlier in `_CAUTION`."""
_BY_CAUTION = np.array([code(split) for split in _CAUTION] + [NONE], np.int8)


def _most_cautious(of: Sets, count: int, splits: Codes, which: Flags) -> Codes:
    """Return for each of so many sets the most cautious split of its items that count, or `NONE`.

    `of` says which set each item is in.
    """
    best = np.full(count, len(_CAUTION))
    np.minimum.at(best, of[which], _CAUTION_OF[splits[which]])
    found: Codes = _BY_CAUTION[best]
    return found


def _joining(items: Items, groups: _Groups) -> Codes:
    """Return the splits of the items of groups that have an earlier or a pinned row."""
    is_earlier, is_pinned = items.frozen != NONE, items.pins != NONE
    pinned = _most_cautious(groups.of, len(groups.sizes), items.pins, is_pinned & ~is_earlier)
    pin = pinned[groups.of]
    has_earlier = groups.any(is_earlier)[groups.of]
    count = int(groups.people.max(initial=-1)) + 1
    held_out = _most_cautious(groups.people, count, items.frozen, _IS_HELD_OUT[items.frozen])
    followed = np.where(has_earlier, held_out[groups.people], NONE)
    joins = has_earlier | (pin != NONE)
    splits = np.where(joins, _TRAIN, NONE).astype(np.int8)
    for stronger in (followed, pin, items.frozen):
        splits = np.where(joins & (stronger != NONE), stronger, splits)
    return splits.astype(np.int8)


def _retired(items: Items, groups: _Groups, splits: Codes) -> Flags:
    """Return the held-out rows that ask what a new row teaches."""
    is_earlier = items.frozen != NONE
    new = (splits == _TRAIN) & items.learnt & ~is_earlier
    held_out = _IS_HELD_OUT[splits] & (is_earlier | (items.pins == NONE))
    retired: Flags = held_out & groups.asked_with(new)
    return retired


def _too_close(items: Items, groups: _Groups, splits: Codes) -> Numbers:
    """Return the held-out rows to retire that a close pair, one of it new, ties to the training.

    Of each split the closest, and never more than leave it `FEWEST_LEFT` of its rows.
    """
    found_ = [np.empty(0, np.int32)]
    for pairs in _in_parts(groups.pairs[: int(np.count_nonzero(alike(groups.shared) >= CLOSE))]):
        new = pairs[(items.frozen[pairs] == NONE).any(axis=1)]
        one, other = np.stack([new, new[:, ::-1]], axis=1).reshape(-1, 2).T
        measured = _IS_HELD_OUT[splits[one]] & (splits[other] == _TRAIN) & items.learnt[other]
        found_.append(one[measured])
    candidates, first = np.unique(np.concatenate(found_), return_index=True)
    closest = candidates[np.argsort(first)]
    room = {c: int((1 - FEWEST_LEFT) * (splits == c).sum()) for c in map(code, _HELD_OUT)}
    found = [closest[splits[closest] == c][:most] for c, most in room.items()]
    return np.concatenate(found)


# --- rows that are dealt out -------------------------------------------------------------------


class _Loose:
    """The groups without an earlier or a pinned row."""

    def __init__(self, items: Items, groups: _Groups) -> None:
        self._items, self._groups = items, groups
        self._are = ~groups.any((items.frozen != NONE) | (items.pins != NONE))
        self._numbers = np.flatnonzero(self._are)

    def dealt_out(self, spec: SplitSpec, retired: Flags) -> Codes:
        """Return the splits of their items, `NONE` for all others."""
        newest = self._newest() if spec.by == "time" else np.empty(0, bytes)
        if (newest != b"").any():
            of_groups = self._newest_first(newest, spec)
        else:
            of_groups = self._by_strata(spec, retired)
        return of_groups[self._groups.of]

    def _newest(self) -> NDArray[np.bytes_]:
        """Return for each group the newest time of its items."""
        of, at = self._groups.of, self._items.at
        order = np.lexsort((at, of))
        ends = np.searchsorted(of[order], np.arange(len(self._groups.sizes)), side="right")
        newest: NDArray[np.bytes_] = np.where(self._are, at[order[ends - 1]], b"")
        return newest

    def _strata(self) -> Numbers:
        """Return for each group the stratum that most of its items have, the first by name."""
        items, of = self._items, self._groups.of
        rank = np.argsort(np.argsort(np.array(items.names, dtype=object)))
        pairs, counts = np.unique(of * len(rank) + rank[items.strata], return_counts=True)
        owner, named = np.divmod(pairs, len(rank))
        order = np.lexsort((named, -counts, owner))
        starts = np.searchsorted(owner[order], np.arange(len(self._groups.sizes)))
        found: Numbers = named[order[starts]]
        return found

    def _by_strata(self, spec: SplitSpec, retired: Flags) -> Codes:
        """Deal out the groups of each stratum, those that are large for theirs among themselves.

        A stratum of few large groups cannot come close to its shares; all of them together can.
        What retired is owed to its split by the new rows of its stratum.
        """
        items, sizes = self._items, self._groups.sizes
        strata = self._strata()
        rows = np.bincount(strata[self._numbers], sizes[self._numbers])
        least = min((share for share in _held_out_shares(spec).values() if share > 0), default=1.0)
        is_large = sizes[self._numbers] > np.maximum(1.0, least * rows[strata[self._numbers]])
        large, others = self._numbers[is_large], self._numbers[~is_large]
        others = others[np.argsort(strata[others], kind="stable")]
        edges = np.flatnonzero(np.diff(strata[others], prepend=-1))
        deal = _Deal(spec, self._groups, int(sizes[self._numbers].sum()))
        deal.out(large, Counter())
        names = sorted(items.names)
        owed: dict[str, Counter[Split]] = {}
        for i in np.flatnonzero(retired & (items.frozen != NONE)).tolist():
            of = owed.setdefault(items.names[items.strata[i]], Counter())
            of[SPLITS[items.frozen[i]]] += 1
        for some in np.split(others, edges[1:]) if len(others) else ():
            deal_out = deal.cut if len(some) >= MANY else deal.out
            deal_out(some, owed.get(names[strata[some[0]]], Counter()))
        return deal.given

    def _newest_first(self, newest: NDArray[np.bytes_], spec: SplitSpec) -> Codes:
        """Return the splits by the newest date of each group; without a date, train.

        Rows of one time stay together where that leaves a split between half and twice its share;
        where many rows have one time, some of them are parted.
        """
        order = np.lexsort((self._groups.names, newest))[::-1]
        dated = order[newest[order] != b""]
        seen = np.concatenate([[0], np.cumsum(self._groups.sizes[dated])])
        turns = 1 + np.flatnonzero(newest[dated[1:]] != newest[dated[:-1]])
        given = np.where(self._are, _TRAIN, NONE).astype(np.int8)
        start = 0
        for split in _HELD_OUT:
            wanted = _held_out_shares(spec)[split] * float(seen[-1])
            end = _cut(seen, turns[turns > start], start, wanted)
            given[dated[start:end]] = code(split)
            start = end
        return given


def _cut(seen: Numbers, turns: Numbers, start: int, wanted: float) -> int:
    """Return where to end a split that begins at `start`, of groups of which `seen` counts rows."""
    rows = seen[turns] - seen[start]
    if len(turns):
        nearest = int(np.abs(rows - wanted).argmin())
        if wanted / 2 <= rows[nearest] <= 2 * wanted:
            return int(turns[nearest])
    return start + int(np.searchsorted(seen[start:], seen[start] + round(wanted)))


def _held_out_shares(spec: SplitSpec) -> dict[Split, float]:
    return {Split.VALIDATION: spec.validation_share, Split.TEST: spec.test_share}


class _Deal:
    """Deals out groups in the order of their permanent random numbers.

    Of many, the first are validated on, the next tested on and all others learnt from, each split
    its share: a group that comes later moves hardly any other. Of a few, how far each split is
    behind its share is the probability that it gets the next group, so that small strata are fair
    on average.
    """

    def __init__(self, spec: SplitSpec, groups: _Groups, total: int) -> None:
        held_out = _held_out_shares(spec)
        self._shares = {Split.TRAIN: 1 - sum(held_out.values()), **held_out}
        self._seed = str(spec.seed)
        self._groups = groups
        self._total = total
        self.given = np.full(len(groups.sizes), NONE, np.int8)
        """(groups,) the split of each that was dealt out."""

    def out(self, some: Numbers, owed: Counter[Split]) -> None:
        """Deal out groups by their numbers; `owed` is what splits are behind to begin with."""
        behind = {split: float(owed[split]) for split in self._shares}
        for number, name in self._in_order(some):
            size = int(self._groups.sizes[number])
            for split, share in self._shares.items():
                behind[split] += share * size
            chosen = self._drawn(behind, size, uniform(self._seed, "deal", name))
            behind[chosen] -= size
            self.given[number] = code(chosen)

    def cut(self, some: Numbers, owed: Counter[Split]) -> None:
        """Give each split its share of groups in their order, and what it is owed.

        What one is owed, all give up by their shares. Where the middle of a group lies, it goes.
        """
        ordered = some[self._order(some)]
        sizes = self._groups.sizes[ordered]
        middles = np.cumsum(sizes) - sizes / 2
        left = int(sizes.sum()) - owed.total()
        self.given[ordered] = _TRAIN
        start = 0.0
        for split in _HELD_OUT:
            if share := self._shares[split]:
                end = start + max(0.0, owed[split] + share * left)
                self.given[ordered[(start <= middles) & (middles < end)]] = code(split)
                start = end

    def _order(self, some: Numbers) -> Numbers:
        names = self._groups.names[some]
        drawn = _each(names, lambda n: uniform(self._seed, "order", n.decode()), np.dtype(float))
        order: Numbers = np.lexsort((names, drawn))
        return order

    def _in_order(self, some: Numbers) -> Iterable[tuple[int, str]]:
        ordered = some[self._order(some)]
        names = self._groups.names[ordered].tolist()
        return zip(ordered.tolist(), (name.decode() for name in names), strict=True)

    def _drawn(self, behind: dict[Split, float], size: int, u: float) -> Split:
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
