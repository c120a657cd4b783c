from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from northloop.core.check import sense
from northloop.stages.evaluation.cache_replay import Replayed, ReplaySpec, RuleOutcome, replay
from northloop.stages.evaluation.cache_rules import Audited, Request, Static
from northloop.stages.evaluation.cache_stream import Stream
from northloop.statistics.audited import AuditSpec

SUBJECTS = ("parcel", "invoice", "refund", "password", "voucher", "lamp", "tent", "kayak")
SPEC = ReplaySpec(audit=AuditSpec(share=0.2, every=25).tolerating(0.05))


class Planted:
    """An embedder of "subject number": near for one subject, the nearer the smaller the number."""

    name = "planted 1"
    english_alone = False
    squeezed = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), len(SUBJECTS) + 64), np.float32)
        for row, text in enumerate(texts):
            subject, letters = text.split()
            far = letters.count("z") / 10
            vectors[row, SUBJECTS.index(subject)] = 1 - far
            vectors[row, len(SUBJECTS) + sum(map(ord, letters)) % 64] = far
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def planted(rows: int, seed: int = 1) -> Stream:
    """Return a stream in which one of ten is about something else than it seems."""
    rng = Random(seed)
    questions, answers = [], []
    for _ in range(rows):
        subject = rng.randrange(len(SUBJECTS))
        strange = rng.random() < 0.1
        letters = "".join(rng.choice("abcdefghijkl") for _ in range(6)) + "z" * (3 * strange)
        questions.append(f"{SUBJECTS[subject]} {letters}")
        answers.append(rng.randrange(len(SUBJECTS)) if strange else subject)
    return Stream(questions=tuple(questions), answers=tuple(answers))


@pytest.fixture(scope="module")
def replayed() -> Replayed:
    return replay(planted(1_600), Planted(), SPEC)


def of(replayed: Replayed, rule: str) -> RuleOutcome:
    return next(outcome for outcome in replayed.outcomes if outcome.rule == rule)


def test_repeats_part_the_stream_for_all_rules_at_the_same_row() -> None:
    once = planted(300)
    twice = Stream(questions=once.questions * 2, answers=once.answers * 2)
    found = replay(twice, Planted(), SPEC)
    assert of(found, "exact").requests == of(found, "exact").hits == 300
    assert {of(found, rule).requests for rule in ("static", "audited", "oracle")} == {0}


def test_all_rules_see_the_same_requests(replayed: Replayed) -> None:
    rules = [outcome.rule for outcome in replayed.outcomes]
    assert rules == ["exact", "static", "vCache", "audited", "oracle"]
    assert len({outcome.requests for outcome in replayed.outcomes[1:]}) == 1
    assert replayed.rows == 1_600 and replayed.answers == len(SUBJECTS)


def test_the_oracle_serves_all_that_is_known_and_nothing_wrong(replayed: Replayed) -> None:
    oracle = of(replayed, "oracle")
    assert oracle.hits == oracle.requests and oracle.wrong == 0
    assert all(outcome.hits <= oracle.hits for outcome in replayed.outcomes[1:])


def test_ours_serves_much_and_little_of_it_is_wrong(replayed: Replayed) -> None:
    ours = of(replayed, "audited")
    assert replayed.certificate is not None and replayed.blown == 0
    assert ours.wrong_per_hit.value <= 0.05
    assert ours.hit_rate > 0.5
    assert 0 < replayed.audited_hits <= replayed.audits


def test_the_same_stream_gives_the_same_result() -> None:
    few = planted(300)
    assert replay(few, Planted(), SPEC) == replay(few, Planted(), SPEC)


def test_repeats_are_the_exact_caches() -> None:
    once = planted(200)
    twice = Stream(questions=once.questions * 2, answers=once.answers * 2)
    found = replay(twice, Planted(), SPEC)
    exact = of(found, "exact")
    assert found.repeats == 400 - len(set(once.questions))
    assert (exact.requests, exact.hits, exact.wrong) == (200, 200, 0)


def request(place: int, text: str, near: Sequence[float], answer: int) -> Request:
    return Request(place, np.array(near, np.float32), answer, sense(text))


def test_the_static_threshold_serves_the_nearest() -> None:
    rule = Static(0.8)
    assert rule.serve(request(0, "a", [], 5)) is None
    assert rule.serve(request(1, "b", [0.7], 6)) is None
    assert rule.serve(request(2, "c", [0.7, 0.9], 5)) == 6
    assert rule.serve(request(3, "d", [0.81, 0.1, 0.99], 9)) == 5


def test_a_difference_that_nearness_does_not_show_is_never_served() -> None:
    rule = Audited(AuditSpec(share=0.0), "seed")
    rule.serve(request(0, "Cancel order 12", [], 1))
    near = rule._near(request(1, "Cancel order 13", [0.99], 2))
    assert near is None
    rule.serve(request(1, "Cancel order 13", [0.99], 2))
    near = rule._near(request(2, "cancel order 12!", [0.95, 0.99], 1))
    assert near is not None and near.answer == 1 and near.similarity == pytest.approx(0.95)
