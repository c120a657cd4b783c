from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import msgspec
import pytest

from loop.world import ASKED, EVASIVE, TOPICS, World, ask, question
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.core.artefacts import Kind
from northloop.core.conversation import Message
from northloop.core.deployment import Arm, deployment_name
from northloop.core.errors import (
    CorruptArtefact,
    InputError,
    NotFound,
    NotReady,
    RemoteUnavailable,
)
from northloop.core.interaction import (
    WORKING,
    ApprovedAnswer,
    Feedback,
    HandoffReason,
    Interaction,
    Origin,
    Outcome,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.loop import engine_on_demand, promote
from northloop.loop.journal import customers
from northloop.loop.live import LiveService
from northloop.loop.pairs import load_release
from northloop.ports.models import Token
from northloop.stages.monitoring import approvals, review
from northloop.stages.monitoring.review import Judgement
from northloop.testing.models import ScriptedEngine

NOW = "2026-05-01T10:00:00+00:00"


def asked(number: int) -> str:
    """A question that was not asked before, about one of the topics."""
    about, _ = [*TOPICS.values()][number % len(TOPICS)]
    return f"{ASKED[number % len(ASKED)].format(about)} ({number})"


def judged(live: LiveService, world: World, text: str, name: str, correction: str) -> Verdict:
    """Ask, put the answer before a reviewer, and correct it."""
    ask(live, question(text, name))
    item = ReviewItem(
        review_id=f"review of {name}", interaction_id=name, at=NOW, probability=0.1, uniform=True
    )
    world.records.add(item)
    return live.judge(_incorrect(item.review_id, correction), NOW)


def _incorrect(review_id: str, correction: str) -> Judgement:
    return Judgement(
        review_id=review_id, kind=VerdictKind.INCORRECT, correction=correction, reviewer="ada"
    )


def test_without_a_release_nothing_is_answered(world: World) -> None:
    with pytest.raises(NotReady, match=r"no release is live → train one and promote it: northloop"):
        ask(world.live(), question("Anybody there?"))


def test_between_5_and_10_percent_are_reviewed(turned: World) -> None:
    live = turned.live()
    for number in range(2_000):
        ask(live, question(asked(number), f"i{number}"))
    kept = {i.interaction_id: i for i in customers(turned.records)}
    items = turned.records.query(ReviewItem).rows
    assert len(kept) == 2_000
    assert 0.05 <= len(items) / len(kept) <= 0.10
    probabilities = [i.review_probability for i in kept.values()]
    assert min(probabilities) >= 0.97 * 0.5 * turned.share
    assert len(set(probabilities)) > 10, "the less sure answers are looked at more often"
    assert sum(probabilities) / len(kept) == pytest.approx(turned.share, rel=0.1)
    for item in items:
        assert item.probability == kept[item.interaction_id].review_probability > 0
    assert 0 < sum(item.uniform for item in items) < len(items)


def test_a_restart_goes_on_with_the_line_where_it_was(turned: World) -> None:
    for begin in (0, 60, 120):
        live = turned.live()
        for number in range(begin, begin + 60):
            ask(live, question(asked(number), f"i{number}"))
    spans = [i.review_span for i in customers(turned.records)]
    assert [low for low, _ in spans] == [0.0, *[high for _, high in spans[:-1]]]
    drawn = turned.records.query(ReviewItem).rows
    assert 0.05 * 180 <= len(drawn) <= 0.10 * 180 + 1


def test_the_playground_is_kept_but_never_sampled(turned: World) -> None:
    live = turned.live()
    for number in range(150):
        ask(live, question(asked(number), f"i{number}", origin=Origin.PLAYGROUND))
    kept = turned.records.query(Interaction).rows
    assert len(kept) == 150
    assert {i.review_probability for i in kept} == {0.0}
    assert turned.records.count(ReviewItem) == 0
    assert [*customers(turned.records)] == []


def test_the_same_id_is_answered_once(turned: World) -> None:
    live = turned.live()
    first = ask(live, question(asked(1), "same"))
    again = ask(live, question(asked(1), "same"))
    assert again == first
    assert turned.records.count(Interaction) == 1


def test_an_answer_is_kept_before_its_last_piece_goes_out(turned: World) -> None:
    pieces = []
    for piece in turned.live().answer(question(asked(0), "watched")):
        pieces.append((piece, turned.records.count(Interaction)))
    *texts, (kept, _) = pieces
    assert isinstance(kept, Interaction)
    assert len(texts) > 2
    assert [count for _, count in texts] == [0] * (len(texts) - 1) + [1]


def test_an_answer_that_nobody_read_to_the_end_is_not_kept(turned: World) -> None:
    answer = turned.live().answer(question(asked(0), "left"))
    next(answer)
    answer.close()
    assert turned.records.count(Interaction) == 0


def test_what_is_kept_is_redacted_what_is_said_is_not(turned: World) -> None:
    live = turned.live()
    verdict = judged(live, turned, "Where is LF-4711?", "redacted", "LF-4711 left us today.")
    assert turned.records.get(Interaction, "redacted").question == "Where is [ORDER]?"
    assert verdict.correction == "[ORDER] left us today."
    assert turned.records.count(ApprovedAnswer) == 0, "it speaks of one order"


def test_a_correction_is_served_at_once(turned: World) -> None:
    live = turned.live()
    text = "Do you repair wet suits?"
    judged(live, turned, text, "first", "Wet suits go to our partner in Kiel.")
    said, kept = ask(live, question(text, "second"))
    assert said == "Wet suits go to our partner in Kiel."
    assert (kept.source, kept.confidence) == (Source.APPROVED, 1.0)


@pytest.mark.parametrize("correction", ["", "Ask for [ORDER] at the desk."])
def test_a_rejected_answer_is_not_given_again(turned: World, correction: str) -> None:
    live, elsewhere = turned.live(), turned.live()
    text = "Need quick information: jacket repairs."
    wrong, _ = ask(elsewhere, question(text, "elsewhere"))
    verdict = judged(live, turned, text, "first", correction)
    assert turned.records.count(ApprovedAnswer) == 0
    for n, service in enumerate((live, elsewhere, live)):
        said, kept = ask(service, question(text, f"again {n}"))
        assert wrong not in said
        assert (kept.handoff, kept.draft) == (HandoffReason.REJECTED, wrong)
    review.undo(turned.records, verdict.verdict_id)
    assert ask(live, question(text, "taken back"))[0] == wrong


def test_a_verdict_evicts_what_it_judged(turned: World) -> None:
    cache = MemoryCache()
    live, text = turned.live(cache), "Need quick information: jacket repairs."
    _, kept = ask(live, question(text, "kept"))
    (key,) = [str(step.evidence["key"]) for step in kept.trace if step.name == "cache"]
    assert cache.get(key) is not None
    judged(live, turned, text, "first", "")
    assert cache.get(key) is None


def test_a_withdrawn_answer_is_served_no_more(turned: World) -> None:
    live, text = turned.live(), "Do you repair wet suits?"
    judged(live, turned, text, "first", "Wet suits go to our partner in Kiel.")
    (approved,) = turned.records.query(ApprovedAnswer).rows
    assert ask(live, question(text, "second"))[1].source is Source.APPROVED
    approvals.withdraw(turned.records, approved.approved_id, "ben", NOW)
    assert ask(live, question(text, "third"))[1].source is not Source.APPROVED
    approvals.restore(turned.records, approved.approved_id)
    assert ask(live, question(text, "fourth"))[1].source is Source.APPROVED


def test_a_changed_correction_is_served_at_once(turned: World) -> None:
    live = turned.live()
    text = "Do you repair wet suits?"
    verdict = judged(live, turned, text, "first", "Wet suits go to our partner in Kiel.")
    ask(live, question(text, "second"))
    review.undo(turned.records, verdict.verdict_id)
    live.judge(_incorrect(verdict.review_id, "Wet suits are repaired in Kiel."), NOW)
    assert ask(live, question(text, "third"))[0] == "Wet suits are repaired in Kiel."
    review.undo(turned.records, verdict.verdict_id)
    assert ask(live, question(text, "fourth"))[1].source is not Source.APPROVED


def test_a_second_opinion_takes_the_place_of_the_first(turned: World) -> None:
    live = turned.live()
    verdict = judged(live, turned, asked(3), "first", "One.")
    wordless = Judgement(
        review_id=verdict.review_id, kind=VerdictKind.NEEDS_REPHRASING, reviewer="ada"
    )
    with pytest.raises(InputError, match="needs the better phrase"):
        live.judge(wordless, NOW)
    assert turned.records.query(Verdict).rows == [verdict], (
        "what cannot stand takes nothing's place"
    )
    second = live.judge(_incorrect(verdict.review_id, "Another."), NOW)
    assert turned.records.query(Verdict).rows == [second]
    assert ask(live, question(asked(3), "again"))[0] == "Another."


def test_a_promotion_takes_effect_without_a_restart(turned: World) -> None:
    live = turned.live()
    text = "Need quick information: jacket repairs."
    said, before = ask(live, question(text, "before"))
    assert said == TOPICS["repairs"][1]
    base = next(
        hash_
        for hash_ in _releases(turned)
        if load_release(turned.parts.artefacts, hash_).adapter is None
    )
    _make_live(turned, base)
    said, after = ask(live, question(text, "after"))
    assert (said, after.release) == (EVASIVE, base)
    promote.roll_back(turned.records, before.release)
    said, back = ask(live, question(text, "back"))
    assert (said, back.release) == (TOPICS["repairs"][1], before.release)


def test_a_release_answers_with_the_base_model_it_was_sealed_with(turned: World) -> None:
    (turned.folder / "base.gguf").write_bytes(b"another base model")
    with pytest.raises(CorruptArtefact, match="not the one that the release was sealed with"):
        ask(turned.live(), question(asked(0), "first"))


def test_any_sealed_release_can_be_asked(turned: World) -> None:
    base = next(r for r in _releases(turned) if r != promote.live(turned.records))
    said, kept = ask(
        turned.live(), question(asked(0), "asked the base", origin=Origin.PLAYGROUND), release=base
    )
    assert (said, kept.release) == (EVASIVE, base)


def test_the_evidence_of_an_answer_can_be_shown(turned: World) -> None:
    live = turned.live()
    _, kept = ask(live, question("Need quick information: jacket repairs.", "cited"))
    assert [one.passage.passage_id for one in live.cited(kept)] == [*kept.citations]
    assert kept.citations[0] == "repairs#1"


def test_feedback_and_outcomes_are_kept_redacted(turned: World) -> None:
    live = turned.live()
    _, kept = ask(live, question(asked(0), "rated"))
    given = Feedback(
        feedback_id="f", interaction_id="rated", at=NOW, rating=-1, comment="LF-99 is late"
    )
    live.add_feedback(given)
    live.add_outcome(
        Outcome(outcome_id="o", conversation_id=kept.conversation_id, at=NOW, resolved=True)
    )
    assert turned.records.get(Feedback, "f").comment == "[ORDER] is late"
    assert turned.records.query(Outcome, {"conversation_id": kept.conversation_id}).rows[0].resolved
    with pytest.raises(NotFound):
        live.add_feedback(Feedback(feedback_id="g", interaction_id="none", at=NOW, rating=1))


def test_many_threads_open_one_engine(turned: World) -> None:
    live = turned.live()
    engines = len(turned.engines)
    threads = [
        threading.Thread(target=ask, args=(live, question(asked(n), f"i{n}"))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(turned.engines) == engines + 1
    assert turned.records.count(Interaction) == 8


def test_engines_of_releases_long_unused_are_closed_but_never_the_live_one(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("northloop.loop.live.OPEN_PAIRS", 1)
    live = turned.live()
    opened = len(turned.engines)
    serving, base = _releases(turned)[:2]
    assert serving == promote.live(turned.records)
    for number, release in enumerate((serving, base, base, serving, base, serving)):
        list(live.answer(question(asked(number), f"i{number}"), release))
    bases = [adapters for adapters in turned.engines[opened:] if not adapters]
    assert (len(turned.engines) - opened, len(bases)) == (3, 2)


def _releases(world: World) -> list[str]:
    return [a.hash for a in world.parts.artefacts.list(Kind.RELEASE)]


def _make_live(world: World, release: str) -> None:
    newest = promote.newest_deployment(world.records)
    assert newest is not None
    made = msgspec.structs.replace(
        newest,
        deployment_id=deployment_name("", newest.version + 1),
        version=newest.version + 1,
        arms=(Arm(release=release, knowledge=newest.knowledge),),
    )
    assert world.records.add(made)


def test_behind_a_greeting_a_correction_is_served_and_teaches(turned: World) -> None:
    live = turned.live()
    text = "Do you repair wet suits?"
    greeted = msgspec.structs.replace(
        question(text, "greeted"),
        messages=(Message("assistant", "Hello! How can I help?"), Message("user", text)),
    )
    ask(live, greeted)
    item = ReviewItem(
        review_id="r", interaction_id="greeted", at=NOW, probability=0.1, uniform=True
    )
    turned.records.add(item)
    verdict = live.judge(_incorrect("r", "Wet suits go to our partner in Kiel."), NOW)
    assert ask(live, question(text, "bare"))[1].source is Source.APPROVED
    assert review.taught(turned.records, [verdict])


def test_who_waits_keeps_the_engine_of_the_release_that_answers(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("northloop.loop.live.OPEN_PAIRS", 1)
    closed: list[int] = []
    monkeypatch.setattr(ScriptedEngine, "close", lambda engine: closed.append(id(engine)))
    live = turned.live()
    serving, base = _releases(turned)[:2]
    waiting = live.answer(question(asked(0), "waits"), base)
    while next(waiting) is not WORKING:
        pass
    ask(live, question(asked(1), "other"))
    assert closed == [], "the base still has to answer"
    *_, kept = waiting
    assert isinstance(kept, Interaction)
    assert kept.release == base
    assert len(closed) == 1
    assert serving == promote.live(turned.records)


def test_a_release_that_cannot_be_opened_is_tried_again(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = turned.live()
    held = turned.folder / "base.gguf"
    whole = held.read_bytes()
    held.write_bytes(b"another")
    for name in ("first", "second"):
        with pytest.raises(CorruptArtefact):
            ask(live, question(asked(0), name))
    held.write_bytes(whole)
    assert ask(live, question(asked(0), "third"))[1].interaction_id == "third"


def test_what_is_known_needs_no_engine(turned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Do you repair wet suits?"
    judged(turned.live(), turned, text, "first", "Wet suits go to our partner in Kiel.")
    engines = len(turned.engines)
    fresh = turned.live()
    assert ask(fresh, question(text, "second"))[1].source is Source.APPROVED
    assert len(turned.engines) == engines
    ask(fresh, question(asked(0), "third"))
    assert len(turned.engines) == engines + 1


def test_a_server_that_was_asked_in_vain_rests_and_is_then_asked_again(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    says = ScriptedEngine.generate

    def away(*_: object, **__: object) -> Iterator[Token]:
        tried.append("")
        raise RemoteUnavailable("the server does not answer", where="there", action="start it")

    monkeypatch.setattr(ScriptedEngine, "generate", away)
    service = turned.live()
    for number in range(5):
        kept = ask(service, question(asked(number), f"away{number}"))[1]
        assert kept.handoff is HandoffReason.UNAVAILABLE
    assert len(tried) == engine_on_demand.IN_VAIN, "two customers waited for nothing"
    monkeypatch.setattr(engine_on_demand, "RESTS_S", 0.0)
    ahead = time.monotonic() + 60
    monkeypatch.setattr("northloop.loop.engine_on_demand.time.monotonic", lambda: ahead)
    ask(service, question(asked(5), "away5"))
    assert len(tried) == engine_on_demand.IN_VAIN + 1
    monkeypatch.setattr(ScriptedEngine, "generate", says)
    assert ask(service, question(asked(6), "back"))[1].source is Source.GENERATED


def test_one_broken_answer_keeps_nobody_else_from_the_model(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, says = turned.live(), ScriptedEngine.generate

    def breaks(*_: object, **__: object) -> Iterator[Token]:
        yield Token("You", -0.1)
        raise RemoteUnavailable("the connection broke", where="there", action="ask again")

    for number in range(engine_on_demand.IN_VAIN + 1):
        monkeypatch.setattr(ScriptedEngine, "generate", breaks)
        broken = ask(service, question(asked(2 * number), f"broken{number}"))[1]
        monkeypatch.setattr(ScriptedEngine, "generate", says)
        other = ask(service, question(asked(2 * number + 1), f"other{number}"))[1]
        assert broken.handoff is HandoffReason.UNAVAILABLE
        assert other.source is Source.GENERATED
