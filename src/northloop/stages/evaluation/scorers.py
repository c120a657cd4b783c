"""The metrics: each returns a score with its interval and, where they exist, its per-item values.

What customers receive (`right`, `wrong`, `handed_off`) is what decides. Overlap with one reference
(BLEU, chrF, ROUGE) is a regression alarm, not a verdict; likelihood and generated intents reach no
customer and are diagnostics. Scorers know texts and losses, and nothing of how they were made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np

from northloop.core.artefacts import ItemResult, Report, Score
from northloop.core.check import check, counted
from northloop.core.errors import InputError
from northloop.core.facts import content_stems, supported
from northloop.ports.trainer import RowLoss
from northloop.statistics.bootstrap import (
    Codes,
    Floats,
    Resampling,
    Statistic,
    mean_statistic,
    ratio,
)
from northloop.statistics.intervals import bootstrap, quantile

_DIGITS = 6
"""Scores are kept to this many decimals: more is noise, and differs between processors."""
_BLEU_ORDER = 4
_CHRF_ORDER = 6
_CHRF_BETA = 2.0
_ENGLISH = re.compile("[a-z0-9]+")
"""A word as ROUGE counts them."""


class Units(msgspec.Struct, frozen=True, kw_only=True):
    """What is resampled for an interval: whole conversations."""

    cluster: Codes
    """Number of each item's conversation, shape (N,)."""
    resampling: Resampling = Resampling()


class PerItem(msgspec.Struct, frozen=True, kw_only=True):
    """Per-item values of a score and how much each counts."""

    values: Sequence[float] = ()
    weights: Sequence[float] = ()


# --- language model ----------------------------------------------------------------------------


def perplexity(losses: Sequence[RowLoss], units: Units) -> Score:
    """Return exp(nats per supervised token); items are nats per token, weighted by tokens."""
    tokens = [float(loss.tokens) for loss in losses]
    per_token = [loss.nats / max(loss.tokens, 1) for loss in losses]
    statistic = _exponential(mean_statistic(np.array(per_token), np.array(tokens)))
    items = PerItem(values=per_token, weights=tokens)
    return _score("perplexity", statistic, units, items=items, higher=False)


def bits_per_byte(losses: Sequence[RowLoss], units: Units) -> Score:
    """Return bits per UTF-8 byte of the reply: comparable between tokenizers."""
    sizes = [float(loss.bytes) for loss in losses]
    bits = [loss.nats / np.log(2) / max(loss.bytes, 1) for loss in losses]
    statistic = mean_statistic(np.array(bits), np.array(sizes))
    items = PerItem(values=bits, weights=sizes)
    return _score("bits_per_byte", statistic, units, items=items, higher=False)


def _exponential(statistic: Statistic) -> Statistic:
    return Statistic(statistic.sums, lambda sums: np.exp(statistic.of(sums)))


# --- overlap with the reference ----------------------------------------------------------------


def _overlap() -> Any:
    """Return sacrebleu's metrics. It brings a Redis client along, half a second of each start, and
    is needed in turns alone."""
    from sacrebleu import metrics  # noqa: PLC0415

    return metrics


def bleu(results: Sequence[ItemResult], units: Units) -> Score:
    """Return corpus BLEU, 0..100, as sacrebleu computes it (Post 2018); items are sentence BLEU."""
    metric = _overlap().BLEU()
    metric.corpus_score(["a"], [["a"]])
    sentence = _overlap().BLEU(effective_order=True)
    values = [sentence.sentence_score(r.answer, [r.reference]).score for r in results]
    return _score(
        "bleu",
        _bleu_statistic(results),
        units,
        items=PerItem(values=values),
        signature=str(metric.get_signature()),
    )


def _bleu_statistic(results: Sequence[ItemResult]) -> Statistic:
    sentence = _overlap().BLEU(effective_order=True)
    scores = [sentence.sentence_score(r.answer, [r.reference]) for r in results]
    rows = [[s.sys_len, s.ref_len, *s.counts, *s.totals] for s in scores]
    return Statistic(np.array(rows, dtype=float), _corpus_bleu)


