"""Whether customers ask otherwise than before, and whether they get worse answers than before.

Two layers. Harm is proven from verdicts alone, by an e-process that may be looked at after each of
them (Podkopaev & Ramdas 2022, arXiv 2110.06177), and is what one acts on. A shift of what customers
ask is no harm; it is told early, from windows of questions, and explained (Rabanser et al. 2019,
arXiv 1810.11953).

A window is compared with everything before it, not with one window at the beginning: tests against
the same reference err together, and an unlucky one would be taken for a shift again and again. As
conformal p-values are (Vovk et al. 2005, ch. 8), those against a growing past are independent.

Each question is compared with those of the same part of the week alone, half an hour to four hours
(Mantel & Haenszel 1959): on Saturdays and at night others ask, and that they come again is no
shift. Parts that one side has nothing of say nothing. Within each the tests are those of two
samples, and their sums over the parts are what is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import chdtrc, gammaln, kolmogorov, logsumexp

from northloop.statistics.bootstrap import Codes, Floats

Bools = NDArray[np.bool_]
Places = NDArray[np.int_]
Histogram = tuple[int, ...]
"""How many values lie in each of `BINS` equal stretches from 0 to 1."""
Kind = TypeVar("Kind", str, int)
ByPart = Mapping[int, Mapping[Kind, int]]
"""Part of the week, or half hour since 1970 → kind → how many."""
Slot = TypeVar("Slot", int, Places)
HALF_HOURS = 7 * 24 * 2
"""Half hours of a week."""
_PARTS = (8, 4, 2, 1)
_PARTS_OF_A_WINDOW = 24
"""At least: so that its first and its last, of which it has a share, hardly count."""
BINS = 200
FEWEST_IN_A_CELL = 20
"""Kinds of which fewer than half of it are expected on the smaller side count as one."""
_LEAST_P = 1e-15
MOST_EVIDENCE = 1e9
"""What is kept of more: it fades sooner where later windows do not bear it out."""
_SMOOTHING = 0.5
_TOP = 0.05
"""Share of the rows, those with the highest scores, that is looked at by itself."""
_SHARES: Floats = np.sin(np.linspace(0, np.pi / 2, 201)) ** 2
"""Ends of the stretches that the share before may lie in: as fine where shares tell more."""
_BETS_BEFORE: Floats = np.array([0.2, 0.5, 0.9])
_BETS_SINCE: Floats = np.array([0.03, 0.1, 0.3])
"""What the worst outcome takes of the wealth, before and since."""


# --- one window against what was before ---------------------------------------------------------


def stretches(values: Sequence[float] | Floats) -> Places:
    """Return in which of the `BINS` stretches each value is (what lies outside of 0..1: an end)."""
    found: Places = np.clip((np.asarray(values, float) * BINS).astype(int), 0, BINS - 1)
    return found


def histogram(values: Sequence[float] | Floats) -> Histogram:
    """Return how many values are in each stretch."""
    return tuple(np.bincount(stretches(values), minlength=BINS).tolist())


def counted(slots: Iterable[int], kinds: Iterable[Kind]) -> dict[int, dict[Kind, int]]:
    """Return how many of each kind there are in each half hour; of each item both are given."""
    found: dict[int, dict[Kind, int]] = {}
    for (slot, kind), many in sorted(Counter(zip(slots, kinds, strict=True)).items()):
        found.setdefault(slot, {})[kind] = many
    return found


def less(counts: ByPart[Kind], off: ByPart[Kind]) -> dict[int, dict[Kind, int]]:
    """Return counts without others; kinds and half hours of which nothing is left are not in it."""
    found = {
        slot: {kind: many - off.get(slot, {}).get(kind, 0) for kind, many in of.items()}
        for slot, of in counts.items()
    }
    left = {slot: {k: many for k, many in of.items() if many > 0} for slot, of in found.items()}
    return {slot: of for slot, of in left.items() if of}


class Parts(msgspec.Struct, frozen=True):
    """The parts of the week by which a window is compared."""

    length: int
    """In half hours."""
    own: frozenset[int]
    """Those since 1970 in which the window lies."""

    @classmethod
    def of(cls, slots: Collection[int]) -> Parts:
        """Return those for a window with questions in such half hours since 1970: half hours where
        it covers less than a day, to four hours where it covers days."""
        span = max(slots) - min(slots) + 1
        length = next(one for one in _PARTS if one == 1 or span >= one * _PARTS_OF_A_WINDOW)
        return cls(length, frozenset(slot // length for slot in slots))

    def weekly(self, some: Iterable[ByPart[Kind]], *, before: bool) -> dict[int, dict[Kind, int]]:
        """Return the sums of counts by half hour since 1970, by part of the week.

        `before` for those before the window: a part that goes on is not compared with itself, for
        it may begin otherwise than it ends.
        """
        found: dict[int, Counter[Kind]] = {}
        for one in some:
            for slot, kinds in one.items():
                part = slot // self.length
                if not (before and part in self.own):
                    found.setdefault(self.of_week(slot), Counter()).update(kinds)
        return {part: dict(kinds) for part, kinds in found.items()}

    def of_week(self, slot: Slot) -> Slot:
        """Return the part of the week that a half hour since 1970 lies in."""
        return slot // self.length % (HALF_HOURS // self.length)


class Beside(msgspec.Struct, Generic[Kind], frozen=True):
    """How many there are of K kinds in S parts of the week, before and now."""

    kinds: Sequence[Kind]
    before: Floats
    """(S, K), as is `now`; no part that one side has nothing of."""
    now: Floats


def beside(before: ByPart[Kind], now: ByPart[Kind]) -> Beside[Kind]:
    """Return counts by part of the week beside each other."""
    parts = sorted(before.keys() & now.keys())
    kinds = sorted({kind for of in (before, now) for part in parts for kind in of[part]})
    place = {kind: k for k, kind in enumerate(kinds)}
    found = np.zeros((2, len(parts), len(kinds)))
    for side, of in enumerate((before, now)):
        for row, part in enumerate(parts):
            for kind, many in of[part].items():
                found[side, row, place[kind]] = many
    return Beside(kinds, found[0], found[1])


def mix_p(of: Beside[str]) -> float:
    """Return the p-value of "both are of one mix in each part", seldom kinds taken together.

    The generalised test of Mantel and Haenszel (Landis, Heyman & Koch 1978); of one part alone
    it is Pearson's chi², times (N - 1) / N.
    """
    m, n = of.before.sum(axis=1), of.now.sum(axis=1)
    share = (of.before + of.now) / (m + n)[:, None]
    seldom = np.minimum(m @ share, n @ share) < FEWEST_IN_A_CELL / 2  # expected, of the fewer
    now, share = _pooled(of.now, seldom), _pooled(share, seldom)
    weight = m * n / (m + n - 1)
    gap = (now - n[:, None] * share).sum(axis=0)
    spread = np.diag(weight @ share) - (share * weight[:, None]).T @ share
    rank = int(np.linalg.matrix_rank(spread, hermitian=True)) if len(gap) > 1 else 0
    if not rank:
        return 1.0
    return float(chdtrc(rank, float(gap @ np.linalg.pinv(spread, hermitian=True) @ gap)))


def _pooled(counts: Floats, seldom: Bools) -> Floats:
    cells = np.column_stack([counts[:, ~seldom], counts[:, seldom].sum(axis=1)])
    return cells if seldom.any() else cells[:, :-1]


def values_p(of: Beside[int]) -> float:
    """Return the p-value of "both are of one distribution in each part"; kinds are stretches.

    The greatest gap (Kolmogorov & Smirnov) between how many of a window's values are that low and
    how many are expected of each part. Values in one stretch are equal, and parts that
    differ make the gap smaller than Kolmogorov's: both let it err less often than it says.
    """
    m, n = of.before.sum(axis=1), of.now.sum(axis=1)
    room = float((m * n / (m + n)).sum())
    if not room:
        return 1.0
    gap = of.now.sum(axis=0) - (n / (m + n)) @ (of.before + of.now)
    return float(kolmogorov(float(np.abs(gap.cumsum()).max()) / sqrt(room)))


def shares(of: Beside[str]) -> list[tuple[str, float, float]]:
    """Return each kind with its share before, had as much been asked at each part as now, and
    its share now; what moved most first."""
    n = of.now.sum(axis=1)
    total = max(float(n.sum()), 1.0)
    was = (n / of.before.sum(axis=1)) @ of.before / total
    rows = zip(of.kinds, was.tolist(), (of.now.sum(axis=0) / total).tolist(), strict=True)
    return sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0]))


class Apart(msgspec.Struct, frozen=True):
    """How well words tell a window from what was before."""

    p: float
    scores: Floats
    """Of each row: how much its words are those of the window (log-odds)."""
    compared: Bools
    """Which rows are of a part that both sides have; the others' scores say little."""


