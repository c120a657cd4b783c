"""Which release is live, and how that changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Decision, Kind, Release, Report
from northloop.core.errors import GateNotMet, InputError, NotFound
from northloop.core.ids import Hash, derived_id, short
from northloop.core.interaction import Promotion, Proposal, ProposalState
from northloop.loop.bundles import read_one
from northloop.ports.stores import Artefacts, Records

LIVE = "live"
"""Subject of the promotions of the one serving slot."""


def live(records: Records) -> Hash | None:
    """Return the live release, None before the first promotion."""
    newest = records.list(Promotion, subject=LIVE, limit=1)
    return newest[0].release if newest else None


def promotions(records: Records) -> list[Promotion]:
    """Return every change of the live release, oldest first."""
    return records.list(Promotion, subject=LIVE)


def promote(records: Records, decision_hash: Hash, decision: Decision) -> Promotion:
    """Make the candidate of a decision live, as a person decided who has seen the evidence.

    GateNotMet if the gate refused it, if it was compared with another release than the one live
    now (also where that went live this very moment), or if a person has rejected it. Promoting
    what is live already changes nothing.
    """
    history = promotions(records)
    before = history[-1].release if history else None
    if decision.promote and before == decision.candidate:
        _settle(records, decision_hash)
        return history[-1]
    refusal = _refusal(records, decision_hash, decision, before)
    if refusal is not None:
        raise refusal
    made = _appended(records, history, _Change(decision.candidate, decision_hash, "promote"))
    if made is None:
        now = live(records)
        if now != decision.candidate:
            raise _compared_with_another(decision, now or "")
        made = promotions(records)[-1]
    _settle(records, decision_hash)
    return made


class _Change(NamedTuple):
    release: Hash
    decision: Hash
    action: str


def _appended(records: Records, history: Sequence[Promotion], change: _Change) -> Promotion | None:
    """Keep the change that follows on a history; None if another process kept one first.

    Its id follows from its place in the line alone, so that of two changes made from the same
    state one is kept, and the other is told.
    """
    promotion = Promotion(
        promotion_id=derived_id("change of the live release", str(len(history))),
        at=_now(),
        release=change.release,
        decision=change.decision,
        action=change.action,
    )
    return promotion if records.add(promotion, subject=LIVE) else None


def _settle(records: Records, decision: Hash) -> None:
    """Note at the proposals that ended with a decision that a person promoted its release."""
    for proposal in records.list(Proposal):
        if proposal.decision == decision and proposal.state is ProposalState.READY:
            records.replace(msgspec.structs.replace(proposal, state=ProposalState.PROMOTED))


def _refusal(
    records: Records, decision_hash: Hash, decision: Decision, before: Hash | None
) -> GateNotMet | None:
    """Why the candidate may not replace what is live, None if it may."""
    where = f"release {short(decision.candidate)}"
    if not decision.promote:
        return GateNotMet(
            decision.reason,
            where=where,
            action="review more answers, or train on more rows, and turn the loop again",
        )
    # The first release of all is compared with the untuned base, which is not live.
    if before is not None and before != decision.current:
        return _compared_with_another(decision, before)
    states = {p.state for p in records.list(Proposal) if p.decision == decision_hash}
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
    judged = _judged(artefacts, release, before)
    if judged is None or before == release:
        return False
    decision = read_one(artefacts, judged, "decision.json", Decision)
    return _refusal(records, judged, decision, before) is None


def promote_release(artefacts: Artefacts, records: Records, release: Hash) -> Promotion:
    """Make a release live by the gate's newest decision about it.

    The untuned base, which is what the gate compares with, needs none while nothing is live: a team
    without a history begins with it. GateNotMet if the gate refused the release, never saw it or
    saw it beside another release than the live one; NotFound.
    """
    manifest = artefacts.get(release).manifest
    if manifest.kind is not Kind.RELEASE:
        raise NotFound(
            f"this is no release but of the kind {manifest.kind.value}",
            where=short(release),
            action="see what there is: northloop release list",
        )
    history = promotions(records)
    if history and history[-1].release == release:
        return history[-1]
    if not history and manifest.meta["kind"] == "base":
        made = _appended(records, history, _Change(release, "", "promote"))
        if made is not None:
            return made
    judged = _judged(artefacts, release, live(records))
    if judged is not None:
        return promote(records, judged, read_one(artefacts, judged, "decision.json", Decision))
    raise GateNotMet(
        "the gate has not looked at this release",
        where=f"release {short(release)}",
        action="a turn of the loop ends at the gate: northloop loop run",
    )


def roll_back(records: Records, release: Hash | None = None) -> Promotion:
    """Make an earlier release live again: the one named, or the one before the present one.

    Rolled back once more, the one before that. InputError if it was never live, or is live now, or
    another process has just changed what is live.
    """
    history = promotions(records)
    earlier = {p.release for p in history} - {p.release for p in history[-1:]}
    line = _line(history)
    target = release or (line[-2] if len(line) > 1 else None)
    if target is None or target not in earlier:
        raise InputError(
            "it was never live" if release else "there is no earlier release to go back to",
            where=f"release {short(release)}" if release else "roll back",
            action="only what was live before can be rolled back to",
        )
    made = _appended(records, history, _Change(target, "", "rollback"))
    if made is None:
        raise InputError(
            "another release went live this moment",
            where=f"release {short(target)}",
            action="look at what is live now: northloop release list",
        )
    return made


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate had before it."""

    decision: Decision
    candidate: Report
    current: Report


def compared(artefacts: Artefacts, records: Records, release: Hash) -> Compared | None:
    """Return the decision about a release with both evaluations; None if there was none.

    It is the one that `decision_about` returns.
    """
    judged = _judged(artefacts, release, live(records))
    if judged is None:
        return None
    candidate, current = (
        read_one(artefacts, parent, "report.json", Report)
        for parent in artefacts.get(judged).manifest.parents
    )
    decision = read_one(artefacts, judged, "decision.json", Decision)
    return Compared(decision=decision, candidate=candidate, current=current)


def _line(history: Sequence[Promotion]) -> list[Hash]:
    """Return the releases that the present one stands on, it last: a roll-back leaves the line."""
    line: list[Hash] = []
    for promotion in history:
        if promotion.action == "rollback" and promotion.release in line:
            del line[line.index(promotion.release) :]
        line.append(promotion.release)
    return line


def load_release(artefacts: Artefacts, hash_: Hash) -> Release:
    """Return a sealed release; NotFound, CorruptArtefact."""
    return read_one(artefacts, hash_, "release.json", Release)


def decision_about(artefacts: Artefacts, records: Records, release: Hash) -> Decision | None:
    """Return the gate's newest decision about a release, None if there was none.

    One that was made beside the live release comes before newer ones: it is what promotes.
    """
    judged = _judged(artefacts, release, live(records))
    return read_one(artefacts, judged, "decision.json", Decision) if judged else None


def _judged(artefacts: Artefacts, release: Hash, against: Hash | None) -> Hash | None:
    """The newest decision about a release, one that compares it with `against` if there is any.

    What was decided once and again is one artefact, as old as the first time.
    """
    found = [a for a in artefacts.list(Kind.DECISION) if a.manifest.meta["candidate"] == release]
    fitting = [a for a in found if against and a.manifest.meta.get("current") == against]
    return next((a.hash for a in (*fitting, *found)), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