def _corpus_bleu(sums: Floats) -> Floats:
    """Return BLEU of summed counts (system and reference length, hits, n-grams per order).

    Exponential smoothing as in mteval-v13a: the k-th order without a hit counts as 1/2^k hits.
    """
    length, reference = sums[..., 0], sums[..., 1]
    hits = sums[..., 2 : 2 + _BLEU_ORDER]
    totals = sums[..., 2 + _BLEU_ORDER :]
    halvings = np.cumsum(hits == 0, axis=-1)
    smoothed = np.where(hits > 0, hits, 0.5**halvings)
    logs = np.log(smoothed / np.maximum(totals, 1)).mean(axis=-1)
    brevity = np.minimum(0.0, 1 - reference / np.maximum(length, 1))
    usable = (hits[..., 0] > 0) & (totals[..., -1] > 0)
    return np.where(usable, 100 * np.exp(logs + brevity), 0.0)


def chrf(results: Sequence[ItemResult], units: Units) -> Score:
    """Return corpus chrF, 0..100, as sacrebleu computes it (Popović 2015); items: sentence chrF."""
    metric = _overlap().CHRF()
    metric.corpus_score(["a"], [["a"]])
    statistic = _chrf_statistic(results)
    items = PerItem(values=[float(v) for v in _corpus_chrf(statistic.sums)])
    return _score("chrf", statistic, units, items=items, signature=str(metric.get_signature()))


def _chrf_statistic(results: Sequence[ItemResult]) -> Statistic:
    rows = [_character_matches(r.answer, r.reference) for r in results]
    return Statistic(np.array(rows, dtype=float), _corpus_chrf)


def _character_matches(answer: str, reference: str) -> list[int]:
    """Return for each order the n-grams of the answer, of the reference, and of both."""
    row: list[int] = []
    given = _overlap().helpers.extract_all_char_ngrams(answer, _CHRF_ORDER, False)
    wanted = _overlap().helpers.extract_all_char_ngrams(reference, _CHRF_ORDER, False)
    for mine, theirs in zip(given, wanted, strict=True):
        row += [
            sum(mine.values()) if theirs else 0,
            sum(theirs.values()),
            sum((mine & theirs).values()),
        ]
    return row


def _corpus_chrf(sums: Floats) -> Floats:
    """Return chrF of summed n-gram counts, averaged over the orders that both sides have."""
    given, wanted, both = sums[..., 0::3], sums[..., 1::3], sums[..., 2::3]
    usable = (given > 0) & (wanted > 0)
    orders = np.maximum(usable.sum(axis=-1), 1)
    precision = np.where(usable, both / np.maximum(given, 1), 0.0).sum(axis=-1) / orders
    recall = np.where(usable, both / np.maximum(wanted, 1), 0.0).sum(axis=-1) / orders
    factor = _CHRF_BETA**2
    scale = factor * precision + recall
    return np.where(
        scale > 0, 100 * (1 + factor) * precision * recall / np.maximum(scale, 1e-300), 0.0
    )


def rouge_l(results: Sequence[ItemResult], units: Units) -> Score:
    """Return the mean ROUGE-L F-measure, 0..1 (Lin 2004), as rouge-score has it without stems."""
    values = [_rouge_l(_counted(r.reference), _counted(r.answer)) for r in results]
    statistic = mean_statistic(np.array(values))
    signature = "rouge-score|rougeL|fmeasure|stemmer:no"
    return _score("rouge_l", statistic, units, items=PerItem(values=values), signature=signature)


def _counted(text: str) -> list[str]:
    return _ENGLISH.findall(text.lower())


def _rouge_l(reference: Sequence[str], answer: Sequence[str]) -> float:
    common = _longest_common(reference, answer)
    if not common:
        return 0.0
    precision, recall = common / len(answer), common / len(reference)
    return 2 * precision * recall / (precision + recall)


