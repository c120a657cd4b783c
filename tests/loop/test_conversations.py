"""What was said before a question, from training to serving: one prompt, wherever it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pytest

from desk import AGENT, CUSTOMER, DESK, talk, written
from loop.world import TOPICS, World, ask
from northloop.app.answers import trace_row
from northloop.core.actor import team
from northloop.core.artefacts import Kind, Report, TuneSpec
from northloop.core.conversation import Example, Message, Split, Ticket
from northloop.core.errors import NotFound, TooLong
from northloop.core.ids import Hash
from northloop.core.interaction import Question
from northloop.core.prompt import CHATML
from northloop.core.question import MAX_CONVERSATION_TURNS, OMITTED
from northloop.loop import propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.rows import Writing, answer_rows
from northloop.ports.models import Engine, Use
from northloop.ports.retrieval import Hit
from northloop.stages.training.sample import lesson
from northloop.testing.models import ScriptedEngine
from shop_workspace import ShopWorkspace, make_shop

REPLIES = {topic: reply for topic, (_, reply) in TOPICS.items()}


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("northloop.stages.data.sources.shapes.SHAPES", (DESK,))


def running(topic: str) -> Mapping[str, object]:
    """Return a conversation whose second question is words that mean nothing alone."""
    about, reply = TOPICS[topic]
    return talk(
        (CUSTOMER, f"My neighbour mentioned {about} yesterday in the evening, is it true?"),
        (AGENT, f"Which part of {about} do you mean?"),
        (CUSTOMER, "All of it"),
        (AGENT, f"So: {reply}"),
        intent=topic,
    )


@dataclass
class Listening(World):
    """A world that keeps what its engines were asked."""

    heard: list[ScriptedEngine] = field(default_factory=list)

    def _engine(self, base: str, adapters: Mapping[Hash, Path], use: Use) -> Engine:
        engine = super()._engine(base, adapters, use)
        assert isinstance(engine, ScriptedEngine)
        self.heard.append(engine)
        return engine

    @property
    def prompts(self) -> list[str]:
        return [prompt for engine in self.heard for prompt in engine.prompts]


@pytest.fixture
def world(tmp_path: Path) -> Listening:
    made = Listening(tmp_path / "workspace")
    source = written(made.folder / "desk.jsonl", map(running, TOPICS))
    made.spec = msgspec.structs.replace(made.spec, sources=(*made.spec.sources, source))
    return made


def turns(topic: str) -> list[str]:
    return [said[1] for said in running(topic)["thread"]]  # type: ignore[attr-defined]


def test_what_is_learnt_is_what_a_running_conversation_asks(world: Listening) -> None:
    world.first_turn()
    asked, back, question, reply = turns("returns")
    row = next(row for row in world.trainer.tuned[0] if row.completion.startswith(reply))
    world.heard.clear()
    said = (Message("user", asked), Message("assistant", back), Message("user", question))
    ask(world.live(), Question(interaction_id="running", messages=said))
    assert world.prompts == [row.prompt]
    assert row.prompt.count("<|im_start|>") == 5, "system, three turns, and the answer to come"


def test_intents_are_learnt_of_what_begins_a_conversation(world: Listening) -> None:
    state = world.first_turn()
    rows = read_lines(world.parts.artefacts, state["dataset"], steps.EXAMPLES, Example)
    train = [row for row in rows if row.split is Split.TRAIN]
    assert any(row.context for row in train)
    (head,) = world.parts.artefacts.list(Kind.HEAD)
    assert head.manifest.meta["rows"] == str(sum(not row.context for row in train))


def test_a_test_question_is_asked_after_what_was_said_before_it(tmp_path: Path) -> None:
    world = Listening(tmp_path / "workspace")
    held = written(world.folder / "desk.jsonl", map(running, TOPICS))
    pinned = msgspec.structs.replace(held, pin=Split.TEST)
    world.spec = msgspec.structs.replace(
        world.spec,
        sources=(*world.spec.sources[:1], pinned, *world.spec.sources[2:]),
    )
    world.first_turn()
    asked, back, question, _ = turns("returns")
    evaluated = [p for p in world.prompts if f"<|im_start|>user\n{question}<" in p]
    assert any(asked in prompt and back in prompt for prompt in evaluated)
    report = world.parts.artefacts.list(Kind.REPORT)[0].hash
    results = read_one(world.parts.artefacts, report, "report.json", Report).results
    later = [r for r in results if r.question == question]
    assert len(later) == len(TOPICS)
    assert {r.intent for r in later} == {""}
    assert {len(r.said) for r in later} == {2}, "what the customer said before counts as said"


def test_a_passage_is_found_by_what_serving_looks_up(world: Listening) -> None:
    looked_up: list[str] = []
    learn = world.parts.indexer.learn

    class Noting(type(world.parts.indexer)):  # type: ignore[misc]
        def learn(self, asked: Mapping[Hash, list[str]]) -> dict[str, bytes]:
            looked_up.extend(text for texts in asked.values() for text in texts)
            return learn(asked)  # type: ignore[return-value]

    noting = Noting.__new__(Noting)
    noting.__dict__ = world.parts.indexer.__dict__
    world.parts = replace(world.parts, indexer=noting)
    world.first_turn()
    assert f"{turns('returns')[0]} All of it" in looked_up
    assert "All of it" not in looked_up


class _Nothing:
    def search(self, text: str, limit: int) -> list[Hit]:
        return []


def within(most_tokens: int | None) -> Writing:
    return Writing(prompt="Help.", passages=1, template=CHATML, most_tokens=most_tokens)


def example(count: int, words: str = "a few words of a turn") -> Example:
    said = tuple(Message(("user", "assistant")[n % 2], f"{n} {words}") for n in range(count))
    return Example(
        example_id="e", question="And the last one?", reply="It is this one.", intent="",
        split=Split.TRAIN, group="g", count=1, origin=(), context=said,
    )  # fmt: skip


def test_a_row_too_long_for_a_training_loses_its_oldest_turns_and_never_its_question() -> None:
    (whole,) = answer_rows([example(20)], _Nothing(), within(None))  # type: ignore[arg-type]
    (cut,) = answer_rows([example(20)], _Nothing(), within(150))  # type: ignore[arg-type]
    assert "0 a few words" in whole.prompt
    assert "0 a few words" not in cut.prompt and "19 a few words" in cut.prompt
    assert f"assistant\n{OMITTED.content}<" in cut.prompt
    (bare,) = answer_rows([example(4, "w" * 900)], _Nothing(), within(60))  # type: ignore[arg-type]
    assert "And the last one?" in bare.prompt and "www" not in bare.prompt
    (long,) = answer_rows([example(100)], _Nothing(), within(None))  # type: ignore[arg-type]
    assert long.prompt.count("<|im_start|>") == MAX_CONVERSATION_TURNS + 2


def test_a_lesson_is_named_by_all_that_was_said() -> None:
    alone = msgspec.structs.replace(example(2), context=())
    assert len({lesson(example(2)), lesson(example(4)), lesson(alone)}) == 3


class Forgetful(Listening):
    """A world whose engines have room for one question."""

    def _engine(self, base: str, adapters: Mapping[Hash, Path], use: Use) -> Engine:
        whole = super()._engine(base, adapters, use)
        assert isinstance(whole, ScriptedEngine)

        def answer(prompt: str, adapter: Hash | None) -> str:
            if prompt.count("<|im_start|>") > 3:
                raise TooLong("the conversation is too long", where="messages", action="ask anew")
            return whole._script(prompt, adapter)

        return ScriptedEngine(answer)


def test_a_conversation_too_long_for_the_model_is_handed_off_in_the_evaluation(
    tmp_path: Path,
) -> None:
    world = Forgetful(tmp_path / "workspace")
    talks = [*map(running, TOPICS)]
    test, held_out = (written(world.folder / f"{name}.jsonl", talks[of]) for name, of in (
        ("test", slice(3)), ("held", slice(3, 6))
    ))  # fmt: skip
    world.spec = msgspec.structs.replace(
        world.spec,
        sources=(
            *world.spec.sources,
            msgspec.structs.replace(test, pin=Split.TEST),
            msgspec.structs.replace(held_out, pin=Split.VALIDATION),
        ),
        measure=msgspec.structs.replace(
            world.spec.measure, test_items=100, validation_items=100, golden_items=100
        ),
    )
    world.judged(propose.propose_first(world.records))
    report = world.parts.artefacts.list(Kind.REPORT)[0].hash
    found = read_one(world.parts.artefacts, report, "report.json", Report)
    later = [r for r in found.results if r.context]
    assert [r.answer for r in later] == [""] * 3
    assert any(r.answer for r in found.results if not r.context)
    assert found.score("handed_off").value >= 3 / len(found.results)


def test_the_way_of_an_exchange_is_found_by_its_conversation_and_its_turn(tmp_path: Path) -> None:
    make_shop(tmp_path / "shop")
    workspace = ShopWorkspace.open(tmp_path / "shop")
    about, reply = TOPICS["returns"]
    source = written(
        workspace.folder / "desk.jsonl",
        [talk((CUSTOMER, f"{about}?"), (AGENT, "Yes?"), (CUSTOMER, "All?"), (AGENT, reply),
              (CUSTOMER, "?!"), (AGENT, "Please say that again."))],
    )  # fmt: skip
    made = steps.make_dataset(workspace.parts, workspace.prepare_spec, [source], (), None)
    me = team("tester")
    for origin in ("desk.jsonl:1", "desk.jsonl:1#2"):
        assert trace_row(workspace, me, origin).artefacts[0].hash == made.hash
    with pytest.raises(NotFound, match="the question is empty"):
        trace_row(workspace, me, "desk.jsonl:1#3")
    with pytest.raises(NotFound, match="no dataset has this row"):
        trace_row(workspace, me, "desk.jsonl:1#4")
    workspace.close()


def test_the_history_keeps_each_exchange_once_and_not_what_was_said_before_it(
    world: Listening,
) -> None:
    made = steps.make_dataset(world.parts, world.spec.prepare, world.spec.sources, (), None)
    kept = read_lines(world.parts.artefacts, made.hash, steps.TICKETS, Ticket)
    later = [ticket for ticket in kept if ticket.turn == 2]
    assert [ticket.context for ticket in later] == [()] * len(TOPICS)
    rows = read_lines(world.parts.artefacts, made.hash, steps.EXAMPLES, Example)
    assert [len(row.context) for row in rows if row.context] == [2] * len(TOPICS)


def test_an_adapter_tuned_with_few_tokens_has_read_no_longer_rows(world: Listening) -> None:
    world.spec = msgspec.structs.replace(world.spec, tune=TuneSpec(base="tiny", max_tokens=64))
    world.first_turn()
    asked, *_ = turns("returns")
    rows = [r for r in world.trainer.tuned[0] if "\nAll of it<" in r.prompt]
    assert rows
    assert not any(asked in row.prompt for row in rows)
