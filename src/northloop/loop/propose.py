"""When the loop turns: a proposal, somebody's approval, and the turn that answers it.

A turn whose release passed the gate is ready: it stops nobody from proposing the next, and goes
live when a person promotes it (`promote.promote_release`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from northloop.core.errors import InputError, NorthloopError
from northloop.core.ids import derived_id, short
from northloop.core.interaction import Interaction, Proposal, ProposalState, Verdict
from northloop.core.outward import without_passwords, without_places
from northloop.loop import turning
from northloop.loop.parts import Parts
from northloop.loop.promote import live, promotions
from northloop.loop.turn import Turn, TurnSpec
from northloop.ports.jobs import State
from northloop.ports.stores import Records
from northloop.stages.monitoring.review import destination

ENDED = (
    ProposalState.READY,
    ProposalState.PROMOTED,
    ProposalState.REFUSED,
    ProposalState.REJECTED,
)
"""No turn goes on any more."""
_UNENDED = (
    ProposalState.OPEN,
    ProposalState.APPROVED,
    ProposalState.INTERRUPTED,
    ProposalState.FAILED,
)
"""Waits for somebody: for approval, or for the turn to be begun or gone on with."""
_CAME_TO_NOTHING = (ProposalState.REFUSED, ProposalState.REJECTED, ProposalState.OUTDATED)


def proposals(parts: Parts) -> list[Proposal]:
    """Return all proposals, oldest first, each in the state it is in as a matter of fact.

    What is kept as running may have been killed, and what is kept as ready may have been promoted
    or overtaken by another release since.
    """
    return [_as_it_is(parts, proposal) for proposal in parts.records.list(Proposal)]


def propose_first(records: Records) -> Proposal:
    """Return the proposal of the first training: a new one if the last came to nothing."""
    earlier = [p for p in records.list(Proposal) if not p.verdicts]
    if earlier and _judged(records, earlier[-1]).state not in _CAME_TO_NOTHING:
        return earlier[-1]
    proposal = Proposal(
        proposal_id=derived_id("turn", "first", str(len(earlier))),
        at=_now(),
        reason="The first release: learn from the imported history.",
        state=ProposalState.OPEN,
    )
    records.add(proposal)
    return records.get(Proposal, proposal.proposal_id)


def propose_retraining(records: Records, minimum: int) -> Proposal | None:
    """Return a proposal that takes in every verdict so far; None if too few are new.

    Corrections count; what was confirmed goes in beside them. While a proposal is open there is no
    second one: it is returned as it is.
    """
    if _pending(records) is None and len(new_verdicts(records)) < minimum:
        return None
    return ask_for_retraining(records)


def ask_for_retraining(records: Records) -> Proposal:
    """Return the proposal that a person asks for, whether there are new corrections or not."""
    pending = _pending(records)
    if pending is not None:
        return pending
    verdicts = tuple(v.verdict_id for v in _teaching(records))
    proposal = Proposal(
        # Numbered: what was rejected may be proposed again.
        proposal_id=derived_id("turn", str(records.count(Proposal)), *verdicts),
        at=_now(),
        reason=_reason(len(new_verdicts(records))),
        state=ProposalState.OPEN,
        verdicts=verdicts,
    )
    records.add(proposal)
    return records.get(Proposal, proposal.proposal_id)


def after_verdict(records: Records, minimum: int, approval: str) -> Proposal | None:
    """Propose a retraining if the corrections are enough by now; `approval` "rule" approves it.

    Return the proposal that waits or is approved, None while there is none.
    """
    proposal = propose_retraining(records, max(1, minimum))
    if proposal and proposal.state is ProposalState.OPEN and approval == "rule":
        return approve(records, proposal.proposal_id)
    return proposal


def new_verdicts(records: Records) -> list[Verdict]:
    """Return the verdicts with a correction that no turn has taken in which came to its end.

    Those of a rejected release and of one that was overtaken are new again.
    """
    taken = {
        name
        for proposal in records.list(Proposal)
        if _judged(records, proposal).state
        in (ProposalState.PROMOTED, ProposalState.REFUSED, ProposalState.READY)
        for name in proposal.verdicts
    }
    return [v for v in _teaching(records) if v.correction and v.verdict_id not in taken]


_SAID = {
    ProposalState.OPEN: "A turn is open",
    ProposalState.RUNNING: "A turn is running",
    ProposalState.APPROVED: "A turn is approved and has not begun (northloop loop run begins it)",
    ProposalState.INTERRUPTED: "A turn was interrupted (northloop loop run goes on with it)",
    ProposalState.FAILED: "A turn failed (northloop loop run goes on with it)",
}


def explain(parts: Parts, minimum: int) -> str:
    """Return where the loop stands and why, in one sentence or two."""
    records = parts.records
    waiting = ready(records)
    said = [
        f"Release {short(p.release)} passed the gate and waits for you: northloop release promote "
        f"{short(p.release)}, or northloop loop reject {p.proposal_id}."
        for p in waiting
    ]
    pending = _pending(records)
    if pending is not None:
        found = _as_it_is(parts, pending)
        said.append(f"{_SAID[found.state]}: {found.reason}")
    if not said:
        said.append(_missing(records, minimum))
    return " ".join(said)


def ready(records: Records) -> list[Proposal]:
    """Return the proposals whose release a person may promote now, the newest of each release."""
    found = [_judged(records, proposal) for proposal in records.list(Proposal)]
    by_release = {p.release: p for p in found if p.state is ProposalState.READY}
    return [*by_release.values()]


def _missing(records: Records, minimum: int) -> str:
    if live(records) is None:
        return "No release is live yet: northloop loop run trains the first one."
    missing = minimum - len(new_verdicts(records))
    if missing > 0:
        more = "one more correction" if missing == 1 else f"{missing} more corrections"
        return f"Waiting for {more} before a retraining is proposed."
    return "Enough new corrections: the next verdict, or you, will propose a retraining."


def approve(records: Records, proposal_id: str) -> Proposal:
    """Let a proposal go ahead; InputError if it was decided already, NotFound.

    A retraining takes in what was judged until now, not only until it was proposed.
    """
    proposal = records.get(Proposal, proposal_id)
    if proposal.state is ProposalState.OPEN and proposal.verdicts:
        proposal = msgspec.structs.replace(
            proposal,
            verdicts=tuple(v.verdict_id for v in _teaching(records)),
            reason=_reason(len(new_verdicts(records))),
        )
    return _moved(records, proposal, ProposalState.APPROVED, (ProposalState.OPEN,))


def reject(parts: Parts, proposal_id: str) -> Proposal:
    """Close a proposal whose turn does not go on, a ready one too; its verdicts stay for the next.

    A decision is rejected for good, whichever proposals ended with it. InputError if there is
    nothing to reject any more or the turn goes on, NotFound.
    """
    records = parts.records
    proposal = _as_it_is(parts, records.get(Proposal, proposal_id))
    allowed = (*_UNENDED, ProposalState.READY)
    for other in records.list(Proposal) if proposal.state in allowed else ():
        same = bool(proposal.decision) and other.decision == proposal.decision
        if same and other.state is ProposalState.READY:
            records.replace(msgspec.structs.replace(other, state=ProposalState.REJECTED))
    return _moved(records, proposal, ProposalState.REJECTED, allowed)


def carry_out(parts: Parts, spec: TurnSpec, proposal_id: str) -> State:
    """Run the turn of an approved proposal to its end, from where it stood, and return its state.

    A turn that fails leaves the proposal as "failed", to be carried out again once the cause is
    mended; completed steps are kept. InputError if it is not approved, or goes on already.
    """
    with turning.held(parts.records, parts.work, proposal_id):
        return _carried_out(parts, spec, proposal_id)


def _carried_out(parts: Parts, spec: TurnSpec, proposal_id: str) -> State:
    proposal = parts.records.get(Proposal, proposal_id)
    if proposal.state is ProposalState.OPEN or proposal.state is ProposalState.REJECTED:
        raise InputError(
            f"the proposal is {proposal.state.value}",
            where=f"proposal {proposal_id}",
            action=f"approve it: northloop loop approve {proposal_id}",
        )
    if proposal.state not in ENDED:
        goes_on = msgspec.structs.replace(proposal, state=ProposalState.RUNNING, trouble="")
        parts.records.replace(goes_on)
    try:
        state = parts.runner().run(Turn(parts, spec, proposal_id).workflow(), proposal_id, {})
    except Exception as error:
        running = parts.records.get(Proposal, proposal_id)
        failed = msgspec.structs.replace(running, state=ProposalState.FAILED, trouble=_told(error))
        parts.records.replace(failed)
        raise
    ended = parts.records.get(Proposal, proposal_id)
    if ended.state not in ENDED:  # somebody approved it while it ended
        outcome = ProposalState(state["outcome"])
        parts.records.replace(msgspec.structs.replace(ended, state=outcome))
    return state


def _told(error: Exception) -> str:
    """Return why a turn failed, for the team to read: passwords and addresses left out."""
    if not isinstance(error, NorthloopError):
        return f"something broke ({type(error).__name__}); the log has the details"
    action = f" → {error.action}" if error.action else ""
    return without_places(without_passwords(f"{error.what}{action}"))


def _as_it_is(parts: Parts, proposal: Proposal) -> Proposal:
    if proposal.state is ProposalState.RUNNING and not turning.goes_on(
        parts.records, parts.work, proposal.proposal_id
    ):
        return msgspec.structs.replace(proposal, state=ProposalState.INTERRUPTED)
    return _judged(parts.records, proposal)


def _judged(records: Records, proposal: Proposal) -> Proposal:
    """A ready proposal as it stands beside what went live since; any other as it is."""
    if proposal.state is not ProposalState.READY:
        return proposal
    if any(made.decision == proposal.decision for made in promotions(records)):
        return msgspec.structs.replace(proposal, state=ProposalState.PROMOTED)
    decided = {p.state for p in records.list(Proposal) if p.decision == proposal.decision}
    if ProposalState.REJECTED in decided:
        return msgspec.structs.replace(proposal, state=ProposalState.REJECTED)
    if (live(records) or "") != proposal.against:
        return msgspec.structs.replace(proposal, state=ProposalState.OUTDATED)
    return proposal


def _pending(records: Records) -> Proposal | None:
    """The newest proposal that nobody has decided, or whose turn has not ended."""
    pending = [p for p in records.list(Proposal) if p.state not in ENDED]
    return pending[-1] if pending else None


def _teaching(records: Records) -> list[Verdict]:
    """The verdicts that become training pairs."""
    return [
        verdict
        for verdict in records.list(Verdict)
        if destination(verdict, records.get(Interaction, verdict.interaction_id)).example
    ]


def _reason(corrections: int) -> str:
    if not corrections:
        return "Asked for by a person: tickets, documents or settings may have changed."
    return f"{corrections} new correction{'s' if corrections > 1 else ''} by reviewers."


def _moved(
    records: Records, proposal: Proposal, to: ProposalState, allowed: tuple[ProposalState, ...]
) -> Proposal:
    if proposal.state not in allowed:
        raise InputError(
            f"the proposal is {proposal.state.value} already",
            where=f"proposal {proposal.proposal_id}",
            action="see what can be decided: northloop loop status",
        )
    moved = msgspec.structs.replace(proposal, state=to)
    records.replace(moved)
    return moved


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
