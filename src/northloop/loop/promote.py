"""What is live, a release with a knowledge, and how that changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from northloop.core.actor import EVERY_TENANT
from northloop.core.artefacts import BASE, BEGUN, Decision, Kind, Report, Score, Timing
from northloop.core.clock import stamp
from northloop.core.deployment import Action, Arm, Deployment, Pair, deployment_name
from northloop.core.errors import GateNotMet, InputError, NotFound, NotReady, Overtaken
from northloop.core.ids import Hash, short
from northloop.core.interaction import Promotion, Proposal, ProposalState
from northloop.loop.bundles import read_one
from northloop.loop.pairs import index_of_earlier_version
from northloop.ports.stores import Artefacts, Records

UNDECIDED = "undecided"
"""In the metadata of a decision that people's choices led to: the one of the gate before them."""


def live(records: Records) -> Hash | None:
    """Return the live release, None before the first promotion."""
    newest = newest_deployment(records)
    return newest.release if newest else None


def live_pair(artefacts: Artefacts, records: Records) -> Pair | None:
    """Return the live release with the knowledge in force, None before the first promotion."""
    newest = newest_deployment(records)
    return None if newest is None else pair_of(artefacts, newest.arms[0])


def pair_in_force(artefacts: Artefacts, records: Records) -> Pair:
    """Return what is live; NotReady before the first promotion."""
    found = live_pair(artefacts, records)
    if found is None:
        raise nothing_live()
    return found


def nothing_live() -> NotReady:
    """Return the error that says that no release is live."""
    return NotReady(
        "no release is live",
        where="workspace",
        action="train one and promote it: northloop loop run",
    )


def newest_deployment(records: Records) -> Deployment | None:
    """Return what says what is live, None before the first promotion."""
    newest = records.query(Deployment, newest=True, limit=1).rows
    if newest:
        return newest[0]
    earlier = _of_earlier_version(records)
    return earlier[-1] if earlier else None


def deployments(records: Records) -> list[Deployment]:
    """Return every change of what is live, oldest first."""
    return [*_of_earlier_version(records), *records.query(Deployment).rows]


def _of_earlier_version(records: Records) -> list[Deployment]:
    """Return the promotions that an earlier version kept as the first deployments of the line."""
    return [
        Deployment(
            deployment_id=promotion.promotion_id,
            version=number,
            arms=(Arm(release=promotion.release, knowledge=""),),
            at=promotion.at,
            decision=promotion.decision,
            action=Action(promotion.action),
        )
        for number, promotion in enumerate(records.query(Promotion).rows, 1)
    ]


def pair_of(artefacts: Artefacts, arm: Arm) -> Pair:
    """Return what an arm answers from; what an earlier version promoted has the release's index."""
    return Pair(arm.release, arm.knowledge or index_of_earlier_version(artefacts, arm.release))


def promote(
    artefacts: Artefacts, records: Records, judged: Hash, by: str = "", why: str = ""
) -> Deployment:
    """Make the candidate of a decision live, as a person decided who has seen the evidence.

    It goes live with the knowledge that it was evaluated with, or with a newer one if there is one.
    GateNotMet if the gate refused it, if it was compared with another release than the one live
    now (also where that went live this very moment), or if a person has rejected it. Promoting
    what is live already changes nothing. `why` is what the evidence of a canary says.
    """
    decision = read_one(artefacts, judged, "decision.json", Decision)
    meta = artefacts.get(judged).manifest.meta

    def change(history: Sequence[Deployment]) -> Change | None:
        before = history[-1].release if history else None
        if decision.promote and before == decision.candidate:
            return None
        refusal = _refusal(records, judged, decision, before)
        if refusal is not None:
            raise refusal
        arm = Arm(
            release=decision.candidate,
            knowledge=_goes_live_with(artefacts, decision.candidate, meta, history),
        )
        return Change((arm,), Action.PROMOTE, by, judged, why)

    made = deploy(records, change)
    _settle(records, judged)
    return made


