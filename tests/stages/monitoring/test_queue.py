"""What is passed over goes back to the queue, for everybody but whoever passed it over."""

from __future__ import annotations

import pytest

from northloop.core.interaction import ReviewItem, SkipReason, Verdict, VerdictKind
from northloop.stages.monitoring import queue, review, second_reads
from northloop.stages.monitoring.queue import Reviewing
from northloop.stages.monitoring.review import MOST_SKIPS, Judgement
from northloop.testing.records import MemoryRecords
from stages.monitoring.test_second_reads import AT, judge, world


def given(records: MemoryRecords, name: str, limit: int = 9) -> list[str]:
    who = Reviewing(by=name or "nobody", name=name, at=AT)
    found = [one.item.review_id for one in queue.take(records, who, limit)]
    for review_id in found:
        records.remove(queue.Claim, review_id)
    return found


def skip(records: MemoryRecords, name: str, reviewer: str) -> Verdict:
    said = Judgement(
        review_id=name,
        kind=VerdictKind.CORRECT,
        reviewer=reviewer,
        skip=SkipReason.NOT_MY_LANGUAGE,
    )
    return review.submit(records, said, AT)


def test_a_skip_is_kept_with_its_reason_and_the_answer_goes_to_somebody_else() -> None:
    records = world(3)
    kept = skip(records, "r1", "ana")
    assert (kept.skipped, kept.skip) == (True, SkipReason.NOT_MY_LANGUAGE)
    assert records.query(Verdict, {"skipped": True}).rows == [kept]
    assert given(records, "ana") == ["r2", "r0"]
    assert given(records, "ben") == ["r2", "r1", "r0"]
    assert queue.left(records) == 3


def test_what_they_had_before_them_is_not_given_again_either() -> None:
    records = world(2)
    ana = Reviewing(by="a", name="ana", at=AT)
    assert len(queue.take(records, ana, 2)) == 2
    skip(records, "r1", "ana")
    assert [one.item.review_id for one in queue.take(records, ana, 2)] == ["r0"]


def test_many_skips_at_the_head_of_the_queue_do_not_hide_what_is_below() -> None:
    records = world(130)
    for number in range(20, 130):
        skip(records, f"r{number}", "ana")
    assert given(records, "ana", 2) == ["r19", "r18"]


def test_after_three_have_looked_nobody_is_asked_until_a_skip_is_taken_back() -> None:
    records = world(1)
    skips = [skip(records, "r0", name) for name in ("ana", "ben", "cem")]
    assert len(skips) == MOST_SKIPS
    assert given(records, "dora") == []
    assert queue.left(records) == 0
    review.undo(records, skips[0].verdict_id)
    assert given(records, "dora") == given(records, "ana") == ["r0"]


def test_who_judges_it_after_all_is_counted_once() -> None:
    records = world(1)
    skip(records, "r0", "ana")
    judge(records, "r0", "ana", right=False)
    (kept,) = records.query(Verdict).rows
    assert (kept.skipped, kept.kind) == (False, VerdictKind.INCORRECT)
    assert records.get(ReviewItem, "r0").judged == 1


def test_a_second_read_that_is_passed_over_goes_to_a_third(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reads, "SHARE", 1.0)
    records = world(1)
    judge(records, "r0", "ana")
    skip(records, "r0", "ben")
    assert given(records, "ben") == given(records, "ana") == []
    assert given(records, "cem") == ["r0"]
    judge(records, "r0", "cem")
    found = second_reads.agreement(records)
    assert found is not None
    assert found.pairs == 1
