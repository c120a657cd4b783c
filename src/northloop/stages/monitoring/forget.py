"""Forgetting a customer: what they asked, what they were told, and what was said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from northloop.core.errors import InputError
from northloop.core.interaction import (
    ApprovedAnswer,
    Feedback,
    Interaction,
    Outcome,
    Rejection,
    ReviewItem,
    Verdict,
    Withdrawal,
)
from northloop.ports.catalogue import id_of
from northloop.ports.stores import Records, Where
from northloop.stages.monitoring.review import origin_of, undo
from northloop.stages.monitoring.tally import forget_answer


def forget(records: Records, tenant: str, customer: str) -> dict[str, int]:
    """Remove all that comes of a customer's conversations; return how much of each type.

    Interactions, feedback, outcomes, review items, verdicts, and what followed from these:
    rejections and approved answers. The estimate of quality is then that of the others; the line
    of the sample goes on where it is. What was learnt stays in data sets that are made already, and
    is not in the next. All or nothing; InputError without a customer, for that is everybody who
    did not say who they are.
    """
    if not customer:
        raise InputError("whose?", where="field customer", action="name the customer to forget")
    with records.transaction():
        found = records.query(Interaction, {"tenant": tenant, "customer_id": customer}).rows
        removed = Counter[str]()
        for interaction in found:
            removed += _forget_what_was_said(records, interaction)
        conversations = {i.conversation_id for i in found} - {""}
        # Of a conversation that somebody else takes part in, how it ended is theirs too.
        left = records.query(Interaction, {"conversation_id": [*conversations]}).rows
        ended = conversations - {i.conversation_id for i in left if i.tenant == tenant}
        outcomes = {"tenant": tenant, "conversation_id": [*ended]}
        removed += _remove(records, Outcome, outcomes)
    return dict(removed)


def _forget_what_was_said(records: Records, interaction: Interaction) -> Counter[str]:
    this = {"interaction_id": interaction.interaction_id}
    removed = Counter[str]()
    for verdict in records.query(Verdict, this).rows:
        approved = records.query(ApprovedAnswer, {"origin": origin_of(verdict.verdict_id)}).rows
        withdrawn = records.get_all(Withdrawal, (a.approved_id for a in approved))
        rejections = records.count(Rejection, {"verdict_id": verdict.verdict_id})
        undo(records, verdict.verdict_id)
        removed += Counter(
            {
                "Verdict": 1,
                "ApprovedAnswer": len(approved),
                "Withdrawal": len(withdrawn),
                "Rejection": rejections,
            }
        )
    forget_answer(records, interaction)
    removed += _remove(records, Feedback, this)
    removed += _remove(records, ReviewItem, this)
    records.remove(Interaction, interaction.interaction_id)
    return removed + Counter({"Interaction": 1})


def _remove(records: Records, type_: type[msgspec.Struct], where: Where) -> Counter[str]:
    found: Sequence[msgspec.Struct] = records.query(type_, where).rows
    for record in found:
        records.remove(type_, id_of(record))
    return Counter({type_.__name__: len(found)})
