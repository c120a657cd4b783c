"""The evaluation of one model on a frozen split: from what it said to a report.

It scores whatever answers it is handed; it knows no engine, no index and no prompt.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from northloop.core.artefacts import Contestant, ItemResult, LossRow, Report, Score
from northloop.core.conversation import Example
from northloop.core.errors import InputError
from northloop.core.ids import Hash
from northloop.ports.trainer import RowLoss
from northloop.stages.evaluation import oracle, scorers
from northloop.stages.evaluation.scorers import Units
from northloop.statistics.bootstrap import Resampling, cluster_codes


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is evaluated, on which dataset."""

    dataset: Hash
    model: str
    """See `Release.model`."""
    resampling: Resampling = Resampling()
    drafts: bool = False
    """See `Report.drafts`."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for one question."""

    text: str
    evidence: tuple[str, ...] = ()
    """Titles and texts of the passages the answer rests on."""
    handed_off: bool = False
    """Whether a person takes over after it; the text is scored all the same."""
    ms: float = 0.0
    """How long it took."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One way to answer, by itself, on the same examples or on some of them."""

    name: str
    answers: Sequence[Answered]
    served: bool = False
    """Whether the release asks it."""
    examples: Sequence[Example] = ()
    """What it was asked, where that is less than all."""


class Responses(msgspec.Struct, frozen=True, kw_only=True):
    """What the model said to each example, in their order."""

    answers: Sequence[Answered]
    intents: Sequence[str] = ()
    """Predicted labels; () if the model names none."""
    losses: Sequence[RowLoss] = ()
    """Loss of each reply under the model; () if there is none to ask."""
    loss_examples: Sequence[Example] | None = None
    """What the losses are of; None: of the examples that were answered."""
    entries: Sequence[Entry] = ()
    """What else could have answered, each with an answer to each example that it was asked."""


def score(subject: Subject, examples: Sequence[Example], responses: Responses) -> Report:
    """Return all metrics that the responses allow, each with a 95 % interval by conversation.

    Always right, wrong and handed_off, which add up to 1, answered, bleu, chrf and rouge_l;
    perplexity and bits_per_byte if there are losses, which may be of more examples than were
    answered; intent_f1, intent_precision and intent_recall if intents were predicted and any is
    labelled; fidelity and groundedness if there is something to look up. Answers that are handed
    off have their wording scored too, as the text that they are. InputError if there is no example
    or a list is too short or too long.
    """
    _check_lengths(examples, responses)
    labels = responses.intents or [""] * len(examples)
    results = tuple(
        _result(example, answer, label)
        for example, answer, label in zip(examples, responses.answers, labels, strict=True)
    )
    units = _units([r.group for r in results], subject)
    lost = examples if responses.loss_examples is None else responses.loss_examples
    rows = tuple(LossRow(e.example_id, _group(e)) for e in lost) if responses.losses else ()
    return Report(
        dataset=subject.dataset,
        model=subject.model,
        scores=(
            *_behaviour(results, responses.answers, units),
            scorers.bleu(results, units),
            scorers.chrf(results, units),
            scorers.rouge_l(results, units),
            *(scorers.intents(results, units) if responses.intents else ()),
            *_likelihood(responses.losses, _units([row.group for row in rows], subject)),
        ),
        results=results,
        loss_rows=rows,
        contestants=tuple(
            _contestant(e, e.examples or examples, subject) for e in responses.entries
        ),
        drafts=subject.drafts,
    )


def _contestant(entry: Entry, examples: Sequence[Example], subject: Subject) -> Contestant:
    units = _units([_group(example) for example in examples], subject)
    is_right = right(examples, entry.answers)
    sent = [not answer.handed_off for answer in entry.answers]
    sent_right, sent_wrong, *_ = scorers.received(is_right, sent, units)
    alone, *_ = scorers.received(is_right, [True] * len(sent), units)
    return Contestant(
        name=entry.name,
        served=entry.served,
        sent_right=sent_right,
        sent_wrong=sent_wrong,
        right=alone,
    )


def right(examples: Sequence[Example], answers: Sequence[Answered]) -> list[bool]:
    """Return which answers are right as `score` counts them, sent or not."""
    results = [_result(e, a, "") for e, a in zip(examples, answers, strict=True)]
    return oracle.right(results, [answer.evidence for answer in answers])


def latency(answers: Sequence[Answered]) -> tuple[Score, Score]:
    """Return latency_ms and latency_p95_ms of the answers, apart from the report: see `Timing`."""
    units = Units(cluster=np.arange(len(answers)), resampling=Resampling())
    return scorers.latency([answer.ms for answer in answers], units)


def _result(example: Example, answer: Answered, label: str) -> ItemResult:
    return ItemResult(
        example_id=example.example_id,
        group=_group(example),
        question=example.question,
        reference=example.reply,
        answer=answer.text,
        intent=example.intent,
        predicted_intent=label,
        context=example.context,
    )


def _group(example: Example) -> str:
    """What is resampled together: the conversation, the row itself if it is of none."""
    return example.group or example.example_id


def _units(groups: Sequence[str], subject: Subject) -> Units:
    return Units(cluster=cluster_codes(groups), resampling=subject.resampling)


def _likelihood(losses: Sequence[RowLoss], units: Units) -> tuple[Score, ...]:
    if not losses:
        return ()
    return scorers.perplexity(losses, units), scorers.bits_per_byte(losses, units)


def _behaviour(
    results: Sequence[ItemResult], answers: Sequence[Answered], units: Units
) -> tuple[Score, ...]:
    evidence = [answer.evidence for answer in answers]
    sent = [not answer.handed_off for answer in answers]
    faithful = (
        scorers.fidelity(results, evidence, units),
        scorers.groundedness(results, evidence, units) if any(evidence) else None,
    )
    return (
        *scorers.received(oracle.right(results, evidence), sent, units),
        *(found for found in faithful if found is not None),
    )


def _check_lengths(examples: Sequence[Example], responses: Responses) -> None:
    if not examples:
        raise InputError(
            "there is nothing to evaluate on",
            where="test split",
            action="prepare a dataset with a test split that is not empty",
        )
    lost = examples if responses.loss_examples is None else responses.loss_examples
    for name, given, wanted in (
        ("answers", responses.answers, examples),
        ("intents", responses.intents, examples),
        ("losses", responses.losses, lost),
        *((f"answers of {e.name}", e.answers, e.examples or examples) for e in responses.entries),
    ):
        if len(given) != len(wanted) and (given or name == "answers"):
            raise InputError(
                f"{len(given)} {name} for {len(wanted)} examples",
                where="evaluation",
                action=f"give one of the {name} for each example, in their order",
            )