def judged_and_passed(
    artefacts: Artefacts, records: Records, release: Hash, history: Sequence[Deployment]
) -> Hash:
    """Return the decision that let a release through beside what is live; GateNotMet."""
    live_now = history[-1].release
    judged = _judged(artefacts, records, release, live_now)
    if judged is None:
        raise _not_looked_at(release)
    decision = read_one(artefacts, judged, "decision.json", Decision)
    refusal = _refusal(records, judged, decision, live_now)
    if refusal is not None:
        raise refusal
    return judged


def knowledge_for(
    artefacts: Artefacts, release: Hash, judged: Hash | None, history: Sequence[Deployment]
) -> Hash:
    """Return the knowledge that a release would go live with now.

    `judged` is the gate's decision about it, None where there was none.
    """
    meta = artefacts.get(judged).manifest.meta if judged else {}
    return _goes_live_with(artefacts, release, meta, history)


def _goes_live_with(
    artefacts: Artefacts, release: Hash, meta: Mapping[str, str], history: Sequence[Deployment]
) -> Hash:
    in_force = history[-1].knowledge if history else ""
    own = meta.get("knowledge") or index_of_earlier_version(artefacts, release)
    is_newest = not in_force or _was_in_force_throughout(meta, history)
    return own if own and is_newest else in_force


def _was_in_force_throughout(meta: Mapping[str, str], history: Sequence[Deployment]) -> bool:
    """Whether what is in force now was so when a turn read the documents, and ever since.

    One that went and came back was put back after the turn read them: it is the newer word.
    """
    in_force = meta.get("instead_of")
    known = meta.get("deployment")  # decisions of an earlier version do not say
    since = history[int(known) :] if known else history[-1:]
    return history[-1].knowledge == in_force and all(d.knowledge == in_force for d in since)


class Change(NamedTuple):
    """What a deployment is to say that the one before it does not."""

    arms: tuple[Arm, ...]
    action: Action
    by: str
    decision: Hash = ""
    why: str = ""


Changes = Callable[[Sequence[Deployment]], Change | None]
"""From every change so far to the next one, None if nothing is to change; raises a refusal."""


def deploy(records: Records, change: Changes) -> Deployment:
    """Keep the change that follows on what is live, and return what is live then.

    Where another process was quicker, `change` is asked again, about what is live now.
    """
    while True:
        history = deployments(records)
        wanted = change(history)
        if wanted is None:
            return history[-1]
        made = _appended(records, history, wanted)
        if made is not None:
            return made


def put_in_force(records: Records, before: Pair, knowledge: Hash, by: str) -> Deployment:
    """Put a knowledge in force in place of the one of `before`, whatever release is live, and
    return what is live then.

    Overtaken if another process has put another one in force.
    """

    def change(history: Sequence[Deployment]) -> Change | None:
        newest = history[-1]
        if newest.knowledge == knowledge:
            return None
        # What an earlier version promoted does not name its knowledge: then the release must be
        # the one that was seen.
        if newest.knowledge != before.knowledge and (
            newest.knowledge or newest.release != before.release
        ):
            raise Overtaken(
                "another update of the documents went live this moment",
                where=f"knowledge {short(newest.knowledge or knowledge)}",
                action="update again: northloop knowledge update",
            )
        arms = (msgspec.structs.replace(arm, knowledge=knowledge) for arm in newest.arms)
        return Change((*arms,), Action.UPDATE, by)

    return deploy(records, change)


def _appended(records: Records, history: Sequence[Deployment], change: Change) -> Deployment | None:
    """Keep the change that follows on a history; None if another process kept one first.

    Its id follows from its version alone: a compare-and-set.
    """
    version = len(history) + 1
    deployment = Deployment(
        deployment_id=deployment_name(EVERY_TENANT, version),
        version=version,
        arms=change.arms,
        at=stamp(),
        actor=change.by,
        decision=change.decision,
        action=change.action,
        why=change.why,
    )
    return deployment if records.add(deployment) else None


