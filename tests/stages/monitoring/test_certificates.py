from __future__ import annotations

import msgspec
import numpy as np
import pytest

from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.treatment import Treatment
from northloop.stages.monitoring.certificates import TreatmentStanding, keep_fuses, standings
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.forget import forget
from northloop.stages.monitoring.review import Judgement, submit, undo
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic, draw, with_probability
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

RELEASE = Hash("r" * 64)
RISK = RiskSpec()


def draft(number: int, sure: float = 0.9, **changes: object) -> Interaction:
    kept = usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=f"c{number}",
        release=RELEASE,
        at=f"2026-11-01T00:{number // 60:02}:{number % 60:02}Z",
        question=f"question {number}",
        answer="A colleague will reply.",
        source=Source.HANDOFF,
        confidence=0.0,
        handoff=HandoffReason.NOT_CERTIFIED,
        draft="Within 45 days.",
        asked=Hash(f"q{number}"),
        turn=1,
        treatment="quote",
        sure=sure,
    )
    return msgspec.structs.replace(kept, **changes)


def decided(
    records: MemoryRecords,
    kept: Interaction,
    right: bool,
    reviewer: str = "",
) -> str:
    """Keep an interaction as the journal does, with a verdict on it; return the verdict's id."""
    kept = with_probability(kept, ReviewBudget(), Traffic())
    item = draw(kept, ReviewBudget())
    assert item is not None
    records.add(kept)
    records.add(item)
    kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
    judgement = Judgement(review_id=item.review_id, kind=kind, reviewer=reviewer)
    return submit(records, judgement, kept.at).verdict_id


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def test_every_draft_is_decided_on_outside_the_budget() -> None:
    traffic = Traffic()
    kept = with_probability(draft(1), ReviewBudget(), traffic)
    assert kept.review_probability == 1.0
    assert traffic.including(kept) == traffic
    item = draw(kept, ReviewBudget())
    assert item is not None and item.uniform and item.probability == 1.0


def test_what_nobody_drafted_is_drawn_as_ever() -> None:
    nothing = draft(1, draft="")
    kept = with_probability(nothing, ReviewBudget(), Traffic())
    assert kept.review_probability < 1.0


def test_right_decisions_certify_once_there_are_enough(records: MemoryRecords) -> None:
    for number in range(44):
        decided(records, draft(number), right=True)
    [standing] = standings(records, RELEASE, RISK).values()
    assert (standing.decisions, standing.right, standing.certificate) == (44, 44, None)
    assert "at least 1 more" in standing.words
    decided(records, draft(44), right=True)
    [standing] = standings(records, RELEASE, RISK).values()
    assert standing.treatment is Treatment.QUOTE
    assert standing.certificate is not None and standing.certificate.threshold == 0.9


def test_only_the_sure_ones_are_certified(records: MemoryRecords) -> None:
    for number in range(200):
        decided(records, draft(number, sure=number / 200), right=number >= 100)
    found = standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate
    assert found is not None and 0.45 < found.threshold <= 0.55


def test_it_says_what_more_decisions_would_buy(records: MemoryRecords) -> None:
    for number in range(120):
        is_sure = number % 2 == 0
        decided(records, draft(number, sure=0.9 - number / 1_000 - 0.4 * (not is_sure)), is_sure)
    # One of the surest sixty is wrong: no certificate yet.
    decided(records, draft(120, sure=0.95), right=False)
    decided(records, draft(122, sure=0.94), right=False)
    [plain] = standings(records, RELEASE, RISK).values()
    assert plain.certificate is None and plain.ahead is None
    assert "if it goes on so" not in plain.words
    [standing] = standings(records, RELEASE, RISK, ahead=True).values()
    assert standing.ahead is not None and standing.ahead.decisions > standing.decisions
    more = standing.ahead.decisions - standing.decisions
    assert f"about {more} decisions more certify" in standing.words


def test_one_question_that_is_asked_again_and_again_certifies_nothing(
    records: MemoryRecords,
) -> None:
    for number in range(100):
        decided(records, draft(number, asked=Hash("the same")), right=True)
    [standing] = standings(records, RELEASE, RISK).values()
    assert (standing.decisions, standing.certificate) == (1, None)


def test_another_release_or_treatment_begins_anew(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, draft(number), right=True)
    decided(records, draft(60, treatment="memory"), right=True)
    assert not standings(records, Hash("other"), RISK)
    found = standings(records, RELEASE, RISK)
    assert found[Treatment.MEMORY].certificate is None
    assert found[Treatment.QUOTE].certificate is not None


