"""The page of what reviews are worth, and the answer's page with what each verdict became."""

from __future__ import annotations

from console.client import Visitor
from console.look import newest, waiting
from northloop.core.interaction import Dispute, Interaction, ReviewItem, Verdict
from northloop.stages.monitoring.gold import Gold
from seeded import SeededWorkspace


def test_a_ruling_settles_a_disagreement_and_can_be_taken_back(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    before = shop.records.count(Dispute)
    page = visitor.get("/review/quality").text
    assert "Reviewers disagree" in page and "Ana" not in page.split('id="disputes"')[1]
    dispute = shop.records.query(Dispute, newest=True).rows[0]
    given = shop.records.query(Verdict, {"said": dispute.said, "skipped": False}).rows
    ruled = visitor.post(f"/review/{given[0].review_id}/rule", {"kind": "correct"})
    assert ruled.status_code == 303
    assert shop.records.count(Dispute) == before - 1
    assert shop.records.find(Gold, dispute.interaction_id) is not None
    told = visitor.get(ruled.headers["location"]).text
    assert "Ruled." in told and "Take the ruling back" in told
    history = visitor.get(f"/answers/{dispute.interaction_id}").text
    assert "as a ruling" in history and "(overruled)" in history
    ruling = next(v for v in shop.records.query(Verdict).rows if v.ruling)
    undone = visitor.post(f"/review/undo/{ruling.verdict_id}", {"back": "quality"})
    assert undone.headers["location"].startswith("/review/quality")
    assert shop.records.count(Dispute) == before
    assert shop.records.query(Gold).rows == []


def test_a_ruling_needs_a_verdict_and_a_disagreement(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    item = waiting(shop)[0]
    assert "No verdict was chosen" in visitor.post(f"/review/{item}/rule", partial=True).text
    alone = visitor.post(f"/review/{item}/rule", {"kind": "correct"}, partial=True)
    assert alone.status_code == 422
    assert "do not disagree" in alone.text


def test_an_answer_is_marked_as_gold_on_its_page(visitor: Visitor, shop: SeededWorkspace) -> None:
    answer = shop.records.get(ReviewItem, waiting(shop)[0]).interaction_id
    visitor.post(f"/answers/{answer}/gold", {"kind": "incorrect"})
    assert "is known to be the verdict" in visitor.get(f"/answers/{answer}").text
    assert answer in visitor.get("/review/quality").text
    visitor.post(f"/answers/{answer}/gold/unmark", {"back": "quality"})
    assert shop.records.query(Gold).rows == []
    refused = visitor.post(f"/answers/{answer}/gold", {"kind": "splendid"}, partial=True)
    assert "No verdict was chosen" in refused.text


def test_the_page_of_an_answer_says_what_a_verdict_became_and_takes_it_back(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    item = shop.records.get(ReviewItem, waiting(shop)[0])
    given = {"kind": "incorrect", "correction": "Ask at the counter."}
    visitor.post(f"/review/{item.review_id}/verdict", given)
    verdict = newest(shop, Verdict)
    page = visitor.get(f"/answers/{item.interaction_id}").text
    assert "approved answer" in page and "is not said again" in page
    kept = shop.records.get(Interaction, item.interaction_id)
    assert ("&#39;s accuracy" in page or "'s accuracy" in page) == bool(kept.judged)
    undone = visitor.post(f"/review/undo/{verdict.verdict_id}", {"back": "answer"})
    assert undone.headers["location"].startswith(f"/answers/{item.interaction_id}")
    assert "Take back" not in visitor.get(f"/answers/{item.interaction_id}").text
