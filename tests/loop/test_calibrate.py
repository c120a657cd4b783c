from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import pytest

from loop.world import EVASIVE, World
from northloop.core.artefacts import Foreseen, Kind, Release, RestsOn, Thresholds
from northloop.core.conversation import Example, Message, Split
from northloop.core.ids import Hash
from northloop.core.treatment import Candidate, Treatment
from northloop.loop import promote, steps
from northloop.loop.bakeoff import Quick
from northloop.loop.bundles import read_lines
from northloop.loop.calibrate import Held, calibrated, priced
from northloop.loop.pairs import Sealed, load_release
from northloop.loop.treatments import RESTS_ON
from northloop.ports.models import Options, Token, Use
from northloop.stages.serving.generate import best_score, lookup_text
from northloop.testing.models import ScriptedEngine


class Shop:
    """A world with a tuned release and the 24 newest questions, of which it understands six."""

    def __init__(self, world: World) -> None:
        self.world = world
        parts = world.parts
        self.release: Release = load_release(parts.artefacts, promote.live(world.records) or "")
        [asked] = parts.artefacts.list(Kind.ASKED)
        knowledge, dataset = asked.manifest.parents
        self.index = parts.index(knowledge, asked.hash)
        self.rows = steps.split_of(parts, dataset, Split.TEST)
        rest_on = read_lines(parts.artefacts, asked.hash, RESTS_ON, RestsOn)
        self.rest_on = {row.example_id: row.passages for row in rest_on}

    def calibrated(self, rest_on: dict[str, Sequence[Hash]], drawn: int = 24) -> Thresholds:
        held = Held(self.rows, self.rows[:drawn], rest_on)
        return priced(self.world.parts, Sealed(self.release, self.index), held).thresholds

    def score(self, row: Example) -> float:
        return best_score(self.index.search(lookup_text(row.asked), self.release.passages))

    def speak(self, evasive: float, plain: float) -> None:
        """Let engines give the tokens of either kind of answer these log-probabilities."""
        made = self.world.parts.engine

        def engine(base: str, adapters: dict[Hash, object], use: Use) -> ScriptedEngine:
            scripted = made(base, adapters, use)  # type: ignore[arg-type]
            assert isinstance(scripted, ScriptedEngine)
            return _Telling(scripted, evasive, plain)

        self.world.parts = replace(self.world.parts, engine=engine)  # type: ignore[arg-type]


class _Telling(ScriptedEngine):
    """How sure it is depends on what it says."""

    def __init__(self, engine: ScriptedEngine, evasive: float, plain: float) -> None:
        self.__dict__.update(engine.__dict__)
        self._evasive, self._plain = evasive, plain

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        said = [*super().generate(messages, options, adapter=adapter)]
        text = "".join(token.text for token in said)
        logprob = self._evasive if text == EVASIVE else self._plain
        return iter([Token(token.text, logprob) for token in said])


@pytest.fixture
def shop(turned: World) -> Shop:
    return Shop(turned)


def test_wrong_answers_that_are_less_sure_are_held_back(shop: Shop) -> None:
    shop.speak(evasive=-1.5, plain=-0.1)
    found = shop.calibrated({})
    assert found.foreseen == Foreseen(questions=24, right=6, wrong=0)
    assert 0.05 < found.confidence < 0.9


def test_no_right_answer_is_given_up_beyond_the_price(shop: Shop) -> None:
    """Here the score is upside down: 18 wrong answers are worth less than 6 of 24 questions."""
    shop.speak(evasive=-0.1, plain=-1.5)
    found = shop.calibrated({})
    assert found.foreseen == Foreseen(questions=24, right=6, wrong=18)


def test_a_release_that_is_never_right_answers_nothing(shop: Shop) -> None:
    shop.release = msgspec.structs.replace(shop.release, adapter=None)
    found = shop.calibrated({})
    assert (found.confidence, found.foreseen) == (1.0, Foreseen(questions=24, right=0, wrong=0))


def test_of_few_questions_nothing_is_said(shop: Shop) -> None:
    shop.speak(evasive=-1.5, plain=-0.1)
    found = shop.calibrated({}, drawn=21)
    assert found.confidence == 0.0
    assert found.foreseen is not None
    assert found.foreseen.questions == 21


def test_retrieval_is_enough_from_where_it_finds_what_agents_answered_from(shop: Shop) -> None:
    ascending = sorted(shop.rows, key=shop.score)
    elsewhere = ("another passage",)
    poor = {row.example_id for row in ascending[:7]}
    rest_on = {i: elsewhere if i in poor else found for i, found in shop.rest_on.items()}
    assert len({shop.score(row) for row in ascending[6:8]}) == 2
    found = shop.calibrated(rest_on)
    assert shop.score(ascending[6]) < found.retrieval <= shop.score(ascending[7])
    assert found.foreseen is not None
    assert found.foreseen.right + found.foreseen.wrong <= 17


def test_where_retrieval_never_finds_it_nothing_is_asked(shop: Shop) -> None:
    engines = len(shop.world.engines)
    found = shop.calibrated({row.example_id: ("another passage",) for row in shop.rows})
    assert found.retrieval == 1.0
    assert found.foreseen == Foreseen(questions=24, right=0, wrong=0)
    assert len(shop.world.engines) <= engines + 2


def test_replies_of_no_passage_hold_nothing_back(shop: Shop) -> None:
    """A team whose agents answer from their heads has questions that no passage is right for."""
    found = shop.calibrated({})
    lowest = min(map(shop.score, shop.rows))
    assert lowest - 0.001 < found.retrieval <= lowest, "below it nothing is known"


def test_the_last_engine_is_closed_and_the_outcome_told(shop: Shop) -> None:
    told: list[str] = []
    shop.world.parts = replace(
        shop.world.parts, progress=lambda task, done, total, note="": told.append(note)
    )
    shop.speak(evasive=-1.5, plain=-0.1)
    shop.calibrated({})
    assert told[-1] == ("of 24 validation questions 6 answered right, 0 wrong, 18 handed off")


class Guessing:
    """A treatment that knows the reply to some questions, and says the same to all others."""

    def __init__(self, rows: Sequence[Example], known: int) -> None:
        self._replies = {row.question: row.reply for row in rows[:known]}

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        text = self._replies.get(messages[-1].content, "Please ask somebody else.")
        return Candidate(treatment=Treatment.MEMORY, text=text, confidence=0.5, vouching=(text,))


@pytest.mark.parametrize(("known", "adapter", "asked"), [
    (8, "none", False), (0, "none", True), (5, "tuned", True),
])  # fmt: skip
def test_where_nothing_is_sent_whoever_is_right_more_often_drafts(
    shop: Shop, known: int, adapter: str, asked: bool
) -> None:
    if adapter == "none":
        shop.release = msgspec.structs.replace(shop.release, adapter=None)
    quick = Quick({Treatment.MEMORY: Guessing(shop.rows, known)}, {Treatment.MEMORY: "m" * 64})
    held = Held(shop.rows, shop.rows, {})
    found = calibrated(shop.world.parts, Sealed(shop.release, shop.index), held, quick)
    assert [choice.sent for choice in found.first] == [False]
    assert found.generates is asked


def test_a_release_of_before_has_no_forecast_and_keeps_its_name(shop: Shop) -> None:
    before = b'{"retrieval":0.163,"confidence":0.08}'
    read = msgspec.json.decode(before, type=Thresholds)
    assert read == Thresholds(retrieval=0.163, confidence=0.08)
    assert msgspec.json.encode(read) == before