def words_apart(words: csr_array, is_now: Bools, parts: Places) -> Apart:
    """Return whether a classifier tells a window's rows by their words.

    `words` says which words each row has, shape (N, V); `is_now` which rows are the window's;
    `parts` of which part of the week each is. Log-odds of the words, learnt from every second
    row of either kind and tried on the others, and the other way round (a classifier two-sample
    test: Lopez-Paz & Oquab 2017, arXiv 1610.06545). Rows are learnt from as if either kind had as
    many of each part. What is counted is how many of the rows with the highest scores are the
    window's: of the first 5 %, where few that ask something new are seen, and of as many as the
    window has. Within each part that is hypergeometric, one-sided; the halves are not
    independent (their counts correlate by .2), so the least of the four p-values is taken four
    times.
    """
    place = np.where(is_now, np.cumsum(is_now), np.cumsum(~is_now))
    scores = np.zeros(len(is_now))
    least = 1.0
    order = np.random.default_rng(0).permutation(len(is_now))  # of rows with the same score
    for half in (0, 1):
        learnt = place % 2 == half
        weight = np.where(learnt, _balanced(is_now, parts, learnt), 0.0)
        odds = _log_odds(words, weight * is_now) - _log_odds(words, weight * ~is_now)
        scores[~learnt] = words[~learnt] @ odds
        fair = ~learnt & _in_both(is_now, parts, ~learnt)
        tried = order[fair[order]]
        likest = tried[np.argsort(-scores[tried], kind="stable")]
        for drawn in (round(_TOP * len(tried)), int(is_now[tried].sum())):
            least = min(least, _as_many_p(likest[:drawn], tried, is_now, parts))
    return Apart(min(1.0, 4 * least), scores, _in_both(is_now, parts, is_now | True))


