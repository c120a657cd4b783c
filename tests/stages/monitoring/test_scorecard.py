"""What a scorecard says of a world whose truth is known, through the journal and the reviews."""

from __future__ import annotations

import numpy as np
import pytest

from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    ReviewItem,
    SkipReason,
    Source,
    VerdictKind,
)
from northloop.core.tally import Scorecard, Share
from northloop.loop.journal import InteractionJournal
from northloop.ports.stores import Records
from northloop.stages.monitoring import review
from northloop.stages.monitoring.review import Judgement
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.monitoring.scorecard import breakdown, scorecard, scorecards
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

OLD, NEW = "a" * 64, "b" * 64
DAY = "2026-02-01T00:00:00Z"


def asked(number: int, **changed: object) -> Interaction:
    fields: dict[str, object] = {
        "interaction_id": f"i{number}",
        "conversation_id": f"c{number // 2}",
        "release": OLD,
        "at": f"2026-01-{1 + number // 100 % 28:02}T00:00:00Z",
        "question": f"Question {number}?",
        "answer": "Yes.",
        "source": Source.QUOTE,
        "intent": "returns",
        "treatment": "quote",
    }
    return usual_interaction(**{**fields, **changed})


HELD = {"answer": "", "source": Source.HANDOFF, "handoff": HandoffReason.NOT_CERTIFIED}


def judge(records: Records, item: ReviewItem, right: bool, at: str = DAY, **said: object) -> None:
    fields: dict[str, object] = {
        "review_id": item.review_id,
        "kind": VerdictKind.CORRECT if right else VerdictKind.INCORRECT,
        "reviewer": "ana",
    }
    review.submit(records, Judgement(**{**fields, **said}), at)  # type: ignore[arg-type]