def test_after_an_edit_a_certificate_stands_without_what_rests_on_it(
    records: MemoryRecords,
) -> None:
    kept, gone = Hash("kept"), Hash("gone")
    for number in range(80):
        decided(records, draft(number, evidence=(kept,) if number < 65 else (kept, gone)), True)
    decided(records, draft(80, sure=0.4, evidence=(gone,)), right=False)
    decided(records, draft(81, asked=Hash("q79"), evidence=(kept,)), right=True)
    for passages, counts in (({kept, gone}, 81), (None, 81), ({kept}, 67), (set(), 1)):
        [standing] = standings(records, RELEASE, RISK, passages).values()
        assert standing.decisions == counts, passages
        assert (standing.certificate is not None) == (counts > 1)
        assert standing.right == counts - 1, "a wrong one is wrong, whatever was edited since"


def test_no_edit_mends_a_fuse(records: MemoryRecords) -> None:
    """Without what went, the certificate of then would have let out only what was surer than all
    that was wrong."""
    risk, kept, gone = RiskSpec(max_wrong=0.2), Hash("kept"), Hash("gone")
    said = [(0.95, kept, True)] * 20 + [(0.9, gone, True)] * 40 + [(0.9, kept, False)] * 6
    for number, (sure, evidence, right) in enumerate(said):
        decided(records, draft(number, sure=sure, evidence=(evidence,)), right)
    for passages in ({kept, gone}, {kept}):
        [found] = standings(records, RELEASE, risk, passages).values()
        assert (found.blown, found.certificate, found.gone) == (True, None, True), passages
        assert found.right == 0


def test_a_fuse_stays_blown_where_those_who_were_told_wrong_are_forgotten(
    records: MemoryRecords,
) -> None:
    for number in range(408):
        customer = "" if number < 400 else "grace"
        decided(records, draft(number, customer_id=customer), right=number < 400)
    keep_fuses(records, RISK)
    forget(records, "default", "grace")
    assert records.count(Decided) == 400
    assert not standings(records, RELEASE, RISK), "only what is decided from then on counts"
    for number in range(408, 408 + 60):
        decided(records, draft(number), right=True)
    keep_fuses(records, RISK)
    [after] = standings(records, RELEASE, RISK).values()
    assert after.certificate is not None and (after.blown, after.decisions) == (True, 60)


@pytest.mark.parametrize("seed", [*range(30), 83, 111, 163, 204, 249])
def test_no_edit_lets_more_answers_out(seed: int) -> None:
    """Whatever people decided and whatever goes, also where the search would begin elsewhere, and
    one edit after another."""
    rng = np.random.default_rng(seed)
    risk = RiskSpec(max_wrong=float(rng.choice([0.05, 0.1, 0.2])))
    records, count, wrong = MemoryRecords(), int(rng.integers(40, 200)), rng.uniform(0, 0.4)
    bad, length = rng.integers(count), rng.integers(15)
    for number in range(count):
        sure = float(rng.beta(4, 2))
        is_wrong = rng.random() < wrong * (1 - sure) or bad <= number < bad + length
        one = decision(number, sure, wrong=is_wrong, chance=1.0)
        evidence = (Hash(f"passage {rng.integers(8)}"),)
        records.add(msgspec.structs.replace(one, evidence=evidence))
    every = [Hash(f"passage {number}") for number in range(8)]
    [before] = standings(records, RELEASE, risk, every).values()
    blown = before.blown
    for kept in reversed(range(8)):
        found = standings(records, RELEASE, risk, every[:kept])
        for after in found.values():
            assert after.blown >= blown, "one edit after another: a fuse that blew stays blown"
            blown = after.blown
            if after.certificate is not None:
                assert before.certificate is not None
                assert after.certificate.threshold >= before.certificate.threshold


def test_a_verdict_that_is_taken_back_counts_no_more(records: MemoryRecords) -> None:
    verdict = decided(records, draft(1), right=False)
    assert records.count(Decided) == 1
    undo(records, verdict)
    assert records.count(Decided) == 0


def test_the_first_reviewer_counts_and_a_skip_does_not(records: MemoryRecords) -> None:
    decided(records, draft(1), right=False, reviewer="ada")
    [item] = records.query(ReviewItem).rows
    later = Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT, reviewer="kim")
    submit(records, later, "2026-11-02T00:00:00Z")
    [one] = records.query(Decided).rows
    assert not one.right


