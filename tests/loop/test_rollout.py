"""A candidate beside what is live: who is answered by which, and how a trial ends."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from worlds.canaries import judged_customer

from loop.test_promotion import by_person, next_turn
from loop.world import TOPICS, World, ask, question
from northloop.core.canary import NOT_DRAWN, Finding, Known, Terms, Trial, Unit
from northloop.core.contact import Contact
from northloop.core.deployment import Action
from northloop.core.errors import GateNotMet, InputError, NotReady
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    Question,
    SkipReason,
    Verdict,
    VerdictKind,
)
from northloop.core.treatment import Mode
from northloop.loop import promote, rollout
from northloop.loop.live import LiveService
from northloop.stages.monitoring import canary, forget
from northloop.stages.monitoring.holdout import is_held_out
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.sampling import review_id_of

HALF = Terms(share=0.5)
ABOUT = next(iter(TOPICS.values()))[0]


@dataclass
class Trialled:
    """A world with a release that passed the gate beside the live one."""

    world: World
    candidate: Hash
    against: Hash

    def begin(self, terms: Terms = HALF, **changes: object) -> Trial:
        """Begin a trial; customers are drawn by its name, the same in every run."""
        trial = rollout.new_trial(self.candidate, terms, "ada", self.world.share)
        name = f"trial {self.world.records.count(Trial)}"
        trial = msgspec.structs.replace(trial, **{"trial_id": name, **changes})
        return rollout.begin(self.world.parts.artefacts, self.world.records, trial)

    def look(self, now: datetime) -> None:
        """As a serving process does."""
        trial = rollout.current(self.world.records)
        if trial is not None:
            canary.settle(self.world.records, trial, now)
            found = rollout.stands(self.world.records, trial)
            rollout.act(self.world.parts.artefacts, self.world.records, found)


@pytest.fixture(scope="module")
def waits_once(turned_once: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Hash]:
    """A world after a second turn whose release waits: to be copied."""
    world = turned_once.copied(tmp_path_factory.mktemp("waits") / "workspace")
    _, release = next_turn(world)
    return world, release


@pytest.fixture
def trialled(waits_once: tuple[World, Hash], tmp_path: Path) -> Trialled:
    world, release = waits_once
    copy = world.copied(tmp_path / "workspace")
    return Trialled(copy, release, promote.live(copy.records) or "")


def asks(name: str, customer: str = "", conversation: str = "", **changes: object) -> Question:
    made = msgspec.structs.replace(
        question(f"What about {ABOUT}, {name}?", name),
        customer_id=customer,
        conversation_id=conversation or f"talk {name}",
    )
    return msgspec.structs.replace(made, **changes)


def answered(live: LiveService, count: int, first: int = 0) -> list[Interaction]:
    """One question of each of so many customers."""
    numbers = range(first, first + count)
    return [ask(live, asks(f"{n}", f"customer {n}"))[1] for n in numbers]


def test_the_share_of_the_customers_is_answered_by_the_candidate(trialled: Trialled) -> None:
    live = trialled.world.live()
    trial = trialled.begin(Terms(share=0.2))
    kept = answered(live, 200)
    treated = [i for i in kept if i.canary.treated]
    assert 20 < len(treated) < 62
    assert {i.release for i in treated} == {trialled.candidate}
    assert {i.release for i in kept if not i.canary.treated} == {trialled.against}
    assert {(i.canary.trial_id, i.canary.chance) for i in kept} == {(trial.trial_id, 0.2)}
    units = trialled.world.records.query(Unit, {"trial_id": trial.trial_id}).rows
    assert [u.treated for u in units] == [i.canary.treated for i in kept]


def test_a_customer_stays_with_one_release_over_conversations_and_servers(
    trialled: Trialled,
) -> None:
    trialled.begin()
    one, other = trialled.world.live(), trialled.world.live()
    for customer in range(20):
        releases = {
            ask(live, asks(f"{customer} {n}", f"c{customer}"))[1].release
            for n, live in enumerate((one, other, one))
        }
        assert len(releases) == 1
    assert trialled.world.records.count(Unit) == 20


def test_without_a_customer_the_conversation_is_drawn(trialled: Trialled) -> None:
    trialled.begin()
    live = trialled.world.live()
    seen = set()
    for talk in range(20):
        kept = [ask(live, asks(f"{talk} {n}", "", f"talk {talk}"))[1] for n in range(2)]
        assert kept[0].release == kept[1].release
        seen.add(kept[0].release)
    assert seen == {trialled.candidate, trialled.against}


def test_who_is_held_out_and_the_team_are_never_in_it(trialled: Trialled) -> None:
    serving = replace(trialled.world.live()._serving, holdout_share=lambda: 0.5)
    live = LiveService(trialled.world.parts, serving)
    trialled.begin()
    kept = answered(live, 60)
    held_out = [i for i in kept if is_held_out(asks("1", i.customer_id), 0.5)]
    assert len(held_out) > 15
    for interaction in held_out:
        assert interaction.canary == NOT_DRAWN
        assert interaction.release == trialled.against
    assert len({i.release for i in kept}) == 2
    for n in range(12):
        _, tried = ask(live, asks(f"t{n}", f"c{n}", origin=Origin.PLAYGROUND))
        assert (tried.release, tried.canary) == (trialled.against, NOT_DRAWN)


def test_a_conversation_that_began_before_goes_on_as_it_was(trialled: Trialled) -> None:
    live = trialled.world.live()
    before = [asks(f"b{n}", f"c{n}", f"old {n}") for n in range(12)]
    for one in before:
        ask(live, one)
    trialled.begin()
    for n in range(12):
        _, kept = ask(live, asks(f"a{n}", f"c{n}", f"old {n}"))
        assert (kept.release, kept.canary) == (trialled.against, NOT_DRAWN)
    assert {ask(live, asks(f"n{n}", f"c{n}"))[1].release for n in range(12)} == {
        trialled.candidate,
        trialled.against,
    }


def test_a_stop_and_another_canary(trialled: Trialled) -> None:
    live, records = trialled.world.live(), trialled.world.records
    trial = trialled.begin()
    kept = answered(live, 20)
    ended = rollout.stop(records, trial, "ada")
    assert (ended.action, ended.release, ended.candidate) == (Action.STOP, trialled.against, None)
    assert rollout.stop(records, trial) == ended, "it has ended already"
    for i in kept:
        again = ask(live, asks(f"2 {i.interaction_id}", i.customer_id, i.conversation_id))[1]
        assert (again.release, again.canary) == (trialled.against, NOT_DRAWN)
    second = trialled.begin()
    arms = {i.customer_id: i.canary.treated for i in kept}
    drawn = {name: ask(live, asks(f"3 {name}", name))[1].canary.treated for name in arms}
    assert arms != drawn, "each canary draws anew"
    assert rollout.end_of(promote.deployments(records), trial) == ended
    assert rollout.end_of(promote.deployments(records), second) is None
    assert rollout.current(records) == second


def test_what_may_not_begin(trialled: Trialled, world: World) -> None:
    records, artefacts = trialled.world.records, trialled.world.parts.artefacts
    with pytest.raises(NotReady, match="no release is live"):
        rollout.begin(world.parts.artefacts, world.records, rollout.new_trial("", HALF, "", 0.08))
    with pytest.raises(InputError, match="it is live already"):
        rollout.begin(artefacts, records, rollout.new_trial(trialled.against, HALF, "", 0.08))
    base = promote.deployments(records)[0].release
    unjudged = next(
        a.hash for a in artefacts.list("release") if a.hash not in (base, trialled.candidate)
    )
    with pytest.raises(GateNotMet):
        rollout.begin(artefacts, records, rollout.new_trial(unjudged, HALF, "", 0.08))
    assert rollout.trials(records) == []
    trialled.begin()
    with pytest.raises(InputError, match=r"tried already → end that first: northloop canary stop"):
        trialled.begin()


def test_a_promotion_a_roll_back_and_new_documents(trialled: Trialled) -> None:
    world = trialled.world
    artefacts, records = world.parts.artefacts, world.records
    trial = trialled.begin()
    pair = promote.pair_in_force(artefacts, records)
    made = promote.put_in_force(records, pair, "k" * 64, "ada")
    assert {arm.knowledge for arm in made.arms} == {"k" * 64}
    assert rollout.current(records) == trial, "the documents do not end it"
    promote.put_in_force(records, promote.pair_in_force(artefacts, records), pair.knowledge, "")
    gone_live = by_person(world, trialled.candidate)
    assert gone_live.candidate is None
    assert rollout.end_of(promote.deployments(records), trial) == gone_live
    assert answered(world.live(), 5)[0].release == trialled.candidate
    assert promote.roll_back(records).release == trialled.against, "trials are not in the line"


def hours_later(records: object, hours: float) -> datetime:
    newest = records.query(Interaction, newest=True, limit=1).rows[0]  # type: ignore[attr-defined]
    return datetime.fromisoformat(newest.at) + timedelta(hours=hours)


def test_what_came_of_a_customer_is_fixed_when_it_is_known(trialled: Trialled) -> None:
    world, records = trialled.world, trialled.world.records
    live = world.live()
    trial = trialled.begin()
    answered(live, 60)
    ask(live, asks("again", "customer 3"))
    trialled.look(hours_later(records, 1))
    assert {u.state for u in records.query(Unit).rows} == {Known.OPEN}
    late = hours_later(records, 25)
    trialled.look(late)
    units = records.query(Unit).rows
    drawn = [u for u in units if u.drawn]
    assert drawn
    assert all((u.state is Known.CLOSED) == bool(u.drawn) for u in units)
    came_back = units[3]
    assert (came_back.stayed, came_back.questions) == (0.0, 2)
    assert {u.stayed for u in units if u != came_back} == {1.0}
    standing = rollout.stands(records, trial)
    first = units.index(drawn[0])
    right, _, contained, stayed = standing.figures
    assert sum(right.counted) == first, "nobody counts who comes after an answer that waits"
    assert sum(contained.counted) == sum(stayed.counted) == 60
    assert standing.reviews == sum(len(u.drawn) for u in units)
    for number, unit in enumerate(drawn):
        for name in unit.drawn:
            kind = VerdictKind.INCORRECT if number else VerdictKind.CORRECT
            item = review_id_of(records.get(Interaction, name))
            live.judge(Judgement(review_id=item, kind=kind, reviewer="ada"), late.isoformat())
    trialled.look(late)
    known = records.query(Unit).rows
    assert {u.state for u in known} == {Known.JUDGED}
    weighed = known[first]
    probability = records.get(Interaction, weighed.drawn[0]).review_probability
    assert weighed.weight == weighed.right == pytest.approx(1 / probability)
    assert sum(u.right for u in known) == weighed.right
    assert sum(rollout.stands(records, trial).figures[0].counted) == 60


def test_an_answer_that_nobody_judges_does_not_hold_up_the_others_for_good(
    trialled: Trialled,
) -> None:
    """Two reviewers may pass it over, and nobody else is there to be asked."""
    records, live = trialled.world.records, trialled.world.live()
    trial = trialled.begin()
    answered(live, 60)
    late = hours_later(records, 25)
    trialled.look(late)
    left = [u for u in records.query(Unit).rows if u.state is Known.CLOSED]
    for reviewer in ("ada", "ben"):
        skip = Judgement(
            review_id=review_id_of(records.get(Interaction, left[0].drawn[0])),
            kind=VerdictKind.CORRECT,
            reviewer=reviewer,
            skip=SkipReason.CANNOT_TELL,
        )
        live.judge(skip, late.isoformat())
    trialled.look(late + canary.PATIENCE - timedelta(hours=2))
    assert sum(rollout.stands(records, trial).figures[0].counted) < 60
    trialled.look(late + canary.PATIENCE)
    found = rollout.stands(records, trial)
    assert (found.reviews, found.skipped) == (0, 1.0)
    assert sum(found.figures[0].counted) == 60


def test_a_draft_that_only_lacks_a_certificate_counts_as_if_it_were_sent(
    trialled: Trialled,
) -> None:
    """Else no candidate could be tried where only what is certified is sent: it has none yet."""
    world, records = trialled.world, trialled.world.records
    live = world.live(mode=Mode.CERTIFIED)
    trialled.begin()
    kept = answered(live, 12)
    drafts = [i for i in kept if i.handoff is HandoffReason.NOT_CERTIFIED]
    assert drafts
    assert {i.canary.treated for i in drafts} == {True, False}
    late = hours_later(records, 25)
    for draft in drafts:
        right = Judgement(review_id=review_id_of(draft), kind=VerdictKind.CORRECT, reviewer="ada")
        live.judge(right, late.isoformat())
    trialled.look(late)
    waiting = {i.customer_id for i in drafts}
    for unit in records.query(Unit).rows:
        is_draft = float(unit.customer_id in waiting)
        assert (unit.state, unit.sent, unit.contained) == (Known.JUDGED, is_draft, is_draft)
        assert unit.right == unit.weight == is_draft


def planted(trial: Trial, number: int, good: dict[bool, float]) -> Unit:
    """A customer all of whose answers were judged."""
    treated = uniform("arm", str(number)) < trial.terms.share
    right = uniform("right", str(number)) < good[treated]
    return judged_customer(trial, number, treated=treated, right=right)


def test_a_harmful_candidate_is_rolled_back_with_its_reason(trialled: Trialled) -> None:
    records = trialled.world.records
    trial = trialled.begin()
    records.add_all([planted(trial, n, {True: 0.3, False: 0.9}) for n in range(400)])
    trialled.look(datetime.fromisoformat(trial.at))
    ended = promote.newest_deployment(records)
    assert ended is not None
    assert (ended.action, ended.release, ended.candidate) == (Action.STOP, trialled.against, None)
    assert ended.why.startswith("worse, ")
    assert "right and sent 3" in ended.why
    trialled.look(datetime.fromisoformat(trial.at))
    assert promote.newest_deployment(records) == ended


def test_customers_that_are_missing_end_it(trialled: Trialled) -> None:
    records = trialled.world.records
    trial = trialled.begin()
    some = (planted(trial, n, {True: 0.9, False: 0.9}) for n in range(200))
    records.add_all([unit for unit in some if not unit.treated or unit.unit_id.endswith("7")])
    trialled.look(datetime.fromisoformat(trial.at))
    ended = promote.newest_deployment(records)
    assert ended is not None
    assert ended.action is Action.STOP
    assert "some of one arm are missing" in ended.why


@pytest.mark.parametrize("automatic", [False, True])
def test_what_is_no_worse_waits_for_a_person_unless_the_terms_say_otherwise(
    trialled: Trialled, automatic: bool
) -> None:
    records = trialled.world.records
    terms = Terms(share=0.5, margin=0.1, automatic=automatic)
    trial = trialled.begin(terms, least_review_probability=1.0)
    records.add_all([planted(trial, n, {True: 0.95, False: 0.9}) for n in range(700)])
    trialled.look(datetime.fromisoformat(trial.at))
    found = rollout.stands(records, trial)
    assert found.finding is Finding.NO_WORSE
    newest = promote.newest_deployment(records)
    assert newest is not None
    if automatic:
        assert (newest.action, newest.release) == (Action.PROMOTE, trialled.candidate)
        assert newest.why == found.why
    else:
        assert newest.candidate is not None


def test_answers_that_reviewers_pass_over_prove_nothing(trialled: Trialled) -> None:
    trial = trialled.begin(Terms(share=0.5, margin=0.1), least_review_probability=1.0)
    units = [planted(trial, n, {True: 0.95, False: 0.9}) for n in range(700)]
    passed_over = [
        msgspec.structs.replace(u, drawn=("1",), skipped=int(n % 10 == 0))
        for n, u in enumerate(units)
    ]
    trialled.world.records.add_all(passed_over)
    found = rollout.stands(trialled.world.records, trial)
    assert found.finding is Finding.OPEN
    assert "left 10%" in found.why


def test_without_any_verdict_nothing_goes_live_by_itself(trialled: Trialled) -> None:
    """Everybody who counts comes after an answer that nobody has judged."""
    terms = Terms(share=0.5, margin=0.1, automatic=True)
    trial = trialled.begin(terms, least_review_probability=1.0)
    units = [planted(trial, n, {True: 0.95, False: 0.9}) for n in range(700)]
    units[0] = msgspec.structs.replace(
        units[0], state=Known.CLOSED, closes_at=trial.at, drawn=("1",)
    )
    trialled.world.records.add_all(units)
    trialled.look(datetime.fromisoformat(trial.at))
    found = rollout.stands(trialled.world.records, trial)
    assert found.figures[0].counted == (0, 0)
    assert found.finding is Finding.OPEN
    assert rollout.current(trialled.world.records) is not None


def test_a_trial_that_was_stopped_this_moment_is_not_promoted(trialled: Trialled) -> None:
    artefacts, records = trialled.world.parts.artefacts, trialled.world.records
    trial = trialled.begin(Terms(share=0.5, margin=0.1), least_review_probability=1.0)
    records.add_all([planted(trial, n, {True: 0.95, False: 0.9}) for n in range(700)])
    found = rollout.stands(records, trial)
    assert found.finding is Finding.NO_WORSE
    rollout.stop(records, trial, "ada")
    assert rollout.promote_tried(artefacts, records, found) is None
    assert promote.live(records) == trialled.against


def test_an_answer_whose_program_names_nobody_counts_by_itself(trialled: Trialled) -> None:
    records = trialled.world.records
    live = trialled.world.live()
    trialled.begin()
    for number in range(20):
        ask(live, msgspec.structs.replace(asks(f"{number}"), conversation_id=""))
    trialled.look(hours_later(records, 25))
    units = records.query(Unit).rows
    assert len(units) == 20
    assert {unit.questions for unit in units} == {1}


def test_a_forgotten_customer_leaves_the_canary(trialled: Trialled) -> None:
    live, records = trialled.world.live(), trialled.world.records
    trialled.begin()
    answered(live, 3)
    gone = forget.forget(records, "default", "customer 1")
    assert gone["Unit"] == 1
    assert [u.customer_id for u in records.query(Unit).rows] == ["customer 0", "customer 2"]
    assert records.count(Contact) == 2


def test_answers_go_on_while_what_is_live_changes(trialled: Trialled) -> None:
    """Each answer is of one release, whatever happens meanwhile."""
    live, records = trialled.world.live(), trialled.world.records
    kept: list[Interaction] = []
    failed: list[BaseException] = []

    def keep_asking(who: int) -> None:
        try:
            for n in range(15):
                kept.append(ask(live, asks(f"{who} {n}", f"c{who} {n}"))[1])
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [threading.Thread(target=keep_asking, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        rollout.stop(records, trialled.begin())
    trialled.begin()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(kept) == 60
    for interaction in kept:
        wanted = trialled.candidate if interaction.canary.treated else trialled.against
        assert interaction.release == wanted
    assert not records.count(Verdict)
