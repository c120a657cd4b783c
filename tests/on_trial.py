"""A scripted workspace with a second release that passed the gate beside the live one.

What either release says shows which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from northloop.core.artefacts import Decision, Kind
from northloop.core.ids import Hash, canonical
from northloop.core.interaction import Interaction
from northloop.loop import promote
from northloop.loop.pairs import load_release
from northloop.ports.models import EXACT, Engine, Use
from northloop.ports.stores import Artefacts
from northloop.testing.models import ScriptedEngine
from northloop.workspace import Workspace
from scripted_workspace import SAID, ScriptedWorkspace

NEWER = "You answer as the newer release does."
SAID_NEWER = "Please see what our page on returns says first."


class OnTrial(ScriptedWorkspace):
    """See the module. A fifth of the customers are held out."""

    @property
    def holdout_share(self) -> float | None:
        return 0.2

    def engine(self, base: str, adapters: Mapping[str, Path], use: Use = EXACT) -> Engine:
        return ScriptedEngine(lambda prompt, _: SAID_NEWER if NEWER in prompt else SAID)


def passed(workspace: Workspace) -> Hash:
    """Seal a release and let the gate pass it beside the live one; return it."""
    artefacts = workspace.artefacts
    current = promote.live(workspace.records) or ""
    release = msgspec.structs.replace(load_release(artefacts, current), prompt=NEWER)
    sealed = artefacts.get(current).manifest
    files = {"release.json": canonical(release)}
    made = artefacts.put(Kind.RELEASE, files, sealed.parents, {**sealed.meta, "kind": "tuned"})
    let_through(artefacts, made.hash, current)
    return made.hash


def let_through(artefacts: Artefacts, release: Hash, current: Hash) -> None:
    """Let the gate have passed a release beside another one."""
    decision = Decision(
        candidate=release, current=current, promote=True, reason="Passed.", comparisons=()
    )
    artefacts.put(
        Kind.DECISION,
        {"decision.json": canonical(decision)},
        meta={"candidate": release, "current": current, "promote": "true"},
    )


def said(interaction: Interaction) -> str:
    """Return what the release made, sent or held back."""
    return interaction.judged
