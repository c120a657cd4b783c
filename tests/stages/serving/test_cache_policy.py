from __future__ import annotations

import pytest

from northloop.core.conversation import Message
from northloop.core.interaction import ApprovedAnswer, Asking
from northloop.core.question import name_of
from northloop.stages.serving.approved import ApprovedAnswers
from northloop.stages.serving.cache_policy import cache_key


def key(text: str, tenant: str = "t", release: str = "r") -> str:
    return cache_key(tenant, release, name_of([Message("user", text)]))


@pytest.mark.parametrize(
    "same",
    ["cancel my order", " Cancel  my\norder?! ", "CANCEL MY ORDER.", "ｃａｎｃｅｌ my order"],
)
def test_spelling_that_means_nothing_does_not_count(same: str) -> None:
    assert key(same) == key("Cancel my order")


@pytest.mark.parametrize(
    "other", ["don't cancel my order", "cancel my orders", "cancel my order 2", "cancel order my"]
)
def test_whatever_may_mean_something_counts(other: str) -> None:
    assert key(other) != key("cancel my order")


def test_the_key_knows_tenant_release_and_roles() -> None:
    keys = {
        key("a"),
        key("a", tenant="u"),
        key("a", release="s"),
        cache_key("t", "r", name_of([Message("assistant", "a")])),
        cache_key("t", "r", name_of([Message("user", "a"), Message("user", "a")])),
    }
    assert len(keys) == 5


def test_the_newest_approved_answer_wins() -> None:
    old, new = (
        ApprovedAnswer(approved_id=n, question=q, answer=n, origin="", at="", tenant="default")
        for n, q in (("old", "Hours?"), ("new", "hours"))
    )
    answers = ApprovedAnswers([old, new])
    assert len(answers) == 1
    assert answers.find(Asking("", "HOURS")) == new
    assert answers.find(Asking("", "hours on sunday")) is None
