"""A shop whose next release passed and waits: it says a fifth otherwise than people decided on."""

from __future__ import annotations

from pathlib import Path

from northloop.core.artefacts import Kind
from northloop.core.ids import Hash
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.side_by_side import SideBySide, pair_id_of
from northloop.loop import promote
from northloop.stages.monitoring.decided import Asked, Carried, Decided, carried_id_of, text_of
from northloop.workspace import Workspace
from on_trial import OnTrial, passed
from scripted_workspace import with_release

QUESTIONS, OTHERWISE = 60, 12
SAID, SAYS = "Sixty days.", "Thirty days."


def waiting_shop(folder: Path) -> Workspace:
    """Make it; all decisions on what is live are right."""
    made = with_release(folder, {"serving.mode": "certified"}, kind=OnTrial)
    live = promote.live(made.records)
    assert live
    candidate = passed(made)
    turn = Proposal(
        proposal_id="turn",
        at="2026-11-01T00:00:00Z",
        reason="Enough corrections.",
        state=ProposalState.READY,
        decision=made.artefacts.list(Kind.DECISION)[0].hash,
        release=candidate,
        against=live,
    )
    made.records.add(turn)
    for number in range(QUESTIONS):
        asked(made, number, live, candidate)
    return made


def asked(shop: Workspace, number: int, live: Hash, candidate: Hash) -> None:
    """Decide on an answer of what is live, right, and have the candidate say what it says."""
    name, at = f"i{number:02}", f"2026-11-01T00:00:{number:02}Z"
    common = {"treatment": "quote", "sure": number / QUESTIONS, "distinct": f"q{number}"}
    otherwise = number >= QUESTIONS - OTHERWISE
    shop.records.add(
        Decided(interaction_id=name, release=live, at=at, right=True, said=text_of(SAID), **common)
    )
    shop.records.add(
        Carried(
            carried_id=carried_id_of(name, candidate),
            interaction_id=name,
            release=candidate,
            at=at,
            asked=Asked.ANEW,
            text=text_of(SAYS if otherwise else SAID),
            **common,
        )
    )
    if otherwise:
        shop.records.add(
            SideBySide(
                pair_id=pair_id_of("turn", name),
                proposal_id="turn",
                interaction_id=name,
                at=at,
                question=f"How long is return {number}?",
                candidate=SAYS,
                current=SAID,
            )
        )
