"""What help desks have in common: the order of messages, tags, fields that users made."""

from __future__ import annotations

import pytest

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.cases import (
    Case,
    in_order,
    own_fields,
    same_words,
    tags,
    with_own_fields,
)
from northloop.stages.data.sources.shapes.shape import Refused


def said(body: str, at: str = "", **more: Visibility) -> RawMessage:
    return RawMessage(role=Role.CUSTOMER, text=body, at=at, **more)


def case(number: int, columns: dict[str, str], **known: str) -> Case:
    conversation = RawConversation(row=number, messages=(said("Hi"),), **known)  # type: ignore[arg-type]
    return Case(conversation=conversation, columns=columns)


def completed(*cases: Case | Refused) -> list[RawConversation]:
    made = with_own_fields(iter(cases))
    return [one for one in made if isinstance(one, RawConversation)]


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "1767312000"), "bac"),
        (("2026-01-02T00:00:00Z", "", "2026-01-01T00:00:00Z"), "abc"),
        (("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), "cba"),
        (("2026-01-01T00:00:00Z",) * 3, "abc"),
        (("1767225600", "1767225600", "1767225601"), "abc"),
    ],
)
def test_messages_come_oldest_first(times: tuple[str, ...], order: str) -> None:
    messages = [said(name, at) for name, at in zip("abc", times, strict=True)]
    assert "".join(m.text for m in in_order(messages)) == order


def test_a_field_counts_where_the_vendor_s_own_says_nothing() -> None:
    columns = {"contact reason": "refund", "CSAT": "5", "handle time sec": "90"}
    [mine, theirs] = completed(case(1, columns), case(2, columns, intent="parcel", csat="1"))
    assert (mine.intent, mine.csat, mine.handling_minutes) == ("refund", "5", "90 s")
    assert (theirs.intent, theirs.csat) == ("parcel", "1")


def test_what_is_different_in_each_case_is_no_intent() -> None:
    made = completed(*(case(n, {"category": f"order {n}"}) for n in range(30)))
    assert {one.intent for one in made} == {""}


def test_the_first_cases_tell_of_all_and_what_is_refused_stays_where_it_stood() -> None:
    found = [case(n, {"category": ("a", "b")[n % 2]}) for n in range(450)]
    refused = Refused(300, "spam", None)
    made = list(with_own_fields(iter([*found[:300], refused, *found[300:]])))
    assert made[300] is refused
    assert {one.intent for one in made if isinstance(one, RawConversation)} == {"a", "b"}


def test_the_subject_of_what_is_all_private_is_private() -> None:
    hidden = said("do not tell", visibility=Visibility.PRIVATE)
    for messages, subject in (((hidden,), ""), ((hidden, said("Hi")), "x"), ((), "x")):
        whole = RawConversation(row=1, messages=messages, subject="x")
        assert [c.subject for c in completed(Case(conversation=whole))] == [subject]


def test_own_fields_of_any_form_by_their_names() -> None:
    assert own_fields({"cf_category": "a", "Reason__c": 1, "topic_175593": None}) == {
        "category": "a", "Reason": "1", "topic": ""
    }  # fmt: skip
    assert own_fields([{"id": 1, "name": "Topic", "value": "3", "text": "Refund"}]) == {
        "Topic": "Refund"
    }
    assert own_fields([{"id": 1, "value": "3"}, {"name": "L", "value": [1]}]) == {"L": ""}
    assert own_fields("nothing") == {}


def test_one_tag_is_told_and_several_are_not() -> None:
    assert (
        tags(["a"]) == tags("a") == tags([{"name": "a"}]) == tags([{"tag": "a"}]) == {"tags": "a"}
    )
    assert tags(["a", "b"]) == tags([]) == tags(None) == {"tags": ""}


def test_the_same_words_with_and_without_markup() -> None:
    assert same_words("<p>Where&nbsp;is it?</p>", "Where is it?\r\n\r\nJo")
    assert not same_words("", "Where is it?")
    assert not same_words("Where is it?", "Who is it?")
