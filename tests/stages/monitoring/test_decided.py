from __future__ import annotations

import pytest

from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.stages.monitoring.certificates import reach, standings
from northloop.stages.monitoring.decided import (
    Carried,
    Decided,
    Says,
    carried_id_of,
    carried_to,
)
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.records import MemoryRecords

BEFORE, RELEASE, NEXT = Hash("a" * 64), Hash("b" * 64), Hash("c" * 64)
RISK = RiskSpec()


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def decided(
    records: MemoryRecords, number: int, right: bool, release: Hash = BEFORE, sure: float = 0.9
) -> None:
    records.replace(
        Decided(
            interaction_id=f"i{number}",
            release=release,
            at=at(number),
            treatment="quote",
            sure=sure,
            right=right,
            distinct=f"q{number}",
        )
    )


def carried(
    records: MemoryRecords, number: int, says: Says, sure: float = 0.9, release: Hash = RELEASE
) -> None:
    records.add(
        Carried(
            carried_id=carried_id_of(f"i{number}", release),
            interaction_id=f"i{number}",
            release=release,
            at=at(number),
            says=says,
            treatment="" if says is Says.NOTHING else "quote",
            sure=sure,
            distinct=f"q{number}",
        )
    )


def at(number: int) -> str:
    return f"2026-11-01T00:{number // 60:02}:{number % 60:02}Z"


@pytest.mark.parametrize(
    ("says", "was_right", "counts"),
    [
        (Says.SAME, True, [True]),
        (Says.SAME, False, [False]),
        (Says.WRITTEN, False, [True]),
        (Says.WRITTEN, True, [False]),  # the verdict was another when it was asked
        (Says.OTHER, True, [False]),
        (Says.OTHER, False, [False]),
        (Says.UNASKED, True, []),
        (Says.UNASKED, False, [False]),
        (Says.NOTHING, True, []),
    ],
)
def test_what_a_release_says_is_right_if_people_said_so(
    records: MemoryRecords, says: Says, was_right: bool, counts: list[bool]
) -> None:
    decided(records, 1, was_right)
    carried(records, 1, says)
    assert [one.right for one in carried_to(records, RELEASE)] == counts


def test_what_it_says_where_nothing_was_said_before_counts_as_wrong(
    records: MemoryRecords,
) -> None:
    carried(records, 1, Says.FIRST)
    assert [one.right for one in carried_to(records, RELEASE)] == [False]


def test_a_verdict_that_was_undone_counts_for_no_release(records: MemoryRecords) -> None:
    decided(records, 1, right=True)
    carried(records, 1, Says.SAME)
    records.remove(Decided, "i1")
    assert not carried_to(records, RELEASE)


def test_certificates_begin_with_it_and_say_so(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, number, right=True)
        carried(records, number, Says.SAME)
    standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
    assert standing.certificate is not None
    assert (standing.decisions, standing.carried) == (60, 60)
    assert "60 of 60 decisions were right, 60 of them from before this release" in standing.words
    decided(records, 60, right=True, release=RELEASE)
    standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
    assert (standing.decisions, standing.carried) == (61, 60)
    assert not standings(records, NEXT, RISK)


def test_what_nobody_decided_on_certifies_nothing(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, number, right=True)
        carried(records, number, Says.SAME if number % 10 else Says.OTHER)
    assert standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate is None


def test_it_is_told_of_how_many_questions_both_would_send_an_answer(
    records: MemoryRecords,
) -> None:
    for number in range(100):
        decided(records, number, right=True, sure=0.9 if number < 80 else 0.2)
        carried(records, number, Says.SAME if number < 60 else Says.NOTHING, sure=0.8)
    for number in range(100, 120):  # the other half, which it has learnt
        decided(records, number, right=True)
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.asked, found.live, found.candidate) == (100, 100, 60)
    assert reach(records, NEXT, RELEASE, RISK).live == 0
