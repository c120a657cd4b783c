"""A shop that quotes its documents, remembers its tickets, and sends what it is sure of."""

from __future__ import annotations

from pathlib import Path

import msgspec

from northloop.core.actor import Actor, Role, team
from northloop.core.artefacts import Kind, Release
from northloop.core.clock import stamp
from northloop.core.conversation import Message
from northloop.core.ids import canonical
from northloop.core.interaction import Interaction, Question, ReviewItem, VerdictKind
from northloop.loop import promote
from northloop.loop.bundles import read_one
from northloop.stages.monitoring.review import Judgement
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release

FLAGS = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
SENDING = {**FLAGS, "serving.mode": "open"}
TEAM = team("ada")
CUSTOMERS = Actor(name="k", roles=(Role.ANSWER,), tenant="default", declared=False)
SURE = 0.5
RETURNS = "How many days do I have to send something back?"
GAS = "Can I send back a gas canister that I have opened?"
EXPRESS = "How much is express delivery?"


def sending_shop(folder: Path) -> ScriptedWorkspace:
    """Return an open workspace whose live release sends what a treatment is surer of than `SURE`;
    nothing was asked yet."""
    with_release(folder, FLAGS, 200, at_once=True).close()
    workspace = ScriptedWorkspace.open(folder, SENDING)
    artefacts = workspace.artefacts
    sealed = artefacts.get(promote.live(workspace.records) or "")
    release = read_one(artefacts, sealed.hash, "release.json", Release)
    first = [msgspec.structs.replace(c, sent=True, least=SURE) for c in release.first]
    sends = msgspec.structs.replace(release, first=tuple(first))
    card = sealed.manifest
    made = artefacts.put(
        Kind.RELEASE, {"release.json": canonical(sends)}, parents=card.parents, meta=card.meta
    )
    newest = promote.newest_deployment(workspace.records)
    assert newest is not None
    arm = msgspec.structs.replace(newest.arms[0], release=made.hash)
    workspace.records.replace(msgspec.structs.replace(newest, arms=(arm,)))
    return workspace


def ask(
    workspace: Workspace,
    text: str,
    name: str,
    *,
    tenant: str = "default",
    earlier: tuple[Message, ...] = (),
    customer: str = "",
) -> Interaction:
    """Return the answer to a customer as it is kept."""
    question = Question(
        interaction_id=name,
        messages=(*earlier, Message("user", text)),
        conversation_id=f"talk of {customer or name}",
        customer_id=customer,
        tenant=tenant,
    )
    *_, kept = workspace.live.answer(question)
    assert isinstance(kept, Interaction)
    return kept


def judge(workspace: Workspace, kept: Interaction, kind: VerdictKind, correction: str = "") -> None:
    """Have a person judge an answer."""
    item = ReviewItem(
        review_id=f"review of {kept.interaction_id}",
        interaction_id=kept.interaction_id,
        at=stamp(),
        probability=1.0,
        uniform=True,
    )
    workspace.records.add(item)
    said = Judgement(review_id=item.review_id, kind=kind, correction=correction, reviewer=TEAM.name)
    workspace.live.judge(said, stamp())


def edit(workspace: Workspace, document: str, old: str, new: str) -> Path:
    """Replace words of a document's file, which has them."""
    file = workspace.documents_folder / f"{document}.md"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return file
