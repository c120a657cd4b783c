"""Whether customers ask otherwise than before, and whether they get worse answers than before.

Two layers. Harm is proven from verdicts alone, by an e-process that may be looked at after each of
them (Podkopaev & Ramdas 2022, arXiv 2110.06177), and is what one acts on. A shift of what customers
ask is no harm; it is told early, from windows of questions, and explained (Rabanser et al. 2019,
arXiv 1810.11953).

A window is compared with everything before it, not with one window at the beginning: tests against
the same reference err together, and an unlucky one would be taken for a shift again and again. As
conformal p-values are (Vovk et al. 2005, ch. 8), those against a growing past are independent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log, sqrt

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


def histogram(values: Sequence[float] | Floats) -> Histogram:
    """Return how many values (what lies outside of 0..1 at its ends) are in each stretch."""
    places = np.clip((np.array(values, float) * BINS).astype(int), 0, BINS - 1)
    return tuple(np.bincount(places, minlength=BINS).tolist())


def mix_p(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """Return the p-value of "both are of one mix": Pearson's chi², seldom kinds taken together."""
    kinds = sorted({*before, *now})
    table = np.array([[of.get(kind, 0) for kind in kinds] for of in (before, now)], float)
    fewer = float(table.sum(axis=1).min() / max(table.sum(), 1.0))
    seldom = table.sum(axis=0) * fewer < FEWEST_IN_A_CELL / 2  # expected where there are fewer
    cells = np.column_stack([table[:, ~seldom], table[:, seldom].sum(axis=1)])
    cells = cells[:, cells.sum(axis=0) > 0]
    if cells.shape[1] < 2 or not cells.sum(axis=1).all():
        return 1.0
    expected = cells.sum(axis=1, keepdims=True) * cells.sum(axis=0) / cells.sum()
    statistic = float(((cells - expected) ** 2 / expected).sum())
    return float(chdtrc(cells.shape[1] - 1, statistic))


def values_p(before: Histogram, now: Histogram) -> float:
    """Return the p-value of "both are of one distribution" (Kolmogorov & Smirnov).

    Values in one stretch are equal, which makes it err less often than it says.
    """
    first, second = np.array(before, float), np.array(now, float)
    n, m = first.sum(), second.sum()
    if not n or not m:
        return 1.0
    gap = float(np.abs(first.cumsum() / n - second.cumsum() / m).max())
    return float(kolmogorov(gap * sqrt(n * m / (n + m))))


class Apart(msgspec.Struct, frozen=True):
    """How well words tell a window from what was before."""

    p: float
    scores: Floats
    """Of each row: how much its words are those of the window (log-odds)."""


def words_apart(words: csr_array, is_now: Bools) -> Apart:
    """Return whether a classifier tells a window's rows by their words.

    `words` says which words each row has, shape (N, V); `is_now` which rows are the window's.
    Log-odds of the words, learnt from every second row of either kind and tried on the others, and
    the other way round (a classifier two-sample test: Lopez-Paz & Oquab 2017, arXiv 1610.06545).
    What is counted is how many of the rows with the highest scores are the window's: of the first
    5 %, where few that ask something new are seen, and of as many as the window has.
    Hypergeometric, one-sided; the halves are not independent (their counts correlate by .2), so the
    least of the four p-values is taken four times.
    """
    place = np.where(is_now, np.cumsum(is_now), np.cumsum(~is_now))
    scores = np.zeros(len(is_now))
    least = 1.0
    order = np.random.default_rng(0).permutation(len(is_now))  # of rows with the same score
    for half in (0, 1):
        learnt = place % 2 == half
        odds = _log_odds(words, is_now & learnt) - _log_odds(words, ~is_now & learnt)
        scores[~learnt] = words[~learnt] @ odds
        tried = order[~learnt[order]]
        of_now = int(is_now[tried].sum())
        likest = is_now[tried[np.argsort(-scores[tried], kind="stable")]]
        for drawn in (round(_TOP * len(tried)), of_now):
            found = int(likest[:drawn].sum())
            least = min(least, _as_many_p(found, drawn, of_now, len(tried)))
    return Apart(min(1.0, 4 * least), scores)


def _as_many_p(found: int, drawn: int, of_kind: int, among: int) -> float:
    """The probability that of so many drawn as many or more are of a kind (hypergeometric)."""
    k = np.arange(found, min(drawn, of_kind) + 1, dtype=float)
    k = k[drawn - k <= among - of_kind]
    ways = _log_ways(of_kind, k) + _log_ways(among - of_kind, drawn - k)
    return float(min(1.0, np.exp(ways - _log_ways(among, drawn)).sum()))


def _log_ways(n: float, k: Floats | float) -> Floats:
    found: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - np.asarray(k) + 1)
    return found


def _log_odds(words: csr_array, which: Bools) -> Floats:
    rows = words[which]
    having = np.asarray(rows.sum(axis=0), float).ravel() + _SMOOTHING
    found: Floats = np.log(having / (rows.shape[0] + 2 * _SMOOTHING))
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


class Standing(msgspec.Struct, frozen=True, kw_only=True):
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
) -> Standing | None:
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
    return Standing(ways=ways, log_evidence=both, bar=-log(spec.alpha))


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
