"""Forgetting a customer: what they asked, what they were told, and what was said of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import msgspec

from northloop.core.canary import ShadowAnswer, Trial, Unit, shadow_id_of
from northloop.core.clock import stamp
from northloop.core.contact import Contact
from northloop.core.desk import Case, Delivery, DeskAct, OwnMode
from northloop.core.errors import InputError
from northloop.core.grounds import Vouched
from northloop.core.interaction import (
    ApprovedAnswer,
    Claim,
    Feedback,
    Interaction,
    Outcome,
    Proposal,
    Rejection,
    ReviewItem,
    Verdict,
    Withdrawal,
)
from northloop.core.side_by_side import SideBySide, pair_id_of
from northloop.ports.catalogue import id_of, note
from northloop.ports.stores import Records, Where
from northloop.stages.monitoring import gold, offers
from northloop.stages.monitoring.audits import Barred, Compared
from northloop.stages.monitoring.decided import Carried
from northloop.stages.monitoring.drift import forget_questions
from northloop.stages.monitoring.gold import Gold
from northloop.stages.monitoring.offers import Offered
from northloop.stages.monitoring.review import approved_by, undo
from northloop.stages.monitoring.tally import forget_answer


def _nothing_more(_: Interaction) -> None:
    return


@note()
class Forgetting(msgspec.Struct, frozen=True, kw_only=True):
    """That a customer was forgotten, and when, UTC; not who.

    Its number of changes tells caches that what they hold may be of somebody who is gone.
    """

    forgetting_id: str
    at: str


class Going(msgspec.Struct, frozen=True, kw_only=True):
    """All that comes of a customer's conversations, and goes with them."""

    interactions: tuple[Interaction, ...]
    verdicts: tuple[Verdict, ...]
    others: Mapping[type[msgspec.Struct], Sequence[str]]
    """Ids of what was said of these, by the type of record."""

    @property
    def counts(self) -> dict[str, int]:
        """Type → how many records; what there is none of is left out."""
        told = {type_.__name__: len(ids) for type_, ids in self.others.items()}
        found = {"Interaction": len(self.interactions), "Verdict": len(self.verdicts), **told}
        return {kind: count for kind, count in found.items() if count}


def going(records: Records, tenant: str, *names: str) -> Going:
    """Return what `forget` would remove of a customer; nothing is changed.

    `names` are the ids that one customer is kept under. What was asked without a name in a
    conversation of theirs is theirs, too, unless somebody else is named there. InputError without
    one, for that is everybody who did not say who they are.
    """
    if not names or not all(names):
        raise InputError("whose?", where="field customer", action="name the customer to forget")
    of_them = {"tenant": tenant, "customer_id": [*names]}
    found = records.query(Interaction, of_them).rows
    found = [*found, *_unnamed(records, tenant, found, names)]
    these = {"interaction_id": [i.interaction_id for i in found]}
    verdicts = records.query(Verdict, these).rows
    judged = [verdict.verdict_id for verdict in verdicts]
    approved = approved_by(records, judged)
    theirs = {"tenant": tenant, "conversation_id": _left_alone(records, tenant, found)}
    acts = {*_ids(records, DeskAct, theirs), *_ids(records, DeskAct, these)}
    cases = {*_ids(records, Case, theirs), *_ids(records, Case, these)}
    return Going(
        interactions=tuple(found),
        verdicts=tuple(verdicts),
        others={
            Vouched: _ids(records, Vouched, {"approved_id": approved}),
            Withdrawal: [*records.get_all(Withdrawal, approved)],
            ApprovedAnswer: [*records.get_all(ApprovedAnswer, approved)],
            Rejection: _ids(records, Rejection, {"verdict_id": judged}),
            Feedback: _ids(records, Feedback, these),
            ReviewItem: _ids(records, ReviewItem, these),
            Outcome: _ids(records, Outcome, theirs),
            Contact: [*{*_ids(records, Contact, of_them), *_ids(records, Contact, theirs)}],
            Unit: [*{*_ids(records, Unit, of_them), *_ids(records, Unit, theirs)}],
            Case: [*cases],
            Offered: [*records.get_all(Offered, cases)],
            OwnMode: _modes(records, theirs),
            Delivery: _ids(records, Delivery, {"act_id": [*acts]}),
            DeskAct: [*acts],
            SideBySide: _side_by_side(records, found),
            ShadowAnswer: _shadows(records, found),
            Gold: [*records.get_all(Gold, these["interaction_id"])],
            Compared: [*records.get_all(Compared, these["interaction_id"])],
            Barred: [*records.get_all(Barred, these["interaction_id"])],
            Carried: _carried(records, found),
        },
    )


