from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from northloop.core.errors import InputError
from northloop.ports.models import Token
from northloop.ports.trainer import Followed
from northloop.stages.evaluation.parity import Golden, ParitySpec, compare

SPEC = ParitySpec()


def logprob(log_odds: float) -> float:
    return -math.log1p(math.exp(-log_odds))


def golden(
    count: int = 12,
    *,
    strength: float = 1.0,
    noise: float = 0.1,
    learnt: float = 2.0,
    seed: int = 0,
) -> list[Golden]:
    """Return answers of 20 tokens: what was learnt is served at a strength, with some rounding."""
    draws = np.random.default_rng(seed)
    answers = []
    for _ in range(count):
        untuned = draws.normal(0, 1.5, 20)
        effect = draws.normal(learnt / 2, learnt, 20)
        served = untuned + strength * effect + draws.normal(0, noise, 20)
        answers.append(
            Golden(
                served=[Token(" word", logprob(x)) for x in served],
                trained=[Followed(" word", logprob(x), True) for x in untuned + effect],
                untuned=[Followed(" word", logprob(x), False) for x in untuned],
            )
        )
    return answers


def pieces(*texts: str) -> list[Followed]:
    return [Followed(text, -0.5, True) for text in texts]


def read_as(said: list[str], read: list[str]) -> Golden:
    return Golden(
        served=[Token(text, -0.5) for text in said], trained=pieces(*read), untuned=pieces(*read)
    )


def test_the_same_model_agrees_with_itself() -> None:
    found = compare(golden(noise=0.0), SPEC)
    assert (found.n, found.answers, found.top1_agreement) == (240, 12, 1)
    assert (found.gap, found.mean_logprob_gap) == pytest.approx((0, 0))
    assert found.strength == pytest.approx(1)
    assert found.passed
    assert found.problem == ""


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("learnt", [0.0, 0.2, 0.3, 1.0, 2.0])
def test_rounding_passes_however_much_was_learnt(learnt: float, seed: int) -> None:
    assert compare(golden(learnt=learnt, seed=seed, count=10), SPEC).passed


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("learnt", [0.02, 0.05, 0.1, 0.3, 1.0, 2.0])
@pytest.mark.parametrize("strength", [0.0, 0.5, 2.0, -1.0])
def test_another_strength_is_refused(learnt: float, strength: float, seed: int) -> None:
    found = compare(golden(strength=strength, learnt=learnt, seed=seed, count=10), SPEC)
    assert not found.passed
    assert found.problem


def test_it_says_what_is_wrong() -> None:
    half = compare(golden(strength=0.5), SPEC)
    assert "off the trained model where" in half.problem
    weak = compare(golden(strength=0.5, learnt=0.25, noise=0.0), SPEC)
    assert weak.problem == "what was learnt is served at 50% of its strength"
    faint = compare(golden(learnt=0.02), SPEC)
    assert not faint.passed
    assert "raise evaluation.golden_items" in faint.problem
    unlike = [
        msgspec.structs.replace(
            answer,
            trained=[msgspec.structs.replace(t, likeliest=False) for t in answer.trained[:4]]
            + [*answer.trained[4:]],
        )
        for answer in golden()
    ]
    assert "80.0% of 240 positions, 84.2% are needed" in compare(unlike, SPEC).problem


def test_half_an_adapter_is_told_where_both_are_nearly_certain() -> None:
    sure = [
        Golden(
            served=[Token("x", logprob(3.0))] * 20,
            trained=[Followed("x", logprob(6.0), True)] * 20,
            untuned=[Followed("x", logprob(0.0), True)] * 20,
        )
    ] * 10
    found = compare(sure, SPEC)
    assert found.mean_logprob_gap < 0.05
    assert found.strength == pytest.approx(0.5)
    assert not found.passed


@pytest.mark.parametrize("count", [0, 1, 9])
def test_too_few_answers_do_not_pass(count: int) -> None:
    found = compare(golden(count, noise=0.0), SPEC)
    assert not found.passed
    assert found.answers == count
    assert f"{count} answers that can be compared are too few" in found.problem
    assert compare(golden(10, noise=0.0), SPEC).passed


def test_answers_to_what_was_trained_on_count_and_are_counted() -> None:
    answers = golden(10)
    answers[3:] = [msgspec.structs.replace(answer, seen=True) for answer in answers[3:]]
    found = compare(answers, SPEC)
    assert (found.answers, found.seen, found.passed) == (10, 7, True)


@pytest.mark.parametrize(
    ("said", "read", "compared"),
    [
        (["a", "b"], ["a", "b"], 2),
        (["a", "<b", "c"], ["a", "<", "b", "c"], 2),  # handed out late, together
        (["a", " 👍", "c"], ["a", " 👍", "", "", "c"], 2),  # three tokens, one character
        (["a", "b", "c", "d"], ["a", "bc", "d"], 1),  # not read as it was said
        (["a", "bc", "d"], ["a", "b", "c"], 1),
        (["a", "b"], ["a"], 1),
        (["a"], ["a", "b"], 1),
        (["ab", "cd"], ["a", "bc", "d"], 0),
        ([], ["a"], 0),
        (["a"], [], 0),
    ],
)
def test_only_tokens_that_were_read_as_they_were_said_are_compared(
    said: list[str], read: list[str], compared: int
) -> None:
    found = compare([read_as(said, read)], SPEC)
    assert found.n == compared
    assert found.answers == (compared > 0)


def test_numbers_that_are_none_do_not_pass() -> None:
    broken = msgspec.structs.replace(golden()[0], served=[Token(" word", math.nan)] * 20)
    found = compare([broken] * 12, SPEC)
    assert not found.passed
    assert math.isfinite(found.gap + found.mean_logprob_gap + found.strength)


def test_impossible_and_certain_tokens_are_numbers() -> None:
    extreme = Golden(
        served=[Token("x", 0.0), Token("x", -math.inf)],
        trained=[Followed("x", 0.0, True), Followed("x", -math.inf, True)],
        untuned=[Followed("x", -math.inf, True), Followed("x", 0.0, True)],
    )
    found = compare([extreme] * 10, SPEC)
    assert found.gap == 0
    assert found.strength == 1


def test_what_does_not_pair_up_is_refused() -> None:
    answer = msgspec.structs.replace(golden()[0], untuned=pieces("a"))
    with pytest.raises(InputError, match="do not pair up"):
        compare([answer], SPEC)
