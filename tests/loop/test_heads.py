from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from loop.world import ASKED, TOPICS, World, ask, question
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.artefacts import Kind, Release, Report, Thresholds
from northloop.core.conversation import Example, Message, Split
from northloop.core.ids import canonical
from northloop.loop.bundles import read_one
from northloop.loop.heads import intents_of, make_head, naming, open_head
from northloop.loop.pairs import load_release

DATASET = "d" * 64


def rows(*topics: str, context: tuple[Message, ...] = ()) -> list[Example]:
    return [
        Example(
            example_id=f"{topic} {number}",
            question=form.format(TOPICS[topic][0]),
            reply="",
            intent=topic,
            split=Split.TRAIN,
            group=f"{topic} {number}",
            count=1,
            origin=(),
            context=context,
        )
        for topic in topics
        for number, form in enumerate(ASKED)
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("heads") / "workspace")
    made.first_turn()
    return made


def test_a_release_is_sealed_with_the_head_of_its_dataset(world: World) -> None:
    (head,) = world.parts.artefacts.list(Kind.HEAD)
    releases = world.parts.artefacts.list(Kind.RELEASE)
    assert {load_release(world.parts.artefacts, r.hash).head for r in releases} == {head.hash}
    assert all(head.hash in release.manifest.parents for release in releases)
    opened = open_head(world.parts, head.hash)
    assert opened is not None and opened.labels == tuple(sorted(TOPICS))


def test_the_report_counts_what_the_head_says(world: World) -> None:
    made = world.parts.artefacts.list(Kind.REPORT)[0]
    report = read_one(world.parts.artefacts, made.hash, "report.json", Report)
    told = {result.predicted_intent for result in report.results}
    assert told <= {*TOPICS, ""} and len(told) > 2
    assert report.score("intent_f1").value > 0.5


def test_an_answer_carries_the_heads_intent_where_the_rules_say_nothing(world: World) -> None:
    live = world.live()
    _, by_rule = ask(live, question("What about express delivery?", "rule"))
    _, by_head = ask(live, question("Is the delivery express too?", "head"))
    live.close()
    assert (by_rule.intent, by_head.intent) == ("delivery", "delivery")


def test_the_rules_go_before_the_head() -> None:
    assert naming(lambda _: "", None, lambda _: None)("acme", "anything") == ""
    assert naming(lambda _: "said", None, lambda _: None)("acme", "anything") == "said"


def test_the_same_rows_are_learnt_once(world: World) -> None:
    train = rows("returns", "sizes")
    dataset = world.parts.artefacts.list(Kind.DATASET)[0].hash
    first = make_head(world.parts, dataset, train)
    assert first is not None and make_head(world.parts, dataset, train) == first
    assert make_head(world.parts, dataset, train[1:]) != first


@pytest.mark.parametrize(
    "train",
    [[], rows("returns"), rows("returns", "sizes", context=(Message("user", "Hi"),))],
    ids=["nothing", "one intent", "only what continues conversations"],
)
def test_without_two_intents_there_is_none(world: World, train: list[Example]) -> None:
    assert make_head(world.parts, DATASET, train) is None


def test_without_what_fits_heads_there_is_none(world: World) -> None:
    parts = replace(world.parts, heads=None)
    assert make_head(parts, DATASET, rows("returns", "sizes")) is None
    assert open_head(parts, DATASET) is None
    assert intents_of(None, rows("returns")) == []


def test_a_head_of_other_vectors_is_left_out(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    parts = replace(world.parts, heads=LinearHeads(WordEmbedder()))
    (head, *_) = world.parts.artefacts.list(Kind.HEAD)
    assert open_head(parts, head.hash) is None
    assert "intents of the rules alone" in caplog.text


def test_what_continues_a_conversation_is_given_no_intent(world: World) -> None:
    (head, *_) = world.parts.artefacts.list(Kind.HEAD)
    later = rows("returns", context=(Message("user", "Hi"),))
    assert set(intents_of(open_head(world.parts, head.hash), later)) == {""}


def test_a_release_without_a_head_keeps_its_bytes(tmp_path: Path) -> None:
    release = Release(
        base="tiny", base_file="b", adapter=None, prompt="", passages=1, max_answer_tokens=1,
        thresholds=Thresholds(retrieval=0.0, confidence=0.0), cache_ttl_s=0,
    )  # fmt: skip
    assert b"head" not in canonical(release)
    assert msgspec.json.decode(canonical(release), type=Release).head is None
