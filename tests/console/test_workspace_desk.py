"""The desk over a workspace: who set what, what waits, and exercises on the answers it kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.client import Visitor
from northloop.console.desk import Attempt, Judgement
from northloop.console.workspace_desk import WorkspaceDesk
from northloop.core.errors import InputError, NotFound
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    ProposalState,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.loop.journal import InteractionJournal
from northloop.settings import FILE_NAME, LoopSettings
from northloop.stages.monitoring import review
from northloop.stages.monitoring.approvals import ApprovalState
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.workspace import Workspace

AT = "2026-11-24T15:30:00.000+00:00"
ANSWER = Interaction(
    interaction_id="i0",
    conversation_id="",
    customer_id="",
    tenant="default",
    release="r" * 64,
    at=AT,
    question="Can I send back boots that I wore once?",
    answer="You can return them within 30 days.",
    source=Source.GENERATED,
    citations=(),
    confidence=0.8,
    handoff=None,
    intent="return_item",
    latency_ms=400.0,
    trace=(),
    review_span=(0.0, 0.1),
    review_probability=0.1,
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    user, folder = tmp_path / "config" / "northloop", tmp_path / "shop"
    user.mkdir(parents=True)
    folder.mkdir()
    (user / FILE_NAME).write_text("seed = 7\n[training]\nrank = 4\nalpha = 8", "utf-8")
    (folder / FILE_NAME).write_text("[training]\nrank = 16\n[gate]\nalpha = 0.01", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(user.parent))
    monkeypatch.setenv("NORTHLOOP_DATA__PREPARE__SPLIT_BY", "time")
    opened = Workspace.open(folder, {"serving.port": "9000"})
    yield opened
    opened.close()


@pytest.fixture
def desk(workspace: Workspace) -> WorkspaceDesk:
    for i in range(3):
        kept = msgspec.structs.replace(ANSWER, interaction_id=f"i{i}")
        workspace.records.add(kept)
        workspace.records.add(
            ReviewItem(
                review_id=f"r{i}", interaction_id=f"i{i}", at=AT, probability=0.1, uniform=True
            )
        )
    InteractionJournal(workspace.records, ReviewBudget())  # counts what it finds
    return WorkspaceDesk(workspace)


def judge(workspace: Workspace, number: int, kind: VerdictKind) -> Verdict:
    said = review.Judgement(review_id=f"r{number}", kind=kind, reviewer="ana")
    return review.submit(workspace.records, said, AT)


def test_each_setting_names_who_said_it(desk: WorkspaceDesk) -> None:
    found = {setting.name: (setting.value, setting.origin) for setting in desk.settings()}
    assert found["seed"] == ("7", "user file")
    assert found["training.alpha"] == ("8", "user file")
    assert found["training.rank"] == ("16", "workspace file")
    assert found["gate.alpha"] == ("0.01", "workspace file")
    assert found["gate.guardrails"][1] == "default"
    assert found["data.prepare.split_by"] == ('"time"', "environment")
    assert found["serving.port"] == ("9000", "flags")
    assert found["training.epochs"] == ("3.0", "default")


def test_what_waits_is_counted_as_it_is_judged(workspace: Workspace, desk: WorkspaceDesk) -> None:
    assert [item.review_id for item in desk.review_queue(2)] == ["r2", "r1"]
    assert desk.standing().reviews_waiting == desk.review_progress().waiting == 3
    judge(workspace, 1, VerdictKind.CORRECT)
    assert [item.review_id for item in desk.review_queue(2)] == ["r2", "r0"]
    assert desk.standing().reviews_waiting == 2


def test_quality_follows_every_verdict(workspace: Workspace, desk: WorkspaceDesk) -> None:
    assert desk.quality() is None
    verdict = judge(workspace, 0, VerdictKind.CORRECT)
    first = desk.quality()
    assert first and first.reviewed == 1
    assert desk.quality() == first
    review.undo(workspace.records, verdict.verdict_id)
    judge(workspace, 1, VerdictKind.INCORRECT)
    second = desk.quality()
    assert second and (second.reviewed, second.accuracy) == (1, 0.0)


def test_a_turn_that_cannot_begin_stays_to_be_approved(desk: WorkspaceDesk) -> None:
    proposal = desk.propose()
    for _ in range(2):
        with pytest.raises(InputError, match="documents"):
            desk.approve(proposal.proposal_id)
    assert desk.proposals()[0].state is ProposalState.APPROVED


def test_a_verdict_is_kept_where_the_turn_it_starts_cannot_begin(
    workspace: Workspace, desk: WorkspaceDesk
) -> None:
    rule = LoopSettings(approval="rule", verdicts_per_turn=1)
    workspace.settings = msgspec.structs.replace(workspace.settings, loop=rule)
    judgement = Judgement(
        review_id="r0",
        kind=VerdictKind.INCORRECT,
        correction="Boots that were worn outside stay with you.",
        reason="",
        reviewer="ada",
    )
    verdict = desk.submit_verdict(judgement)
    assert workspace.records.list(Verdict) == [verdict]
    assert desk.proposals()[0].state is ProposalState.APPROVED


def test_exercise_takes_the_verdict_of_the_learner(desk: WorkspaceDesk) -> None:
    found = desk.lesson("giving-feedback")
    assert found.exercise.judged
    attempt = Attempt(
        interaction_id="i0",
        text="You can send back boots within 45 days, if you did not wear them outdoors.",
        verdict=VerdictKind.INCORRECT,
        reason="30 days instead of 45",
    )
    assert desk.check_exercise("giving-feedback", attempt).passed
    rephrased = msgspec.structs.replace(attempt, verdict=VerdictKind.NEEDS_REPHRASING)
    assert "“incorrect”" in desk.check_exercise("giving-feedback", rephrased).feedback
    none = msgspec.structs.replace(attempt, verdict=None)
    assert "Choose a verdict" in desk.check_exercise("giving-feedback", none).feedback
    with pytest.raises(NotFound):
        desk.check_exercise("giving-feedback", msgspec.structs.replace(attempt, interaction_id="x"))


def test_an_approved_answer_is_withdrawn_and_served_again(
    workspace: Workspace, desk: WorkspaceDesk
) -> None:
    right = Judgement(review_id="r0", kind=VerdictKind.CORRECT, reviewer="ana")
    wrong = Judgement(
        review_id="r0", kind=VerdictKind.INCORRECT, correction="Within 45 days.", reviewer="ben"
    )
    for judgement in (right, wrong):
        desk.submit_verdict(judgement)
    (approved,) = workspace.records.list(ApprovedAnswer)
    with Visitor(desk) as visitor:
        page = visitor.get("/answers/approved").text
        assert "Within 45 days." in page
        assert "Reviewers disagree" in page
        one = f"/answers/approved/{approved.approved_id}"
        assert visitor.post(f"{one}/withdraw").status_code == 303
        assert desk.approvals()[0].state is ApprovalState.WITHDRAWN
        assert "Serve again" in visitor.get("/answers/approved").text
        visitor.post(f"{one}/restore")
        assert desk.approvals()[0].state is ApprovalState.SERVED
        assert visitor.post("/answers/approved/nothing/withdraw").status_code == 404


def test_what_was_held_back_is_shown_as_held_back(
    workspace: Workspace, desk: WorkspaceDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "passages", lambda _: ())
    held = msgspec.structs.replace(
        ANSWER,
        interaction_id="held",
        answer="A colleague will reply.",
        draft="Yes, 365 days.",
        source=Source.HANDOFF,
        handoff=HandoffReason.NOT_GROUNDED,
    )
    workspace.records.add(held)
    item = ReviewItem(review_id="rh", interaction_id="held", at=AT, probability=0.1, uniform=True)
    workspace.records.add(item)
    with Visitor(desk) as visitor:
        for page in ("/answers/held", "/review/rh"):
            text = visitor.get(page).text
            assert text.index("Held back, never sent") < text.index("Yes, 365 days.")
            assert "A colleague will reply." in text