def _longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, by a bit a word (Hyyrö 2004)."""
    places: Counter[str] = Counter()
    for at, word in enumerate(one):
        places[word] |= 1 << at
    row = everywhere = (1 << len(one)) - 1
    for word in other:
        found = row & places[word]
        row = (row + found | row - found) & everywhere
    return len(one) - row.bit_count()


# --- intents -----------------------------------------------------------------------------------


def intents(results: Sequence[ItemResult], units: Units) -> tuple[Score, ...]:
    """Return macro F1, precision and recall over the intents that occur; () if none is labelled.

    Items without a gold intent are left out. An intent never predicted has precision 0.
    """
    labelled = [r for r in results if r.intent]
    if not labelled:
        return ()
    agree = PerItem(
        values=[float(r.intent == r.predicted_intent) for r in results],
        weights=[float(bool(r.intent)) for r in results],
    )
    signature = f"macro over {len({r.intent for r in labelled})} intents"
    return tuple(
        _score(metric, _FROM_RESULTS[metric](results), units, items=agree, signature=signature)
        for metric in ("intent_f1", "intent_precision", "intent_recall")
    )


def _confusion(results: Sequence[ItemResult]) -> Floats:
    """Return predicted, gold and hit counts of each intent, shape (N, 3 C)."""
    labels = {label: i for i, label in enumerate(sorted({r.intent for r in results if r.intent}))}
    counts = np.zeros((len(results), len(labels), 3))
    for row, result in enumerate(results):
        if not result.intent:
            continue
        if result.predicted_intent in labels:
            counts[row, labels[result.predicted_intent], 0] = 1
        counts[row, labels[result.intent], 1] = 1
        counts[row, labels[result.intent], 2] = result.intent == result.predicted_intent
    return counts.reshape(len(results), -1)


def _per_intent(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1, each of shape (..., C)."""
    predicted, gold, hit = sums[..., 0::3], sums[..., 1::3], sums[..., 2::3]
    precision = hit / np.maximum(predicted, 1)
    recall = hit / np.maximum(gold, 1)
    f1 = 2 * hit / np.maximum(predicted + gold, 1)
    return precision, recall, f1


def _macro(which: int) -> Callable[[Sequence[ItemResult]], Statistic]:
    """Return a maker of the macro average of precision (0), recall (1) or F1 (2)."""

    def average(sums: Floats) -> Floats:
        present = sums[..., 1::3] > 0
        values = np.where(present, _per_intent(sums)[which], 0.0).sum(axis=-1)
        return ratio(np.stack([values, present.sum(axis=-1)], axis=-1))

    return lambda results: Statistic(_confusion(results), average)


# --- faithfulness and speed --------------------------------------------------------------------


def fidelity(
    results: Sequence[ItemResult],
    evidence: Sequence[Sequence[str]],
    units: Units,
) -> Score | None:
    """Return the share of the answers' sentences with a claim that pass the check.

    By the rule of the answer path (`core.check`). What would be handed off counts as well: it is
    handed off by this very rule, so of what is sent there would be nothing to find. None if no
    answer claims anything.
    """
    counts = [
        counted(check(r.answer, texts, r.said)) for r, texts in zip(results, evidence, strict=True)
    ]
    return _share("fidelity", counts, units)


def groundedness(
    results: Sequence[ItemResult], evidence: Sequence[Sequence[str]], units: Units
) -> Score | None:
    """Return the share of the answers' content words that the retrieved passages contain.

    None if no answer has a content word.
    """
    counts = [
        supported(content_stems(r.answer), content_stems("\n".join(texts)))
        for r, texts in zip(results, evidence, strict=True)
    ]
    return _share("groundedness", counts, units)


def received(right: Sequence[bool], sent: Sequence[bool], units: Units) -> tuple[Score, ...]:
    """Return the shares of all questions that were answered right, wrong, handed off, and answered.

    The first three add up to 1. A handed-off answer is neither right nor wrong: nobody reads it.
    """
    judged = np.array(right, dtype=float), np.array(sent, dtype=float)
    shares = {
        "right": judged[0] * judged[1],
        "wrong": (1 - judged[0]) * judged[1],
        "handed_off": 1 - judged[1],
        "answered": judged[1],
    }
    return tuple(
        _score(
            metric,
            mean_statistic(values),
            units,
            items=PerItem(values=values.tolist()),
            higher=metric in ("right", "answered"),
        )
        for metric, values in shares.items()
    )


