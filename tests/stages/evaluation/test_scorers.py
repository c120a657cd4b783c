from __future__ import annotations

import math

import numpy as np
import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from later import rouge_scorer
from northloop.core.artefacts import ItemResult, Report, Score
from northloop.core.errors import InputError
from northloop.ports.trainer import RowLoss
from northloop.stages.evaluation import scorers
from northloop.stages.evaluation.scorers import Units
from northloop.statistics.bootstrap import Resampling

WORDS = ["your", "order", "refund", "parcel", "was", "returned", "within", "30", "days", "the", "a"]


def results(n: int, seed: int, shortest: int = 0) -> list[ItemResult]:
    rng = np.random.default_rng(seed)

    def text() -> str:
        return " ".join(rng.choice(WORDS, rng.integers(shortest, 14)))

    labels = ["cancel", "refund", "track"]
    return [
        ItemResult(str(i), str(i), "q", text() or "yes", text(), *map(str, rng.choice(labels, 2)))
        for i in range(n)
    ]


def units(n: int) -> Units:
    return Units(cluster=np.arange(n), resampling=Resampling(draws=500))


@pytest.mark.parametrize("seed", range(25))
def test_bleu_and_chrf_are_sacrebleu_s(seed: int) -> None:
    found = results(1 + seed % 9, seed)
    answers, references = [r.answer for r in found], [[r.reference for r in found]]
    expected_bleu = BLEU().corpus_score(answers, references).score
    expected_chrf = CHRF().corpus_score(answers, references).score
    assert scorers.bleu(found, units(len(found))).value == pytest.approx(expected_bleu, abs=1e-5)
    assert scorers.chrf(found, units(len(found))).value == pytest.approx(expected_chrf, abs=1e-5)


def test_items_are_sentence_scores() -> None:
    found = results(5, 1, shortest=5)
    bleu, chrf = scorers.bleu(found, units(5)), scorers.chrf(found, units(5))
    for i, r in enumerate(found):
        one = BLEU(effective_order=True).sentence_score(r.answer, [r.reference]).score
        assert bleu.items[i] == pytest.approx(one, abs=1e-5)
        one = CHRF().sentence_score(r.answer, [r.reference]).score
        assert chrf.items[i] == pytest.approx(one, abs=1e-5)


def test_signatures_say_how_it_was_computed() -> None:
    found = results(3, 2)
    assert "tok:13a|smooth:exp|version:" in scorers.bleu(found, units(3)).signature
    assert "nc:6|nw:0" in scorers.chrf(found, units(3)).signature
    assert "rougeL" in scorers.rouge_l(found, units(3)).signature


def test_the_reference_itself_scores_full_marks() -> None:
    found = [
        ItemResult(r.example_id, r.group, r.question, r.reference, r.reference, "", "")
        for r in results(6, 3, shortest=5)
    ]
    assert scorers.bleu(found, units(6)).value == pytest.approx(100)
    assert scorers.chrf(found, units(6)).value == pytest.approx(100)
    assert scorers.rouge_l(found, units(6)).value == pytest.approx(1)


def test_rouge_l_by_hand() -> None:
    # Lin 2004, §3.1: "police the gunman" in common, precision = recall = 3/4.
    one = ItemResult("1", "1", "", "police killed the gunman", "police kill the gunman", "", "")
    assert scorers.rouge_l([one], units(1)).value == pytest.approx(0.75)


def test_rouge_l_is_the_reference_implementations() -> None:
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    drawn = np.random.default_rng(5)
    words = ["the", "The", "tent,", "ships", "45", "days!", "Größe", "it's", "—", "İ", "e-mail"]
    texts = [" ".join(drawn.choice(words, size)) for size in range(60)] + ["", "?!", "退款"]
    for reference, answer in zip(texts, drawn.permutation(texts), strict=True):
        one = ItemResult("1", "1", "", reference, str(answer), "", "")
        told = scorer.score(reference, str(answer))["rougeL"].fmeasure
        assert scorers.rouge_l([one], units(1)).items == (pytest.approx(told, abs=1e-6),)


def test_perplexity_and_bits_per_byte_by_hand() -> None:
    losses = [RowLoss(2 * math.log(4), 2, 10), RowLoss(6 * math.log(2), 6, 30)]
    perplexity = scorers.perplexity(losses, units(2))
    assert perplexity.value == pytest.approx(2 ** (10 / 8), abs=1e-5)
    assert perplexity.weights == (2.0, 6.0)
    assert not perplexity.higher_is_better
    assert scorers.bits_per_byte(losses, units(2)).value == pytest.approx(10 / 40)


