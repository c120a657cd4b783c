from __future__ import annotations

import pytest

from northloop.core.errors import InputError
from northloop.ports.models import Token
from northloop.stages.evaluation.parity import ParitySpec, compare


def tokens(text: str, logprob: float = -0.5) -> list[Token]:
    return [Token(letter, logprob) for letter in text]


def test_the_same_model_agrees_with_itself() -> None:
    found = compare([tokens("abc"), tokens("de")], [tokens("abc"), tokens("de")], ParitySpec())
    assert (found.n, found.top1_agreement, found.mean_logprob_gap, found.passed) == (5, 1, 0, True)


def test_agreement_is_counted_over_all_positions() -> None:
    found = compare([tokens("abcdefghij")], [tokens("abcdefghiX")], ParitySpec())
    assert found.top1_agreement == pytest.approx(0.9)
    assert found.passed
    assert not compare([tokens("abcdefghij")], [tokens("abcdefghXX")], ParitySpec()).passed


def test_a_wide_gap_fails_even_where_the_tokens_agree() -> None:
    found = compare([tokens("abc", -0.1)], [tokens("abc", -0.5)], ParitySpec())
    assert found.mean_logprob_gap == pytest.approx(0.4)
    assert not found.passed


@pytest.mark.parametrize(
    ("trained", "served"),
    [([tokens("abc")], [tokens("ab")]), ([tokens("abc")], []), ([], []), ([[]], [[]])],
)
def test_what_does_not_pair_up_is_refused(
    trained: list[list[Token]], served: list[list[Token]]
) -> None:
    with pytest.raises(InputError, match="do not pair up"):
        compare(trained, served, ParitySpec())
