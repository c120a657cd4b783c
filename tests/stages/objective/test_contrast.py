from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from northloop.core.artefacts import Guardrail, HoldoutPlan, Measure, Objective
from northloop.core.clock import stamp
from northloop.core.contact import Contact, End, Ended, Lot
from northloop.core.ids import Hash
from northloop.core.interaction import Gone
from northloop.stages.objective.contrast import contrast
from northloop.stages.objective.contrast_records import Claim, Contrast

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = BEGAN + timedelta(days=190)
PLAN = HoldoutPlan(
    since="2026-01-05",
    share=0.2,
    scale="log",
    follow_days=14,
    customers=200,
    each=1.0,
    power=0.8,
)
OBJECTIVE = Objective(
    metric="resolution_time",
    statement="30 % faster",
    change=-0.3,
    deadline="2026-07-05",
    window_days=90,
    baseline=Measure(value=20.0, low=18.0, high=22.0, n=900, unit="hours"),
    target=14.0,
    guardrails=(Guardrail("csat", 0.1), Guardrail("durable_resolution", 0.02)),
    plan=PLAN,
)


def ended(number: int, lot: Lot, hours: float | None, **changes: object) -> Ended:
    """One that ended after so many hours; None is open."""
    opened = BEGAN + timedelta(hours=number)
    contact = Contact(
        contact_id=f"contact {number}",
        tenant="north",
        conversation_id=f"c{number}",
        customer_id=f"customer {number}",
        lot=lot,
        held_out=PLAN.share,
        opened_at=stamp(opened),
        release=Hash("r" * 64),
        last_at=stamp(opened),
        last_id=f"i{number}",
        answered=False,
        handed=True,
    )
    found = Ended(
        contact=contact,
        opened=opened,
        going_on=opened,
        end=End.OPEN if hours is None else End.RESOLVED,
        at=None if hours is None else opened + timedelta(hours=hours),
        reopened=None if hours is None else False,
        csat=3.0 + 2 * (number % 2),
    )
    return msgspec.structs.replace(found, **changes)


def hours(seed: int, n: int = 1_000, factor: float = 1.0) -> Iterator[float]:
    yield from np.random.default_rng(seed).lognormal(2.0, 1.0, n) * factor


def both(assisted: float = 1.0, n: int = 1_000) -> list[Ended]:
    """A fifth held out; the others take `assisted` times as long."""
    return [
        ended(i, Lot.HELD_OUT if i % 5 == 0 else Lot.ASSISTED, h * (1 if i % 5 == 0 else assisted))
        for i, h in enumerate(hours(1, n))
    ]


def told(all_: list[Ended], objective: Objective = OBJECTIVE, now: datetime = NOW) -> Contrast:
    assert objective.plan is not None
    return contrast(objective, objective.plan, all_, now)


@pytest.mark.parametrize(
    ("factor", "claim"),
    [
        (1.0, Claim.OPEN),
        (0.75, Claim.BETTER),
        (0.4, Claim.REACHED),
        (1.6, Claim.WORSE),
    ],
)
def test_what_is_claimed_follows_from_the_interval(factor: float, claim: Claim) -> None:
    found = told(both(factor))
    assert found.claim is claim
    assert found.effect is not None
    assert found.effect.ratio.low < factor < found.effect.ratio.high


def with_csat(factor: float, assisted: float) -> Contrast:
    """So much faster, and rated so much better than those held out."""
    some = [
        msgspec.structs.replace(
            one, csat=3.0 + assisted * (one.contact.lot is Lot.ASSISTED) + i % 2
        )
        for i, one in enumerate(both(factor))
    ]
    return told(some)


@pytest.mark.parametrize(
    ("csat", "said", "kept"),
    [
        (0.0, "", True),
        (-1.0, "; but CSAT suffered more than was agreed", False),
        (-0.1, "; that CSAT did not suffer is not proven yet", False),
    ],
)
def test_what_is_gained_is_said_with_what_suffers(csat: float, said: str, kept: bool) -> None:
    found = with_csat(0.4, csat)
    assert found.claim is Claim.REACHED
    assert found.words.startswith(
        "target reached: average resolution time is proven to be at least"
    )
    assert found.words.endswith(f"){said}")
    assert found.is_kept is kept
    assert not with_csat(1.0, csat).is_kept, "nothing is gained"


