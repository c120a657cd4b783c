"""Approved answers and where reviewers disagree: what is served because a person vouched for it.

An approved answer is served within the tenant whose conversation it comes from, until it is
withdrawn, until a newer one answers the same question, or until a reviewer judges it wrong.
Withdrawing the newest one brings back the one before it, if there is one that nobody withdrew: so a
person chooses between two. Judging it wrong brings back nothing.
What was withdrawn can be served again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    Asking,
    Interaction,
    Rejection,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import normalised, words_of
from northloop.core.tenants import DEFAULT_TENANT, bound_by
from northloop.ports.stores import Records


class ApprovalState(StrEnum):
    """What has become of an approved answer."""

    SERVED = "served"
    REPLACED = "replaced"
    """A newer approved answer stands for the same question."""
    REJECTED = "rejected"
    """A reviewer judged it wrong after it was approved."""
    WITHDRAWN = "withdrawn"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer as it stands now."""

    answer: ApprovedAnswer
    state: ApprovalState
    reviewer: str
    """Who wrote it; "" if that is not known."""
    withdrawn_by: str = ""
    rivals: tuple[str, ...] = ()
    """Other answers to the same question that are approved too and not withdrawn."""


class Disagreement(msgspec.Struct, frozen=True):
    """An answer that reviewers judge differently."""

    interaction: Interaction
    verdicts: tuple[Verdict, ...]
    """Oldest first; without skips."""


def in_force(records: Records) -> list[ApprovedAnswer]:
    """Return the approved answers that nobody has withdrawn, each with its tenant, oldest first."""
    withdrawn = {w.approved_id for w in records.list(Withdrawal)}
    return [a for a in _approved(records) if a.approved_id not in withdrawn]


def _approved(records: Records) -> list[ApprovedAnswer]:
    return [
        answer
        if answer.tenant is not None
        else msgspec.structs.replace(answer, tenant=_tenant(records, _verdict_behind(answer)))
        for answer in records.list(ApprovedAnswer)
    ]


def _verdict_behind(answer: ApprovedAnswer) -> str:
    return answer.origin.removeprefix("verdict:")


def _tenant(records: Records, verdict_id: str) -> str:
    """Return whose answer a verdict judged, for older records that do not say what follows."""
    try:
        verdict = records.get(Verdict, verdict_id)
        return records.get(Interaction, verdict.interaction_id).tenant
    except NotFound:
        return DEFAULT_TENANT


def rejected(records: Records, asking: Asking, answer: str, since: str = "") -> bool:
    """Return whether a reviewer has judged this answer to what was asked wrong, after `since`.

    What was judged in another tenant's conversation says nothing here. Judged as the answer to a
    first question it is wrong wherever these words are asked, and judged in a conversation also
    where they come first; between two conversations it says nothing.
    """
    words = words_of(asking.question)
    said = normalised(answer)
    return any(
        (words in (rejection.asked, asking.asked) or rejection.asked == asking.asked)
        and bound_by(asking.tenant, _tenant_of(records, rejection))
        for rejection in records.list(Rejection, subject=words)
        if rejection.at > since and normalised(rejection.answer) == said
    )


def _tenant_of(records: Records, rejection: Rejection) -> str:
    if rejection.tenant is None:
        return _tenant(records, rejection.verdict_id)
    return rejection.tenant


def approvals(records: Records) -> list[Approval]:
    """Return every approved answer with its state, newest first."""
    standing = in_force(records)
    by_question: defaultdict[tuple[str, str], list[ApprovedAnswer]] = defaultdict(list)
    for answer in standing:
        by_question[_place(answer)].append(answer)
    withdrawals = {w.approved_id: w for w in records.list(Withdrawal)}
    verdicts = {v.verdict_id: v for v in records.list(Verdict)}
    found = []
    for answer in reversed(_approved(records)):
        others = by_question[_place(answer)]
        withdrawal = withdrawals.get(answer.approved_id)
        verdict = verdicts.get(_verdict_behind(answer))
        found.append(
            Approval(
                answer=answer,
                state=_state(records, answer, withdrawal, others),
                reviewer=verdict.reviewer if verdict else "",
                withdrawn_by=withdrawal.by if withdrawal else "",
                rivals=() if withdrawal else _rivals(answer, others),
            )
        )
    return found


def served(records: Records, answer: ApprovedAnswer) -> ApprovedAnswer | None:
    """Return what is served now to an approved answer's question and tenant, None for nothing."""
    known = approvals(records)
    place = next(_place(a.answer) for a in known if a.answer.approved_id == answer.approved_id)
    return next(
        (
            found.answer
            for found in known
            if found.state is ApprovalState.SERVED and _place(found.answer) == place
        ),
        None,
    )


def _place(answer: ApprovedAnswer) -> tuple[str, str]:
    return answer.tenant or "", normalised(answer.question)


def withdraw(records: Records, approved_id: str, by: str, at: str) -> ApprovedAnswer:
    """Stop serving an approved answer and return it; NotFound. Once more changes nothing."""
    answer = records.get(ApprovedAnswer, approved_id)
    records.add(Withdrawal(approved_id=approved_id, at=at, by=by))
    return answer


def restore(records: Records, approved_id: str) -> ApprovedAnswer:
    """Take a withdrawal back and return the answer; NotFound."""
    answer = records.get(ApprovedAnswer, approved_id)
    records.remove(Withdrawal, approved_id)
    return answer


def disagreements(records: Records) -> list[Disagreement]:
    """Return the answers that one reviewer judged correct and another did not, newest first."""
    by_answer: defaultdict[tuple[str, Hash, str], list[Verdict]] = defaultdict(list)
    for verdict in records.list(Verdict):
        if not verdict.skipped:
            interaction = records.get(Interaction, verdict.interaction_id)
            said = (interaction.question, interaction.asked, normalised(interaction.judged))
            by_answer[said].append(verdict)
    return [
        Disagreement(records.get(Interaction, verdicts[-1].interaction_id), tuple(verdicts))
        for verdicts in reversed(by_answer.values())
        if disagree(verdicts)
    ]


def disagree(verdicts: Iterable[Verdict]) -> bool:
    """Return whether of several verdicts some hold the answer correct and some do not."""
    given = [verdict for verdict in verdicts if not verdict.skipped]
    return len({verdict.kind is VerdictKind.CORRECT for verdict in given}) > 1


def _state(
    records: Records,
    answer: ApprovedAnswer,
    withdrawal: Withdrawal | None,
    others: Sequence[ApprovedAnswer],
) -> ApprovalState:
    if withdrawal is not None:
        return ApprovalState.WITHDRAWN
    if others[-1].approved_id != answer.approved_id:
        return ApprovalState.REPLACED
    asking = Asking(words_of(answer.question), answer.question, answer.tenant or "")
    if rejected(records, asking, answer.answer, answer.at):
        return ApprovalState.REJECTED
    return ApprovalState.SERVED


def _rivals(answer: ApprovedAnswer, others: Sequence[ApprovedAnswer]) -> tuple[str, ...]:
    mine = normalised(answer.answer)
    return tuple(dict.fromkeys(o.answer for o in others if normalised(o.answer) != mine))
