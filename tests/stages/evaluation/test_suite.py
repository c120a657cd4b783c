from __future__ import annotations

import msgspec
import pytest

from northloop.core.conversation import Example, Split
from northloop.core.errors import InputError
from northloop.core.ids import content_hash
from northloop.ports.trainer import RowLoss
from northloop.stages.evaluation.suite import (
    Answered,
    Responses,
    Subject,
    latency,
    score,
)
from northloop.statistics.bootstrap import Resampling

SUBJECT = Subject(dataset="d" * 64, model="base", resampling=Resampling(draws=300))
EXAMPLES = [
    Example(
        example_id=f"e{i}",
        question=f"Where is parcel {i}?",
        reply=f"Parcel {i} comes within 3 days",
        intent=("track", "refund")[i % 2],
        split=Split.TEST,
        group=f"g{i // 2}",
        count=1,
        origin=(),
    )
    for i in range(12)
]
LOSSES = [RowLoss(10.0 + i, 8, 30) for i in range(12)]


FAITHFUL = [Answered(text=e.reply, evidence=("Parcels come within 3 days",)) for e in EXAMPLES]


def test_every_metric_that_the_responses_allow_is_there() -> None:
    responses = Responses(answers=FAITHFUL, intents=["track"] * 12, losses=LOSSES)
    report = score(SUBJECT, EXAMPLES, responses)
    assert {s.metric for s in report.scores} == {
        "perplexity", "bits_per_byte", "bleu", "chrf", "rouge_l", "intent_f1", "intent_precision",
        "intent_recall", "fidelity", "groundedness", "answered", "right", "wrong", "handed_off",
    }  # fmt: skip
    assert report.score("bleu").value == pytest.approx(100)
    assert report.score("intent_recall").value == pytest.approx(0.5)
    assert all(s.low <= s.value <= s.high for s in report.scores)
    assert [r.example_id for r in report.results] == [e.example_id for e in EXAMPLES]


def test_what_was_not_given_is_not_made_up() -> None:
    plain = [Answered(text=e.reply) for e in EXAMPLES]
    report = score(SUBJECT, EXAMPLES, Responses(answers=plain))
    assert {s.metric for s in report.scores} == {
        "bleu", "chrf", "rouge_l", "fidelity", "answered", "right", "wrong", "handed_off",
    }  # fmt: skip


def test_the_same_answers_give_the_same_bytes_however_long_they_took() -> None:
    slow = [msgspec.structs.replace(answer, ms=900.0) for answer in FAITHFUL]
    fast, slow_ = (
        content_hash(score(SUBJECT, EXAMPLES, Responses(answers=a, losses=LOSSES)))
        for a in (FAITHFUL, slow)
    )
    assert fast == slow_


def test_a_hand_off_is_counted_and_its_text_is_scored() -> None:
    shy = [msgspec.structs.replace(a, handed_off=i < 3) for i, a in enumerate(FAITHFUL)]
    report = score(SUBJECT, EXAMPLES, Responses(answers=shy))
    assert report.score("answered").value == pytest.approx(0.75)
    assert report.score("rouge_l").items == (1.0,) * 12


def test_right_wrong_and_handed_off_add_up_to_everything() -> None:
    other = [EXAMPLES[(i + 1) % 12].reply if i % 2 else e.reply for i, e in enumerate(EXAMPLES)]
    answers = [Answered(text=text, handed_off=i in (0, 1)) for i, text in enumerate(other)]
    report = score(SUBJECT, EXAMPLES, Responses(answers=answers))
    shares = {m: report.score(m).value for m in ("right", "wrong", "handed_off", "answered")}
    assert shares == pytest.approx(
        {"right": 5 / 12, "wrong": 5 / 12, "handed_off": 2 / 12, "answered": 10 / 12}, abs=1e-5
    )
    items = zip(*(report.score(m).items for m in ("right", "wrong", "handed_off")), strict=True)
    assert all(sum(item) == 1 for item in items)
    assert not report.score("wrong").higher_is_better
    assert all(report.score(m).n == 12 for m in shares)


def test_likelihood_may_be_of_more_rows_than_were_answered() -> None:
    more = [msgspec.structs.replace(e, example_id=f"more {e.example_id}") for e in EXAMPLES]
    responses = Responses(
        answers=FAITHFUL, losses=LOSSES + LOSSES, loss_examples=[*EXAMPLES, *more]
    )
    report = score(SUBJECT, EXAMPLES, responses)
    assert (report.score("perplexity").n, report.score("right").n) == (24, 12)
    assert [row.example_id for row in report.loss_rows] == [
        e.example_id for e in (*EXAMPLES, *more)
    ]
    with pytest.raises(InputError, match="12 losses for 24 examples"):
        score(SUBJECT, EXAMPLES, msgspec.structs.replace(responses, losses=LOSSES))


def test_latency_is_told_apart_from_the_report() -> None:
    timed = [msgspec.structs.replace(a, ms=10.0 * i) for i, a in enumerate(FAITHFUL)]
    mean, p95 = latency(timed)
    assert (mean.metric, p95.metric) == ("latency_ms", "latency_p95_ms")
    assert mean.value == pytest.approx(55)
    assert mean.low < mean.value < mean.high
    assert p95.value == pytest.approx(110, abs=10)


def test_nothing_to_evaluate_on_is_said() -> None:
    with pytest.raises(InputError, match="nothing to evaluate on"):
        score(SUBJECT, [], Responses(answers=[]))


@pytest.mark.parametrize("field", ["answers", "intents", "losses"])
def test_lists_that_do_not_match_are_refused(field: str) -> None:
    lists = {"answers": FAITHFUL, "intents": ["a"] * 12, "losses": LOSSES}
    lists[field] = lists[field][:5]  # type: ignore[index]
    with pytest.raises(InputError, match=f"5 {field} for 12 examples"):
        score(SUBJECT, EXAMPLES, Responses(**lists))  # type: ignore[arg-type]