def latency(latencies_ms: Sequence[float], units: Units) -> tuple[Score, Score]:
    """Return mean and 95th percentile of the time an answer took, ms.

    The interval of the percentile is that of order statistics, which assumes no distribution.
    """
    values = np.array(latencies_ms)
    items = PerItem(values=list(latencies_ms))
    mean = _score("latency_ms", mean_statistic(values), units, items=items, higher=False)
    tail = quantile(values, 0.95)
    p95 = Score(
        metric="latency_p95_ms",
        value=round(tail.value, _DIGITS),
        low=round(tail.low, _DIGITS),
        high=round(tail.high, _DIGITS),
        n=len(latencies_ms),
        higher_is_better=False,
        signature="order statistics",
    )
    return mean, p95


def _share(metric: str, counts: Sequence[tuple[int, int]], units: Units) -> Score | None:
    weights = [float(total) for _, total in counts]
    if not any(weights):
        return None
    values = [found / total if total else 0.0 for found, total in counts]
    statistic = mean_statistic(np.array(values), np.array(weights))
    return _score(metric, statistic, units, items=PerItem(values=values, weights=weights))


LIKELIHOOD = ("perplexity", "bits_per_byte")
"""Measured on the report's `loss_rows`; the others on its `results`."""
SHARES = frozenset(
    [
        "right",
        "wrong",
        "handed_off",
        "answered",
        "fidelity",
        "groundedness",
        "rouge_l",
        "intent_f1",
        "intent_precision",
        "intent_recall",
    ]
)
"""Metrics of which nothing is above 1; no metric is below 0, whatever few items resample to."""
DIAGNOSTIC = (*LIKELIHOOD, "intent_f1", "intent_precision", "intent_recall")
"""Metrics of what no customer receives. A release may be better on them and answer worse."""
DATA_DEPENDENT = ("intent_f1", "intent_precision", "intent_recall", "fidelity", "groundedness")
"""Metrics that a report has only if its data has intents, numbers or documents to measure on."""

# --- from a score back to what can be resampled ------------------------------------------------

_FROM_RESULTS: Mapping[str, Callable[[Sequence[ItemResult]], Statistic]] = MappingProxyType(
    {
        "bleu": _bleu_statistic,
        "chrf": _chrf_statistic,
        "intent_precision": _macro(0),
        "intent_recall": _macro(1),
        "intent_f1": _macro(2),
    }
)


def items_of(report: Report, metric: str) -> list[tuple[str, ...]]:
    """Return what each of a metric's items was, its conversation last.

    Two reports can be compared on a metric where these are the same.
    """
    if metric in LIKELIHOOD and report.loss_rows:
        return [(row.example_id, row.group) for row in report.loss_rows]
    return [(r.example_id, r.question, r.reference, r.intent, r.group) for r in report.results]


def statistic_of(report: Report, metric: str) -> Statistic:
    """Return a metric of a report as sums over its items, ready to be resampled.

    InputError if the report does not have it, or has it only as one number.
    """
    names = [score.metric for score in report.scores]
    if metric not in names:
        raise InputError(
            f'the report has no metric "{metric}"',
            where=f"report of {report.model}",
            action=f"choose one of {', '.join(names)}",
        )
    if metric in _FROM_RESULTS:
        return _FROM_RESULTS[metric](report.results)
    score = report.score(metric)
    if not score.items:
        raise InputError(
            f'"{metric}" has no per-item values and cannot be compared item by item',
            where=f"report of {report.model}",
            action="leave it out of the gate",
        )
    weights = np.array(score.weights) if score.weights else None
    statistic = mean_statistic(np.array(score.items), weights)
    return _exponential(statistic) if metric == "perplexity" else statistic


def _score(
    metric: str,
    statistic: Statistic,
    units: Units,
    *,
    items: PerItem,
    higher: bool = True,
    signature: str = "",
) -> Score:
    interval = bootstrap(statistic, units.cluster, units.resampling)
    counted = items.weights or [1.0] * len(items.values)
    return Score(
        metric=metric,
        value=round(interval.value, _DIGITS),
        low=round(max(interval.low, 0.0), _DIGITS),
        high=round(min(interval.high, 1.0 if metric in SHARES else inf), _DIGITS),
        n=sum(weight > 0 for weight in counted),
        higher_is_better=higher,
        items=tuple(round(float(v), _DIGITS) for v in items.values),
        weights=tuple(items.weights),
        signature=signature,
    )
