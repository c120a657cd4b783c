from __future__ import annotations

import numpy as np

from northloop.stages.serving.quote.history import PARAPHRASE, Regression, Terms, kernel


def test_predictions_without_some_rows_are_those_of_a_regression_that_never_had_them() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(30, 5))
    wanted = (rng.random((30, 3)) < 0.4).astype(float)
    alike = points @ points.T
    whole = Regression(alike, wanted)
    out = np.array([3, 7, 21])
    kept = np.setdiff1d(np.arange(30), out)
    ridge = 0.15
    duals = np.linalg.solve(
        alike[np.ix_(kept, kept)] + ridge * np.eye(len(kept)), wanted[kept] - whole.base
    )
    expected = alike[:4, kept] @ duals + whole.base
    np.testing.assert_allclose(whole.without(alike[:4], out), expected, atol=1e-8)


def test_paraphrases_have_an_answer_in_common_and_resemble_each_other() -> None:
    alike = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, 0.1], [0.9, 0.1, 1.0]])
    past = Regression(alike, np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    assert PARAPHRASE < 0.9
    assert past.paraphrases(0).tolist() == [0, 1]
    assert past.paraphrases(2).tolist() == [2]


def test_terms_of_one_text_alone_teach_nothing() -> None:
    terms = Terms.of(["late book", "late card", "room"])
    assert set(terms.columns) == {"late"}
    assert terms.rows(["late room", ""]).toarray().tolist() == [[1.0], [0.0]]


def test_a_question_is_most_like_itself() -> None:
    terms = Terms.of(["late book", "late book", "late card"])
    rows = terms.rows(["late book", "late card"])
    vectors = np.eye(2)
    alike = kernel(rows, vectors, rows.T.tocsr(), vectors)
    assert alike[0, 0] > alike[0, 1] >= 0
    assert alike[0, 0] == 1


def test_one_question_that_says_the_same_counts_more_than_two_that_are_a_little_alike() -> None:
    none = Terms.of([]).rows(["", "", "", ""])
    cosines = (0.9, 0.5, 0.5)
    asked = np.array([[1.0, 0.0]])
    others = np.array([[c, (1 - c * c) ** 0.5] for c in cosines])
    near, *far = kernel(none[:1], asked, none[:3].T.tocsr(), others)[0]
    assert near > sum(far)
    before = kernel(none[:1], asked, none[:3].T.tocsr(), others, 0.0)[0]
    np.testing.assert_allclose(before, 0.5 * np.array(cosines))
