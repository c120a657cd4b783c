"""Two people judge a tenth of the answers, and neither is told what the other said."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.interaction import Interaction, ReviewItem, SkipReason, Source, VerdictKind
from northloop.stages.monitoring import queue, review, rulings, second_reads
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.queue import Reviewing
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.second_reads import SecondRead, agreement, waiting
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

AT = "2026-02-01T09:00:00Z"


def world(answers: int) -> MemoryRecords:
    records = MemoryRecords()
    for number in range(answers):
        interaction = usual_interaction(
            interaction_id=f"i{number}",
            conversation_id=f"c{number}",
            customer_id=f"u{number}",
            at=AT,
            question=f"Question {number}?",
            answer="Yes.",
            source=Source.QUOTE,
        )
        records.add(interaction)
        item = ReviewItem(
            review_id=f"r{number}",
            interaction_id=f"i{number}",
            at=AT,
            probability=0.1,
            uniform=True,
        )
        records.add(item)
    return records


def judge(
    records: MemoryRecords, name: str, reviewer: str, right: bool = True, **said: object
) -> str:
    kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
    fields: dict[str, object] = {"review_id": name, "kind": kind, "reviewer": reviewer}
    given = Judgement(**{**fields, **said})  # type: ignore[arg-type]
    return review.submit(records, given, AT).verdict_id


@pytest.fixture
def every(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reads, "SHARE", 1.0)


def test_a_tenth_is_asked_for_whatever_was_said() -> None:
    asked = []
    for right in (True, False):
        records = world(400)
        for number in range(400):
            judge(records, f"r{number}", "ana", right)
        asked.append([item.review_id for item in waiting(records, "ben")])
    assert asked[0] == asked[1]
    assert 20 < len(asked[0]) < 60
    assert waiting(records, "ana") == waiting(records, "") == []


@pytest.fixture
def none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reads, "SHARE", 0.0)


@pytest.mark.usefixtures("none")
def test_what_was_all_but_sure_and_not_found_right_is_read_again_and_ruled_on() -> None:
    records = world(4)
    for number, (sure, right) in enumerate([(0.95, False), (0.95, True), (0.6, False)]):
        kept = records.get(Interaction, f"i{number}")
        records.replace(msgspec.structs.replace(kept, sure=sure, treatment="quote"))
        judge(records, f"r{number}", "ana", right)
    assert [item.review_id for item in waiting(records, "ben")] == ["r0"]
    [before] = [one for one in records.query(Decided).rows if one.interaction_id == "i0"]
    assert not before.right
    first = records.query(SecondRead).rows[0].first
    assert second_reads.doubted(records) == {first}
    judge(records, "r0", "ben", right=True)
    assert second_reads.doubted(records) == {first}
    assert agreement(records) is None, "it was not drawn, and tells of nobody's errors"
    ruling = Judgement(review_id="r0", kind=VerdictKind.CORRECT, reviewer="olga")
    rulings.rule(records, ruling, AT)
    assert records.get(Decided, "i0").right
    assert not second_reads.doubted(records)


@pytest.mark.usefixtures("none")
def test_where_nobody_gave_a_name_nothing_is_read_again() -> None:
    records = world(1)
    records.replace(msgspec.structs.replace(records.get(Interaction, "i0"), sure=0.95))
    judge(records, "r0", "", right=False)
    assert waiting(records, "ben") == []


@pytest.mark.usefixtures("every")
def test_somebody_else_reads_it_first_of_all_and_once() -> None:
    records = world(3)
    judge(records, "r0", "ana")
    ben = Reviewing(by="b", name="ben", at=AT)
    assert [o.item.review_id for o in queue.take(records, ben, 2)] == ["r0", "r2"]
    cem = Reviewing(by="c", name="cem", at=AT)
    assert [o.item.review_id for o in queue.take(records, cem, 2)] == ["r1"], "Ben has it"
    judge(records, "r0", "ben", right=False)
    later = msgspec.structs.replace(cem, at="2026-02-01T10:00:00Z")
    assert [o.item.review_id for o in queue.take(records, later, 5)] == ["r2", "r1"]
    found = agreement(records)
    assert found is not None
    assert (found.pairs, found.agreed.value) == (1, 0.0)


@pytest.mark.usefixtures("every")
def test_nobody_is_asked_again_after_a_verdict_without_a_name_or_a_skip() -> None:
    records = world(3)
    judge(records, "r0", "")
    judge(records, "r1", "ana", skip=SkipReason.OTHER)
    assert waiting(records, "ben") == []
    judge(records, "r2", "ana")
    for reader in ("ben", "cem", "dan"):
        assert [item.review_id for item in waiting(records, reader)] == ["r2"]
        judge(records, "r2", reader, skip=SkipReason.OTHER)
    assert waiting(records, "eve") == [], "so many have passed it over"
    assert agreement(records) is None


@pytest.mark.usefixtures("every")
def test_what_is_taken_back_waits_again_or_is_gone() -> None:
    records = world(2)
    first = judge(records, "r0", "ana")
    second = judge(records, "r0", "ben")
    review.undo(records, second)
    assert [item.review_id for item in waiting(records, "ben")] == ["r0"]
    assert agreement(records) is None
    review.undo(records, first)
    assert waiting(records, "ben") == []
    assert records.count(SecondRead) == 0


@pytest.mark.usefixtures("every")
def test_a_changed_mind_is_still_the_first_verdict() -> None:
    records = world(1)
    judge(records, "r0", "ana")
    judge(records, "r0", "ana", right=False)
    judge(records, "r0", "ben", right=False)
    found = agreement(records)
    assert found is not None
    assert (found.pairs, found.agreed.value, found.kappa) == (1, 1.0, None)


@pytest.mark.usefixtures("every")
def test_a_forgotten_customer_leaves_no_second_read() -> None:
    records = world(1)
    judge(records, "r0", "ana")
    judge(records, "r0", "ben")
    forget(records, "default", "u0")
    assert records.count(SecondRead) == 0
    assert agreement(records) is None


@pytest.mark.usefixtures("every")
def test_kappa_is_that_of_the_textbooks() -> None:
    """50 proposals by two readers: 20 yes by both, 15 no by both, 5 and 10 apart; .4."""
    records = world(50)
    said = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    for number, (one, other) in enumerate(said):
        judge(records, f"r{number}", "ana", one)
        judge(records, f"r{number}", "ben", other)
    found = agreement(records)
    assert found is not None
    assert found.pairs == 50
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)
    assert found.agreed.low < found.agreed.value < found.agreed.high
