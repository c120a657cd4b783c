"""A candidate in the shadow: it answers afterwards, and it goes with the customer."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator

import msgspec
import pytest

from loop.test_rollout import Trialled, answered, asks, trialled, waits_once
from loop.world import NEWLY_ASKED, TOPICS, ask
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.core.canary import NOT_DRAWN, ShadowAnswer, Terms, Trial
from northloop.core.conversation import Message
from northloop.core.deployment import Arm
from northloop.core.interaction import Interaction, Origin, Question
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.loop import promote, rollout, shadow, side_by_side
from northloop.loop.live import LiveService
from northloop.loop.shadow import Shadows
from northloop.stages.monitoring import forget

__all__ = ["trialled", "waits_once"]
MOST = Terms(share=0.5)


@pytest.fixture
def begun(trialled: Trialled) -> Trial:
    return trialled.begin(MOST, shadow=True)


@pytest.fixture
def live(trialled: Trialled) -> Iterator[LiveService]:
    made = trialled.world.live()
    yield made
    made.close()


def shadows(trialled: Trialled) -> list[ShadowAnswer]:
    return trialled.world.records.query(ShadowAnswer).rows


def newly(name: str) -> Question:
    """What the candidate understands better, or worse, than what is live."""
    about = [*TOPICS.values()][int(name) % len(TOPICS)][0]
    text = NEWLY_ASKED[int(name) % len(NEWLY_ASKED)].format(about)
    return msgspec.structs.replace(asks(name, f"c{name}"), messages=(Message("user", text),))


def test_a_share_is_answered_again_and_customers_get_what_is_live(
    trialled: Trialled, begun: Trial, live: LiveService
) -> None:
    kept = []
    for n in range(30):
        kept.append(ask(live, asks(f"{n}", f"c{n}"))[1])
        live.settle()
    assert {(i.release, i.canary) for i in kept} == {(trialled.against, NOT_DRAWN)}
    said = shadows(trialled)
    assert 5 < len(said) < 25
    assert {s.release for s in said} == {trialled.candidate}
    assert {s.interaction_id for s in said} < {i.interaction_id for i in kept}
    assert trialled.world.records.count(Interaction) == 30
    ask(live, asks("0", "c0"))  # again under its id
    live.settle()
    assert shadows(trialled) == said
    assert rollout.shadowed(trialled.world.records, begun).answers == len(said)


def test_the_team_is_not_shadowed_and_nothing_is_cached(trialled: Trialled, begun: Trial) -> None:
    cache = MemoryCache()
    live = trialled.world.live(cache)
    for n in range(12):
        ask(live, asks(f"{n}", f"c{n}", origin=Origin.PLAYGROUND))
    live.settle()
    assert shadows(trialled) == []
    before = {c.interaction_id for c in cache.held().values()}
    kept = answered(live, 12, first=20)
    live.settle()
    assert shadows(trialled)
    after = {key: c for key, c in cache.held().items() if c.interaction_id not in before}
    assert len(after) == sum(i.source == "generated" for i in kept)
    live.close()


def test_what_differs_is_judged_blind_and_decides_nothing(
    trialled: Trialled, begun: Trial, live: LiveService
) -> None:
    records = trialled.world.records
    for n in range(24):
        ask(live, newly(str(n)))
        live.settle()
    pairs = records.query(SideBySide, {"proposal_id": begun.trial_id}).rows
    assert 0 < len(pairs) <= side_by_side.AHEAD
    assert not any(pair.alike for pair in pairs)
    mine = PairChoice.FIRST if pairs[0].candidate_first else PairChoice.SECOND
    chosen, proposal = side_by_side.judge(trialled.world.parts, pairs[0].pair_id, mine, "ada", 9)
    assert (chosen.choice, proposal) == (mine, None)
    found = rollout.shadowed(records, begun)
    assert (found.judged, found.candidate_right, found.current_right) == (
        1,
        int(bool(pairs[0].candidate)),
        0,
    )
    assert found.waiting == len(pairs) - 1


def test_it_goes_with_the_customer(trialled: Trialled, begun: Trial, live: LiveService) -> None:
    for n in range(12):
        ask(live, newly(str(n)))
    live.settle()
    theirs = shadows(trialled)[0].interaction_id
    customer = trialled.world.records.get(Interaction, theirs).customer_id
    assert forget.forget(trialled.world.records, "default", customer)["ShadowAnswer"] == 1
    assert theirs not in {s.interaction_id for s in shadows(trialled)}
    assert theirs not in {p.interaction_id for p in trialled.world.records.query(SideBySide).rows}


def test_what_is_forgotten_before_its_shadow_has_none(trialled: Trialled, begun: Trial) -> None:
    gate = threading.Event()
    live = trialled.world.live()

    def late(arm: object, question: Question) -> Iterator[str | Interaction]:
        assert gate.wait(20)
        yield from live._in_the_shadow(arm, question)  # type: ignore[arg-type]

    made = Shadows(trialled.world.records, late)
    live._shadows = made
    kept = answered(live, 6)
    for interaction in kept:
        forget.forget(trialled.world.records, "default", interaction.customer_id)
    gate.set()
    made.settle()
    assert shadows(trialled) == []
    live.close()


def test_it_waits_while_somebody_is_answered_and_drops_what_is_too_much(
    trialled: Trialled, begun: Trial, live: LiveService
) -> None:
    made = live._shadows
    with made.answering():
        for n in range(3 * shadow._MOST_WAITING):
            ask(live, asks(f"{n}", f"c{n}"))
        assert shadows(trialled) == [], "an answer is being made"
    live.settle()
    assert 0 < len(shadows(trialled)) <= shadow._MOST_WAITING + 1


def test_it_holds_no_place_in_an_engine_while_somebody_asks(
    trialled: Trialled, begun: Trial
) -> None:
    """Whoever asks may wait for that place: to pause there would be to wait for each other."""
    records = trialled.world.records
    live = trialled.world.live()
    kept = ask(live, asks("one", "c1"))[1]
    live.close()
    tries, let_go = [], []

    def answering(_: Arm, question: Question) -> Generator[str | Interaction, None, None]:
        tries.append(question)
        try:
            with made.answering():  # somebody asks meanwhile
                yield ""
        finally:
            let_go.append(question)

    made = Shadows(records, answering)
    newest = promote.newest_deployment(records)
    assert newest is not None
    assert newest.candidate is not None
    for row in shadows(trialled):
        records.remove(ShadowAnswer, row.shadow_id)
    made.offer(newest.candidate, asks("one", "c1"), kept)
    made.settle()
    assert len(tries) == len(let_go) == shadow._MOST_TRIES
    assert shadows(trialled) == []
    made.close()


def test_what_an_ended_trial_still_had_to_say_is_not_asked(
    trialled: Trialled, begun: Trial
) -> None:
    live = trialled.world.live()
    with live._shadows.answering():
        for n in range(5):
            ask(live, asks(f"{n}", f"c{n}"))
        rollout.stop(trialled.world.records, begun)
    live.settle()
    assert shadows(trialled) == []
    live.close()


def test_a_candidate_that_breaks_harms_nobody(trialled: Trialled, begun: Trial) -> None:
    live = trialled.world.live()

    def broken(_: object, __: object) -> Iterator[str | Interaction]:
        raise RuntimeError("the candidate broke")
        yield ""

    live._shadows = Shadows(trialled.world.records, broken)
    assert len(answered(live, 6)) == 6
    live.settle()
    assert shadows(trialled) == []
    live.close()


def test_its_end(trialled: Trialled, begun: Trial, live: LiveService) -> None:
    rollout.stop(trialled.world.records, begun)
    answered(live, 10)
    live.settle()
    assert shadows(trialled) == []