def test_verified_is_what_ended_in_time_and_for_good() -> None:
    some = both(0.5)
    late = timedelta(hours=24 * PLAN.follow_days + 1)
    some[1] = msgspec.structs.replace(some[1], reopened=True)
    some[2] = msgspec.structs.replace(some[2], at=some[2].opened + late)
    some[3] = msgspec.structs.replace(some[3], end=End.OPEN, at=None)
    before, after = told(both(0.5)).assisted, told(some).assisted
    assert after.verified == before.verified - 3
    assert before.verified <= before.settled + before.resolved


def test_what_is_open_counts_as_the_whole_window() -> None:
    """Nothing is faster, but a third of the assisted contacts never end: no progress."""
    some = [
        msgspec.structs.replace(one, end=End.OPEN, at=None)
        if one.contact.lot is Lot.ASSISTED and i % 3 == 0
        else one
        for i, one in enumerate(both())
    ]
    assert told(some).claim is Claim.WORSE


def test_too_many_ends_that_nobody_reported_forbid_a_claim() -> None:
    some = [
        msgspec.structs.replace(one, end=End.UNKNOWN, at=None)
        if one.contact.lot is Lot.HELD_OUT and i % 10 == 0
        else one
        for i, one in enumerate(both(0.4))
    ]
    found = told(some)
    assert found.claim is Claim.UNREPORTED
    assert "100 of 1000 contacts" in found.words


@pytest.mark.parametrize(
    ("why", "every", "claim"),
    [
        (Gone.MERGED, 10, Claim.REACHED),
        (Gone.SPAM, 10, Claim.UNREPORTED),
        (Gone.DELETED, 10, Claim.UNREPORTED),
        (Gone.SPAM, 200, Claim.REACHED),
    ],
)
def test_tickets_that_are_none_any_more_are_out_and_much_spam_forbids_a_claim(
    why: Gone, every: int, claim: Claim
) -> None:
    """The assistant answers spam too, and no ticket of it says so."""
    some = [
        msgspec.structs.replace(one, end=End.GONE, at=None, gone=why)
        if one.contact.lot is Lot.HELD_OUT and i % every == 0
        else one
        for i, one in enumerate(both(0.4))
    ]
    found, out = told(some), 1_000 // every
    assert found.claim is claim
    assert found.held_out.contacts == found.held_out.valued == 200 - out
    assert (found.held_out.merged, found.held_out.removed) == (
        (out, 0) if why is Gone.MERGED else (0, out)
    )
    assert (found.assisted.merged, found.assisted.removed, found.outside) == (0, 0, 0)
    if claim is Claim.UNREPORTED:
        assert "100 of 1000 contacts were deleted or marked as spam" in found.words


@pytest.mark.parametrize(
    ("arm", "longest", "claim"),
    [
        (Lot.ASSISTED, 0.15, Claim.UNREPORTED),
        (Lot.ASSISTED, 0.0, Claim.OPEN),
        (Lot.HELD_OUT, 0.15, Claim.WORSE),
    ],
)
def test_hard_contacts_that_are_merged_away_make_no_gain(
    arm: Lot, longest: float, claim: Claim
) -> None:
    """Nothing is faster; the longest of one arm are called part of other tickets."""
    some = both()
    waits = sorted(one.at - one.opened for one in some if one.at)
    most = waits[int(len(waits) * (1 - longest)) - 1]
    some = [
        msgspec.structs.replace(one, end=End.GONE, at=None, gone=Gone.MERGED)
        if one.contact.lot is arm and one.at and one.at - one.opened > most
        else one
        for one in some
    ]
    found = told(some)
    assert found.claim is claim
    if claim is Claim.UNREPORTED:
        assert "of the assistant's contacts were merged into other tickets, 0% of" in found.words


def test_those_that_nobody_is_known_to_have_answered_are_counted_and_stay() -> None:
    some = both(0.4)
    for i in range(700):
        some[i] = msgspec.structs.replace(some[i], touched_at=some[i].opened)
    found = told(some)
    assert [side.unanswered for side in (found.assisted, found.held_out)] == [240, 60]
    assert found.effect == told(both(0.4)).effect


