"""A seeded workspace whose newest release is undecided, so that people judge it side by side."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.artefacts import Comparison, Decision, Kind
from northloop.core.conversation import Example, Message
from northloop.core.ids import canonical
from northloop.core.interaction import Interaction, Origin, Proposal, ProposalState, Question
from northloop.loop import side_by_side, steps
from northloop.loop.bundles import read_lines, read_one
from seeded import SeededWorkspace


def undecided(shop: SeededWorkspace, pairs: int = 12) -> Proposal:
    """Leave the ready release of a seeded workspace undecided, as if fewer questions were asked."""
    (ready,) = shop.records.query(Proposal, {"state": ProposalState.READY}).rows
    decided = shop.artefacts.get(ready.decision)
    proven = read_one(shop.artefacts, ready.decision, "decision.json", Decision)
    unproven = msgspec.structs.replace(
        proven,
        promote=False,
        pairs=pairs,
        alpha=0.05,
        reason=f"Undecided: not proven. People judge answers side by side: about {pairs} pairs.",
        comparisons=tuple(_open(c) for c in proven.comparisons),
    )
    made = shop.artefacts.put(
        Kind.DECISION,
        {"decision.json": canonical(unproven)},
        parents=decided.manifest.parents,
        meta=decided.manifest.meta | {"promote": "false"},
    )
    newest = shop.records.query(Interaction, {"origin": Origin.CUSTOMER}, newest=True, limit=1)
    proposal = msgspec.structs.replace(
        ready, state=ProposalState.UNDECIDED, decision=made.hash, asked_through=newest.last
    )
    shop.records.replace(proposal)
    return proposal


def _open(found: Comparison) -> Comparison:
    return msgspec.structs.replace(found, passed=False) if found.role == "success" else found


def told_apart(shop: SeededWorkspace, count: int) -> Sequence[str]:
    """Return questions that the undecided release answers and the live one does not, or in other
    words; customers have asked them."""
    newest = shop.artefacts.list(Kind.DATASET)[0].hash
    rows = read_lines(shop.artefacts, newest, steps.EXAMPLES, Example)
    texts = list(dict.fromkeys(row.question for row in rows if not row.context))[:count]
    for number, text in enumerate(texts):
        asked = Question(
            interaction_id=f"beside{number:018d}",
            messages=(Message("user", text),),
            conversation_id=f"beside {number}",
            customer_id=f"B-{number}",
        )
        for _ in shop.live.answer(asked):
            pass
    return texts


def looked_ahead(shop: SeededWorkspace) -> None:
    """Have both releases answer, as a serving process does."""
    side_by_side.look_ahead(shop.parts, shop.settings.gate.pairs)
