"""When the loop turns: a proposal, somebody's approval, and the turn that answers it.

A turn whose release passed the gate is ready: it stops nobody from proposing the next, and goes
live when a person promotes it (`promote.promote_release`).
"""

from __future__ import annotations

import msgspec

from northloop.core.clock import stamp
from northloop.core.errors import InputError, NorthloopError
from northloop.core.ids import derived_id, short
from northloop.core.interaction import Proposal, ProposalState, Verdict
from northloop.core.outward import without_passwords, without_places
from northloop.loop import turning
from northloop.loop.parts import Parts
from northloop.loop.promote import deployments, live
from northloop.loop.side_by_side import undecided
from northloop.loop.turn import Turn, TurnSpec
from northloop.ports.jobs import State
from northloop.ports.stores import Records

ENDED = (
    ProposalState.READY,
    ProposalState.PROMOTED,
    ProposalState.REFUSED,
    ProposalState.UNDECIDED,
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
_TAKING = (
    ProposalState.PROMOTED,
    ProposalState.REFUSED,
    ProposalState.UNDECIDED,
    ProposalState.READY,
)
"""Its verdicts were learnt from."""
_CORRECTING = {"corrects": True}
_CAME_TO_NOTHING = (ProposalState.REFUSED, ProposalState.REJECTED, ProposalState.OUTDATED)


def proposals(parts: Parts) -> list[Proposal]:
    """Return all proposals, oldest first, each in the state it is in as a matter of fact.

    What is kept as running may have been killed, and what is kept as ready may have been promoted
    or overtaken by another release since.
    """
    return [_as_it_is(parts, proposal) for proposal in parts.records.query(Proposal).rows]


def propose_first(records: Records) -> Proposal:
    """Return the proposal of the first training: a new one if the last came to nothing."""
    with records.transaction():
        earlier = [p for p in records.query(Proposal).rows if not p.verdicts]
        if earlier and _judged(records, earlier[-1]).state not in _CAME_TO_NOTHING:
            return earlier[-1]
        proposal = Proposal(
            proposal_id=derived_id("turn", "first", str(len(earlier))),
            at=stamp(),
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
    if _pending(records) is None and corrections(records) < minimum:
        return None
    return ask_for_retraining(records)


def ask_for_retraining(records: Records) -> Proposal:
    """Return the proposal that a person asks for, whether there are new corrections or not."""
    with records.transaction():
        pending = _pending(records)
        if pending is not None:
            return pending
        teaching = records.query(Verdict, {"teaches": True})
        verdicts = tuple(v.verdict_id for v in teaching.rows)
        proposal = Proposal(
            # Numbered: what was rejected may be proposed again.
            proposal_id=derived_id("turn", str(records.count(Proposal)), *verdicts),
            at=stamp(),
            reason=_reason(corrections(records)),
            state=ProposalState.OPEN,
            verdicts=verdicts,
            through=teaching.last,
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
    return records.query(Verdict, _CORRECTING, after=_taken_through(records)).rows


def corrections(records: Records) -> int:
    """Return how many `new_verdicts` there are."""
    return records.count(Verdict, _CORRECTING, after=_taken_through(records))


def _taken_through(records: Records) -> str:
    """The place of the last verdict that a turn has taken in which came to its end: a proposal
    takes in every verdict before it."""
    ended = records.query(Proposal, {"state": _TAKING}).rows
    places = [p.through for p in ended if p.through and _judged(records, p).state in _TAKING]
    return max(places, key=int, default="")


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
    said += [
        f"Release {short(p.release)} is undecided: judge its answers beside those of the live "
        f"release (northloop pairs next), or northloop loop reject {p.proposal_id}."
        for p in undecided(records)
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
    kept = records.query(Proposal, {"state": ProposalState.READY}).rows
    found = [_judged(records, proposal) for proposal in kept]
    by_release = {p.release: p for p in found if p.state is ProposalState.READY}
    return [*by_release.values()]


def _missing(records: Records, minimum: int) -> str:
    if live(records) is None:
        return "No release is live yet: northloop loop run trains the first one."
    missing = minimum - corrections(records)
    if missing > 0:
        more = "one more correction" if missing == 1 else f"{missing} more corrections"
        return f"Waiting for {more} before a retraining is proposed."
    return "Enough new corrections: the next verdict, or you, will propose a retraining."


def approve(records: Records, proposal_id: str) -> Proposal:
    """Let a proposal go ahead, and return it; InputError if it was decided already, NotFound.

    A retraining takes in what was judged until now, not only until it was proposed.
    """
    with records.transaction():
        proposal = records.get(Proposal, proposal_id)
        if proposal.state is ProposalState.OPEN and proposal.verdicts:
            teaching = records.query(Verdict, {"teaches": True})
            proposal = msgspec.structs.replace(
                proposal,
                verdicts=tuple(v.verdict_id for v in teaching.rows),
                through=teaching.last,
                reason=_reason(corrections(records)),
            )
        return _moved(records, proposal, ProposalState.APPROVED, (ProposalState.OPEN,))


def reject(parts: Parts, proposal_id: str) -> Proposal:
    """Close a proposal whose turn does not go on, a ready one too, and return it; its verdicts stay
    for the next.

    A decision is rejected for good, whichever proposals ended with it. InputError if there is
    nothing to reject any more or the turn goes on, NotFound.
    """
    records = parts.records
    with records.transaction():
        proposal = _as_it_is(parts, records.get(Proposal, proposal_id))
        allowed = (*_UNENDED, ProposalState.UNDECIDED, ProposalState.READY)
        if proposal.state in allowed and proposal.decision:
            waits = [ProposalState.READY, ProposalState.UNDECIDED]
            same = {"decision": proposal.decision, "state": waits}
            for other in records.query(Proposal, same).rows:
                records.replace(msgspec.structs.replace(other, state=ProposalState.REJECTED))
        return _moved(records, proposal, ProposalState.REJECTED, allowed)


def claimed(records: Records, approved: Proposal) -> bool:
    """Take an approved turn in hand, once for all servers of one store; False if another has it.

    `approved` is the proposal as it was kept. One that had begun before is nobody's to claim here:
    `turning` tells whether somebody is at it.
    """
    if approved.state is not ProposalState.APPROVED:
        return True
    running = msgspec.structs.replace(approved, state=ProposalState.RUNNING, trouble="")
    return records.replace(running, expected=approved)


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
    _unless_ended(parts.records, proposal_id, ProposalState.RUNNING)
    try:
        state = parts.runner().run(Turn(parts, spec, proposal_id).workflow(), proposal_id, {})
    except Exception as error:
        _unless_ended(parts.records, proposal_id, ProposalState.FAILED, _told(error))
        raise
    # Somebody may have approved it while it ended.
    _unless_ended(parts.records, proposal_id, ProposalState(state["outcome"]))
    return state


def _unless_ended(
    records: Records, proposal_id: str, state: ProposalState, trouble: str = ""
) -> None:
    """Note the state of a turn, unless it has ended: what others decided meanwhile stands."""
    with records.transaction():
        proposal = records.get(Proposal, proposal_id)
        if proposal.state not in ENDED:
            records.replace(msgspec.structs.replace(proposal, state=state, trouble=trouble))


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
    """A ready or undecided proposal beside what went live since; any other as it is."""
    if proposal.state not in (ProposalState.READY, ProposalState.UNDECIDED):
        return proposal
    if any(made.decision == proposal.decision for made in deployments(records)):
        return msgspec.structs.replace(proposal, state=ProposalState.PROMOTED)
    rejected = {"decision": proposal.decision, "state": ProposalState.REJECTED}
    if records.count(Proposal, rejected):
        return msgspec.structs.replace(proposal, state=ProposalState.REJECTED)
    if (live(records) or "") != proposal.against:
        return msgspec.structs.replace(proposal, state=ProposalState.OUTDATED)
    return proposal


def _pending(records: Records) -> Proposal | None:
    """The newest proposal that nobody has decided, or whose turn has not ended."""
    going_on = {"state": [state for state in ProposalState if state not in ENDED]}
    return next(iter(records.query(Proposal, going_on, newest=True, limit=1).rows), None)


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
