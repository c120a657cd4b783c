"""Edits of a seeded workspace's documents that approved answers rest on."""

from __future__ import annotations

from pathlib import Path

from northloop.app import knowledge
from northloop.core.actor import team
from northloop.core.artefacts import Kind, RestsOn
from northloop.core.conversation import Split
from northloop.core.interaction import ApprovedAnswer
from northloop.loop.bundles import read_lines
from northloop.loop.knowledge import all_grounds
from northloop.loop.promote import live_pair
from northloop.loop.steps import RESTS_ON
from northloop.stages.monitoring import approvals
from northloop.stages.monitoring.approvals import ApprovalState
from northloop.workspace import Workspace


def settle(workspace: Workspace) -> None:
    """Confirm whatever waits, so that only what is edited next is in doubt."""
    seen = knowledge.update(workspace, team("ada")).knowledge
    for doubt in knowledge.in_doubt(workspace, team()):
        knowledge.confirm(workspace, team("ada"), doubt.answer.approved_id, seen)


def taught(workspace: Workspace) -> set[str]:
    """Return the documents that training rows rest on."""
    pair = live_pair(workspace.artefacts, workspace.records)
    assert pair is not None
    by_hash = {p.hash: p for p in workspace.parts.passages(pair.knowledge)}
    (asked, *_) = workspace.artefacts.list(Kind.ASKED)
    rows = read_lines(workspace.artefacts, asked.hash, RESTS_ON, RestsOn)
    rest_on = {h for row in rows if row.split == Split.TRAIN for h in row.passages}
    return {by_hash[h].document_id for h in rest_on if h in by_hash}


def sources_of(workspace: Workspace) -> dict[str, list[ApprovedAnswer]]:
    """Return the documents that served approved answers rest on first, and which do."""
    pair = live_pair(workspace.artefacts, workspace.records)
    assert pair is not None
    by_hash = {p.hash: p for p in workspace.parts.passages(pair.knowledge)}
    grounds = all_grounds(workspace.parts)
    found: dict[str, list[ApprovedAnswer]] = {}
    for approval in approvals.approvals_page(workspace.records).rows:
        if approval.state is not ApprovalState.SERVED:
            continue
        evidence = [by_hash[h] for h in grounds(approval.answer).evidence if h in by_hash]
        if evidence:
            found.setdefault(evidence[0].document_id, []).append(approval.answer)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def file_of(workspace: Workspace, document_id: str) -> Path:
    return workspace.documents_folder / f"{document_id}.md"


def edit(file: Path, note: str = "17") -> None:
    """Change every number in a document's text, its headings aside, and add a sentence."""
    lines = file.read_text("utf-8").split("\n")
    said = [line if line.startswith("#") or not line.strip() else f"{line} Since May: {note}."
            for line in lines]  # fmt: skip
    file.write_text("\n".join(said), "utf-8")
