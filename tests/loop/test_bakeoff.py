from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from loop.world import TOPICS, World, ask, question
from northloop.core.artefacts import AskedTreatment, Kind, Report
from northloop.core.clock import stamp
from northloop.core.conversation import Example, Message, Split
from northloop.core.ids import Hash
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.loop import promote, propose
from northloop.loop.bakeoff import Quick, learnt_ways, policy, tried
from northloop.loop.bundles import read_one
from northloop.loop.live import LiveService
from northloop.loop.pairs import load_release
from northloop.stages.data.sources import SourceFile
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.review import Judgement
from northloop.stages.serving.policy import Chosen, choose, prefers_models
from northloop.statistics.thresholds import RiskSpec
from remembering import Remembering
from stages.serving.shop import RELEASE

LEARNT = {Treatment.MEMORY: "m" * 64, Treatment.QUOTE: "q" * 64}


class Saying:
    """A treatment that says what it is told to, as sure as the question ends."""

    def __init__(self, treatment: Treatment, replies: dict[str, str]) -> None:
        self._treatment = treatment
        self._replies = replies

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        asked = messages[-1].content
        if asked not in self._replies:
            return None
        number = int(asked.split()[-1])
        reply = self._replies[asked]
        return Candidate(
            treatment=self._treatment,
            text=reply,
            confidence=(number + 1) / 1000,
            vouching=(reply,),
        )


def rows(count: int) -> list[Example]:
    topics = list(TOPICS.items())
    return [
        Example(
            example_id=f"e{n:03}",
            question=f"What of {topics[n % 6][1][0]} number {n}",
            reply=topics[n % 6][1][1],
            intent=topics[n % 6][0],
            split=Split.VALIDATION,
            group=f"g{n}",
            count=1,
            origin=(f"file:{n}",),
        )
        for n in range(count)
    ]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def right_from(asked: Sequence[Example], least: int) -> dict[str, str]:
    """Replies that are right from a number on, those of another topic before."""
    return {
        row.question: row.reply if n >= least else asked[(n + 1) % len(asked)].reply
        for n, row in enumerate(asked)
    }


def test_who_is_right_most_often_comes_first_and_the_next_takes_what_is_left(
    world: World,
) -> None:
    asked = rows(600)
    memory = Saying(Treatment.MEMORY, right_from(asked, 400))
    quote = Saying(Treatment.QUOTE, right_from(asked, 200))
    quick = Quick({Treatment.MEMORY: memory, Treatment.QUOTE: quote}, LEARNT)
    first, *others = (found := policy(world.parts, asked, quick)).choices
    assert first.treatment is Treatment.QUOTE
    assert first.learnt == "q" * 64
    assert 0.15 < first.least <= 0.201
    assert [o.sent for o in others] == [False]  # of what is left, memory is right about none
    assert found.left.sum() == sum((n + 1) / 1000 < first.least for n in range(600))
    assert first.foreseen is not None
    assert first.foreseen.right + first.foreseen.wrong == 600 - found.left.sum()


def test_two_that_know_different_things_are_both_served(world: World) -> None:
    asked = rows(600)
    memory = Saying(Treatment.MEMORY, {r.question: r.reply for r in asked[::2]})
    quote = Saying(Treatment.QUOTE, {r.question: r.reply for r in asked[1::2]})
    quick = Quick({Treatment.MEMORY: memory, Treatment.QUOTE: quote}, LEARNT)
    found = policy(world.parts, asked, quick)
    assert {c.treatment for c in found.choices} == {Treatment.MEMORY, Treatment.QUOTE}
    assert not found.left.any()


def test_who_is_wrong_too_often_or_asked_too_little_is_not_served(world: World) -> None:
    asked = rows(600)
    seldom = {r.question: r.reply if n % 5 == 0 else "No." for n, r in enumerate(asked)}
    wrong = Saying(Treatment.MEMORY, seldom)
    found = policy(world.parts, asked, Quick({Treatment.MEMORY: wrong}, LEARNT))
    assert [c.sent for c in found.choices] == [False]
    assert found.left.all()
    few = rows(21)
    right = Saying(Treatment.MEMORY, right_from(few, 0))
    found = policy(world.parts, few, Quick({Treatment.MEMORY: right}, LEARNT))
    assert [c.sent for c in found.choices] == [False]


def test_what_people_find_wrong_is_held_back_whatever_validation_questions_say(
    world: World,
) -> None:
    asked = rows(200)
    memory = Saying(Treatment.MEMORY, dict.fromkeys((r.question for r in asked), "No."))
    quote = Saying(Treatment.QUOTE, right_from(asked, 0))
    quick = Quick({Treatment.MEMORY: memory, Treatment.QUOTE: quote}, LEARNT)
    found = policy(world.parts, asked, quick, {Treatment.QUOTE}).choices
    assert [(c.treatment, c.sent, c.decided) for c in found] == [
        (Treatment.QUOTE, False, True),
        (Treatment.MEMORY, False, False),
    ]