@pytest.mark.parametrize(("source", "counts"), [(Source.QUOTE, 1), (Source.ASKED_BACK, 0)])
def test_a_question_back_that_was_right_certifies_nothing(
    records: MemoryRecords, source: Source, counts: int
) -> None:
    kept = draft(1, handoff=None, source=source, draft="", answer="Which of these do you mean?")
    records.add(kept)
    records.add(
        ReviewItem(review_id="r1", interaction_id="i1", at=kept.at, probability=0.1, uniform=True)
    )
    submit(records, Judgement(review_id="r1", kind=VerdictKind.CORRECT), kept.at)
    assert records.count(Decided) == counts


def test_what_was_drawn_because_it_was_doubtful_certifies_nothing(records: MemoryRecords) -> None:
    kept = draft(1, handoff=None, source=Source.QUOTE, draft="", answer="Within 45 days.")
    records.add(kept)
    records.add(
        ReviewItem(review_id="r1", interaction_id="i1", at=kept.at, probability=0.2, uniform=False)
    )
    submit(records, Judgement(review_id="r1", kind=VerdictKind.CORRECT), kept.at)
    assert records.count(Decided) == 0


@pytest.mark.parametrize("repeats", [1, 4])
def test_certificates_are_wrong_seldom_where_questions_repeat(repeats: int) -> None:
    """Of 200 worlds in which 9 % of the surest are wrong, at most delta certify them."""
    rng = np.random.default_rng(7)
    broken = 0
    for _ in range(200):
        sure = rng.random(120)
        wrong = rng.random(120) < 0.09
        records = MemoryRecords()
        records.add_all(
            [
                Decided(
                    interaction_id=f"{n}-{again}",
                    release=RELEASE,
                    at="",
                    treatment="quote",
                    sure=float(sure[n]),
                    right=bool(not wrong[n]),
                    distinct=str(n),
                )
                for n in range(120)
                for again in range(repeats)
            ]
        )
        broken += standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate is not None
    assert broken <= 0.1 * 200


def test_what_is_told_is_the_share_of_the_questions_and_not_of_the_decisions() -> None:
    """All drafts are decided on, and one in twenty of what is sent: in the long run nine tenths of
    the decisions are on the third that nothing is certified of."""
    rng = np.random.default_rng(5)
    told, sent, plain = [], [], []
    for _ in range(8):
        records = MemoryRecords()
        now = None
        for day in range(18):
            sure = rng.random(60)
            wrong = rng.random(60) < np.where(sure > 0.35, 0.01, 0.6)
            out = sure >= now.threshold if now else np.zeros(60, bool)
            chance = np.where(out, 0.05, 1.0)
            records.add_all(
                [
                    decision(day * 60 + n, float(sure[n]), bool(wrong[n]), float(chance[n]))
                    for n in np.flatnonzero(rng.random(60) < chance)
                ]
            )
            standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
            now = standing.certificate
        assert now is not None
        told.append(now.coverage)
        sent.append(1 - now.threshold)
        plain.append(now.answered / standing.decisions)
    assert np.mean(told) == pytest.approx(np.mean(sent), abs=0.06)
    assert np.mean(plain) < 0.45, "what was told before"
    assert np.mean(sent) > 0.55


def decision(number: int, sure: float, wrong: bool, chance: float) -> Decided:
    return Decided(
        interaction_id=f"i{number:05}",
        release=RELEASE,
        at=f"{number:05}",
        treatment="quote",
        sure=sure,
        right=not wrong,
        distinct=f"q{number}",
        chance=chance,
    )


def test_what_was_sent_is_noted_with_the_probability_of_its_draw(records: MemoryRecords) -> None:
    kept = draft(1, source=Source.QUOTE, handoff=None, draft="", answer="Within 45 days.")
    budget = ReviewBudget()
    kept = with_probability(kept, budget, Traffic())
    item = next(
        found
        for start in range(1_000)
        if (found := draw(msgspec.structs.replace(kept, review_span=(start, start + 0.1)), budget))
        and found.uniform
    )
    assert item.chance == pytest.approx(0.05)
    records.add(kept)
    records.add(item)
    submit(records, Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT), kept.at)
    [noted] = records.query(Decided).rows
    assert noted.chance == item.chance
    assert decided(records, draft(2), right=True) and records.get(Decided, "i2").chance == 1.0


def test_a_certificate_that_breaks_its_promise_is_gone(records: MemoryRecords) -> None:
    for number in range(400):
        decided(records, draft(number), right=True)
    assert standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate is not None
    for number in range(400, 408):
        decided(records, draft(number), right=False)
    standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
    assert standing.certificate is None and standing.blown
    assert standing.decisions < 10 and "broke its promise" in standing.words
    for number in range(408, 408 + 120):
        decided(records, draft(number), right=True)
    assert standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate is not None


