"""The knowledge base."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.app.rights import of_the_house
from northloop.core.actor import Actor
from northloop.core.conversation import Document
from northloop.workspace import Workspace


def documents(workspace: Workspace, actor: Actor) -> Sequence[Document]:
    """Return the articles of the knowledge base as they stand now, by title."""
    of_the_house(actor)
    return sorted(workspace.documents(), key=lambda document: document.title)