def test_what_did_not_win_is_drafted_and_not_sent() -> None:
    asked = rows(3)
    ways = {Treatment.MEMORY: Saying(Treatment.MEMORY, right_from(asked, 0))}
    lost = AskedTreatment(treatment=Treatment.MEMORY, learnt="m" * 64, least=0.0, sent=False)
    found = choose([lost], ways, asked[2].asked)
    assert found.sent is None
    assert found.held is not None
    assert found.held.text == asked[2].reply
    unsure = msgspec.structs.replace(lost, sent=True, least=-1.0)

    class Unsure(Saying):
        def answer(self, messages: Sequence[Message]) -> Candidate | None:
            found = super().answer(messages)
            return found and msgspec.structs.replace(found, confidence=0.0)

    nothing = {Treatment.MEMORY: Unsure(Treatment.MEMORY, right_from(asked, 0))}
    assert choose([unsure], nothing, asked[2].asked).sent is None
    assert choose([msgspec.structs.replace(lost, sent=True)], ways, asked[2].asked).sent


def test_what_states_a_fact_that_nobody_vouches_for_is_never_sent() -> None:
    asked = rows(6)

    class Inventing(Saying):
        def answer(self, messages: Sequence[Message]) -> Candidate | None:
            found = super().answer(messages)
            assert found is not None
            return Candidate(
                treatment=found.treatment,
                text=f"{found.text} Or within 99 days.",
                confidence=1.0,
                vouching=found.vouching,
            )

    found = tried(Inventing(Treatment.QUOTE, right_from(asked, 0)), asked)
    assert (found.confidence < 0).all()


def test_a_treatment_that_is_not_served_is_in_the_table_as_held_back() -> None:
    asked = rows(12)
    opened = {Treatment.QUOTE: Saying(Treatment.QUOTE, right_from(asked, 0))}
    [entry] = learnt_ways(RELEASE, opened, asked)
    assert (entry.name, entry.served) == ("quote", False)
    assert all(answer.handed_off and answer.text for answer in entry.answers)


MORE = (
    "Quick information needed on {}, and soon.",
    "Is {} something that works at your company?",
    "Rules of {}, when one is living abroad?",
    "Since yesterday evening I wonder about {} again.",
)


class Remembers(NamedTuple):
    """A world with a turn behind it whose treatment remembers what was asked."""

    world: World
    report: Hash


def remembering(tmp_path: Path, base: str = "tiny") -> World:
    """A world before its first turn in which a memory competes, on enough validation questions."""
    world = World(tmp_path)
    recipe = msgspec.structs.replace(world.spec.recipe, base=base)
    world.spec = msgspec.structs.replace(world.spec, recipe=recipe)
    world.parts = replace(world.parts, learners=lambda: {Treatment.MEMORY: Remembering()})
    more = tmp_path / "more.csv"
    with more.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("ticket_id", "customer_id", "question", "reply", "intent"))
        for topic, (about, reply) in TOPICS.items():
            for number, form in enumerate(MORE):
                name = f"{topic}-{number}"
                writer.writerow((name, f"c-{name}", form.format(about), reply, topic))
    sources = (*world.spec.sources, SourceFile(path=more, pin=Split.VALIDATION))
    world.spec = msgspec.structs.replace(world.spec, sources=sources)
    return world


@pytest.fixture(scope="module")
def remembered_once(tmp_path_factory: pytest.TempPathFactory) -> Remembers:
    world = remembering(tmp_path_factory.mktemp("remembering"))
    return Remembers(world, world.first_turn()["report"])


@pytest.fixture
def remembers(remembered_once: Remembers, tmp_path: Path) -> Remembers:
    world, report = remembered_once
    return Remembers(world.copied(tmp_path / "workspace"), report)