def test_who_wrote_again_is_not_called_unreported() -> None:
    some = both(0.4)
    lost = [i for i, one in enumerate(some) if one.contact.lot is Lot.HELD_OUT][:60]
    for place, i in enumerate(lost):
        some[i] = msgspec.structs.replace(_unknown(some[i]), wrote_again=place < 57)
    found = told(some)
    assert found.claim is Claim.UNREPORTED
    assert (found.held_out.unknown, found.held_out.wrote_again) == (60, 57)
    assert "57 of 1000 contacts wrote again after their ticket was closed" in found.words
    assert "of 3 of 1000 contacts nobody has reported how they ended" in found.words


def test_why_contacts_have_no_value_is_told_of_those_without_one() -> None:
    """Of what is closed and not when it is known how long people worked on it."""
    objective = msgspec.structs.replace(
        OBJECTIVE, metric="handling_time", plan=msgspec.structs.replace(PLAN, scale="mean")
    )
    some = [msgspec.structs.replace(one, handling_minutes=10.0) for one in both(0.4)]
    mine = [i for i, one in enumerate(some) if one.contact.lot is Lot.HELD_OUT]
    for i in mine[:30]:
        some[i] = msgspec.structs.replace(_unknown(some[i]), untimed=True)
    for i in mine[30:60]:
        some[i] = msgspec.structs.replace(some[i], handling_minutes=None)
    found = told(some, objective)
    assert found.claim is Claim.UNREPORTED
    assert (found.held_out.unknown, found.held_out.untimed) == (30, 0)
    assert "of 30 of 1000 contacts nobody has reported how they ended" in found.words
    assert "closed, not when" not in found.words


def _unknown(one: Ended) -> Ended:
    return msgspec.structs.replace(one, end=End.UNKNOWN, at=None, reopened=None)


def test_what_nobody_reported_counts_as_open_for_the_claim() -> None:
    """Who does not end is not reported: 4 % of the assisted, all the others a little faster."""
    plan = msgspec.structs.replace(PLAN, scale="mean")
    objective = msgspec.structs.replace(OBJECTIVE, plan=plan)
    some = [
        _unknown(one) if one.contact.lot is Lot.ASSISTED and i % 25 == 1 else one
        for i, one in enumerate(both(0.5))
    ]
    assert told(both(0.5), objective).claim is not Claim.OPEN
    found = told(some, objective)
    assert found.effect is not None
    assert found.effect.ratio.high < 1
    assert found.claim is Claim.OPEN
    assert told(some).claim is Claim.BETTER, "on the logarithm it shows all the same"


def test_no_guardrail_is_held_by_what_nobody_reported() -> None:
    some = [
        _unknown(one) if one.contact.lot is Lot.ASSISTED and i % 2 else one
        for i, one in enumerate(both())
    ]
    found = {rail.metric: rail.standing for rail in told(some).guardrails}
    assert found["durable_resolution"] != "held"


def test_what_surely_lasted_longer_is_known_without_a_report() -> None:
    some = [
        msgspec.structs.replace(_unknown(one), going_on=one.opened + timedelta(days=15))
        for one in both()
    ]
    found = told(some)
    assert found.claim is not Claim.UNREPORTED
    assert found.assisted.unknown == found.assisted.whole


def test_ratings_that_only_the_happy_give_hold_nothing() -> None:
    """The assisted are less happy, and most of the unhappy do not answer."""
    some = []
    for i, one in enumerate(both()):
        assisted = one.contact.lot is Lot.ASSISTED
        rating = (2.0 if i % 2 else 5.0) if assisted else (3.0 if i % 2 else 5.0)
        silent = assisted and i % 2 and i % 10 != 1
        some.append(msgspec.structs.replace(one, csat=None if silent else rating))
    guarded = {rail.metric: rail.standing for rail in told(some).guardrails}
    assert guarded["csat"] == "open"
    csat = msgspec.structs.replace(
        OBJECTIVE,
        metric="csat",
        change=0.05,
        guardrails=(),
        plan=msgspec.structs.replace(PLAN, scale="mean"),
    )
    assert told(some, csat).claim is Claim.UNREPORTED


def test_contacts_of_another_plan_do_not_count() -> None:
    """Another share was held out in another season: mixed, the two would tell of the season."""
    earlier = [
        msgspec.structs.replace(
            one, contact=msgspec.structs.replace(one.contact, held_out=0.05, contact_id=f"e{i}")
        )
        for i, one in enumerate(both())
    ]
    found = told(earlier + both())
    assert (found.outside, found.effect) == (1_000, told(both()).effect)
    late = msgspec.structs.replace(
        OBJECTIVE, plan=msgspec.structs.replace(PLAN, since="2026-01-20"), deadline="2026-02-20"
    )
    counted = told(both(), late)
    assert 0 < counted.assisted.contacts + counted.held_out.contacts < 500


