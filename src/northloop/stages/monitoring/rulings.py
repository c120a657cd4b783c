"""Rulings: an operator decides where reviewers judge the same answer differently.

The ruling stands in the place of the verdicts it is on, in every estimate and in all that follows
from a verdict. They stay as history (`Verdict.overruled`), and count for how far reviewers agree.
What was ruled on is gold from then on, unless somebody has marked it before: its verdict is known.
"""

from __future__ import annotations

import msgspec

from northloop.core.errors import InputError
from northloop.core.ids import derived_id
from northloop.core.interaction import Interaction, Verdict
from northloop.ports.stores import Records
from northloop.stages.monitoring import gold, review
from northloop.stages.monitoring.gold import Gold, Origin
from northloop.stages.monitoring.review import Judgement


def rule(records: Records, judgement: Judgement, at: str) -> Verdict:
    """Keep a ruling on what is judged differently, and return it.

    `judgement.review_id` names one of the verdicts' items. Verdicts on the same answer to the same
    question in other conversations of the tenant are ruled on alike. InputError where reviewers do
    not disagree, where the operator is one of them, and as in `review.submit`.
    """
    with records.transaction():
        of_it = {"review_id": judgement.review_id, "skipped": False}
        named = records.query(Verdict, of_it, limit=1).rows
        given = _ruled_on(records, named[0]) if named else []
        _check(records, judgement, given)
        found: dict[str, Verdict] = {}
        for verdict in given:
            interaction = records.get(Interaction, verdict.interaction_id)
            review.overrule(records, verdict, interaction)
        for verdict in given:
            if verdict.review_id not in found:
                found[verdict.review_id] = _keep(records, judgement, verdict, at)
    return found[judgement.review_id]


def take_back(records: Records, ruling_id: str) -> Verdict:
    """Take a ruling back, with those that were made with it, and return it; NotFound.

    The reviewers' verdicts that it overruled stand again, of several rulings none; what had become
    of them by an operator's word (reworded, withdrawn) stays withdrawn.
    """
    with records.transaction():
        ruling = records.get(Verdict, ruling_id)
        alike = _alike(records, ruling)
        for verdict in alike:
            if verdict.ruling:
                review.undo(records, verdict.verdict_id)
                known = records.find(Gold, verdict.interaction_id)
                if known is not None and known.origin is Origin.RULING:
                    gold.unmark(records, verdict.interaction_id)
        for verdict in alike:
            interaction = records.find(Interaction, verdict.interaction_id)
            if verdict.overruled and interaction is not None:
                review.reinstate(records, verdict, interaction)
    return ruling


def _ruled_on(records: Records, named: Verdict) -> list[Verdict]:
    """The verdicts on the same answer that stand now, an earlier ruling among them."""
    return review.standing(_alike(records, named))


def _alike(records: Records, named: Verdict) -> list[Verdict]:
    """The verdicts on the same answer to the same question of the same tenant. Those of before
    tenants were part of `said` may name another's by it."""
    found = records.query(Verdict, {"said": named.said, "skipped": False}).rows
    judged = records.get_all(Interaction, {v.interaction_id for v in (named, *found)})
    whose = {name: interaction.tenant for name, interaction in judged.items()}
    tenant = whose.get(named.interaction_id)
    return [verdict for verdict in found if whose.get(verdict.interaction_id) == tenant]


def _check(records: Records, judgement: Judgement, given: list[Verdict]) -> None:
    where = f"review {judgement.review_id}"
    if len({verdict.kind.value == "correct" for verdict in given}) < 2:
        raise InputError(
            "reviewers do not disagree on this answer",
            where=where,
            action="rule on one that `northloop review disputes` lists",
        )
    if judgement.reviewer and any(v.reviewer == judgement.reviewer for v in given if not v.ruling):
        raise InputError(
            f"{judgement.reviewer} is one of those who disagree",
            where=where,
            action="let somebody else rule",
        )
    review.check(judgement, records.get(Interaction, given[0].interaction_id))


def _keep(records: Records, judgement: Judgement, on: Verdict, at: str) -> Verdict:
    interaction = records.get(Interaction, on.interaction_id)
    mine = msgspec.structs.replace(judgement, review_id=on.review_id)
    said = msgspec.structs.replace(
        review.verdict_of(mine, interaction, at),
        verdict_id=derived_id("ruling", on.review_id),
        ruling=True,
    )
    review.put(records, said, interaction)
    known = records.find(Gold, interaction.interaction_id)
    if known is None or known.origin is Origin.RULING:
        ruled = Gold(
            interaction_id=interaction.interaction_id,
            kind=said.kind,
            at=at,
            by=said.reviewer,
            origin=Origin.RULING,
        )
        gold.mark(records, ruled)
    return said