def _per_part(parts: Places, which: Bools) -> Floats:
    """How many of some rows are of the part of each row."""
    every = np.bincount(parts[which], minlength=parts.max(initial=0) + 1)
    return every[parts].astype(np.float64)


def _in_both(is_now: Bools, parts: Places, which: Bools) -> Bools:
    """Which rows are of a part that both kinds have some of, among those that count."""
    both: Bools = (_per_part(parts, is_now & which) > 0) & (_per_part(parts, ~is_now & which) > 0)
    return both


def _balanced(is_now: Bools, parts: Places, which: Bools) -> Floats:
    """What each row weighs, so that both kinds weigh as much in each part; 1 on average."""
    of_now, of_before = (_per_part(parts, kind & which) for kind in (is_now, ~is_now))
    weight = np.where(is_now, of_before, of_now) / np.maximum(of_now + of_before, 1)
    for kind in (is_now & which, ~is_now & which):
        weight[kind] /= max(float(weight[kind].mean()), _LEAST_P) if kind.any() else 1.0
    return weight


def _as_many_p(likest: Places, tried: Places, is_now: Bools, parts: Places) -> float:
    """The probability that of the likest as many or more are the window's, were those tried of one
    kind in each part: the sum of as many hypergeometric counts."""
    size = int(parts.max(initial=0)) + 1
    drawn, among, of_now = (
        np.bincount(parts[rows], minlength=size) for rows in (likest, tried, tried[is_now[tried]])
    )
    chance, least = np.ones(1), 0
    for part in np.flatnonzero(drawn):
        d, a, of = int(drawn[part]), int(among[part]), int(of_now[part])
        k = np.arange(max(0, d + of - a), min(d, of) + 1, dtype=float)
        ways = _log_ways(of, k) + _log_ways(a - of, d - k) - _log_ways(a, d)
        chance, least = np.convolve(chance, np.exp(ways)), least + int(k[0])
    return float(min(1.0, chance[int(is_now[likest].sum()) - least :].sum()))