def served(
    records: Records, questions: int, rights: dict[str, float], seed: int = 1, per_question: int = 1
) -> None:
    """Serve questions by releases in turn, each with its share of right answers; review the drawn.

    The same question is answered alike. A tenth is handed over with nothing to judge, a fifth as a
    draft that is right in half.
    """
    rng = np.random.default_rng(seed)
    journal = InteractionJournal(records, ReviewBudget(share=0.1, seed=f"world {seed}"))
    names = [*rights]
    answers: list[Interaction] = []
    truth: dict[str, bool] = {}
    luck = rng.random(questions)
    for number in range(questions):
        release = names[number * len(names) // questions]
        confidence = float(rng.beta(6, 2))
        right = bool(luck[number // per_question] < rights[release] + 0.2 * (confidence - 0.75))
        kind, changed = rng.random(), dict[str, object]()
        if kind < 0.1:
            changed = {**HELD, "handoff": HandoffReason.NOTHING_RETRIEVED, "confidence": 0.0}
        elif kind < 0.3:
            changed = {**HELD, "draft": "Maybe.", "confidence": 0.0, "sure": confidence}
            right = bool(rng.random() < 0.5)
        else:
            changed = {"confidence": confidence}
        question = f"Question {number // per_question}?"
        answers.append(asked(number, release=release, question=question, **changed))
        truth[answers[-1].interaction_id] = right
    journal.keep_all(answers)
    for item in records.query(ReviewItem).rows:
        judge(records, item, truth[item.interaction_id])


@pytest.fixture(scope="module")
def two() -> MemoryRecords:
    """An old release that is right in 30 %, and a new one that is in 80 %."""
    records = MemoryRecords()
    served(records, 3_000, {OLD: 0.3, NEW: 0.8})
    return records


def shares(card: Scorecard) -> dict[str, Share]:
    names = ("accuracy", "decided", "right_sent", "wrong_sent", "right_held", "recall", "f1")
    found = {name: getattr(card, name) for name in names}
    assert all(isinstance(share, Share) for share in found.values())
    return found


def test_before_any_verdict_there_is_no_share() -> None:
    records = MemoryRecords()
    assert scorecards(records) == []
    InteractionJournal(records, ReviewBudget()).keep(asked(1))
    (card,) = scorecards(records)
    assert (card.questions, card.sent, card.held, card.reviewed) == (1, 1, 0, 0)
    assert card.accuracy is card.right_sent is card.recall is None
    assert card.right_held is not None
    assert card.right_held.high == 0.0, "nothing is held back"
    assert scorecard(records, NEW).questions == 0


def test_each_release_has_its_own(two: MemoryRecords) -> None:
    new, old = scorecards(two)
    assert (new.release, old.release) == (NEW, OLD)
    for card, right in ((old, 0.3), (new, 0.8)):
        assert card.questions == 1_500
        assert card.sent == pytest.approx(1_050, rel=0.1)
        assert card.unanswered == pytest.approx(150, rel=0.3)
        truth = {
            "accuracy": right,
            "right_sent": 0.7 * right,
            "wrong_sent": 0.7 * (1 - right),
            "right_held": 0.1,
            "decided": 0.5,
            "recall": 0.7 * right / (0.7 * right + 0.1),
            "f1": 1.4 * right / (1.4 * right + 0.7 * (1 - right) + 0.1),
        }
        for name, share in shares(card).items():
            assert share.low - 0.04 <= truth[name] <= share.high + 0.04, name
            assert share.high - share.low < 0.25, name


def test_the_intervals_hold_the_truth() -> None:
    held: dict[str, list[bool]] = {"accuracy": [], "right_sent": [], "right_held": []}
    truth = {"accuracy": 0.8, "right_sent": 0.56, "right_held": 0.1}
    for seed in range(40):
        records = MemoryRecords()
        served(records, 400, {OLD: 0.8}, seed)
        card = scorecard(records, OLD)
        for name, runs in held.items():
            share = getattr(card, name)
            runs.append(share.low <= truth[name] <= share.high)
    assert {name: np.mean(runs) >= 0.88 for name, runs in held.items()} == dict.fromkeys(held, True)


def test_the_interval_of_each_release_holds_its_own_truth() -> None:
    """Pooled over both, .55 would be told of a release that is right in .3 and of one in .8."""
    held: dict[str, list[bool]] = {OLD: [], NEW: []}
    found: dict[str, list[float]] = {OLD: [], NEW: []}
    for seed in range(30):
        records = MemoryRecords()
        served(records, 800, {OLD: 0.3, NEW: 0.8}, seed)
        for release, right in ((OLD, 0.3), (NEW, 0.8)):
            share = scorecard(records, release).accuracy
            assert share is not None
            held[release].append(share.low <= right <= share.high)
            found[release].append(share.value)
    assert np.mean(found[OLD]) == pytest.approx(0.3, abs=0.05)
    assert np.mean(found[NEW]) == pytest.approx(0.8, abs=0.05)
    assert all(np.mean(runs) >= 0.86 for runs in held.values()), held


def test_what_the_team_asks_and_who_wants_a_person_count_for_nothing(two: MemoryRecords) -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget())
    journal.keep(asked(1, origin=Origin.PLAYGROUND))
    assert scorecards(records) == []
    person = {**HELD, "handoff": HandoffReason.ASKED_FOR_HUMAN, "draft": "Yes.", "confidence": 0.0}
    journal.keep(asked(2, **person))
    journal.keep(asked(3, source=Source.ASKED_BACK, confidence=0.0))
    (card,) = scorecards(records)
    assert (card.questions, card.sent, card.held, card.unanswered) == (2, 0, 0, 2)


def test_needs_rephrasing_is_not_right() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget(share=0.1))
    for number in range(200):
        journal.keep(asked(number))
    for item in records.query(ReviewItem).rows:
        judge(records, item, False, kind=VerdictKind.NEEDS_REPHRASING, correction="x")
    found = scorecard(records, OLD).accuracy
    assert found is not None
    assert found.value == 0.0


def test_a_second_verdict_changes_nothing(two: MemoryRecords) -> None:
    records = MemoryRecords()
    served(records, 600, {OLD: 0.8})
    before = scorecard(records, OLD)
    for item in records.query(ReviewItem).rows:
        judge(records, item, False, reviewer="ben", at="2026-02-02T00:00:00Z")
    assert scorecard(records, OLD) == before


def test_items_still_waiting_do_not_shift_the_estimate() -> None:
    """Only the uniform half is judged in half of the runs."""
    found = []
    for seed in range(20):
        records = MemoryRecords()
        rng = np.random.default_rng(seed)
        journal = InteractionJournal(records, ReviewBudget(share=0.1, seed=str(seed)))
        answers, truth = [], {}
        for number in range(1_500):
            chance = rng.beta(8, 2)
            confidence = float(0.5 * chance + 0.5 * rng.random())
            answers.append(asked(number, confidence=confidence))
            truth[answers[-1].interaction_id] = bool(rng.random() < chance)
        journal.keep_all(answers)
        judged = [i for i in records.query(ReviewItem).rows if i.uniform or seed % 2]
        for item in judged[::2]:
            judge(records, item, truth[item.interaction_id])
        share = scorecard(records, OLD).accuracy
        assert share is not None
        found.append(share)
    assert abs(np.mean([share.value for share in found]) - 0.8) < 0.025
    assert np.mean([share.low <= 0.8 <= share.high for share in found]) >= 0.86


def test_the_same_question_again_and_again_is_not_more_evidence() -> None:
    widths = []
    for per_question in (1, 100):
        records = MemoryRecords()
        served(records, 3_000, {OLD: 0.8}, per_question=per_question)
        share = scorecard(records, OLD).accuracy
        assert share is not None
        widths.append(share.high - share.low)
    assert widths[1] > 1.2 * widths[0]


# --- apart --------------------------------------------------------------------------------------


def test_what_was_asked_apart(two: MemoryRecords) -> None:
    apart, card = breakdown(two, NEW), scorecard(two, NEW)
    assert [*apart.by] == ["channel", "language", "treatment", "intent", "source", "week"]
    for slices in apart.by.values():
        for name in ("questions", "sent", "held", "reviewed"):
            assert sum(getattr(s, name) for s in slices) == getattr(card, name)
    (one,) = apart.by["treatment"]
    assert one.name == "quote"
    assert one.accuracy is not None
    assert one.accuracy.low < 0.8 < one.accuracy.high
    weeks = [s.name for s in apart.by["week"]]
    assert weeks == sorted(weeks, reverse=True)
    assert weeks[0].startswith("2026-W")
    assert [s.name for s in apart.by["channel"]] == [""], "nobody said"
    assert (apart.intents, apart.intent_f1, apart.skips) == ((), None, {})


def test_intents_as_reviewers_name_them() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget(share=0.1))
    for number in range(400):
        journal.keep(asked(number, intent="returns" if number % 2 else "delivery"))
    items = records.query(ReviewItem).rows
    for place, item in enumerate(items):
        told = records.get(Interaction, item.interaction_id).intent
        judge(records, item, True, intent="repair" if place % 4 == 0 else told)
    apart = breakdown(records, OLD)
    by_name = {i.intent: i for i in apart.intents}
    assert by_name.keys() == {"returns", "delivery", "repair"}
    assert by_name["repair"].recall == by_name["repair"].f1 == 0.0
    assert by_name["returns"].recall == 1.0
    assert 0.5 < by_name["returns"].precision < 1.0
    assert apart.intent_f1 == pytest.approx(np.mean([i.f1 for i in apart.intents]))
    assert {s.name for s in apart.by["intent"]} == {"returns", "delivery"}, "as it was told"