class TestTurn:
    def test_what_wins_on_validation_is_sealed_served_and_reported(
        self, remembers: Remembers
    ) -> None:
        turned = remembers.world
        artefacts = turned.parts.artefacts
        [learnt] = artefacts.list(Kind.LEARNT)
        release = load_release(artefacts, promote.live(turned.records) or "")
        [choice] = release.first
        assert (choice.treatment, choice.learnt) == (Treatment.MEMORY, learnt.hash)
        assert not release.generates
        report = read_one(artefacts, remembers.report, "report.json", Report)
        assert [c.name for c in report.contestants] == [
            "constant",
            "nearest reply",
            "linear",
            "memory",
            "generated",
        ]
        by_name = {c.name: c for c in report.contestants}
        assert by_name["memory"].served
        assert not by_name["generated"].served
        assert by_name["memory"].sent_right.items == report.score("right").items

    def test_beside_another_servers_model_treatments_compete_too(self, tmp_path: Path) -> None:
        world = remembering(tmp_path, "remote:large-model")
        state = world.first_turn()
        release = load_release(world.parts.artefacts, promote.live(world.records) or "")
        assert (state["adapter"], release.adapter) == ("", None)
        assert [(c.treatment, c.sent) for c in release.first] == [(Treatment.MEMORY, True)]
        assert release.model == "remote:large-model"
        live = world.live()
        text, kept = ask(live, question(f"Need quick information: {TOPICS['repairs'][0]}."))
        assert (text, kept.source) == (TOPICS["repairs"][1], Source.MEMORY)
        live.close()

    def test_a_customer_receives_what_was_measured(self, remembers: Remembers) -> None:
        turned = remembers.world
        live = turned.live()
        about, reply = TOPICS["repairs"]
        text, kept = ask(live, question(f"Need quick information: {about}."))
        assert (text, kept.source) == (reply, Source.MEMORY)
        engines = len(turned.engines)
        text, kept = ask(live, question("Completely different matter altogether?", "q2"))
        assert kept.handoff is HandoffReason.NOT_CONFIDENT
        assert kept.draft in [reply for _, reply in TOPICS.values()]
        assert len(turned.engines) == engines  # no model was opened
        live.close()

    def test_treatments_are_opened_anew_when_a_customer_was_forgotten(
        self, remembers: Remembers
    ) -> None:
        turned, loads = remembers.world, list[str]()

        class Counted(Remembering):
            def load(self, *given: Any) -> Any:
                loads.append("once more")
                return super().load(*given)

        turned.parts = replace(turned.parts, learners=lambda: {Treatment.MEMORY: Counted()})
        live, other = turned.live(), turned.live()
        asked = question(f"Need quick information: {TOPICS['repairs'][0]}.")
        ask(live, msgspec.structs.replace(asked, customer_id="ada"))
        assert not live.let_go() and len(loads) == 1
        other.forget("default", "ada")
        assert live.let_go() and len(loads) == 2
        assert not live.let_go() and len(loads) == 2
        live.close()
        other.close()


def test_a_draft_of_what_people_decided_against_comes_last() -> None:
    asked = rows(3)
    quote = Saying(Treatment.QUOTE, dict.fromkeys((r.question for r in asked), "Within 9 days."))
    ways = {
        Treatment.QUOTE: quote,
        Treatment.MEMORY: Saying(Treatment.MEMORY, right_from(asked, 0)),
    }
    first = AskedTreatment(treatment=Treatment.QUOTE, learnt="q" * 64, least=0.9, sent=False)
    second = AskedTreatment(treatment=Treatment.MEMORY, learnt="m" * 64, least=0.9, sent=False)
    assert choose([first, second], ways, asked[2].asked).held == quote.answer(asked[2].asked)
    shunned = msgspec.structs.replace(first, decided=True)
    found = choose([shunned, second], ways, asked[2].asked)
    assert found.held is not None
    assert (found.held.treatment, found.lost) == (Treatment.MEMORY, True)


def test_the_models_draft_comes_before_one_of_a_treatment_that_lost() -> None:
    held = Candidate(treatment=Treatment.MEMORY, text="Six weeks.", confidence=0.2)
    doubt, refused = HandoffReason.NOT_CERTIFIED, HandoffReason.NOT_GROUNDED
    lost, won = Chosen(held=held, lost=True), Chosen(held=held)
    assert prefers_models(Chosen(), doubt, "")
    assert prefers_models(lost, doubt, "Five weeks.")
    assert not prefers_models(lost, refused, "Five weeks."), "what the check refused is worth less"
    assert not prefers_models(lost, doubt, "")
    assert not prefers_models(won, doubt, "Five weeks.")


class TestFavoured:
    """In the mode "open" people's decisions overrule what a treatment promised."""

    ABOUT = TOPICS["repairs"][0]

    def decided(self, turned: World, right: bool, count: int) -> None:
        release = promote.live(turned.records) or ""
        first = turned.records.count(Decided)
        turned.records.add_all(
            Decided(
                interaction_id=f"{n}",
                release=release,
                at=stamp(),
                treatment="memory",
                sure=0.99,
                right=right,
                distinct=f"{n}",
            )
            for n in range(first, first + count)
        )

    def asked(self, live: LiveService, name: str) -> tuple[Source, str]:
        said = question(f"{name}, quick information needed on {self.ABOUT}, and soon.", name)
        kept = ask(live, said)[1]
        return kept.source, kept.draft or kept.answer

    def test_what_people_find_wrong_is_held_back_at_once_and_comes_back(
        self, remembers: Remembers
    ) -> None:
        turned = remembers.world
        one, other = turned.live(), turned.live()
        reply = TOPICS["repairs"][1]
        self.decided(turned, False, 11)
        assert self.asked(one, "a") == (Source.MEMORY, reply)
        self.decided(turned, False, 1)
        for live in (one, other):
            assert self.asked(live, "b") == (Source.HANDOFF, reply), "it is a draft now"
        self.decided(turned, True, 12)
        assert self.asked(one, "c") == (Source.MEMORY, reply)
        one.close()
        other.close()

    def test_the_next_release_begins_with_what_people_decided(self, remembers: Remembers) -> None:
        turned = remembers.world
        self.decided(turned, False, 12)
        turned.spec = msgspec.structs.replace(turned.spec, mode=Mode.OPEN)
        first = promote.live(turned.records) or ""
        proposal = propose.ask_for_retraining(turned.records)
        state = turned.judged(proposal)
        [choice] = load_release(turned.parts.artefacts, state["release"]).first
        assert (choice.sent, choice.decided) == (False, True)
        report = read_one(turned.parts.artefacts, state["current_report"], "report.json", Report)
        assert report.score("answered").value == 0, "live is compared as customers are answered"
        assert state["against"] == first


