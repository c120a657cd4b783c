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
    table,
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
        "intent_recall", "fidelity", "groundedness", "answered",
    }  # fmt: skip
    assert report.score("bleu").value == pytest.approx(100)
    assert report.score("intent_recall").value == pytest.approx(0.5)
    assert all(s.low <= s.value <= s.high for s in report.scores)
    assert [r.example_id for r in report.results] == [e.example_id for e in EXAMPLES]


def test_what_was_not_given_is_not_made_up() -> None:
    plain = [Answered(text=e.reply) for e in EXAMPLES]
    report = score(SUBJECT, EXAMPLES, Responses(answers=plain))
    assert {s.metric for s in report.scores} == {"bleu", "chrf", "rouge_l", "fidelity", "answered"}


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


def test_the_table_has_a_column_for_each_report() -> None:
    plain = [Answered(text=e.reply) for e in EXAMPLES]
    first = score(SUBJECT, EXAMPLES, Responses(answers=FAITHFUL, losses=LOSSES))
    second = score(SUBJECT, EXAMPLES, Responses(answers=plain))
    lines = table([first, second]).splitlines()
    assert lines[0] == "| metric | base | base |"
    assert next(line for line in lines if line.startswith("| perplexity")).endswith("| – |")
