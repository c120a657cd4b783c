"""A workspace that an earlier version made opens, and its loop turns on."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from loop.world import TOPICS, question
from northloop.app import intake
from northloop.core.actor import team
from northloop.core.artefacts import DataCard, Decision, Kind, LossPoint, Release, Report
from northloop.core.conversation import Example, Split
from northloop.core.interaction import (
    ApprovedAnswer,
    Feedback,
    Interaction,
    Outcome,
    Proposal,
    ProposalState,
    Source,
    Verdict,
)
from northloop.loop import lineage, promote, propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.turn import dataset_behind
from northloop.stages.monitoring import approvals, queue
from shop_workspace import ShopWorkspace

MADE = Path(__file__).parent / "fixtures" / "workspace-0.1.tar.xz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(MADE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "workspace"


@pytest.fixture
def workspace(folder: Path) -> Iterator[ShopWorkspace]:
    opened = ShopWorkspace.open(folder)
    assert isinstance(opened, ShopWorkspace)
    yield opened
    opened.close()


def _splits(workspace: ShopWorkspace, dataset: str) -> dict[str, Split]:
    rows = read_lines(workspace.artefacts, dataset, steps.EXAMPLES, Example)
    return {row.example_id: row.split for row in rows}


def test_every_artefact_is_what_its_name_says(workspace: ShopWorkspace) -> None:
    found = {kind: workspace.artefacts.list(kind) for kind in Kind}
    made = ("dataset", "index", "adapter", "release", "report", "decision")
    assert [len(found[Kind(kind)]) for kind in made] == [2, 3, 2, 3, 3, 2]
    for artefact in (a for of_a_kind in found.values() for a in of_a_kind):
        assert artefact.manifest.format == 1
        for name in artefact.manifest.files:
            assert workspace.artefacts.path(artefact.hash, name).exists()


def test_what_was_made_is_read(workspace: ShopWorkspace) -> None:
    store = workspace.artefacts
    (second, first) = store.list(Kind.DATASET)
    assert read_one(store, first.hash, steps.CARD, DataCard).rows.kept == 84
    rows = read_lines(store, second.hash, steps.EXAMPLES, Example)
    assert sum(row.origin[0].startswith("verdict:") for row in rows) == 3
    releases = [read_one(store, a.hash, "release.json", Release) for a in store.list(Kind.RELEASE)]
    assert [release.adapter is None for release in releases] == [False, False, True]
    for report in store.list(Kind.REPORT):
        assert read_one(store, report.hash, "report.json", Report).score("right").n == 24
    for decision in store.list(Kind.DECISION):
        assert read_one(store, decision.hash, "decision.json", Decision).promote
    for adapter in store.list(Kind.ADAPTER):
        assert read_lines(store, adapter.hash, "curve.jsonl", LossPoint)
        assert read_one(store, adapter.hash, "run.json", steps.Run).learnt


def test_what_was_recorded_is_read(workspace: ShopWorkspace) -> None:
    records = workspace.records
    kept = records.query(Interaction).rows
    assert len(kept) == 80
    assert {i.tenant for i in kept} == {"default", "acme"}
    assert {i.source for i in kept} >= {Source.GENERATED, Source.HANDOFF}
    counts = {kind: len(records.query(kind).rows) for kind in (Verdict, Feedback, Outcome)}
    assert counts == {Verdict: 7, Feedback: 14, Outcome: 14}
    assert len(records.query(ApprovedAnswer).rows) - len(approvals.in_force(records)) == 1
    assert len(queue.queue(records)) > 0
    history = [d.action.value for d in promote.deployments(records)]
    assert history == ["promote", "promote", "rollback", "promote"]
    states = [p.state for p in propose.proposals(workspace.parts)]
    assert states == [ProposalState.PROMOTED, ProposalState.PROMOTED, ProposalState.OPEN]


def test_the_live_release_answers(workspace: ShopWorkspace) -> None:
    assert workspace.live.release() == workspace.records.query(Proposal).rows[1].release
    about, reply = TOPICS["returns"]
    *said, kept = workspace.live.answer(question(f"Could you explain {about} to me?", "new"))
    assert isinstance(kept, Interaction)
    assert "".join(piece for piece in said if isinstance(piece, str)) == kept.answer == reply
    assert kept.citations
    assert workspace.live.cited(kept)
    assert len(workspace.records.query(Interaction).rows) == 81


def test_a_greeting_is_kept_and_not_looked_up(workspace: ShopWorkspace) -> None:
    about, _ = TOPICS["returns"]
    *_, plain = workspace.live.answer(question(f"Could you explain {about} to me?", "plain"))
    greeted = f"Dear Jane Doe,\n\nCould you explain {about} to me?"
    *_, kept = workspace.live.answer(question(greeted, "greeted"))
    assert isinstance(plain, Interaction)
    assert isinstance(kept, Interaction)
    assert kept.question.startswith("Dear [NAME")
    assert (kept.source, kept.score) == (plain.source, plain.score)


def test_an_old_answer_leads_back_to_its_rows(workspace: ShopWorkspace) -> None:
    answered = [
        i for i in workspace.records.query(Interaction).rows if i.source is Source.GENERATED
    ]
    for interaction in (answered[0], answered[-1]):
        found = lineage.behind(workspace.artefacts, workspace.records, interaction.interaction_id)
        assert {a.manifest.kind for a in found.artefacts} >= {Kind.RELEASE, Kind.DATASET}
        assert found.rows
        assert interaction.trace
        assert workspace.live.cited(interaction)


def test_the_loop_turns_on(workspace: ShopWorkspace) -> None:
    before = workspace.live.release()
    waiting = propose.propose_retraining(workspace.records, 3)
    assert waiting is not None
    propose.approve(workspace.records, waiting.proposal_id)
    state = propose.carry_out(workspace.parts, workspace.turn_spec(), waiting.proposal_id)
    assert state["current"] == before
    rows = read_lines(workspace.artefacts, state["dataset"], steps.EXAMPLES, Example)
    assert len([row for row in rows if row.origin[0].startswith("verdict:")]) > 3
    adapter = workspace.artefacts.get(state["adapter"])
    assert read_one(workspace.artefacts, before, "release.json", Release).adapter in (
        adapter.manifest.parents
    )
    if state["outcome"] == "ready":
        promote.promote_release(workspace.artefacts, workspace.records, state["release"])
    *_, kept = workspace.live.answer(question("What do you say about boot sizes?", "after"))
    assert isinstance(kept, Interaction)
    assert kept.release == workspace.live.release()


def test_an_ended_turn_is_not_turned_again(workspace: ShopWorkspace) -> None:
    first = workspace.records.query(Proposal).rows[0]
    status = workspace.runner.status(first.proposal_id)
    assert [step.step for step in status if step.done]
    assert propose.propose_first(workspace.records) == first


def test_rows_that_were_learnt_from_keep_their_split_as_more_are_imported(
    workspace: ShopWorkspace, tmp_path: Path
) -> None:
    behind = dataset_behind(workspace.parts)
    assert behind is not None
    before = _splits(workspace, behind)
    asked = next(
        row
        for row in read_lines(workspace.artefacts, behind, steps.EXAMPLES, Example)
        if row.split is Split.TEST
    )
    more = tmp_path / "more.csv"
    more.write_text(
        "question,reply,created_at\n"
        f'"{asked.question.rstrip("?")} nowadays?","{asked.reply}",2026-06-01\n'
        "Who was the first to climb your mountain?,Nobody knows who did it.,2026-06-02\n"
    )
    shown = intake.preview(workspace, team("ada"), [more])
    made = {row.example_id: row.split for row in shown.prepared.examples}
    known = {i for i in before if i in made}
    assert {made[i] for i in known if made[i] is not before[i]} <= {Split.RETIRED}
    assert all(made[i] is Split.TRAIN for i in known if before[i] is Split.TRAIN)
    assert shown.earlier == behind
    assert len(known) > 60


def test_a_plan_beside_a_live_release_is_of_rows_where_they_were(workspace: ShopWorkspace) -> None:
    behind = dataset_behind(workspace.parts)
    assert behind is not None
    before = _splits(workspace, behind)
    assert "rows" in intake.plan(workspace, team("ada")).text()
    planned = workspace.artefacts.list(Kind.DATASET)[0]
    assert planned.manifest.parents == (behind,)
    now = _splits(workspace, planned.hash)
    assert {name: split for name, split in now.items() if name in before} == {
        name: split for name, split in before.items() if name in now
    }


def test_rows_that_are_cleaned_otherwise_now_keep_their_split(workspace: ShopWorkspace) -> None:
    behind = dataset_behind(workspace.parts)
    assert behind is not None
    before = read_lines(workspace.artefacts, behind, steps.EXAMPLES, Example)
    splits = {where: row.split for row in before for where in row.origin}
    spec = workspace.turn_spec()
    made = steps.make_dataset(workspace.parts, spec.prepare, spec.sources, (), behind)
    rows = read_lines(workspace.artefacts, made.hash, steps.EXAMPLES, Example)
    renamed = {row.example_id for row in rows} - {row.example_id for row in before}
    assert len(renamed) > 10  # greetings stay behind that were learnt then
    for row in rows:
        assert {splits[where] for where in row.origin} == {row.split}
