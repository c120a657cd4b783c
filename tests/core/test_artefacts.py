import pytest

from northloop.core.artefacts import Report, RowCount, Score


def test_rows_that_do_not_balance_are_a_bug() -> None:
    assert RowCount(rows_in=5, kept=2, merged=2, quarantined=1).kept == 2
    with pytest.raises(AssertionError, match="do not balance"):
        RowCount(rows_in=5, kept=2, merged=2, quarantined=2)


def test_a_report_finds_its_score_by_metric() -> None:
    score = Score(metric="bleu", value=1.0, low=0.5, high=1.5, n=9, higher_is_better=True)
    report = Report(dataset="0" * 64, model="base", scores=(score,), results=())
    assert report.score("bleu") is score
    with pytest.raises(KeyError):
        report.score("rouge_l")
