"""What the documents say to a question, without an answer being made of it."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.app import background
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.deployment import Pair
from northloop.core.ids import Hash
from northloop.loop.knowledge import make_knowledge
from northloop.loop.pairs import open_pair
from northloop.loop.promote import live_pair, nothing_live
from northloop.ports.retrieval import Hit
from northloop.workspace import Workspace

__all__ = ["Hit", "find"]


def find(
    workspace: Workspace, actor: Actor, question: str, limit: int = 5, release: Hash = ""
) -> Sequence[Hit]:
    """Return the passages that fit a question best, best first; [] if it has no searchable word.

    They are found as a release (a hash or a prefix) finds them, the live one where none is named,
    in the knowledge in force; before anything is live, in the documents as they stand. NotReady if
    nothing is live and no release is named, NotFound.
    """
    require_team(actor)
    pair = _pair(workspace, release)
    remembered = background.of(workspace).remembered
    opened = remembered.get("retrieval", pair, lambda: open_pair(workspace.parts, pair))
    return opened.known.search(workspace.redact(question).text, limit)


def _pair(workspace: Workspace, release: Hash) -> Pair:
    live = live_pair(workspace.artefacts, workspace.records)
    if live is not None:
        return Pair(
            workspace.artefacts.get(release).hash if release else live.release, live.knowledge
        )
    if not release:
        raise nothing_live()
    knowledge = make_knowledge(workspace.parts, workspace.documents())
    return Pair(workspace.artefacts.get(release).hash, knowledge.hash)