def test_a_draft_that_a_person_found_right_is_approved(records: MemoryRecords) -> None:
    verdict = decided(records, draft(1), right=True)
    [approved] = records.query(ApprovedAnswer).rows
    assert (approved.question, approved.answer) == ("question 1", "Within 45 days.")
    undo(records, verdict)
    assert records.count(ApprovedAnswer) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"draft": "[NAME], within 45 days."},
        {"question": "where is [ORDER]"},
        {"turn": 2, "asked": Hash("after another")},
        {"handoff": HandoffReason.NOT_GROUNDED},
    ],
)
def test_a_draft_that_is_of_somebody_or_failed_a_check_is_not(
    records: MemoryRecords, changes: dict[str, object]
) -> None:
    kept = draft(1, **changes)
    records.add(kept)
    item = ReviewItem(
        review_id="r1", interaction_id="i1", at=kept.at, probability=1.0, uniform=True
    )
    records.add(item)
    submit(records, Judgement(review_id="r1", kind=VerdictKind.CORRECT), kept.at)
    assert records.count(ApprovedAnswer) == 0


def test_what_the_check_refused_certifies_nothing_and_stands_in_no_way(
    records: MemoryRecords,
) -> None:
    for number in range(120):
        decided(records, draft(number), right=True)
    [before] = standings(records, RELEASE, RISK).values()
    for number in range(200, 260):
        decided(records, draft(number), right=number % 2 == 0)
        one = records.get(Decided, f"i{number}")
        records.replace(msgspec.structs.replace(one, refused=True))
    assert list(standings(records, RELEASE, RISK).values()) == [before]


def test_to_word_a_verdict_anew_does_not_make_a_later_decision_the_first(
    records: MemoryRecords,
) -> None:
    same = Hash("same")
    decided(records, draft(1, asked=same), right=False, reviewer="ann")
    decided(records, draft(2, asked=same), right=True, reviewer="ann")
    [item] = records.query(ReviewItem, {"interaction_id": "i1"}).rows
    reworded = Judgement(
        review_id=item.review_id, kind=VerdictKind.INCORRECT, reviewer="ann", correction="30 days."
    )
    submit(records, reworded, "2026-11-05T00:00:00Z")
    [found] = standings(records, RELEASE, RISK).values()
    assert (found.decisions, found.right) == (1, 0)


def _said(records: MemoryRecords, *runs: tuple[int, bool]) -> TreatmentStanding:
    """Have people decide on new questions, so many right or wrong after each other."""
    for count, right in runs:
        first = records.count(Decided)
        for number in range(first, first + count):
            decided(records, draft(number), right)
    return standings(records, RELEASE, RISK)[Treatment.QUOTE]


def test_a_certificate_that_is_lost_little_by_little_is_gone_too(records: MemoryRecords) -> None:
    runs = ((60, True), (1, False), (40, True), (2, False), (30, True), (2, False), (20, True))
    found = _said(records, *runs, (2, False), (2, True), (2, False))
    assert (found.certificate, found.gone) == (None, True)
    assert "nothing certified any more" in found.words


@pytest.mark.parametrize("wrong", [6, 16, 40])
def test_what_was_decided_before_the_fuse_went_counts_no_more(
    records: MemoryRecords, wrong: int
) -> None:
    found = _said(records, (300, True), (wrong, False))
    assert (found.certificate, found.blown, found.gone) == (None, True, True)
    assert found.right == 0 and found.decisions <= wrong


def test_what_never_was_certified_is_not_gone(records: MemoryRecords) -> None:
    found = _said(records, *[(1, n % 4 > 0) for n in range(120)])
    assert (found.certificate, found.blown, found.gone) == (None, False, False)


def test_one_mistake_that_takes_a_certificate_is_no_fuse_that_blew() -> None:
    """206 of 206 were right; one wrong answer at a sure place, and nothing is certified."""
    rng = np.random.default_rng(1)
    sure = rng.choice(np.sort(rng.uniform(0.6, 0.95, 300)), 206)
    records = MemoryRecords()
    records.add_all([decision(n, float(s), wrong=False, chance=1.0) for n, s in enumerate(sure)])
    [before] = standings(records, RELEASE, RISK).values()
    assert before.certificate is not None and before.certificate.coverage == 1.0
    records.add(decision(206, 0.9, wrong=True, chance=1.0))
    [after] = standings(records, RELEASE, RISK, ahead=True).values()
    assert (after.certificate, after.gone, after.blown, after.lapsed) == (None, True, False, True)
    assert after.ahead is not None
