"""What a holdout proves of resolution time, however often one looks; the worlds are planted."""

from __future__ import annotations

from math import exp, inf, isnan, log, sqrt

import msgspec
import numpy as np
import pytest
import scipy
from worlds.holdouts import Setting, World, play, traffic, truth

from northloop.statistics.bootstrap import Floats
from northloop.statistics.holdout import (
    FEWEST,
    Contacts,
    Design,
    Effect,
    History,
    Scale,
    boundary,
    chance_at_most,
    effect,
    held_out_needed,
    level,
    on_scale,
    plan,
    power,
    says_so,
)

ALPHA = 0.05


def single(assisted: Floats, held_out: Floats) -> Contacts:
    """Return one contact for each customer."""
    value = np.concatenate([assisted, held_out])
    return Contacts(value, np.arange(len(value)), np.arange(len(value)) >= len(assisted))


def times(contacts: Contacts, n: int) -> Contacts:
    """Return as many customers alike."""
    apart = int(contacts.customer.max()) + 1
    return Contacts(
        np.tile(contacts.value, n),
        np.concatenate([contacts.customer + k * apart for k in range(n)]),
        np.tile(contacts.held_out, n),
    )


def some(scale: Scale = Scale.LOG, world: World = World.FASTER, share: float = 0.2) -> Contacts:
    return traffic(world, share, np.random.default_rng(1)).on(scale)


def history(volume: float = 1.0) -> tuple[History, Design]:
    before = traffic(World.NO_EFFECT, 1.0, np.random.default_rng(1), volume=volume)
    customers = len(np.unique(before.customer))
    return History(before.hours, before.customer), Design(change=-0.3, customers=customers)


def leaves(alpha: float, paths: int = 10_000) -> float:
    """Return how often Brownian paths leave the boundary at any time, seen or not.

    On a grid to t = 60, and between its points by the crossing probability of a bridge and a line
    (which the boundary is between any two points). Later than that hardly any does.
    """
    t = np.concatenate([np.linspace(0.02, 1, 50), np.geomspace(1, 60, 201)[1:]])
    rng = np.random.default_rng(1)
    steps = np.diff(t, prepend=0.0)
    to = rng.normal(0, np.sqrt(steps), (paths, len(t))).cumsum(axis=1)
    start = np.concatenate([np.zeros((paths, 1)), to[:, :-1]], axis=1)
    bar = boundary(alpha) * np.maximum(1, 0.2 + 0.8 * t)
    before = np.concatenate([bar[:1], bar[:-1]])
    stays = np.ones(paths)
    for sign in (1, -1):
        room = np.maximum(before - sign * start, 0) * np.maximum(bar - sign * to, 0)
        stays *= (1 - np.exp(-2 * room / steps)).prod(axis=1)
    return float(1 - stays.mean())


def test_the_usual_boundary_is_what_is_found_close_to_it() -> None:
    assert boundary(ALPHA) == pytest.approx(boundary(ALPHA + 1e-12), abs=1e-9)


@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_brownian_motion_leaves_the_boundary_with_alpha(alpha: float) -> None:
    assert leaves(alpha) == pytest.approx(alpha, abs=0.005)


def test_one_contact_each_is_a_t_test_of_welch() -> None:
    rng = np.random.default_rng(1)
    assisted, held_out = rng.normal(1, 1, 200), rng.normal(1.3, 2, 40)
    found = effect(single(assisted, held_out), Scale.LOG, planned=40)
    oracle = scipy.stats.ttest_ind(assisted, held_out, equal_var=False)
    change = assisted.mean() - held_out.mean()
    assert found.difference.value == pytest.approx(change)
    assert log(found.ratio.value) == pytest.approx(change)
    assert change / found.error == pytest.approx(oracle.statistic)
    assert found.freedom == pytest.approx(oracle.df)
    chance = chance_at_most(found, 1.0)
    assert 2 * min(chance, 1 - chance) == pytest.approx(oracle.pvalue)
    assert (found.assisted.contacts, found.held_out.customers) == (200, 40)
    assert chance_at_most(found, 0.0) == chance_at_most(found, -0.5) == 0.0, "no ratio is so low"