def test_an_answer_that_was_not_drawn_teaches_and_is_not_counted() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget(share=0.05))
    kept = [journal.keep(asked(number)) for number in range(3)]
    drawn = {item.interaction_id for item in records.query(ReviewItem).rows}
    free = next(i for i in kept if i.interaction_id not in drawn)
    said = Judgement(
        review_id="by hand", interaction_id=free.interaction_id, kind=VerdictKind.CORRECT
    )
    review.submit(records, said, DAY)
    assert records.get(Interaction, free.interaction_id).reviewed
    assert scorecard(records, OLD).reviewed == 0
    assert sum(s.reviewed for s in breakdown(records, OLD).by["week"]) == 0


def test_what_is_skipped_is_missing_and_its_bounds_hold_the_truth() -> None:
    """Reviewers pass over what is wrong, mostly: no interval can know that, the bounds can."""
    held, missed = [], []
    for seed in range(16):
        records = MemoryRecords()
        rng = np.random.default_rng(seed)
        journal = InteractionJournal(records, ReviewBudget(share=0.1, seed=str(seed)))
        answers, truth = [], {}
        for number in range(1_200):
            answers.append(asked(number, confidence=float(rng.beta(6, 2))))
            truth[answers[-1].interaction_id] = bool(rng.random() < 0.7)
        journal.keep_all(answers)
        for item in records.query(ReviewItem).rows:
            right = truth[item.interaction_id]
            skips = not right and rng.random() < 0.7
            judge(records, item, right, skip=SkipReason.CANNOT_TELL if skips else None)
        card = scorecard(records, OLD)
        assert card.accuracy is not None
        assert card.accuracy.bounds is not None
        assert card.reviewed + card.skipped == records.count(ReviewItem)
        missed.append(card.accuracy.low > 0.7)
        held.append(card.accuracy.bounds[0] <= 0.7 <= card.accuracy.bounds[1])
    assert np.mean(missed) > 0.5
    # All that was skipped is wrong, so the truth lies at the lower end: 97.5 % are meant.
    assert np.mean(held) >= 0.9


