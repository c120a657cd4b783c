"""What every record store does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from northloop.core.errors import NotFound
from northloop.core.interaction import (
    Feedback,
    HandoffReason,
    Interaction,
    Outcome,
    Source,
    Step,
)
from northloop.ports.stores import Records

INTERACTION = Interaction(
    interaction_id="i1",
    conversation_id="c1",
    customer_id="Żółć 🙂",
    tenant="default",
    release="0" * 64,
    at="2026-01-02T03:04:05Z",
    question='"quotes", \\ and a\nnew line, \u0000',
    answer="",
    source=Source.HANDOFF,
    citations=("returns#1", "returns#2"),
    confidence=0.1 + 0.2,
    handoff=HandoffReason.NOT_GROUNDED,
    intent="",
    latency_ms=1e-9,
    trace=(Step(name="retrieve", ms=1.5, decision="hit", evidence={"ids": ("a", "b"), "n": 2.0}),),
)


def feedback(number: int, comment: str = "") -> Feedback:
    """Return the feedback of a number; the same number, the same id."""
    return Feedback(
        feedback_id=f"f{number}",
        interaction_id=f"i{number % 2}",
        at="2026-01-01T00:00:00Z",
        rating=1,
        comment=comment,
    )


class RecordsContract:
    """Subclass it and give it a fixture `records`: an empty store."""

    def test_a_record_comes_back_as_it_was(self, records: Records) -> None:
        assert records.add(INTERACTION)
        assert records.get(Interaction, "i1") == INTERACTION
        assert records.list(Interaction) == [INTERACTION]

    def test_missing_optional_fields_stay_missing(self, records: Records) -> None:
        outcome = Outcome(outcome_id="o", conversation_id="c", at="", resolved=False)
        records.add(outcome)
        assert records.get(Outcome, "o") == outcome

    def test_adding_the_same_id_again_changes_nothing(self, records: Records) -> None:
        assert records.add(feedback(1, "first"), "a")
        assert not records.add(feedback(1, "second"), "b")
        assert records.list(Feedback, "a") == [feedback(1, "first")]
        assert records.list(Feedback, "b") == []

    def test_unknown_is_not_found(self, records: Records) -> None:
        records.add(feedback(1))
        with pytest.raises(NotFound, match="f2"):
            records.get(Feedback, "f2")
        with pytest.raises(NotFound):
            records.get(Outcome, "f1")

    def test_replacing_keeps_the_place_and_moves_the_subject(self, records: Records) -> None:
        for number in range(3):
            records.add(feedback(number), "old")
        records.replace(feedback(1, "new"), "new")
        assert [f.comment for f in records.list(Feedback)] == ["", "new", ""]
        assert records.list(Feedback, "new") == [feedback(1, "new")]
        assert records.count(Feedback, "old") == 2

    def test_replacing_what_is_not_there_adds_it(self, records: Records) -> None:
        records.replace(feedback(1), "a")
        assert records.list(Feedback, "a") == [feedback(1)]

    def test_listing_is_in_the_order_of_adding(self, records: Records) -> None:
        numbers = [5, 3, 9, 1, 7]
        for number in numbers:
            records.add(feedback(number))
        assert records.list(Feedback) == [feedback(n) for n in numbers]
        assert records.list(Feedback, limit=2) == [feedback(1), feedback(7)]
        assert records.list(Feedback, limit=99) == records.list(Feedback)
        assert records.list(Feedback, limit=0) == []

    def test_order_outlives_removal(self, records: Records) -> None:
        for number in range(4):
            records.add(feedback(number))
        records.remove(Feedback, "f3")
        records.add(feedback(0, "ignored"))
        records.add(feedback(9))
        assert [f.feedback_id for f in records.list(Feedback)] == ["f0", "f1", "f2", "f9"]

    def test_subject_and_limit_together(self, records: Records) -> None:
        for number in range(6):
            records.add(feedback(number), f"i{number % 2}")
        assert records.list(Feedback, "i1", limit=2) == [feedback(3), feedback(5)]
        assert records.list(Feedback, "") == []
        assert records.count(Feedback, "i0") == 3
        assert records.count(Feedback) == 6

    def test_kinds_do_not_mix(self, records: Records) -> None:
        records.add(Outcome(outcome_id="same", conversation_id="c", at="", resolved=True), "s")
        records.add(msgspec.structs.replace(feedback(1), feedback_id="same"), "s")
        assert records.count(Outcome, "s") == records.count(Feedback, "s") == 1
        records.remove(Outcome, "same")
        assert records.count(Feedback) == 1

    def test_removing_forgets_one_record_and_twice_is_fine(self, records: Records) -> None:
        records.add(feedback(1))
        records.add(feedback(2))
        records.remove(Feedback, "f1")
        records.remove(Feedback, "f1")
        assert records.list(Feedback) == [feedback(2)]
        assert records.add(feedback(1))

    def test_hostile_ids_and_subjects_are_only_text(self, records: Records) -> None:
        hostile = "'; DROP TABLE northloop_records; -- %_\\"
        records.add(msgspec.structs.replace(feedback(1), feedback_id=hostile), hostile)
        records.add(feedback(2), "%")
        assert records.get(Feedback, hostile).feedback_id == hostile
        assert records.count(Feedback, hostile) == 1
        assert records.count(Feedback, "%") == 1

    def test_a_closed_store_can_be_used_again(self, records: Records) -> None:
        records.add(feedback(1))
        records.close()
        records.add(feedback(2))
        records.close()
        assert records.list(Feedback) == [feedback(1), feedback(2)]

    def test_of_many_threads_that_add_one_id_exactly_one_succeeds(self, records: Records) -> None:
        with ThreadPoolExecutor(8) as pool:
            added = list(pool.map(lambda n: records.add(feedback(n % 25)), range(200)))
        assert sum(added) == records.count(Feedback) == 25
