"""What people do in the console shows at once: in the counts, in what is served, in who did it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.client import Visitor
from console.look import newest, proposals, waiting
from northloop.app import answers, reviews, scorecards
from northloop.console.view import REVIEWER_COOKIE
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.interaction import (
    Interaction,
    Origin,
    ProposalState,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.keys import caller
from northloop.settings import FILE_NAME
from northloop.stages.monitoring.approvals import ApprovalState
from scripted_workspace import with_release
from seeded import SeededWorkspace, opened


def test_what_agents_sent_stands_on_the_page_of_the_release(tmp_path: Path) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": "draft"})
    asked = answers.question("How long can I return a tent?")
    kept = answers.answer(shop, caller("shop", "north"), asked)
    with Visitor(shop) as visitor:
        assert "What agents sent" not in visitor.get(f"/releases/{kept.release}").text
        visitor.post(f"/desk/{kept.interaction_id}/send")
        page = visitor.get(f"/releases/{kept.release}").text
    shop.close()
    section = page.partition("What agents sent")[2].partition("</section>")[0]
    assert "Of 1 conversation<" in section and ">Draft<" in section and "100" in section


def test_who_answers_a_conversation_is_named_to_everybody_else(tmp_path: Path) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": "draft"})
    asked = answers.question("How long can I return a tent?", conversation_id="mine")
    kept = answers.answer(shop, caller("shop", "north"), asked)
    page = f"/desk/{kept.interaction_id}"
    with Visitor(shop) as visitor:
        visitor.post(f"{page}/mode", {"mode": "draft"})
        assert "A person answers this conversation" in visitor.get(page).text
        visitor.client.cookies.set(REVIEWER_COOKIE, "Ana")
        visitor.post(f"{page}/mode", {"mode": "draft"})
        assert "You answer this conversation" in visitor.get(page).text
        visitor.client.cookies.set(REVIEWER_COOKIE, "Ben")
        assert "Ana answers this conversation" in visitor.get(page).text
    shop.close()


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SeededWorkspace]:
    """A workspace where each layer of the configuration says something."""
    user, folder = tmp_path / "config" / "northloop", tmp_path / "shop"
    user.mkdir(parents=True)
    folder.mkdir()
    (user / FILE_NAME).write_text("seed = 7\n[training]\nrank = 4\nalpha = 8", "utf-8")
    (folder / FILE_NAME).write_text("[training]\nrank = 16\n[gate]\nalpha = 0.01", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(user.parent))
    monkeypatch.setenv("NORTHLOOP_DATA__PREPARE__SPLIT_BY", "time")
    workspace = opened(folder, {"serving.port": "9000"})
    yield workspace
    workspace.close()


def test_each_setting_names_who_said_it(configured: SeededWorkspace) -> None:
    with Visitor(configured) as visitor:
        for name, value, origin in (
            ("seed", "7", "user file"),
            ("training.alpha", "8", "user file"),
            ("training.rank", "16", "workspace file"),
            ("gate.alpha", "0.01", "workspace file"),
            ("data.prepare.split_by", "time", "environment"),
            ("serving.port", "9000", "flags"),
            ("training.epochs", "3.0", "default"),
        ):
            row = visitor.get("/settings").text.partition(f'id="{name}"')[2].partition("</tr>")[0]
            assert f"<code>{value}</code>" in row.replace("&#34;", "") and origin in row, name


def test_what_waits_is_counted_as_it_is_judged(visitor: Visitor, shop: SeededWorkspace) -> None:
    before = waiting(shop)
    assert f"{len(before)} answers wait" in visitor.get("/review").text
    visitor.post(f"/review/{before[1]}/verdict", {"kind": "correct"})
    assert waiting(shop) == [before[0], *before[2:]]
    assert f"{len(before) - 1} answers wait" in visitor.get("/review").text


def test_quality_follows_every_verdict(visitor: Visitor, shop: SeededWorkspace) -> None:
    def accuracy() -> float:
        found = scorecards.scorecard(shop, team()).accuracy
        assert found is not None
        return found.value

    answered = next(
        found.item.review_id
        for found in reviews.queue(shop, team())
        if not found.interaction.handoff and found.interaction.source is Source.GENERATED
        # The first verdict of the other half of the draw changes what stands for what.
        if not found.item.uniform
    )
    start = accuracy()
    visitor.post(f"/review/{answered}/verdict", {"kind": "incorrect"})
    assert accuracy() < start
    visitor.post(f"/review/undo/{newest(shop, Verdict).verdict_id}")
    assert accuracy() == pytest.approx(start)


def test_a_turn_that_cannot_begin_stays_to_be_approved(
    newcomer: Visitor, new_shop: SeededWorkspace
) -> None:
    newcomer.post("/loop/propose")
    proposal = proposals(new_shop)[0]
    for _ in range(2):
        refused = newcomer.post(f"/loop/{proposal.proposal_id}/approve")
        assert refused.status_code == 422 and "documents" in refused.text
    assert proposals(new_shop)[0].state is ProposalState.APPROVED


def test_an_approved_answer_is_withdrawn_and_served_again(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    approval = next(
        a for a in reviews.approvals(shop, team()).rows if a.state is ApprovalState.SERVED
    )
    approved = approval.answer.approved_id

    def state() -> ApprovalState:
        return next(
            a.state
            for a in reviews.approvals(shop, team()).rows
            if a.answer.approved_id == approved
        )

    visitor.post("/settings/name", {"name": "Ida"})
    page = visitor.get("/answers/approved").text
    assert "Reviewers disagree" in page and "Withdraw" in page
    assert visitor.post(f"/answers/approved/{approved}/withdraw").status_code == 303
    assert state() is ApprovalState.WITHDRAWN
    page = visitor.get("/answers/approved").text
    assert "Serve again" in page and "by Ida" in page
    visitor.post(f"/answers/approved/{approved}/restore")
    assert state() is ApprovalState.SERVED
    assert visitor.post("/answers/approved/nothing/withdraw").status_code == 404


def test_a_correction_is_served_word_for_word(visitor: Visitor, shop: SeededWorkspace) -> None:
    found = next(
        f
        for f in reviews.queue(shop, team())
        if "[" not in f.interaction.question and f.interaction.handoff is None
    )
    fields = {"kind": "incorrect", "correction": "Within 45 days, unworn."}
    visitor.post(f"/review/{found.item.review_id}/verdict", fields)
    visitor.post("/playground/ask", {"question": found.interaction.question})
    kept = newest(shop, Interaction)
    assert (kept.answer, kept.source) == ("Within 45 days, unworn.", Source.APPROVED)


def test_what_was_held_back_is_shown_as_held_back(visitor: Visitor, shop: SeededWorkspace) -> None:
    held = next(i for i in shop.records.query(Interaction).rows[::-1] if i.draft)
    text = visitor.get(f"/answers/{held.interaction_id}").text
    assert text.index("Held back, never sent") < text.index(held.draft.split(".")[0])
    assert "passing your question to a colleague" in text.replace("&#39;", "'")


def test_who_reviews_without_a_name_is_told_what_that_costs(visitor: Visitor) -> None:
    assert "Add your name</a>: without one" in visitor.get("/review").text
    visitor.post("/settings/name", {"name": "Ida"})
    assert "Add your name" not in visitor.get("/review").text


def test_the_queue_shows_a_draft_as_it_shows_an_answer(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    """Neither that it was held back, nor how many were right so far: both tell what to think."""
    held = [f for f in reviews.queue(shop, team()) if f.interaction.draft]
    for found in held:
        text = visitor.get(f"/review/{found.item.review_id}").text
        answer = text.partition("<h2>Answer")[2].partition("Evidence")[0]
        assert "passing your question" not in answer and "handed to a person" not in answer
        assert "the-answer" in answer
        assert "never sent" not in text and "% right" not in text
    assert held


def test_a_question_back_is_shown_as_one(visitor: Visitor, shop: SeededWorkspace) -> None:
    held = next(i for i in shop.records.query(Interaction).rows[::-1] if i.draft)
    in_it = {"conversation_id": "asked back", "origin": Origin.CUSTOMER, "asked": ""}
    back = msgspec.structs.replace(
        held, interaction_id="back", source=Source.ASKED_BACK, handoff=None, draft="", **in_it
    )
    then = msgspec.structs.replace(held, interaction_id="then", **in_it)
    for kept in (back, then):
        shop.live.journal.keep(kept)
    text = visitor.get("/answers/back").text
    assert "question back" in text and "confidence" not in text.split("answer-foot")[1][:200]
    assert visitor.get("/desk/then").text.count("Northloop asked back:") == 1
    assert "question back" not in visitor.get("/answers/then").text
    found = visitor.get("/answers?source=asked_back").text
    assert "/answers/back" in found and "/answers/then" not in found


def test_reviewers_are_named_by_what_they_declare(visitor: Visitor, shop: SeededWorkspace) -> None:
    visitor.post("/settings/name", {"name": "  Ida B.  "})
    visitor.post(f"/review/{waiting(shop)[0]}/verdict", {"kind": "correct"})
    kept = newest(shop, Verdict)
    assert (kept.reviewer, kept.kind) == ("Ida B.", VerdictKind.CORRECT)
    too_long = visitor.post("/settings/name", {"name": "x" * 61})
    assert too_long.status_code == 422


def test_a_follow_up_is_shown_with_what_it_follows_on(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    held = next(f for f in reviews.queue(shop, team()) if f.interaction.draft)
    before = (Message("user", "How do I report damage?"), Message("assistant", "By the portal."))
    shop.records.replace_all([msgspec.structs.replace(held.interaction, before=before)])
    for page in (f"/review/{held.item.review_id}", f"/answers/{held.item.interaction_id}"):
        text = visitor.get(page).text
        assert "How do I report damage?" in text and "By the portal." in text