def test_nobody_is_counted_before_they_were_followed_to_the_end() -> None:
    found = told(both(0.4), now=BEGAN + timedelta(days=21, hours=100))
    assert found.assisted.whole + found.held_out.whole == 101
    assert found.assisted.waiting + found.held_out.waiting == 899
    assert found.claim is Claim.TOO_EARLY


def test_nothing_at_all_is_too_early() -> None:
    found = told([])
    assert found.claim is Claim.TOO_EARLY
    assert found.effect is None
    assert found.chance is None


def test_where_typical_and_mean_go_different_ways_nothing_is_claimed() -> None:
    """Half are answered at once, the others take three times as long."""
    some = [
        ended(i, one.contact.lot, 0.01 if i % 2 else 3 * _hours(one))
        if one.contact.lot is Lot.ASSISTED
        else one
        for i, one in enumerate(both())
    ]
    found = told(some)
    assert found.effect is not None
    assert found.beside is not None
    assert found.effect.ratio.high < 1 < found.beside.ratio.value
    assert found.claim is Claim.AT_ODDS


def test_easy_questions_that_only_the_assistant_brings_prove_nothing() -> None:
    """Nobody is faster, but who is assisted comes back with two questions answered at once."""
    some = both()
    more = [
        msgspec.structs.replace(
            easy,
            contact=msgspec.structs.replace(
                easy.contact, customer_id=one.contact.customer_id, contact_id=f"easy {i} {n}"
            ),
        )
        for i, one in enumerate(some)
        for n in range(2)
        if one.contact.lot is Lot.ASSISTED
        for easy in [ended(1_100 + i + n, Lot.ASSISTED, 0.1)]
    ]
    found = told(some + more)
    assert found.effect is not None
    assert found.beside is not None
    assert found.firsts is not None
    assert found.effect.ratio.high < 0.7 and found.beside.ratio.high < 0.7
    assert found.firsts.ratio.low < 1 < found.firsts.ratio.high
    assert found.claim is Claim.AT_ODDS


def test_who_is_outside_is_counted_and_nothing_else() -> None:
    some = both(0.75)
    outside = [ended(5_000 + i, Lot.OUTSIDE, 0.1) for i in range(100)]
    found, without = told(some + outside), told(some)
    assert found.outside == 100
    assert found.effect == without.effect


def test_guardrails_are_held_broken_or_open() -> None:
    held = {rail.metric: rail.standing for rail in told(both()).guardrails}
    assert held["csat"] == "open"
    worse = [
        msgspec.structs.replace(one, csat=1.0, reopened=True)
        if one.contact.lot is Lot.ASSISTED
        else one
        for one in both()
    ]
    assert {rail.standing for rail in told(worse).guardrails} == {"broken"}
    wide = msgspec.structs.replace(OBJECTIVE, guardrails=(Guardrail("csat", 1.0),))
    assert [rail.standing for rail in told(both(), wide).guardrails] == ["held"]


def test_weeks_and_releases_are_told_apart() -> None:
    some = [
        msgspec.structs.replace(
            one, contact=msgspec.structs.replace(one.contact, release=Hash("s" * 64))
        )
        if i >= 500
        else one
        for i, one in enumerate(both(0.75))
    ]
    found = told(some)
    assert [r.release[0] for r in found.releases] == ["r", "s"]
    assert sum(sum(cohort.contacts) for cohort in found.cohorts) == 1_000
    assert found.cohorts[0].week == "2026-01-05"


def test_a_share_is_better_the_higher_it_is() -> None:
    plan = msgspec.structs.replace(PLAN, scale="mean")
    objective = msgspec.structs.replace(
        OBJECTIVE, metric="durable_resolution", change=0.1, guardrails=(), plan=plan
    )
    some = [
        msgspec.structs.replace(one, reopened=i % 10 < (5 if i % 5 == 0 else 1))
        for i, one in enumerate(both())
    ]
    found = told(some, objective)
    assert found.claim in (Claim.BETTER, Claim.REACHED)
    assert found.beside is None


def _hours(one: Ended) -> float:
    assert one.at is not None
    return (one.at - one.opened).total_seconds() / 3600


