from __future__ import annotations

from math import log

import numpy as np
import pytest
from worlds.caches import World, cache_runs

from northloop.statistics.audited import AuditedThreshold, AuditSpec, Past

SPEC = AuditSpec().tolerating(0.05)


def fed(cache: AuditedThreshold, rounds: int, wrong_below: float, seed: int = 1) -> None:
    """Tell a cache of audits and of others: what is less similar than a limit is wrong."""
    rng = np.random.default_rng(seed)
    for similarity in rng.random(rounds).tolist():
        cache.tell((similarity,), similarity < wrong_below)
    for similarity in rng.random(rounds).tolist():
        cache.audit((similarity,), similarity < wrong_below)


def test_nothing_is_served_before_audits_prove_it() -> None:
    cache = AuditedThreshold(SPEC)
    for similarity in np.linspace(0, 1, 500).tolist():
        cache.tell((similarity,), similarity < 0.3)
    assert not cache.serves((1.0,))
    fed(cache, 300, 0.3)
    assert cache.serves((0.95,)) and not cache.serves((0.05,))
    assert cache.certificate is not None and cache.certificate.answered >= 45


def test_the_score_is_learnt_from_others_than_audits() -> None:
    """Audits that contradict what was told move the threshold, never the order of the scores."""
    cache = AuditedThreshold(SPEC)
    for similarity in np.linspace(0, 1, 500).tolist():
        cache.tell((similarity,), similarity < 0.3)
    for similarity in np.random.default_rng(2).random(300).tolist():
        cache.audit((similarity,), similarity > 0.5)
    assert cache.policy is not None
    assert cache.policy.score.odds((0.9,)) > cache.policy.score.odds((0.1,))
    assert cache.certificate is None


def test_the_fuse_takes_everything_back() -> None:
    cache = AuditedThreshold(SPEC)
    fed(cache, 400, 0.3)
    assert cache.serves((0.95,))
    tried = 0
    while cache.serves((0.95,)):
        cache.audit((0.95,), True)
        tried += 1
    assert tried <= 8 and cache.blown == 1
    assert cache.certificate is None and cache.policy is None


def test_wrong_answers_that_would_not_be_served_do_not_blow_it() -> None:
    cache = AuditedThreshold(SPEC)
    fed(cache, 400, 0.3)
    for _ in range(40):
        cache.audit((0.05,), True)
    assert cache.blown == 0 and cache.serves((0.95,))


def test_what_was_near_tells_what_an_entry_is_worth() -> None:
    past = Past()
    assert past.near(0.9) == (0.5, 0.0)
    for _ in range(8):
        past.add(0.9, True)
        past.add(0.7, False)
    right, tried = past.near(0.9)
    assert right == pytest.approx(8.5 / 9) and tried == pytest.approx(log(17))
    assert past.near(0.7)[0] == pytest.approx(0.5 / 9)
    assert past.near(0.8)[0] == 0.5


def test_an_entry_s_past_fades() -> None:
    past = Past()
    for _ in range(60):
        past.add(0.9, True)
    for _ in range(120):
        past.add(0.9, False)
    assert past.near(0.9)[0] < 0.1


@pytest.mark.parametrize("world", [World.SIGMOID, World.CAPPED])
def test_few_enough_of_what_is_served_is_wrong(world: World) -> None:
    found = cache_runs(world, SPEC, runs=10, count=5_000)
    assert found.kept >= 0.9
    if world is World.SIGMOID:
        assert found.serving == 1.0 and found.hit_rate > 0.3
        assert found.wrong_per_hit < 0.05


def test_after_an_unannounced_change_it_shuts_itself_off() -> None:
    found = cache_runs(World.SHIFTED, SPEC, runs=5, count=8_000)
    assert found.shut == 1.0
    assert 0 < found.wrong_until_shut <= found.served_until_shut < 300


def test_audits_become_rarer_while_a_certificate_stands_on_many() -> None:
    cache = AuditedThreshold(SPEC)
    fed(cache, 400, 0.3)
    assert cache.certificate is not None and cache.share == SPEC.share
    fed(cache, 200, 0.3, seed=2)
    assert cache.share == SPEC.settled < SPEC.share
    while cache.certificate is not None:
        cache.audit((0.95,), True)
    assert cache.share == SPEC.share


def test_a_first_certificate_takes_more_than_the_next() -> None:
    """At 5 % and half of .05, 72 audits without an error are the fewest; 59 would do for .05."""
    cache = AuditedThreshold(AuditSpec(every=65).tolerating(0.05))
    for similarity in np.linspace(0, 1, 200).tolist():
        cache.tell((similarity,), similarity < 0.3)
    for _ in range(65):
        cache.audit((0.95,), False)
    assert cache.certificate is None
    for _ in range(65):
        cache.audit((0.95,), False)
    assert cache.certificate is not None and cache.certificate.p_value < 0.025
