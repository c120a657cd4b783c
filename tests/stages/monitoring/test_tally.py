"""What is counted as it happens is what counting everything anew would say."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds.traffic import Stream, interactions

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.errors import InputError, RemoteUnavailable
from northloop.core.grounds import NO_GROUNDS, Vouched
from northloop.core.interaction import (
    ApprovedAnswer,
    Dispute,
    Feedback,
    HandoffReason,
    Interaction,
    Origin,
    Outcome,
    Rejection,
    ReviewItem,
    SkipReason,
    Source,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.tally import ClusterSums
from northloop.loop.journal import InteractionJournal
from northloop.ports.stores import Records
from northloop.stages.monitoring import review, scorecard, slices, tally
from northloop.stages.monitoring.audits import Barred
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic
from northloop.statistics import powered
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

BUDGET = ReviewBudget(share=0.10, seed="tally")
DAY = "2026-01-01T00:00:00Z"


def answer(number: int, confidence: float, **changed: object) -> Interaction:
    fields: dict[str, object] = {
        "interaction_id": f"i{number}",
        "conversation_id": f"c{number // 3}",
        "customer_id": f"u{number // 3 % 7}",
        "at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z",
        "question": f"Question {number}?",
        "answer": "No.",
        "confidence": confidence,
    }
    return usual_interaction(**{**fields, **changed})


def recounted(records: Records) -> Records:
    """The same records, counted from the beginning in another store."""
    anew = MemoryRecords()
    for type_ in (Interaction, ReviewItem, Verdict):
        anew.add_all([*records.query(type_).rows])
    tally.catch_up(anew)
    return anew


def numbers(records: Records) -> dict[str, list[float]]:
    """All that is counted, of every release of which something is left."""
    found = {}
    for release, totals in tally.all_totals(records).items():
        if totals.everything:
            fields = (getattr(totals, name) for name in totals.__struct_fields__)
            found[release] = [*np.concatenate([np.ravel(field) for field in fields])]
    return found


def assert_same(records: Records) -> None:
    now, anew = numbers(records), numbers(recounted(records))
    assert now.keys() == anew.keys()
    for release, found in now.items():
        assert found == pytest.approx(anew[release], rel=1e-6, abs=1e-6)


class Company:
    """A store in which things happen, each drawn from a number."""

    def __init__(self, records: Records, seed: int) -> None:
        self.records = records
        self.journal = InteractionJournal(records, BUDGET)
        self.rng = np.random.default_rng(seed)
        self.asked = 0

    def ask(self) -> None:
        number, self.asked = self.asked, self.asked + 1
        kind = self.rng.random()
        changed: dict[str, object] = {}
        if kind < 0.1:
            changed = {"source": Source.HANDOFF, "handoff": HandoffReason.NOT_CONFIDENT}
            if kind < 0.07:
                changed |= {"draft": "Perhaps.", "sure": float(self.rng.random())}
            if kind < 0.04:
                changed |= {"handoff": HandoffReason.NOT_CERTIFIED}
        elif kind < 0.15:
            changed = {"origin": Origin.PLAYGROUND}
        elif kind < 0.3:
            changed = {"conversation_id": ""}
        changed["release"] = "r" if self.rng.random() < 0.8 else "s"
        changed["question"] = f"Question {self.rng.integers(number + 5)}?"
        self.journal.keep(answer(number, float(self.rng.beta(4, 2)), **changed))

    def judge(self, right: float = 0.6) -> None:
        items = self.records.query(ReviewItem).rows
        if not items:
            return
        item = items[self.rng.integers(len(items))]
        kind = VerdictKind.CORRECT if self.rng.random() < right else VerdictKind.INCORRECT
        said = Judgement(
            review_id=item.review_id,
            kind=kind,
            reviewer=str(self.rng.choice(["ana", "ben"])),
            skip=SkipReason.OTHER if self.rng.random() < 0.15 else None,
            correction="" if kind is VerdictKind.CORRECT else "Yes.",
        )
        at = f"2026-02-01T00:00:00.{self.rng.integers(10**6):06}Z"
        review.submit(self.records, said, at)

    def undo(self) -> None:
        given = self.records.query(Verdict).rows
        if given:
            review.undo(self.records, given[self.rng.integers(len(given))].verdict_id)

    def forget(self) -> None:
        forget(self.records, "default", f"u{self.rng.integers(7)}")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from("aaaaaajjjuf"), min_size=20, max_size=150), st.integers(0, 9))
def test_it_is_the_recounted_number_whatever_happens(happenings: list[str], seed: int) -> None:
    company = Company(MemoryRecords(), seed)
    for _ in range(40):
        company.ask()
    acts = {"a": company.ask, "j": company.judge, "u": company.undo, "f": company.forget}
    for number, name in enumerate(happenings):
        acts[name]()
        if number % 10 == 0:
            assert_same(company.records)
    assert_same(company.records)


@pytest.fixture(scope="module")
def busy() -> Company:
    """A company with reviews enough for the estimate by the judge, some waiting, some skipped."""
    company = Company(MemoryRecords(), 1)
    for _ in range(2_600):
        company.ask()
    for _ in range(400):
        company.judge()
    return company


def test_with_many_reviews_too(busy: Company) -> None:
    found = scorecard.scorecard(busy.records, "r").accuracy
    assert found is not None
    assert found.method == "prediction-powered"
    assert_same(busy.records)
    for act in (busy.undo, busy.judge, busy.ask, busy.forget, busy.judge, busy.undo):
        act()
        assert_same(busy.records)


def test_a_recount_says_what_was_counted(busy: Company) -> None:
    sums, again = (
        {c.cluster_id: c.sums for c in records.query(ClusterSums).rows}
        for records in (busy.records, recounted(busy.records))
    )
    assert set(again) == set(sums)
    assert {len(found) for found in sums.values()} == {1, powered.WIDTH}, "slices hold a weight"
    for name, found in again.items():
        assert found == pytest.approx(sums[name]), name


def test_a_store_from_before_is_counted_once_when_it_is_opened() -> None:
    company = Company(MemoryRecords(), 3)
    for _ in range(300):
        company.ask()
    for _ in range(30):
        company.judge()
    records, line = company.records, company.records.get(Traffic, "all")
    items = records.query(ReviewItem).rows
    for cluster in records.query(ClusterSums).rows:
        records.remove(ClusterSums, cluster.cluster_id)
    for release in tally.all_totals(records):
        records.remove(tally.Tally, release)
    records.remove(tally.CountedUp, "all")
    records.remove(Traffic, "all")
    waiting = [item for item in items if not item.judged]
    records.remove(ReviewItem, waiting[0].review_id)  # killed before it was drawn
    InteractionJournal(records, BUDGET)
    tally.count_older(records)
    assert records.get(Traffic, "all") == line
    assert {i.review_id for i in records.query(ReviewItem).rows} == {i.review_id for i in items}
    assert_same(records)


def test_a_store_without_a_line_is_counted_once_there_is_one() -> None:
    company = Company(MemoryRecords(), 4)
    for _ in range(60):
        company.ask()
    records, items = company.records, company.records.query(ReviewItem).rows
    for item in items:
        records.remove(ReviewItem, item.review_id)
    records.remove(Traffic, "all")
    tally.count_older(records)  # as a workspace does when it is opened
    assert not records.count(tally.CountedUp)
    InteractionJournal(records, BUDGET)
    assert records.count(ReviewItem) == len(items) > 0
    assert_same(records)


def test_a_verdict_that_comes_before_the_count_counts_once(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    journal = InteractionJournal(records, BUDGET)
    for number in range(40):
        journal.keep(answer(number, 0.8))
    drawn = records.query(ReviewItem).rows
    assert records.count(tally.Tally) == 0, "nobody has asked for the count"
    for item in drawn:
        said = Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT, reviewer="ana")
        review.submit(records, said, DAY)
    found = tally.totals(records, "r")
    assert (found.everything, found.reviewed(tally.SENT)) == (40, len(drawn))
    assert_same(records)
    records.close()


def test_what_is_forgotten_before_the_count_is_in_no_count(records: Records) -> None:
    journal = InteractionJournal(records, BUDGET)
    for number in range(12):
        journal.keep(answer(number, 0.8))
    gone = forget(records, "default", "u1")["Interaction"]
    assert tally.totals(records, "r").everything == 12 - gone
    assert_same(records)


def test_a_portion_that_fails_is_counted_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    journal = InteractionJournal(records, BUDGET)
    for number in range(5):
        journal.keep(answer(number, 0.8))
    with monkeypatch.context() as broken:
        broken.setattr(slices, "count", Exception("the end"))
        with pytest.raises(TypeError):
            tally.catch_up(records)
    assert records.count(tally.Tally) == 0
    assert tally.totals(records, "r").everything == 5
    records.close()


# --- forgetting ----------------------------------------------------------------------------------


def test_a_customer_is_forgotten_and_nobody_else(records: Records) -> None:
    journal = InteractionJournal(records, BUDGET)
    for number in range(90):
        said = {"tenant": "other"} if number % 9 == 8 else {}
        kept = journal.keep(answer(number, 0.7, conversation_id=f"c{number}", **said))
        records.add(
            Feedback(feedback_id=f"f{number}", interaction_id=kept.interaction_id, at=DAY, rating=1)
        )
        records.add(
            Outcome(
                outcome_id=f"o{number}",
                conversation_id=kept.conversation_id,
                at=DAY,
                resolved=True,
                tenant=kept.tenant,
            )
        )
    for item in records.query(ReviewItem).rows:
        for reviewer, kind in (("ana", VerdictKind.INCORRECT), ("ben", VerdictKind.CORRECT)):
            said = Judgement(
                review_id=item.review_id,
                kind=kind,
                reviewer=reviewer,
                correction="" if reviewer == "ben" else "Yes.",
            )
            review.submit(records, said, DAY)
    theirs = {"tenant": "default", "customer_id": "u1"}
    mine = {i.interaction_id for i in records.query(Interaction, theirs).rows}
    drawn = records.query(ReviewItem, {"interaction_id": [*mine]}).rows
    assert drawn, "the test is of somebody who was drawn"
    line = records.get(Traffic, "all")
    counts = {t: records.count(t) for t in (Interaction, Feedback, Outcome, Verdict, Dispute)}
    barred = records.get_all(Barred, mine)
    assert barred
    removed = forget(records, "default", "u1")
    assert removed == {
        "Interaction": len(mine),
        "Contact": len(mine),
        "Feedback": len(mine),
        "Outcome": len(mine),
        "ReviewItem": len(drawn),
        "Verdict": 2 * len(drawn),
        "Rejection": len(drawn),
        "Barred": len(barred),
        "ApprovedAnswer": len(drawn),
    }
    assert records.count(Interaction) == counts[Interaction] - len(mine)
    assert records.count(Dispute) == counts[Dispute] - len(drawn)
    for type_ in (Feedback, ReviewItem, Verdict):
        assert not records.count(type_, {"interaction_id": [*mine]})
    assert records.count(Rejection) == records.count(ApprovedAnswer) == records.count(ReviewItem)
    assert records.count(Interaction, {"customer_id": "u1", "tenant": "other"})
    assert records.get(Traffic, "all") == line, "nobody is drawn twice because of it"
    assert_same(records)
    assert forget(records, "default", "u1") == {}


def test_what_was_reworded_and_vouched_for_goes_too(records: Records) -> None:
    journal = InteractionJournal(records, BUDGET)
    for number, customer in enumerate(("u1", "u2")):
        kept = journal.keep(answer(number, 0.7, customer_id=customer))
        item = ReviewItem(
            review_id=f"r{number}",
            interaction_id=kept.interaction_id,
            at=DAY,
            probability=1.0,
            uniform=False,
        )
        records.add(item)
        said = Judgement(review_id=f"r{number}", kind=VerdictKind.INCORRECT, correction="Yes.")
        verdict = review.submit(records, said, DAY)
        (first,) = records.query(ApprovedAnswer, {"origin": f"verdict:{verdict.verdict_id}"}).rows
        origin = first.approved_id
        for name in (f"second {number}", f"third {number}"):
            records.add(
                msgspec.structs.replace(first, approved_id=name, origin=f"reworded:{origin}")
            )
            origin = name
        for name in (first.approved_id, origin):
            records.add(
                Vouched(vouched_id=f"v {name}", approved_id=name, at=DAY, grounds=NO_GROUNDS)
            )
        if customer == "u1":
            records.add(Withdrawal(approved_id=origin, at=DAY))
    evicted: list[str] = []
    removed = forget(
        records, "default", "u1", "U1", evict=lambda i: evicted.append(i.interaction_id)
    )
    assert removed == {
        "Interaction": 1,
        "Contact": 1,
        "ReviewItem": records.count(ReviewItem, {"interaction_id": "i1"}),
        "Verdict": 1,
        "ApprovedAnswer": 3,
        "Rejection": 1,
        "Barred": 1,
        "Vouched": 2,
        "Withdrawal": 1,
    }
    assert evicted == ["i0"]
    assert (records.count(ApprovedAnswer), records.count(Vouched)) == (3, 2)
    assert "second 1" in {a.approved_id for a in records.query(ApprovedAnswer).rows}


def test_who_did_not_say_who_they_are_cannot_be_forgotten(records: Records) -> None:
    with pytest.raises(InputError, match="name the customer"):
        forget(records, "default", "")


def test_a_conversation_of_two_customers_keeps_the_other_one(records: Records) -> None:
    journal = InteractionJournal(records, BUDGET)
    for number in range(60):
        journal.keep(answer(number, 0.5, conversation_id="shared", customer_id=f"u{number % 2}"))
    records.add(Outcome(outcome_id="o", conversation_id="shared", at=DAY, resolved=True))
    for item in records.query(ReviewItem).rows:
        said = Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT, reviewer="ana")
        review.submit(records, said, DAY)
    assert forget(records, "default", "u0")["Interaction"] == 30
    assert records.count(Outcome) == 1
    assert_same(records)


@pytest.mark.parametrize("source", [Source.ASKED_BACK, Source.HANDOFF])
def test_only_what_answers_is_an_answer(source: Source) -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, BUDGET)
    journal.keep(answer(0, 0.0, source=source))
    journal.keep(answer(1, 0.8))
    found = tally.totals(records, "r")
    assert (found.everything, found.items(tally.SENT), found.items(tally.HELD)) == (2, 1, 0)
    assert found.items(tally.DECIDED) == 0
    assert_same(records)


def test_a_forgotten_release_leaves_zeros() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, BUDGET)
    for number in range(6):
        journal.keep(answer(number, 0.8, customer_id="u1", question="The same?"))
    for item in records.query(ReviewItem).rows:
        said = Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT, reviewer="ana")
        review.submit(records, said, DAY)
    forget(records, "default", "u1")
    assert records.count(ClusterSums) == 0
    totals = tally.totals(records, "r")
    assert (totals.everything, totals.clusters, totals.drawn) == (0, (0, 0), (0, 0, 0, 0))
    assert np.allclose(totals.total, 0)


def test_who_was_forgotten_is_in_no_file_of_an_open_store(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    journal = InteractionJournal(records, ReviewBudget())
    some = [*interactions(Stream(answers=60))]
    for one in some[:-1]:
        journal.keep(one)
    wanted = {"question": "Does it reach Zanzibar?", "customer_id": "u1"}
    journal.keep(msgspec.structs.replace(some[-1], **wanted))

    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert b"Zanzibar" in everything()
    assert forget(records, "default", "u1")["Interaction"]
    assert b"Zanzibar" not in everything()
    records.close()


def test_caches_let_go_of_who_was_forgotten_though_the_store_cannot_be_scrubbed() -> None:
    class Busy(MemoryRecords):
        def scrub(self) -> None:
            raise RemoteUnavailable("another process holds the database")

    records, evicted = Busy(), list[Interaction]()
    journal = InteractionJournal(records, ReviewBudget())
    for one in interactions(Stream(answers=3)):
        journal.keep(msgspec.structs.replace(one, customer_id="u1"))
    with pytest.raises(RemoteUnavailable):
        forget(records, "default", "u1", evict=evicted.append)
    assert len(evicted) == 3 and not records.count(Interaction)