@pytest.mark.parametrize(
    ("asked", "untold", "response"),
    [(True, 0, (0.5, 0.5)), (False, 0, (1.0, 1.0)), (None, 400, (0.5, 1.0))],
)
def test_who_was_asked_and_gave_no_rating_is_shown(
    asked: bool | None, untold: int, response: tuple[float, float]
) -> None:
    """Half rate; of the others it is known that they were asked, that they were not, or nothing."""
    some = [
        msgspec.structs.replace(one, csat=4.0 if i // 5 % 2 else None, csat_asked=asked)
        for i, one in enumerate(both())
    ]
    side = told(some).assisted
    assert (side.rated, side.untold, side.response) == (400, untold, response)
    assert side.asked == (800 if asked else 400)


def test_where_nobody_was_asked_there_is_no_response() -> None:
    silent = [msgspec.structs.replace(one, csat=None) for one in both()]
    assert told(silent).held_out.response is None


def mixed(seed: int, easy: float, slower: float = 1.0) -> list[Ended]:
    """Of both arms three fifths are easy, six hours or so, and the others sixty; the assisted easy
    ones end within `easy` hours, the others take `slower` times as long as before."""
    rng = np.random.default_rng(seed)
    found = []
    for i in range(2_500):
        is_easy = rng.random() < 0.6
        unaided = float(rng.lognormal(np.log(6 if is_easy else 60), 0.6))
        is_held = i % 5 == 0
        aided = easy if is_easy else slower * unaided
        lot = Lot.HELD_OUT if is_held else Lot.ASSISTED
        found.append(ended(i, lot, unaided if is_held else aided))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_an_average_is_not_reached_by_easy_contacts_that_are_answered_at_once(seed: int) -> None:
    """The typical contact is faster by far more than the target, the average by a tenth."""
    found = told(mixed(seed, 0.2))
    assert found.effect is not None and found.beside is not None
    assert found.effect.ratio.high < 0.5
    assert found.beside.ratio.high > 0.7
    assert found.claim in (Claim.BETTER, Claim.AT_ODDS), found.words
    assert found.chance is None or found.chance < 0.2
    if found.claim is Claim.BETTER:
        assert "a typical contact (geometric mean)" in found.words
        assert "average" in found.words
        assert "reached" not in found.words


def test_an_average_is_reached_where_it_is_proven_to_be_there() -> None:
    found = told(both(0.3))
    assert found.beside is not None
    assert found.claim is Claim.REACHED
    assert found.beside.ratio.high <= 0.7
    assert found.chance is not None and found.chance > 0.99


TO_12 = msgspec.structs.replace(OBJECTIVE, change=-0.4, target=12.0, target_given=True)


def in_season(hours_held_out: float, factor: float, sd: float = 0.5) -> list[Ended]:
    rng = np.random.default_rng(5)
    found = []
    for i in range(1_000):
        value = float(hours_held_out * rng.lognormal(-sd * sd / 2, sd))
        is_held = i % 5 == 0
        lot = Lot.HELD_OUT if is_held else Lot.ASSISTED
        found.append(ended(i, lot, value if is_held else factor * value))
    return found


def test_a_level_is_not_reached_where_the_season_keeps_it_away() -> None:
    """Half as long as without the assistant, and yet 20 hours instead of 12."""
    found = told(in_season(40.0, 0.5), TO_12)
    assert found.claim is Claim.BETTER
    assert found.chance is not None and found.chance < 0.01
    assert "the target of 12 hours is not reached" in found.words
    assert not found.words.startswith("target reached")
    relative = told(in_season(40.0, 0.5))
    assert relative.claim is Claim.REACHED, "of a change against those held out it is true"


def test_a_level_is_reached_where_the_assisted_are_there() -> None:
    found = told(in_season(20.0, 0.5), TO_12)
    assert found.claim is Claim.REACHED
    assert found.level is not None
    assert found.level.mean.low < 10.0 < found.level.mean.high <= 12.0
    assert "with the assistant average resolution time is proven to be" in found.words
    near = told(in_season(20.0, 0.595), TO_12)
    assert near.claim is Claim.BETTER
    assert "not proven yet" in near.words


def test_a_season_that_is_fast_is_not_the_assistants() -> None:
    """All are below the target, with and without the assistant: nothing is claimed."""
    assert told(in_season(9.0, 1.0), TO_12).claim is Claim.OPEN


def waning(before: float, after: float) -> list[Ended]:
    """So many times as long as without the assistant until the middle, and after it."""
    rng = np.random.default_rng(6)
    found = []
    for i in range(3_000):
        is_held = i % 5 == 0
        value = float(20 * rng.lognormal(0, 0.5))
        factor = 1.0 if is_held else before if i < 1_500 else after
        found.append(ended(i, Lot.HELD_OUT if is_held else Lot.ASSISTED, value * factor))
    return found


def test_what_the_last_weeks_show_stands_beside_what_all_weeks_prove() -> None:
    """70 % faster for nine weeks, then 20 % slower."""
    found = told(waning(0.3, 1.2))
    assert found.claim is Claim.REACHED or found.claim is Claim.BETTER
    assert found.lately is not None
    assert found.lately.weeks == 6
    assert found.lately.is_worse
    assert found.lately.effect.ratio.low > 1
    assert f"over all {len(found.cohorts)} weeks; in the last 6 weeks" in found.words
    assert "+2" in found.words.split("in the last 6 weeks")[1]
    assert not msgspec.structs.replace(found, guardrails=()).is_kept
    assert found.chance is not None and found.chance < 0.01, "as things stand"


def test_the_last_weeks_say_nothing_against_what_goes_on() -> None:
    found = told(waning(0.4, 0.4))
    assert found.lately is not None
    assert not found.lately.is_worse
    assert "in the last" not in found.words
    assert found.lately.effect.ratio.low < 0.4 < found.lately.effect.ratio.high


def test_the_last_weeks_may_be_above_a_level_that_all_reached() -> None:
    """The assistant halves it throughout, but the season has come."""
    rng = np.random.default_rng(7)
    some = [
        ended(
            i,
            Lot.HELD_OUT if i % 5 == 0 else Lot.ASSISTED,
            float((14 if i < 2_000 else 30) * (1 if i % 5 == 0 else 0.5) * rng.lognormal(0, 0.3)),
        )
        for i in range(3_000)
    ]
    found = told(some, TO_12)
    assert found.claim is Claim.REACHED
    assert found.lately is not None and found.lately.is_worse
    assert "in the last 6 weeks it was 15." in found.words


def test_few_weeks_have_no_last_ones() -> None:
    assert told(both(0.4, 400)).lately is None


# --- first response time -----------------------------------------------------------------------

FIRST = msgspec.structs.replace(
    OBJECTIVE,
    metric="first_response_time",
    baseline=Measure(value=600.0, low=550.0, high=650.0, n=900, unit="minutes"),
    target=420.0,
)


def answered(factor: float, seed: int = 1, untold: int = 0) -> list[Ended]:
    """Contacts that end alike; the assisted are first answered `factor` times as late."""
    found = []
    for i, wait in enumerate(hours(seed)):
        lot = Lot.HELD_OUT if i % 5 == 0 else Lot.ASSISTED
        after = timedelta(hours=i + wait * (factor if lot is Lot.ASSISTED else 1.0))
        found.append(ended(i, lot, 48.0, responded_at=None if i < untold else BEGAN + after))
    return found


def test_faster_first_responses_are_found_and_without_an_effect_none_is_claimed() -> None:
    found = told(answered(0.7), FIRST)
    assert found.claim is Claim.BETTER
    assert found.effect is not None
    assert found.effect.ratio.low < 0.7 < found.effect.ratio.high
    assert "first response time of a typical contact" in found.words
    assert told(answered(0.3), FIRST).claim is Claim.REACHED
    claims = [told(answered(1.0, seed), FIRST).claim for seed in range(10)]
    assert set(claims) == {Claim.OPEN}


def test_first_responses_that_nobody_reports_are_not_known() -> None:
    found = told(answered(0.7, untold=200), FIRST)
    assert found.claim is Claim.UNREPORTED
    assert "of 200 of 1000 contacts nobody has reported when they were first answered" in (
        found.words
    )


def test_a_contact_that_nobody_answers_counts_as_the_whole_of_its_days() -> None:
    """The assistant is faster where it answers, and leaves a third to nobody."""
    some = [
        msgspec.structs.replace(one, responded_at=None, unanswered=True)
        if i % 5 and i % 3 == 0
        else one
        for i, one in enumerate(answered(0.5))
    ]
    found = told(some, FIRST)
    assert found.assisted.valued == found.assisted.whole
    assert found.claim not in (Claim.BETTER, Claim.REACHED)