def forget(
    records: Records,
    tenant: str,
    *names: str,
    evict: Callable[[Interaction], None] = _nothing_more,
) -> dict[str, int]:
    """Remove all that comes of a customer's conversations; return how much of each type.

    `names` and errors are as in `going`. Interactions, feedback, outcomes, what waited at
    the desk and what agents replied, review items, verdicts, and what followed from these:
    rejections and approved answers, those that were reworded from them, and who vouched for them.
    `evict` is called for every removed answer, once
    all of it is removed: what caches keep is the caller's. The estimate of quality is then that of
    the others; the line of the sample goes on where it is. What was learnt stays in data sets that
    are made already, and is not in the next. All or nothing; an error of `Records.scrub` says that
    all is removed, and may still be found in the store's files.
    """
    with records.transaction():
        found = going(records, tenant, *names)
        if found.counts:
            _remove(records, found)
            records.add(Forgetting(forgetting_id=uuid.uuid4().hex, at=stamp()))
    for interaction in found.interactions:
        evict(interaction)
    records.scrub()
    return found.counts


def _remove(records: Records, found: Going) -> None:
    given: defaultdict[str, list[str]] = defaultdict(list)
    asked = {one.interaction_id: one for one in found.interactions}
    forget_questions(records, found.interactions)
    for act in records.get_all(DeskAct, found.others[DeskAct]).values():
        if act.interaction_id in asked:
            offers.count(records, act, asked[act.interaction_id], -1)
    for verdict in found.verdicts:
        given[verdict.interaction_id].append(verdict.verdict_id)
    for interaction in found.interactions:
        for verdict_id in given[interaction.interaction_id]:
            undo(records, verdict_id)
        forget_answer(records, interaction)
        records.remove(Interaction, interaction.interaction_id)
    gold.forget_answers(records, [i.interaction_id for i in found.interactions])
    for type_, ids in found.others.items():
        for record_id in ids:
            records.remove(type_, record_id)
            if type_ is ReviewItem:
                records.remove(Claim, record_id)


def _modes(records: Records, theirs: Where) -> list[str]:
    """Return the ids of what was said of how these conversations are answered."""
    found = records.query(OwnMode, {"conversation_id": theirs["conversation_id"]}).rows
    return [one.mode_id for one in found if one.tenant == theirs["tenant"]]


def _side_by_side(records: Records, found: Sequence[Interaction]) -> list[str]:
    """Return the ids of what two releases were made to say to these questions."""
    turns = [turn.proposal_id for turn in records.query(Proposal).rows]
    names = [*turns, *(trial.trial_id for trial in records.query(Trial).rows)]
    ids = (pair_id_of(name, i.interaction_id) for name in names for i in found)
    return [*records.get_all(SideBySide, ids)]


def _carried(records: Records, found: Sequence[Interaction]) -> list[str]:
    """Return the ids of what later releases said to these questions."""
    theirs = {one.interaction_id for one in found}
    kept = records.query(Carried).rows
    return [one.carried_id for one in kept if one.interaction_id in theirs]


def _shadows(records: Records, found: Sequence[Interaction]) -> list[str]:
    """Return the ids of what candidates said to these questions in the shadow."""
    trials = [trial.trial_id for trial in records.query(Trial).rows]
    ids = (shadow_id_of(name, i.interaction_id) for name in trials for i in found)
    return [*records.get_all(ShadowAnswer, ids)]


def _unnamed(
    records: Records, tenant: str, found: Sequence[Interaction], names: Sequence[str]
) -> list[Interaction]:
    """Return what was asked without a name in conversations in which nobody else is named: it is
    theirs, a program that names its customer on some calls alone."""
    conversations = {i.conversation_id for i in found} - {""}
    said = records.query(Interaction, {"conversation_id": [*conversations]}).rows
    said = [one for one in said if one.tenant == tenant]
    shared = {one.conversation_id for one in said if one.customer_id not in {"", *names}}
    return [one for one in said if not one.customer_id and one.conversation_id not in shared]


def _left_alone(records: Records, tenant: str, found: Sequence[Interaction]) -> list[str]:
    """Return the conversations that nobody else takes part in: how they ended goes too."""
    conversations = {i.conversation_id for i in found} - {""}
    mine = {i.interaction_id for i in found}
    said = records.query(Interaction, {"conversation_id": [*conversations]}).rows
    others = {
        i.conversation_id for i in said if i.tenant == tenant and i.interaction_id not in mine
    }
    return [*(conversations - others)]


def _ids(records: Records, type_: type[msgspec.Struct], where: Where) -> list[str]:
    found: Sequence[msgspec.Struct] = records.query(type_, where).rows
    return [id_of(record) for record in found]