def _log_ways(n: float, k: Floats | float) -> Floats:
    found: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - np.asarray(k) + 1)
    return found


def _log_odds(words: csr_array, weight: Floats) -> Floats:
    having = np.asarray(words.T @ weight, float) + _SMOOTHING
    found: Floats = np.log(having / (weight.sum() + 2 * _SMOOTHING))
    return found


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return p-values corrected for their number (Holm 1979); the least is that of the window."""
    corrected, highest = {}, 0.0
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for place, (name, p) in enumerate(ordered):
        highest = max(highest, min(1.0, p * (len(ordered) - place)))
        corrected[name] = highest
    return corrected


def gathered(evidence: float, p: float) -> float:
    """Return the evidence of a shift after one more window, 1 before the first.

    The p-value becomes a bet (½ / √p: Vovk & Wang 2021, Ann. Stat. 49), and what windows before
    lost is forgiven. An alarm at 1 / alpha is false once in 1 / alpha windows at most, on average
    (Shin, Ramdas & Rinaldo 2022, arXiv 2203.03532).
    """
    grown = max(1.0, evidence) * 0.5 / sqrt(max(p, _LEAST_P))
    return min(grown, MOST_EVIDENCE)


# --- harm ---------------------------------------------------------------------------------------


class HarmSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What counts as harm, and how sure one wants to be."""

    alpha: float = 0.05
    """Probability that there ever is an alarm where there is no harm."""
    tolerance: float = 0.02
    """So much worse than before is no harm yet."""
    fewest: int = 100
    """Verdicts that tell how good it was before."""
    every: int = 50
    """Harm may begin so many verdicts later, and later again; a tenth of all later where that is
    more."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """N answers and drafts with their verdicts, in the order in which these were given."""

    sent: Bools
    right: Bools
    probability: Floats
    """Logged, of being drawn for review."""
    clusters: tuple[Codes, Codes]
    """Number of the conversation and of the question."""

    def __len__(self) -> int:
        return len(self.sent)


class Harm(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which customers may be worse off than before."""

    name: str
    """"wrong" (wrong and sent) or "lost" (not right and sent)."""
    before: float
    """Its share of the judged until the likeliest moment for the harm to have begun."""
    limit: float
    """More than that is harm: the share before and the tolerance."""
    since: float
    """Its share since then."""
    verdicts: int
    """Since then."""
    log_evidence: Floats
    """At each look, that there is harm; shape (looks,)."""


class HarmEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What verdicts say of harm."""

    ways: tuple[Harm, ...]
    log_evidence: Floats
    """Of both ways together, likewise."""
    bar: float
    """Log of the evidence that is an alarm."""

    @property
    def is_harm(self) -> bool:
        """Whether it is proven, as things stand."""
        return bool(self.log_evidence[-1] >= self.bar)

    @property
    def worst(self) -> Harm:
        """The way with the most evidence."""
        return max(self.ways, key=lambda way: float(way.log_evidence[-1]))


def harm(
    judged: Judged, spec: HarmSpec | None = None, looks: Sequence[int] = ()
) -> HarmEvidence | None:
    """Return what verdicts say of harm; None before there are more than the fewest.

    An e-process for each moment at which harm may have begun. Nobody knows the share before it, so
    each share b is tried: bets that less than b was bad before the moment, times bets that more
    than b and the tolerance is bad since. For the true share the product is an e-process, so the
    least of them, over all b, is one as well. Verdicts weigh by the inverse of their logged
    probability; capital is divided over the moments as 1 / (k + 1)(k + 2). `looks` are numbers of
    verdicts, ascending, that the evidence is told after; () for all verdicts alone.
    """
    spec = spec or HarmSpec()
    if len(judged) <= spec.fewest:
        return None
    places = np.array(looks or [len(judged)])
    ways = tuple(_way(judged, name, spec, places) for name in ("wrong", "lost"))
    both = np.logaddexp(*(way.log_evidence for way in ways)) - log(len(ways))
    return HarmEvidence(ways=ways, log_evidence=both, bar=-log(spec.alpha))


def _way(judged: Judged, name: str, spec: HarmSpec, looks: Places) -> Harm:
    bad = _bad(judged, name)
    # Of the verdicts before alone: what is bet on must not tell how much.
    least = np.minimum.accumulate(judged.probability)
    weight = np.minimum(1.0, np.r_[least[:1], least[:-1]] / judged.probability)
    starts = _starts(len(bad), spec)
    low, high = _SHARES[:-1], _SHARES[1:]
    limit = np.minimum(high + spec.tolerance, 1.0)
    worse = _Bets.on(weight, bad, limit, _BETS_SINCE / limit[:, None], [*starts, *looks])
    better = _Bets.on(weight, 1 - bad, 1 - low, _BETS_BEFORE / (1 - low)[:, None], starts)
    found = np.full(len(looks), -np.inf)
    best = -np.inf, spec.fewest
    for k, start in enumerate(starts):
        later = looks > start
        before = better.wealth(0, [start], _repeated(judged, start))
        since = worse.wealth(start, looks[later])
        going = (before + since).min(axis=0) - log((k + 1) * (k + 2))
        found[later] = np.logaddexp(found[later], going)
        if later[-1]:
            best = max(best, (float(going[-1]), start))
    start, inverse, end = best[1], 1 / judged.probability, int(looks[-1])
    share = float(np.average(bad[:start], weights=inverse[:start]))
    return Harm(
        name=name,
        before=share,
        limit=min(1.0, share + spec.tolerance),
        since=float(np.average(bad[start:end], weights=inverse[start:end])),
        verdicts=end - start,
        log_evidence=found,
    )


def _starts(count: int, spec: HarmSpec) -> list[int]:
    found, start = [], spec.fewest
    while start < count:
        found.append(start)
        start += max(spec.every, start // 10)
    return found


def _bad(judged: Judged, name: str) -> Floats:
    bad = judged.sent & ~judged.right if name == "wrong" else ~(judged.sent & judged.right)
    return bad.astype(float)


def _repeated(judged: Judged, until: int) -> float:
    """Return for how many verdicts that tell alike one of the first stands, 1 if none repeats."""
    sizes = [np.bincount(of[:until]) for of in judged.clusters]
    return float(max((size**2).sum() for size in sizes) / until)


class _Bets(msgspec.Struct, frozen=True):
    """Bets that a weighted outcome is more than each of S shares, some of each size."""

    places: Places
    """(P,), numbers of verdicts, ascending, 0 first."""
    logs: Floats
    """(P, S, B), the logarithm of what each bet has made of 1 by then."""

    @classmethod
    def on(
        cls, weight: Floats, outcome: Floats, share: Floats, sizes: Floats, places: Sequence[int]
    ) -> _Bets:
        """`share` (S,), `sizes` (S, B): how much of a gain of 1 is won."""
        every = np.unique([0, *places])
        logs = np.zeros((len(every), *sizes.shape))
        for number, (first, last) in enumerate(pairwise(every.tolist()), 1):
            gain = weight[first:last] * (outcome[first:last] - share[:, None])
            made = np.log1p(sizes[:, :, None] * gain[:, None, :]).sum(axis=2)
            logs[number] = logs[number - 1] + made
        return cls(every, logs)

    def wealth(self, start: int, ends: Sequence[int] | Places, repeated: float = 1.0) -> Floats:
        """Return the log of what they have made of 1 from a place to others, shape (S, ends), the
        capital divided evenly over them and what is not bet."""
        first, last = (np.searchsorted(self.places, at) for at in (start, np.asarray(ends)))
        made = (self.logs[last] - self.logs[first]) / repeated
        every = np.concatenate([made, np.zeros((*made.shape[:2], 1))], axis=2)
        found: Floats = logsumexp(every, axis=2).T - log(every.shape[2])
        return found