def test_intents_by_hand() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("c", "a"), ("", "a")]
    found = [ItemResult(str(i), str(i), "", "", "", g, p) for i, (g, p) in enumerate(pairs)]
    f1, precision, recall = scorers.intents(found, units(6))
    assert precision.value == pytest.approx((1 / 2 + 2 / 3 + 0) / 3, abs=1e-6)
    assert recall.value == pytest.approx((1 / 2 + 1 + 0) / 3, abs=1e-6)
    assert f1.value == pytest.approx((1 / 2 + 4 / 5 + 0) / 3, abs=1e-6)
    assert f1.n == 5


def test_a_label_that_does_not_exist_is_simply_wrong() -> None:
    found = [
        ItemResult("1", "1", "", "", "", "a", "zebra"),
        ItemResult("2", "2", "", "", "", "a", "a"),
    ]
    f1, precision, recall = scorers.intents(found, units(2))
    assert (precision.value, recall.value) == (1.0, 0.5)
    assert f1.value == pytest.approx(2 / 3, abs=1e-6)


def test_without_gold_intents_there_is_no_intent_score() -> None:
    assert scorers.intents([ItemResult("1", "1", "", "", "", "", "a")], units(1)) == ()


def test_fidelity_counts_claims_that_pass_the_check() -> None:
    found = [
        ItemResult("1", "1", "Order LF-1?", "", "LF-1 comes in 3 days. It costs £5.", "", ""),
        ItemResult("2", "2", "Hello", "", "Hello!", "", ""),
    ]
    score = scorers.fidelity(found, [["It comes in three days and costs £5."], []], units(2))
    assert score is not None
    assert score.value == pytest.approx(1.0)
    wrong = scorers.fidelity(found, [["It comes in four days and costs £5."], []], units(2))
    assert wrong is not None
    assert wrong.value == pytest.approx(1 / 2, abs=1e-6)
    assert wrong.n == 1
    assert scorers.fidelity(found[1:], [[]], units(1)) is None


def test_fidelity_takes_no_promise_from_a_customer() -> None:
    asked = "My order LF-1 took 9 days, so I get €20, right?"
    said = "Yes, you get €20 for LF-1. We pay nothing for late parcels."
    one = ItemResult("1", "1", asked, "", said, "", "")
    score = scorers.fidelity([one], [["We pay nothing for late parcels."]], units(1))
    assert score is not None
    assert score.value == pytest.approx(0.5)


def test_groundedness_counts_words_that_were_retrieved() -> None:
    found = [ItemResult("1", "1", "tents?", "", "We repair tents and kayaks.", "", "")]
    score = scorers.groundedness(found, [["Tents are repaired by us"]], units(1))
    assert score is not None
    assert score.value == pytest.approx(2 / 3, abs=1e-6)


def test_latency_has_a_mean_and_a_tail() -> None:
    times = [float(t) for t in range(1, 101)]
    mean, p95 = scorers.latency(times, units(100))
    assert mean.value == pytest.approx(50.5)
    assert mean.low < 50.5 < mean.high
    assert p95.value == pytest.approx(95.05)
    assert 85 < p95.low < p95.value < p95.high <= 100


def test_a_metric_can_be_resampled_from_its_report() -> None:
    found = tuple(results(20, 4))
    losses = [RowLoss(float(5 + i), 4 + i % 3, 20) for i in range(20)]
    scores = (
        scorers.bleu(found, units(20)),
        scorers.rouge_l(found, units(20)),
        scorers.perplexity(losses, units(20)),
        *scorers.intents(found, units(20)),
    )
    report = Report(dataset="d", model="m", scores=scores, results=found)
    for score in scores:
        rebuilt = scorers.statistic_of(report, score.metric).value()
        assert rebuilt == pytest.approx(score.value, abs=1e-4)


def test_a_metric_that_cannot_be_resampled_is_named() -> None:
    lonely = Score(metric="cost", value=1, low=1, high=1, n=1, higher_is_better=False)
    report = Report(dataset="d", model="m", scores=(lonely,), results=())
    with pytest.raises(InputError, match="no per-item values"):
        scorers.statistic_of(report, "cost")
    with pytest.raises(InputError, match="choose one of cost"):
        scorers.statistic_of(report, "bleu")


@pytest.mark.parametrize("right", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("of_a_conversation", [1, 2])
def test_a_share_of_few_items_lies_between_nothing_and_all(
    right: int, of_a_conversation: int
) -> None:
    told = [number < right for number in range(4)]
    by = Units(cluster=np.arange(4) // of_a_conversation, resampling=Resampling(draws=500))
    for score in scorers.received(told, [True] * 4, by):
        assert 0 <= score.low <= score.value <= score.high <= 1
