"""An operator rules where reviewers differ: the ruling counts, what it overrules is history."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from northloop.core.errors import InputError
from northloop.core.interaction import (
    ApprovedAnswer,
    Dispute,
    Interaction,
    Rejection,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.tally import ClusterSums
from northloop.loop.journal import InteractionJournal
from northloop.ports.catalogue import TABLES
from northloop.stages.monitoring import approvals, gold, review, rulings, second_reads, tally
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.gold import Gold
from northloop.stages.monitoring.review import Judgement, taught
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.monitoring.scorecard import scorecard
from northloop.stages.monitoring.second_reads import SecondRead
from northloop.stages.monitoring.slices import SliceSums
from northloop.stages.monitoring.tally import Tally
from northloop.stages.monitoring.verdict_effects import effects_of
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

AT, LATER, LAST = (f"2026-02-0{day}T09:00:00Z" for day in (1, 2, 3))
NOTES = (Tally, SliceSums, Decided, SecondRead, Gold)


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> MemoryRecords:
    """Two hundred answers, some drawn; whatever one person judges, another one reads too."""
    monkeypatch.setattr(second_reads, "SHARE", 1.0)
    store = MemoryRecords()
    journal = InteractionJournal(store, ReviewBudget(share=0.1, seed="rulings"))
    for number in range(200):
        asked = usual_interaction(
            interaction_id=f"i{number}",
            conversation_id=f"c{number}",
            at=AT,
            question=f"Question {number}?",
            answer="Yes.",
            source=Source.QUOTE,
            confidence=0.7,
            treatment="quote",
            turn=1,
        )
        journal.keep(asked)
    return store


@pytest.fixture
def one(records: MemoryRecords) -> str:
    """What two reviewers judge differently: an id of the uniform half."""
    item = records.query(ReviewItem, {"uniform": True}).rows[0]
    say(records, item.review_id, "ana")
    say(records, item.review_id, "ben", VerdictKind.INCORRECT, "No.", at=LATER)
    return item.review_id


def said(name: str, who: str, kind: VerdictKind, correction: str = "") -> Judgement:
    return Judgement(review_id=name, kind=kind, correction=correction, reviewer=who)


def say(
    records: MemoryRecords,
    name: str,
    who: str,
    kind: VerdictKind = VerdictKind.CORRECT,
    correction: str = "",
    at: str = AT,
) -> Verdict:
    return review.submit(records, said(name, who, kind, correction), at)


def everything(records: MemoryRecords) -> Mapping[str, list[object]]:
    """All that is kept, whatever the order in which it came."""
    kinds = [*(kept.type_ for kept in TABLES), *NOTES]
    found = {kind.__name__: records.query(kind).rows for kind in kinds}
    rounded = {
        name: sorted((_rounded(msgspec.to_builtins(row)) for row in rows), key=str)
        for name, rows in found.items()
    }
    return {name: rows for name, rows in rounded.items() if rows}


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, list | tuple) else value


def accuracy(records: MemoryRecords) -> float | None:
    found = scorecard(records, "r").accuracy
    return found.value if found else None


def test_the_ruling_counts_and_what_it_overrules_is_history(
    records: MemoryRecords, one: str
) -> None:
    assert accuracy(records) == 1.0, "Ana was first"
    ruling = rulings.rule(records, said(one, "dora", VerdictKind.INCORRECT, "Never."), LAST)
    assert accuracy(records) == 0.0
    given = records.query(Verdict, {"review_id": one}).rows
    assert [(v.reviewer, v.overruled, v.ruling) for v in given] == [
        ("ana", True, False),
        ("ben", True, False),
        ("dora", False, True),
    ]
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == ["Never."]
    assert [e.reply for e in taught(records, given)] == ["Never."]
    assert records.count(Rejection) == 1
    assert records.count(Dispute) == 0
    assert approvals.disagreements(records) == []
    (decided,) = records.query(Decided).rows
    assert not decided.right
    known = records.get(Gold, ruling.interaction_id)
    assert (known.kind, known.origin) == (VerdictKind.INCORRECT, gold.Origin.RULING)


def test_agreement_is_that_of_the_blind_reads_still(records: MemoryRecords, one: str) -> None:
    before = second_reads.agreement(records)
    rulings.rule(records, said(one, "dora", VerdictKind.CORRECT), LAST)
    assert before is not None
    assert before.agreed.value == 0.0
    assert second_reads.agreement(records) == before
    assert records.count(ApprovedAnswer) == records.count(Rejection) == 0


def test_a_ruling_taken_back_leaves_everything_as_it_was(records: MemoryRecords, one: str) -> None:
    before = everything(records)
    ruling = rulings.rule(records, said(one, "dora", VerdictKind.NEEDS_REPHRASING, "Never."), LAST)
    assert everything(records) != before
    rulings.take_back(records, ruling.verdict_id)
    assert everything(records) == before


def test_what_somebody_had_marked_is_marked_still(records: MemoryRecords, one: str) -> None:
    answer = records.get(ReviewItem, one).interaction_id
    gold.mark(records, Gold(interaction_id=answer, kind=VerdictKind.INCORRECT, at=AT, by="eve"))
    before = everything(records)
    ruling = rulings.rule(records, said(one, "dora", VerdictKind.CORRECT), LAST)
    rulings.take_back(records, ruling.verdict_id)
    assert everything(records) == before


def test_a_second_ruling_takes_the_place_of_the_first(records: MemoryRecords, one: str) -> None:
    rulings.rule(records, said(one, "dora", VerdictKind.INCORRECT, "Never."), LAST)
    say(records, one, "eve", at=LAST)
    rulings.rule(records, said(one, "dora", VerdictKind.CORRECT), LAST)
    assert accuracy(records) == 1.0
    assert records.count(ApprovedAnswer) == records.count(Dispute) == 0


def test_who_repeats_an_overruled_verdict_changes_nothing(records: MemoryRecords, one: str) -> None:
    rulings.rule(records, said(one, "dora", VerdictKind.CORRECT), LAST)
    before = everything(records)
    say(records, one, "ben", VerdictKind.INCORRECT, "No.", at=LAST)
    assert everything(records) == before


def test_there_has_to_be_something_to_rule_on_and_somebody_else_to_do_it(
    records: MemoryRecords, one: str
) -> None:
    with pytest.raises(InputError, match="ben is one of those who disagree"):
        rulings.rule(records, said(one, "ben", VerdictKind.CORRECT), LAST)
    with pytest.raises(InputError, match="better phrase"):
        rulings.rule(records, said(one, "dora", VerdictKind.NEEDS_REPHRASING), LAST)
    rulings.rule(records, said(one, "dora", VerdictKind.CORRECT), LAST)
    for name in (one, "nothing"):
        with pytest.raises(InputError, match="do not disagree"):
            rulings.rule(records, said(name, "dora", VerdictKind.CORRECT), LAST)


@pytest.mark.parametrize("kind", [*VerdictKind])
def test_an_undone_verdict_leaves_no_trace(records: MemoryRecords, kind: VerdictKind) -> None:
    """Not in what is served, learnt, counted, certified or waits."""
    item = records.query(ReviewItem, {"uniform": True}).rows[0]
    tally.catch_up(records)
    before = everything(records)
    correction = "" if kind is VerdictKind.CORRECT else "No."
    verdict = say(records, item.review_id, "ana", kind, correction)
    (where,) = effects_of(records, records.get(Interaction, item.interaction_id))
    assert (where.counts_for, where.certifies) == ("r", "quote")
    assert where.teaches is not where.measures
    assert where.refuses == bool(where.approved) == (kind is not VerdictKind.CORRECT)
    assert accuracy(records) is not None
    review.undo(records, verdict.verdict_id)
    assert everything(records) == before
    assert accuracy(records) is None
    assert taught(records, records.query(Verdict).rows) == []


def test_the_second_of_two_verdicts_counts_for_no_release(records: MemoryRecords, one: str) -> None:
    item = records.get(ReviewItem, one)
    first, second = effects_of(records, records.get(Interaction, item.interaction_id))
    assert (first.counts_for, second.counts_for) == ("r", "")
    assert [a.answer.answer for a in second.approved] == ["No."]
    assert tally.totals(records, "r").reviewed(tally.SENT) == 1
    assert records.count(ClusterSums) > 0


def test_what_was_withdrawn_is_not_said_again_because_a_ruling_is_taken_back(
    records: MemoryRecords, one: str
) -> None:
    (no,) = records.query(ApprovedAnswer).rows
    approvals.withdraw(records, no.approved_id, "eve", LATER)
    assert approvals.in_force(records) == []
    ruling = rulings.rule(records, said(one, "dora", VerdictKind.INCORRECT, "Never."), LAST)
    assert [a.answer for a in approvals.in_force(records)] == ["Never."]
    rulings.take_back(records, ruling.verdict_id)
    assert [a.answer for a in records.query(ApprovedAnswer).rows] == ["No."]
    assert approvals.in_force(records) == []


def _of_two_tenants(records: MemoryRecords) -> list[str]:
    """Have two tenants answer the same, which one finds right and the other wrong; return the ids
    of the review items."""
    names = []
    for tenant, kind in (("acme", VerdictKind.CORRECT), ("zeta", VerdictKind.INCORRECT)):
        kept = records.query(Interaction, limit=1).rows[0]
        kept = msgspec.structs.replace(
            kept, interaction_id=tenant, conversation_id=tenant, tenant=tenant, question="Same?"
        )
        records.add(kept)
        name = f"review of {tenant}"
        records.add(
            ReviewItem(review_id=name, interaction_id=tenant, at=AT, probability=1, uniform=True)
        )
        say(records, name, f"{tenant}'s reviewer", kind)
        names.append(name)
    return names


def test_what_tenants_judge_differently_is_no_dispute(records: MemoryRecords) -> None:
    _, other = _of_two_tenants(records)
    assert records.count(Dispute) == 0
    with pytest.raises(InputError, match="do not disagree"):
        rulings.rule(records, said(other, "dora", VerdictKind.INCORRECT, "Never."), LAST)


def test_a_ruling_reaches_no_other_tenant(records: MemoryRecords) -> None:
    one, other = _of_two_tenants(records)
    say(records, other, "another", VerdictKind.CORRECT, at=LATER)
    # As before tenants were part of what names it.
    [first] = records.query(Verdict, {"review_id": one}).rows
    same = records.query(Verdict, {"review_id": other}).rows[0].said
    records.replace(msgspec.structs.replace(first, said=same))
    ruling = rulings.rule(records, said(other, "dora", VerdictKind.INCORRECT, "Never."), LAST)
    assert [a.tenant for a in records.query(ApprovedAnswer).rows] == ["zeta"]
    assert not records.query(Verdict, {"review_id": one}).rows[0].overruled
    rulings.take_back(records, ruling.verdict_id)
    assert records.count(ApprovedAnswer) == 0
    assert not records.query(Verdict, {"review_id": one}).rows[0].overruled