def test_an_answer_that_is_judged_after_all_is_skipped_no_more() -> None:
    records = MemoryRecords()
    served(records, 300, {OLD: 0.8})
    before = scorecard(records, OLD)
    item = next(
        i
        for i in records.query(ReviewItem).rows
        if records.get(Interaction, i.interaction_id).answers
    )
    for verdict in review.verdicts(records, item.interaction_id):
        review.undo(records, verdict.verdict_id)
    judge(records, item, True, skip=SkipReason.NEEDS_COLLEAGUE)
    after = scorecard(records, OLD)
    assert before.accuracy is not None
    assert after.accuracy is not None
    assert before.accuracy.bounds is None
    assert after.accuracy.bounds is not None
    assert after.accuracy.bounds[0] < after.accuracy.low < after.accuracy.high
    assert (after.reviewed, after.skipped) == (before.reviewed - 1, 1)
    assert breakdown(records, OLD).skips == {"needs_colleague": 1}
    judge(records, item, True, reviewer="ben")
    again = scorecard(records, OLD)
    assert again.accuracy is not None
    assert (again.reviewed, again.skipped, again.accuracy.bounds) == (before.reviewed, 0, None)
    assert breakdown(records, OLD).skips == {}


def test_slices_by_channel_and_language_with_an_interval_where_reviews_allow() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget(share=0.1))
    for number in range(600):
        rare = number % 50 == 0
        channel = "email" if rare else "chat"
        journal.keep(asked(number, channel=channel, language="German" if rare else "English"))
    for item in records.query(ReviewItem).rows:
        told = records.get(Interaction, item.interaction_id)
        judge(records, item, told.channel == "chat")
    for name, common, rare in (("channel", "chat", "email"), ("language", "English", "German")):
        by_name = {s.name: s for s in breakdown(records, OLD).by[name]}
        assert by_name[common].accuracy is not None
        assert by_name[common].accuracy.value == 1.0
        assert (by_name[rare].questions, by_name[rare].accuracy) == (12, None)


def test_a_slice_of_one_question_again_and_again_is_worth_one_review() -> None:
    records = MemoryRecords()
    journal = InteractionJournal(records, ReviewBudget(share=0.1))
    for number in range(800):
        question = "Opening hours?" if number % 2 else f"Question {number}?"
        intent = "hours" if number % 2 else "others"
        journal.keep(asked(number, question=question, intent=intent))
    for item in records.query(ReviewItem).rows:
        judge(records, item, True)
    hours, others = (
        next(s for s in breakdown(records, OLD).by["intent"] if s.name == name)
        for name in ("hours", "others")
    )
    assert hours.accuracy is not None
    assert others.accuracy is not None
    assert hours.accuracy.low < 0.05 < 0.8 < others.accuracy.low