def test_saying_everything_twice_proves_no_more() -> None:
    once = some()
    twice = Contacts(*(np.tile(each, 2) for each in (once.value, once.customer, once.held_out)))
    first, second = (effect(each, Scale.LOG, 100) for each in (once, twice))
    assert second.error == pytest.approx(first.error, rel=1e-9)
    assert second.freedom == pytest.approx(first.freedom)


def test_names_and_order_of_customers_do_not_matter() -> None:
    once = some(Scale.MEAN)
    order = np.random.default_rng(2).permutation(len(once.value))
    other = Contacts(once.value[order], 3 * once.customer[order] + 7, once.held_out[order])
    first, second = (effect(each, Scale.MEAN, 100) for each in (once, other))
    assert msgspec.structs.astuple(first.ratio) == pytest.approx(
        msgspec.structs.astuple(second.ratio)
    )


def test_the_interval_is_narrowest_for_its_error_at_the_deadline() -> None:
    def width(planned: int) -> float:
        found = effect(some(), Scale.LOG, planned, arm.contacts / arm.customers)
        return (found.difference.high - found.difference.low) / found.error

    arm = effect(some(), Scale.LOG, 1).held_out
    held_out = arm.customers
    assert 2 * boundary(ALPHA) < width(held_out) < 2.1 * boundary(ALPHA)
    assert width(held_out) < min(width(2 * held_out), width(held_out // 2))


@pytest.mark.parametrize("scale", list(Scale))
def test_ratio_and_difference_prove_the_same(scale: Scale) -> None:
    for world in World:
        found = effect(some(scale, world), scale, 100)
        for ends in ("low", "value", "high"):
            ratio, difference = (getattr(each, ends) for each in (found.ratio, found.difference))
            assert (ratio < 1) == (difference < 0)
        assert found.ratio.low < found.ratio.value < found.ratio.high
        assert found.difference.low < found.difference.value < found.difference.high


def test_the_difference_of_means_is_in_hours() -> None:
    contacts = some(Scale.MEAN)
    found = effect(contacts, Scale.MEAN, 100)
    means = [contacts.value[contacts.held_out == held].mean() for held in (False, True)]
    assert found.difference.value == pytest.approx(means[0] - means[1])
    assert found.ratio.value == pytest.approx(means[0] / means[1])


def test_of_few_customers_nothing_is_said() -> None:
    rng = np.random.default_rng(1)
    few = effect(single(rng.normal(0, 1, 300), rng.normal(9, 1, FEWEST - 1)), Scale.LOG, 30)
    assert (few.ratio.low, few.ratio.high) == (0.0, inf)
    assert (few.difference.low, few.difference.high) == (-inf, inf)
    assert held_out_needed(few) == 1
    enough = effect(single(rng.normal(0, 1, 300), rng.normal(9, 1, FEWEST)), Scale.LOG, 30)
    assert enough.ratio.high < 1


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("planned", [35, 100_000])
def test_one_customer_who_writes_nearly_everything_proves_nothing(
    scale: Scale, planned: int
) -> None:
    rng = np.random.default_rng(1)
    customer = np.concatenate([np.arange(80), np.full(3_000, 3), np.full(3_000, 50)])
    value = 5 + rng.normal(0, 0.1, len(customer)) + (customer >= 40)
    found = effect(Contacts(value, customer, customer >= 40), scale, planned)
    assert found.ratio.low < 1 < found.ratio.high
    assert found.difference.low < 0 < found.difference.high
    assert found.freedom < 2


@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("held_out", [0, 1])
def test_an_arm_without_customers_is_no_error(scale: Scale, held_out: int) -> None:
    found = effect(single(np.full(3, 2.0), np.full(held_out, 2.0)), scale, 30)
    assert isnan(found.ratio.value) == (held_out == 0)
    assert (found.ratio.low, found.ratio.high) == (0.0, inf)
    assert (chance_at_most(found, 0.7), held_out_needed(found)) == (0.5, inf)
    assert chance_at_most(found, 0.0) == 0.0


def test_values_all_alike_prove_what_they_show() -> None:
    found = effect(single(np.full(50, 2.0), np.full(50, 2.0)), Scale.MEAN, 50)
    assert found.ratio == msgspec.structs.replace(found.ratio, value=1.0, low=1.0, high=1.0)
    assert [chance_at_most(found, k) for k in (0.9, 1.0)] == [0.0, 1.0]
    other = effect(single(np.full(50, 1.0), np.full(50, 2.0)), Scale.MEAN, 50)
    assert other.ratio.high < 1
    few = effect(single(np.full(50, 1.0), np.full(FEWEST - 1, 2.0)), Scale.MEAN, 50)
    assert (few.ratio.low, few.ratio.high) == (0.0, inf)


def test_less_than_the_least_counts_as_the_least() -> None:
    hours = np.array([0.0, 0.1, 10.0])
    assert on_scale(hours, Scale.LOG).tolist() == [log(0.1), log(0.1), log(10)]
    assert on_scale(hours, Scale.LOG, least=1.0).tolist() == [0.0, 0.0, log(10)]
    assert on_scale(hours, Scale.MEAN).tolist() == hours.tolist()


def test_how_probable_a_target_is() -> None:
    found = effect(some(), Scale.LOG, 100)
    assert chance_at_most(found, found.ratio.value) == pytest.approx(0.5)
    above = found.ratio.value * exp(1.96 * found.error)
    assert chance_at_most(found, above) == pytest.approx(0.975, abs=0.003)


def test_what_is_needed_is_what_proves_it() -> None:
    def proven(found: Effect) -> bool:
        return found.ratio.high < 1 or found.ratio.low > 1

    contacts = some(share=0.1)
    held_out = effect(contacts, Scale.LOG, 1).held_out.customers
    for planned in (held_out, 3 * held_out, 8 * held_out):
        found = [effect(times(contacts, n), Scale.LOG, planned) for n in range(1, 9)]
        first = next(n for n, one in enumerate(found, 1) if proven(one))
        needed = held_out_needed(found[0])
        assert (first - 2) * held_out < needed <= max(0, first - 1) * held_out
        assert held_out_needed(found[first - 1]) == 0
    same = some(world=World.NO_EFFECT)
    assert held_out_needed(effect(same, Scale.LOG, 50)) == inf


def test_power_grows_with_customers_share_and_change() -> None:
    before, design = history()
    assert power(before, design) > 0.3
    for more in ({"customers": 2_000}, {"share": 0.2}, {"change": -0.5}, {"alpha": 0.1}):
        assert power(before, msgspec.structs.replace(design, **more)) > power(before, design)
    for none in ({"customers": 200}, {"share": 0.05}):
        assert power(before, msgspec.structs.replace(design, **none)) == 0
    none = msgspec.structs.replace(design, change=0.0)
    assert power(before, none) <= ALPHA / 2
    assert power(History(np.ones(1), np.zeros(1, dtype=np.intp)), design) == 0


@pytest.mark.parametrize(
    ("volume", "share", "least", "most"),
    [(0.4, 0.1, 0, 0.5), (0.8, 0.2, 0.5, 0.85), (2.0, 0.15, 0.85, 1), (5.0, 0.05, 0.85, 1)],
)
def test_a_plan_holds_out_no_more_than_it_takes(
    volume: float, share: float, least: float, most: float
) -> None:
    before, design = history(volume)
    found = plan(before, design)
    assert (found.share, found.scale) == (share, Scale.LOG)
    assert least <= found.power <= most
    assert found.held_out == round(share * design.customers)
    this = msgspec.structs.replace(design, share=share, scale=found.scale)
    assert found.power == power(before, this)


def test_a_change_is_found_as_often_as_said() -> None:
    setting = Setting(share=None, weeks=26, volume=1.2)
    played = play(World.FASTER, setting, runs=120)
    said = np.mean([one.power for one in played.plans])
    found = (played.declared(lambda looks: looks.high) < 0).any(axis=1).mean()
    assert said > 0.8
    # Later contacts of the same customers tell less than earlier ones, which power leaves out.
    assert found == pytest.approx(said, abs=0.07)


@pytest.mark.parametrize(
    "world", [World.NO_EFFECT, World.SAME, World.RETURNING, World.HEAVY, World.SEASON]
)
def test_where_nothing_changes_hardly_anything_is_proven_at_any_look(world: World) -> None:
    played = play(world, Setting(share=0.2, scale=Scale.LOG, weeks=36), runs=70)
    for looks in played.on.values():
        wrong = ((looks.high < 0) | (looks.low > 0)).any(axis=1).mean()
        assert wrong <= ALPHA + 2 * sqrt(ALPHA * (1 - ALPHA) / 70)


@pytest.mark.parametrize("world", [World.FASTER, World.CENSORED, World.COMPOSITION, World.TWIN])
def test_the_truth_is_in_the_interval_and_open_contacts_are_no_gain(world: World) -> None:
    played = play(world, Setting(share=0.2, scale=Scale.LOG, weeks=26), runs=40)
    for scale, looks in played.on.items():
        true = truth(world, scale)
        inside = (looks.low <= log(true.ratio)) & (log(true.ratio) <= looks.high)
        assert inside.all(axis=1).mean() >= 0.93
        above, below = (
            looks.difference_low > true.difference,
            looks.difference_high < true.difference,
        )
        assert (above | below).any(axis=1).mean() <= 0.07
        if world is World.CENSORED:
            assert (looks.high < 0).mean() == 0


def test_where_easy_contacts_hide_slower_ones_the_scales_disagree() -> None:
    played = play(World.TWIN, Setting(share=0.2, scale=Scale.LOG, weeks=26), runs=25)
    last, mean = (played.on[scale] for scale in (Scale.LOG, Scale.MEAN))
    assert (last.high[:, -1] < 0).mean() > 0.9
    assert (mean.log_ratio[:, -1] > 0).mean() > 0.8
    assert (mean.high[:, -1] < 0).mean() == 0


def test_the_other_scale_says_so_or_not() -> None:
    def both(world: World) -> list[Effect]:
        seen = traffic(world, 0.2, np.random.default_rng(5), volume=2.0)
        return [effect(seen.on(scale), scale, 200) for scale in (Scale.LOG, Scale.MEAN)]

    (log, mean), (easier, slower) = both(World.FASTER), both(World.TWIN)
    assert log.ratio.high < 1 and easier.ratio.high < 1
    assert says_so(log, lower=True) and says_so(mean, lower=True)
    assert says_so(easier, lower=True) and not says_so(slower, lower=True)
    assert not says_so(log, lower=False)


@pytest.mark.parametrize("world", [World.NO_EFFECT, World.RETURNING])
def test_the_interval_of_a_level_holds_it_at_every_look(world: World) -> None:
    """150 half years of hours, looked at every second week from the fourth on, and once more."""
    rng, runs = np.random.default_rng(3), 150
    # Of all customers alike: eight who make a third are a draw of their own.
    of_all = traffic(World.NO_EFFECT, 0.0, np.random.default_rng(0), volume=200)
    true = float(of_all.hours.mean())
    missed = 0
    for _ in range(runs):
        now = traffic(world, 0.0, rng, weeks=40)
        seen = [now.on(Scale.MEAN, week) for week in range(4, 42, 2)]
        found = [level(some.value, some.customer, 966).mean for some in seen if len(some.value)]
        missed += any(not one.low <= true <= one.high for one in found)
    assert missed / runs <= ALPHA + 2 * sqrt(ALPHA * (1 - ALPHA) / runs)


def test_a_level_says_nothing_without_contacts_and_something_with_enough() -> None:
    hours = np.random.default_rng(1).lognormal(2.0, 0.5, 400)
    each = np.arange(400)
    few, many = level(hours[:20], each[:20], 400), level(hours, each, 400)
    assert not few.known and (few.mean.low, few.mean.high) == (0.0, inf)
    assert many.known and many.mean.low < exp(2.125) < many.mean.high
    assert isnan(level(hours[:0], each[:0], 400).mean.value)
    assert chance_at_most(many, many.mean.value) == pytest.approx(0.5)
    assert chance_at_most(many, many.mean.low) < 0.02 < 0.98 < chance_at_most(many, many.mean.high)
