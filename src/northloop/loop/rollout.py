"""A candidate beside what is live: which of both answers, and how the trial ends.

What goes on stands in the newest deployment alone, which every server reads for each answer: all
follow at once, and an answer ends with the pair that it began with.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import msgspec

from northloop.core.canary import (
    NOT_DRAWN,
    Finding,
    Lottery,
    ShadowAnswer,
    Shadowed,
    Standing,
    Terms,
    Trial,
    Unit,
)
from northloop.core.clock import stamp
from northloop.core.deployment import Action, Arm, Deployment, Pair, Purpose
from northloop.core.errors import InputError
from northloop.core.ids import Hash, short
from northloop.core.interaction import Origin, Question
from northloop.loop import promote
from northloop.loop.promote import Change, deploy, deployments, newest_deployment, nothing_live
from northloop.loop.side_by_side import seen
from northloop.ports.stores import Artefacts, Records
from northloop.stages.monitoring import canary
from northloop.stages.monitoring.ledger import begun


def chosen(
    records: Records,
    newest: Deployment,
    question: Question,
    is_held_out: Callable[[Question], bool],
) -> tuple[Arm, Lottery]:
    """Return which arm of what is live answers a question, and what was drawn for who asks.

    A conversation goes on with the arm that it began with for as long as the trial does; one that
    had begun before is not part of it, nor is the team, nor who is held out.
    """
    live, candidate = newest.arms[0], newest.candidate
    if candidate is None or candidate.part is not Purpose.CANARY:
        return live, NOT_DRAWN
    drawn = _drawn(records, candidate, question, is_held_out)
    return (candidate if drawn.treated else live), drawn


def _drawn(
    records: Records, candidate: Arm, question: Question, is_held_out: Callable[[Question], bool]
) -> Lottery:
    trial_id = candidate.trial_id
    if question.origin is not Origin.CUSTOMER:
        return NOT_DRAWN
    contact = begun(records, question)
    if contact is not None:
        return contact.canary if contact.canary.trial_id == trial_id else NOT_DRAWN
    if is_held_out(question):
        return NOT_DRAWN
    if question.goes_on and not canary.takes_part(records, trial_id, question):
        return NOT_DRAWN  # It began before anything was drawn.
    return canary.drawn(candidate, question)


def begin(artefacts: Artefacts, records: Records, trial: Trial) -> Trial:
    """Let the candidate of a trial answer, too; return the trial with what it is beside.

    Whom customers get an answer from has passed the gate beside what is live, as for a promotion:
    GateNotMet. InputError if it is live, or another trial goes on; NotReady before anything is.
    """
    with records.transaction():
        history = deployments(records)
        if not history:
            raise nothing_live()
        _check(history[-1], trial.candidate)
        judged = None
        if not trial.shadow:
            judged = promote.judged_and_passed(artefacts, records, trial.candidate, history)
        arm = Arm(
            release=trial.candidate,
            knowledge=promote.knowledge_for(artefacts, trial.candidate, judged, history),
            share=trial.terms.share,
            part=Purpose.SHADOW if trial.shadow else Purpose.CANARY,
            trial_id=trial.trial_id,
            reviews=trial.terms.review_times,
        )
        action = Action.SHADOW if trial.shadow else Action.CANARY
        begun_ = msgspec.structs.replace(trial, against=history[-1].release)
        records.add(begun_)
        deploy(records, lambda now: Change((now[-1].arms[0], arm), action, trial.by))
    return begun_


def _check(newest: Deployment, release: Hash) -> None:
    if newest.candidate is not None:
        raise InputError(
            "a candidate is tried already",
            where=f"release {short(newest.candidate.release)}",
            action="end that first: northloop canary stop",
        )
    if newest.release == release:
        raise InputError(
            "it is live already",
            where=f"release {short(release)}",
            action="try another one: northloop release list",
        )


def new_trial(candidate: Hash, terms: Terms, by: str, review_share: float) -> Trial:
    """Return a canary to `begin` now; `review_share` of the answers are drawn for review."""
    return Trial(
        trial_id=uuid.uuid4().hex[:24],
        candidate=candidate,
        at=stamp(),
        by=by,
        terms=terms,
        least_review_probability=canary.least_probability(terms.review_times * review_share),
    )


def current(records: Records) -> Trial | None:
    """Return the trial that goes on, None without one."""
    newest = newest_deployment(records)
    arm = newest.candidate if newest else None
    return records.get(Trial, arm.trial_id) if arm else None


def trials(records: Records) -> list[Trial]:
    """Return every trial, oldest first."""
    return records.query(Trial).rows


def end_of(history: Sequence[Deployment], trial: Trial) -> Deployment | None:
    """Return the change of what is live that ended a trial, None while it goes on."""
    in_it = [_is_on(deployment, trial) for deployment in history]
    if True not in in_it or in_it[-1]:
        return None
    return history[len(in_it) - in_it[::-1].index(True)]


def _is_on(deployment: Deployment, trial: Trial) -> bool:
    candidate = deployment.candidate
    return candidate is not None and candidate.trial_id == trial.trial_id


def stop(records: Records, trial: Trial, by: str = "", why: str = "") -> Deployment:
    """End a trial, and return what is live then; nothing happens if it has ended."""

    def change(now: Sequence[Deployment]) -> Change | None:
        if not _is_on(now[-1], trial):
            return None
        return Change(now[-1].arms[:1], Action.STOP, by, why=why)

    return deploy(records, change)


def stands(records: Records, trial: Trial) -> Standing:
    """Return how a canary stands by what is known of its customers now."""
    return canary.standing(trial, records.query(Unit, {"trial_id": trial.trial_id}).rows)


def shadowed(records: Records, trial: Trial) -> Shadowed:
    """Return what a shadow has come to."""
    said = records.query(ShadowAnswer, {"trial_id": trial.trial_id}).rows
    pairs = seen(records, trial.trial_id)
    judged = [pair for pair in pairs if pair.choice is not None]
    return Shadowed(
        answers=len(said),
        alike=sum(one.alike for one in said),
        handed_over=sum(not one.answer for one in said),
        judged=len(judged),
        candidate_right=sum(pair.is_right(candidate=True) for pair in judged),
        current_right=sum(pair.is_right(candidate=False) for pair in judged),
        skipped=sum(pair.skip is not None for pair in pairs),
        waiting=sum(not pair.settled for pair in pairs),
    )


def act(artefacts: Artefacts, records: Records, found: Standing) -> None:
    """Do what the evidence of a canary asks for, which goes on.

    A harmful candidate, and one whose customers are missing, answers nobody from then on. One that
    is no worse goes live where the terms let it; else it waits for a person.
    """
    if found.finding in (Finding.HARMFUL, Finding.UNEVEN):
        stop(records, found.trial, why=found.why)
    elif found.finding is Finding.NO_WORSE and found.trial.terms.automatic:
        promote_tried(artefacts, records, found)


def promote_tried(
    artefacts: Artefacts, records: Records, found: Standing, by: str = ""
) -> Deployment | None:
    """Make the candidate of a canary live; None if that was ended this moment."""
    with records.transaction():
        if current(records) != found.trial:
            return None
        return promote.promote_release(artefacts, records, found.trial.candidate, by, why=found.why)


def pairs_on_trial(artefacts: Artefacts, records: Records) -> list[Pair]:
    """Return what answers now, where a candidate is tried; [] where none is."""
    newest = newest_deployment(records)
    if newest is None or newest.candidate is None:
        return []
    return [promote.pair_of(artefacts, arm) for arm in newest.arms]
