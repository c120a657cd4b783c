"""Forgetting a customer: what they asked, what they were told, and what was said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from northloop.core.errors import InputError
from northloop.core.grounds import Vouched
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
from northloop.stages.monitoring.review import approved_id_of, origin_of, reworded_from, undo
from northloop.stages.monitoring.tally import forget_answer


def _nothing_more(_: Interaction) -> None:
    return


def forget(
    records: Records,
    tenant: str,
    *names: str,
    evict: Callable[[Interaction], None] = _nothing_more,
) -> dict[str, int]:
    """Remove all that comes of a customer's conversations; return how much of each type.

    `names` are the ids that one customer is kept under. Interactions, feedback, outcomes, review
    items, verdicts, and what followed from these: rejections and approved answers, those that were
    reworded from them, and who vouched for them. `evict` is called for every removed answer, once
    all of it is removed: what caches keep is the caller's. The estimate of quality is then that of
    the others; the line of the sample goes on where it is. What was learnt stays in data sets that
    are made already, and is not in the next. All or nothing; InputError without a customer, for
    that is everybody who did not say who they are.
    """
    if not names or not all(names):
        raise InputError("whose?", where="field customer", action="name the customer to forget")
    with records.transaction():
        found = records.query(Interaction, {"tenant": tenant, "customer_id": [*names]}).rows
        removed = Counter[str]()
        for interaction in found:
            removed += _forget_what_was_said(records, interaction)
        conversations = {i.conversation_id for i in found} - {""}
        # Of a conversation that somebody else takes part in, how it ended is theirs too.
        left = records.query(Interaction, {"conversation_id": [*conversations]}).rows
        ended = conversations - {i.conversation_id for i in left if i.tenant == tenant}
        outcomes = {"tenant": tenant, "conversation_id": [*ended]}
        removed += _remove(records, Outcome, outcomes)
    for interaction in found:
        evict(interaction)
    return dict(removed)


def _forget_what_was_said(records: Records, interaction: Interaction) -> Counter[str]:
    this = {"interaction_id": interaction.interaction_id}
    removed = Counter[str]()
    for verdict in records.query(Verdict, this).rows:
        for approved_id in [*_approved(records, verdict)]:
            removed += _remove(records, Vouched, {"approved_id": approved_id})
            for type_ in (Withdrawal, ApprovedAnswer):
                removed[type_.__name__] += records.find(type_, approved_id) is not None
                records.remove(type_, approved_id)
        rejections = records.count(Rejection, {"verdict_id": verdict.verdict_id})
        undo(records, verdict.verdict_id)
        removed += Counter({"Verdict": 1, "Rejection": rejections})
    forget_answer(records, interaction)
    removed += _remove(records, Feedback, this)
    removed += _remove(records, ReviewItem, this)
    records.remove(Interaction, interaction.interaction_id)
    return removed + Counter({"Interaction": 1})


def _approved(records: Records, verdict: Verdict) -> Iterator[str]:
    """Yield the ids of the approved answers that a verdict led to, reworded ones too.

    One that was taken back, because its reviewer judged otherwise, may have been reworded before.
    """
    came = records.query(ApprovedAnswer, {"origin": origin_of(verdict.verdict_id)}).rows
    waiting = list({approved_id_of(verdict.verdict_id), *(a.approved_id for a in came)})
    seen = set[str]()
    while waiting:
        approved_id = waiting.pop()
        if approved_id not in seen:
            seen.add(approved_id)
            yield approved_id
            reworded = records.query(ApprovedAnswer, {"origin": reworded_from(approved_id)}).rows
            waiting += [a.approved_id for a in reworded]


def _remove(records: Records, type_: type[msgspec.Struct], where: Where) -> Counter[str]:
    found: Sequence[msgspec.Struct] = records.query(type_, where).rows
    for record in found:
        records.remove(type_, id_of(record))
    return Counter({type_.__name__: len(found)})
