"""Planted worlds of requests to a semantic cache, on which its policy is proved.

A world has entries, some asked far more often than others; a request is near to one of them, and
whether the entry's answer fits it follows from how near. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from northloop.statistics.audited import AuditedThreshold, AuditSpec, Past
from northloop.statistics.bootstrap import Floats

ENTRIES = 150
_STALE_SHARE = _CAPPED_SHARE = 0.4


class World(StrEnum):
    """How the chance that a cached answer fits follows from the similarity."""

    SIGMOID = "sigmoid"
    """It rises to 1, for each entry from another similarity on."""
    CAPPED = "capped"
    """For four of ten entries to .5 to .95 only: the similarity does not see what differs."""
    SHIFTED = "shifted"
    """As `SIGMOID`, until in the middle four of ten entries go out of date, unannounced."""


class Requests(msgspec.Struct, frozen=True):
    """Requests in order; arrays of one length."""

    entry: NDArray[np.int64]
    similarity: Floats
    right: NDArray[np.bool_]
    draw: Floats
    """Uniform; audited is what lies below the policy's share."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of requests came to."""

    requests: int
    hits: int
    wrong: int
    hits_after_shift: int
    """Served from the middle on until the certificate was gone; 0 if there was none there."""
    wrong_after_shift: int
    shut: bool
    """Whether a certificate that was there in the middle went, by the fuse or by a new one."""

    @property
    def wrong_per_hit(self) -> float:
        return self.wrong / self.hits if self.hits else 0.0


class Runs(msgspec.Struct, frozen=True, kw_only=True):
    """What several runs came to."""

    kept: float
    """Share of the runs in which at most the tolerated share of served hits was wrong."""
    wrong_per_hit: float
    """Mean over the runs."""
    kept_where_served: float
    """As `kept`, of the runs that served anything."""
    hit_rate: float
    """Mean share of requests served."""
    serving: float
    """Share of the runs that served anything."""
    served_until_shut: float
    """Median of what was served from the middle to the end of the certificate, where it went."""
    wrong_until_shut: float
    """Median of what of that was wrong."""
    shut: float
    """Share of the runs whose certificate went after the middle, of those that had one there."""


def requests(world: World, count: int, rng: np.random.Generator) -> Requests:
    """Return requests of a world."""
    draw = rng.random(count)
    popularity = rng.permutation(1 / np.arange(1, ENTRIES + 1))
    entry = rng.choice(ENTRIES, count, p=popularity / popularity.sum())
    similarity = np.clip(rng.normal(0.82, 0.13, count), 0.0, 1.0)
    middle, steep = rng.uniform(0.6, 0.8, ENTRIES), rng.uniform(30, 80, ENTRIES)
    most = np.ones(ENTRIES)
    if world is World.CAPPED:
        most = np.where(rng.random(ENTRIES) < _CAPPED_SHARE, rng.uniform(0.5, 0.95, ENTRIES), most)
    chance = most[entry] * expit(steep[entry] * (similarity - middle[entry]))
    if world is World.SHIFTED:
        stale = rng.random(ENTRIES) < _STALE_SHARE
        chance = np.where(stale[entry] & (np.arange(count) >= count // 2), 0.0, chance)
    return Requests(entry, similarity, rng.random(count) < chance, draw)


def play(asked: Requests, spec: AuditSpec) -> Run:
    """Return what a cache that follows the policy makes of requests."""
    cache = AuditedThreshold(spec)
    pasts = [Past() for _ in range(ENTRIES)]
    middle = len(asked.entry) // 2
    hits = wrong = hits_after = wrong_after = 0
    was_on = still_on = False
    rows = zip(
        asked.entry.tolist(),
        asked.similarity.tolist(),
        asked.right.tolist(),
        asked.draw.tolist(),
        strict=True,
    )
    for i, (entry, similarity, right, draw) in enumerate(rows):
        if i == middle:
            was_on = still_on = cache.certificate is not None
        still_on = still_on and cache.certificate is not None
        signs = (similarity, *pasts[entry].near(similarity))
        if draw < cache.share:
            cache.audit(signs, not right)
        elif cache.serves(signs):
            hits += 1
            wrong += not right
            hits_after += still_on
            wrong_after += still_on and not right
        else:
            cache.tell(signs, not right)
            pasts[entry].add(similarity, right)
    return Run(
        requests=len(asked.entry),
        hits=hits,
        wrong=wrong,
        hits_after_shift=hits_after,
        wrong_after_shift=wrong_after,
        shut=was_on and not still_on,
    )


def cache_runs(
    world: World, spec: AuditSpec, runs: int, count: int = 20_000, seed: int = 1
) -> Runs:
    """Play a world `runs` times with `count` requests each."""
    rng = np.random.default_rng(seed)
    played = [play(requests(world, count, rng), spec) for _ in range(runs)]
    serving = [run for run in played if run.hits]
    on = [run for run in played if run.hits_after_shift]
    shut = [run for run in on if run.shut]
    return Runs(
        kept=_kept(played, spec.risk.max_wrong),
        kept_where_served=_kept(serving, spec.risk.max_wrong),
        wrong_per_hit=float(np.mean([run.wrong_per_hit for run in serving])) if serving else 0.0,
        hit_rate=float(np.mean([run.hits / run.requests for run in played])),
        serving=len(serving) / runs,
        served_until_shut=float(median([run.hits_after_shift for run in shut] or [0])),
        wrong_until_shut=float(median([run.wrong_after_shift for run in shut] or [0])),
        shut=len(shut) / len(on) if on else 0.0,
    )


def _kept(runs: Sequence[Run], tolerated: float) -> float:
    return float(np.mean([run.wrong_per_hit <= tolerated for run in runs])) if runs else 1.0