def _settle(records: Records, decision: Hash) -> None:
    """Note at the proposals that ended with a decision that a person promoted its release."""
    for proposal in records.query(Proposal).rows:
        if proposal.decision == decision and proposal.state is ProposalState.READY:
            records.replace(msgspec.structs.replace(proposal, state=ProposalState.PROMOTED))


def _refusal(
    records: Records, decision_hash: Hash, decision: Decision, before: Hash | None
) -> GateNotMet | None:
    """Why the candidate may not replace what is live, None if it may."""
    where = f"release {short(decision.candidate)}"
    states = {p.state for p in records.query(Proposal).rows if p.decision == decision_hash}
    if not decision.promote:
        action = "review more answers, or train on more rows, and turn the loop again"
        if ProposalState.UNDECIDED in states:
            action = "judge its answers beside those of the live release: northloop pairs next"
        return GateNotMet(decision.reason, where=where, action=action)
    # The first release of all is compared with the untuned base, which is not live.
    if before is not None and before != decision.current:
        return _compared_with_another(decision, before)
    if ProposalState.REJECTED in states:
        return GateNotMet(
            "a person rejected it",
            where=where,
            action="with new tickets, verdicts or settings, make another: northloop loop run",
        )
    return None


def _compared_with_another(decision: Decision, live_now: Hash) -> GateNotMet:
    with_ = short(decision.current) if decision.current else "the untuned base"
    return GateNotMet(
        f"the gate compared it with {with_}, and {short(live_now)} is live now",
        where=f"release {short(decision.candidate)}",
        action="turn the loop again, so that it is compared with what is live: northloop loop run",
    )


def may_be_promoted(artefacts: Artefacts, records: Records, release: Hash) -> bool:
    """Whether a person may make a release live now that is not."""
    before = live(records)
    judged = _judged(artefacts, records, release, before)
    if judged is None or before == release:
        return False
    decision = read_one(artefacts, judged, "decision.json", Decision)
    return _refusal(records, judged, decision, before) is None


def promote_release(
    artefacts: Artefacts, records: Records, release: Hash, by: str = "", why: str = ""
) -> Deployment:
    """Make a release live by the gate's newest decision about it.

    What a team may begin with needs none while nothing is live (the untuned base, which the gate
    compares with, or memory and quotes alone), and begins with the newest knowledge. GateNotMet if
    the gate refused the release, never saw it or saw it beside another release than the live one;
    NotFound.
    """
    manifest = artefacts.get(release).manifest
    if manifest.kind is not Kind.RELEASE:
        raise NotFound(
            f"this is no release but of the kind {manifest.kind.value}",
            where=short(release),
            action="see what there is: northloop release list",
        )
    newest = newest_deployment(records)
    if newest is not None and newest.release == release:
        return newest
    if newest is None and manifest.meta["kind"] in (BASE, BEGUN):
        arm = Arm(release=release, knowledge=first_knowledge(artefacts, release))
        made = _appended(records, (), Change((arm,), Action.PROMOTE, by))
        if made is not None:
            return made
        newest = newest_deployment(records)  # another was quicker
        if newest is not None and newest.release == release:
            return newest
    judged = _judged(artefacts, records, release, live(records))
    if judged is not None:
        return promote(artefacts, records, judged, by, why)
    raise _not_looked_at(release)


def _not_looked_at(release: Hash) -> GateNotMet:
    return GateNotMet(
        "the gate has not looked at this release",
        where=f"release {short(release)}",
        action="a turn of the loop ends at the gate: northloop loop run",
    )


def first_knowledge(artefacts: Artefacts, release: Hash) -> Hash:
    """Return the knowledge that a release answers from before any is in force; NotFound."""
    own = index_of_earlier_version(artefacts, release)
    newest = artefacts.list(Kind.KNOWLEDGE)[:1]
    if not own and not newest:
        raise NotFound(
            "there is no knowledge to answer from yet",
            where=f"release {short(release)}",
            action="make it of the documents: northloop knowledge update",
        )
    return own or newest[0].hash