class TestCertified:
    """Drafts are decided on until people's decisions let such answers go out by themselves."""

    RISK = RiskSpec(max_wrong=0.2)  # eleven decisions without a mistake are the fewest

    def drafts(self, live: LiveService, count: int) -> list[Interaction]:
        asked = [
            question(f"{'very ' * n}quick information needed on {about}, and soon.", f"d{n}{topic}")
            for n in range(4)
            for topic, (about, _) in TOPICS.items()
        ]
        return [ask(live, one)[1] for one in asked[:count]]

    def decide(self, turned: World, live: LiveService, right: bool = True) -> None:
        for item in turned.records.query(ReviewItem, {"judged": 0}).rows:
            kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
            live.judge(Judgement(review_id=item.review_id, kind=kind), stamp())

    def test_decisions_on_drafts_let_answers_go_out(self, remembers: Remembers) -> None:
        turned = remembers.world
        live = turned.live(mode=Mode.CERTIFIED, risk=self.RISK)
        kept = self.drafts(live, 16)
        assert {one.handoff for one in kept} == {HandoffReason.NOT_CERTIFIED}
        assert turned.records.count(ReviewItem) == 16
        self.decide(turned, live)
        about, reply = TOPICS["repairs"]
        sure = question(f"Quick information needed on {about}, and soon please.", "sure")
        text, sent = ask(live, sure)
        assert (text, sent.source) == (reply, Source.MEMORY)
        text, held = ask(live, question("A wholly different matter?", "unsure"))
        assert held.handoff is HandoffReason.NOT_CERTIFIED and reply not in text
        live.close()

    def test_wrong_decisions_let_nothing_out(self, remembers: Remembers) -> None:
        turned = remembers.world
        live = turned.live(mode=Mode.CERTIFIED, risk=self.RISK)
        self.drafts(live, 16)
        self.decide(turned, live, right=False)
        _, held = ask(live, question(f"Quick information needed on {TOPICS['sizes'][0]}?", "q"))
        assert held.handoff is HandoffReason.NOT_CERTIFIED
        live.close()

    def test_what_rests_on_passages_that_went_lets_nothing_out(self, remembers: Remembers) -> None:
        turned = remembers.world
        live = turned.live(mode=Mode.CERTIFIED, risk=self.RISK)
        kept, *_ = self.drafts(live, 1)
        stands, *_ = turned.parts.passage_hashes(kept.knowledge)
        about, _ = TOPICS["repairs"]
        for said, source in ((Hash("gone"), Source.HANDOFF), (stands, Source.MEMORY)):
            decisions = [
                Decided(
                    interaction_id=f"{said} {number}",
                    release=kept.release,
                    at=stamp(),
                    treatment=kept.treatment,
                    sure=0.0,
                    right=True,
                    distinct=f"{said} {number}",
                    evidence=(said,),
                )
                for number in range(16)
            ]
            turned.records.add_all(decisions)
            asked = question(f"Quick information needed on {about}, and soon please.", said)
            assert ask(live, asked)[1].source is source
        live.close()

    def test_another_server_sees_the_certificate_at_once(self, remembers: Remembers) -> None:
        turned = remembers.world
        one, other = (turned.live(mode=Mode.CERTIFIED, risk=self.RISK) for _ in range(2))
        asked = f"Quick information needed on {TOPICS['sizes'][0]}, and soon please."
        _, before = ask(other, question(asked, "before"))
        self.drafts(one, 16)
        self.decide(turned, one)
        about = TOPICS["sizes"][0]
        again = f"And soon please: quick information needed on {about}."
        _, after = ask(other, question(again, "after"))
        assert before.handoff is HandoffReason.NOT_CERTIFIED
        assert after.source is Source.MEMORY
        one.close()
        other.close()
