from __future__ import annotations

import pytest

from northloop.core.conversation import Example, Split
from northloop.core.errors import InputError
from northloop.core.ids import content_hash
from northloop.ports.trainer import RowLoss
from northloop.stages.evaluation.suite import (
    Answered,
    Answerer,
    Responses,
    Subject,
    evaluate,
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


def faithful(example: Example) -> Answered:
    return Answered(text=example.reply, evidence=("Parcels come within 3 days",))


def test_every_metric_that_the_responses_allow_is_there() -> None:
    def timed(example: Example) -> Answered:
        return Answered(text=example.reply, evidence=("3 days",), latency_ms=5.0)

    report = evaluate(SUBJECT, EXAMPLES, Answerer(timed, lambda _: "track"), LOSSES)
    assert {s.metric for s in report.scores} == {
        "perplexity", "bits_per_byte", "bleu", "chrf", "rouge_l", "intent_f1", "intent_precision",
        "intent_recall", "fidelity", "groundedness", "answered", "latency_ms", "latency_p95_ms",
    }  # fmt: skip
    assert report.score("bleu").value == pytest.approx(100)
    assert report.score("intent_recall").value == pytest.approx(0.5)
    assert all(s.low <= s.value <= s.high for s in report.scores)
    assert [r.example_id for r in report.results] == [e.example_id for e in EXAMPLES]


def test_what_was_not_given_is_not_made_up() -> None:
    report = evaluate(SUBJECT, EXAMPLES, Answerer(lambda e: Answered(text=e.reply)))
    assert {s.metric for s in report.scores} == {"bleu", "chrf", "rouge_l", "fidelity", "answered"}


def test_the_same_answers_give_the_same_bytes() -> None:
    def run() -> str:
        return content_hash(evaluate(SUBJECT, EXAMPLES, Answerer(faithful), LOSSES))

    assert run() == run()


def test_a_hand_off_counts_as_silence() -> None:
    def shy(example: Example) -> Answered:
        silent = example.example_id in ("e0", "e1", "e2")
        return (
            Answered(text="A person will help you", handed_off=True)
            if silent
            else faithful(example)
        )

    report = evaluate(SUBJECT, EXAMPLES, Answerer(shy))
    assert report.score("answered").value == pytest.approx(0.75)
    assert report.score("rouge_l").items[:3] == (0.0, 0.0, 0.0)
    assert report.results[0].answer == ""


def test_progress_is_told() -> None:
    seen: list[tuple[str, int, int]] = []

    def listen(task: str, done: int, total: int, note: str = "") -> None:
        seen.append((task, done, total))

    evaluate(SUBJECT, EXAMPLES, Answerer(faithful), progress=listen)
    assert seen == [("evaluate", i, 12) for i in range(1, 13)]


def test_nothing_to_evaluate_on_is_said() -> None:
    with pytest.raises(InputError, match="nothing to evaluate on"):
        evaluate(SUBJECT, [], Answerer(faithful))


@pytest.mark.parametrize("field", ["answers", "intents", "losses"])
def test_lists_that_do_not_match_are_refused(field: str) -> None:
    lists = {"answers": [faithful(e) for e in EXAMPLES], "intents": ["a"] * 12, "losses": LOSSES}
    lists[field] = lists[field][:5]  # type: ignore[index]
    with pytest.raises(InputError, match=f"5 {field} for 12 examples"):
        score(SUBJECT, EXAMPLES, Responses(**lists))  # type: ignore[arg-type]


def test_the_table_has_a_column_for_each_report() -> None:
    first = evaluate(SUBJECT, EXAMPLES, Answerer(faithful), LOSSES)
    second = evaluate(SUBJECT, EXAMPLES, Answerer(lambda e: Answered(text=e.reply)))
    lines = table([first, second]).splitlines()
    assert lines[0] == "| metric | base | base |"
    assert next(line for line in lines if line.startswith("| perplexity")).endswith("| – |")