def roll_back(records: Records, release: Hash | None = None, by: str = "") -> Deployment:
    """Make an earlier release live again: the one named, or the one before the present one.

    The knowledge in force stays: what the documents say now does not go back with a release. Rolled
    back once more, the one before that. InputError if it was never live, or is live now, or
    another process has just changed what is live.
    """
    history = deployments(records)
    earlier = {d.release for d in history} - {d.release for d in history[-1:]}
    line = line_of(history)
    target = release or (line[-2] if len(line) > 1 else None)
    if target is None or target not in earlier:
        raise InputError(
            "it was never live" if release else "there is no earlier release to go back to",
            where=f"release {short(release)}" if release else "roll back",
            action="only what was live before can be rolled back to",
        )

    def change(now: Sequence[Deployment]) -> Change:
        if now[-1].release != history[-1].release:
            raise InputError(
                "another release went live this moment",
                where=f"release {short(target)}",
                action="look at what is live now: northloop release list",
            )
        arm = Arm(release=target, knowledge=now[-1].knowledge)
        return Change((arm,), Action.ROLL_BACK, by)

    return deploy(records, change)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate had before it."""

    decision: Decision
    candidate: Report
    current: Report
    candidate_latency: tuple[Score, ...] = ()
    """Taken beside its evaluation, and not asked for by the gate: no two runs take as long."""
    current_latency: tuple[Score, ...] = ()


def compared(artefacts: Artefacts, records: Records, release: Hash) -> Compared | None:
    """Return the decision about a release with both evaluations; None if there was none.

    It is the one that `decision_about` returns.
    """
    judged = _judged(artefacts, records, release, live(records))
    if judged is None:
        return None
    candidate, current, *_ = artefacts.get(judged).manifest.parents
    return Compared(
        decision=read_one(artefacts, judged, "decision.json", Decision),
        candidate=read_one(artefacts, candidate, "report.json", Report),
        current=read_one(artefacts, current, "report.json", Report),
        candidate_latency=_latency(records, candidate),
        current_latency=_latency(records, current),
    )


def _latency(records: Records, report: Hash) -> tuple[Score, ...]:
    """What was timed beside an evaluation; () if the process was killed in between."""
    try:
        return records.get(Timing, report).scores
    except NotFound:
        return ()


def line_of(history: Sequence[Deployment]) -> list[Hash]:
    """Return the releases that the present one stands on, it last: a roll-back leaves the line."""
    line: list[Hash] = []
    for deployment in history:
        if deployment.action not in (Action.PROMOTE, Action.ROLL_BACK):
            continue
        if deployment.action is Action.ROLL_BACK and deployment.release in line:
            del line[line.index(deployment.release) :]
        line.append(deployment.release)
    return line


def decision_about(artefacts: Artefacts, records: Records, release: Hash) -> Decision | None:
    """Return the gate's newest decision about a release, None if there was none.

    One that was made beside the live release comes before newer ones: it is what promotes.
    """
    judged = _judged(artefacts, records, release, live(records))
    return read_one(artefacts, judged, "decision.json", Decision) if judged else None


def _judged(
    artefacts: Artefacts, records: Records, release: Hash, against: Hash | None
) -> Hash | None:
    """The newest decision about a release, one that compares it with `against` if there is any.

    What was decided once and again is one artefact, as old as the first time. What people's choices
    led to counts where a turn ended with it: another process may have been quicker.
    """
    found = [
        a
        for a in artefacts.list(Kind.DECISION)
        if a.manifest.meta["candidate"] == release
        and (UNDECIDED not in a.manifest.meta or records.count(Proposal, {"decision": a.hash}))
    ]
    fitting = [a for a in found if against and a.manifest.meta.get("current") == against]
    return next((a.hash for a in (*fitting, *found)), None)
