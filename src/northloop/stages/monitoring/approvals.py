"""Approved answers and where reviewers disagree: what is served because a person vouched for it.

An approved answer is served within the tenant whose conversation it comes from, until it is
withdrawn, until a newer one answers the same question, or until a reviewer judges it wrong.
Withdrawing the newest one brings back the one before it, if there is one that nobody withdrew: so a
person chooses between two. Judging it wrong brings back nothing.
What was withdrawn can be served again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    Asking,
    Dispute,
    Interaction,
    Rejection,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import normalised, words_of
from northloop.core.tenants import bound_by
from northloop.ports.stores import Page, Records
from northloop.stages.monitoring.review import standing


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
    """Oldest first; without skips and what was overruled."""


def in_force(records: Records) -> list[ApprovedAnswer]:
    """Return the approved answers that nobody has withdrawn, oldest first."""
    withdrawn = {w.approved_id for w in records.query(Withdrawal).rows}
    answers = records.query(ApprovedAnswer).rows
    return [a for a in answers if a.approved_id not in withdrawn]


def rejected(records: Records, asking: Asking, answer: str, since: str = "") -> bool:
    """Return whether a reviewer has judged this answer to what was asked wrong, after `since`.

    What was judged in another tenant's conversation says nothing here. Judged as the answer to a
    first question it is wrong wherever these words are asked, and judged in a conversation also
    where they come first; between two conversations it says nothing.
    """
    words = words_of(asking.question)
    return _is_rejected(records.query(Rejection, {"words": words}).rows, asking, answer, since)


class _Known(NamedTuple):
    """Questions of which some answer was judged wrong, by `words_of`."""

    words: frozenset[Hash] = frozenset()
    """Of those that were taken back or forgotten, too: the store knows better."""
    place: str = ""
    """Of the last that was read."""
    as_of: int = -1


class Rejections:
    """`rejected`, for who asks it of every answer: the store is asked only where some answer to the
    same question was judged wrong. Safe for threads; follows every change.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known = _Known()

    def __call__(self, asking: Asking, answer: str, since: str) -> bool:
        version, known = self._records.changes(Rejection), self._known
        if version != known.as_of:
            # Read after the version: what comes in between is read again, never missed.
            page = self._records.query(Rejection, after=known.place)
            more = known.words.union(rejection.words for rejection in page.rows)
            known = self._known = _Known(more, page.last, version)
        is_known = words_of(asking.question) in known.words
        return is_known and rejected(self._records, asking, answer, since)

    def let_go(self) -> None:
        """Drop the names of questions; those of which the store still knows are read again."""
        self._known = _Known()


def _is_rejected(rejections: Iterable[Rejection], asking: Asking, answer: str, since: str) -> bool:
    words, said = words_of(asking.question), normalised(answer)
    return any(
        (words in (rejection.asked, asking.asked) or rejection.asked == asking.asked)
        and bound_by(asking.tenant, rejection.tenant)
        for rejection in rejections
        if rejection.at > since and normalised(rejection.answer) == said
    )


def approvals_page(
    records: Records, *, after: str = "", limit: int | None = None
) -> Page[Approval]:
    """Return approved answers with their state, newest first; `after` is the `last` of the page
    before."""
    page = records.query(ApprovedAnswer, after=after, limit=limit, newest=True)
    return Page(rows=_approvals(records, page.rows), last=page.last, more=page.more)


def of_origin(records: Records, origin: str) -> list[Approval]:
    """Return the approved answers that came of something, as they stand now."""
    return _approvals(records, records.query(ApprovedAnswer, {"origin": origin}).rows)


def served(records: Records, answer: ApprovedAnswer) -> ApprovedAnswer | None:
    """Return what is served now to an approved answer's question and tenant, None for nothing."""
    answers = records.query(ApprovedAnswer, {"words": answer.words}, newest=True).rows
    found = _approvals(records, [a for a in answers if a.tenant == answer.tenant])
    return next((a.answer for a in found if a.state is ApprovalState.SERVED), None)


def _approvals(records: Records, answers: Sequence[ApprovedAnswer]) -> list[Approval]:
    """The answers as they stand beside all others to the same questions: a few questions asked."""
    words = {"words": {answer.words for answer in answers}}
    rivals = records.query(ApprovedAnswer, words).rows
    withdrawals = records.get_all(Withdrawal, (answer.approved_id for answer in rivals))
    rejections = records.query(Rejection, words).rows
    verdicts = records.get_all(Verdict, (a.verdict_id for a in answers))
    standing: defaultdict[tuple[str, Hash], list[ApprovedAnswer]] = defaultdict(list)
    for rival in rivals:
        if rival.approved_id not in withdrawals:
            standing[_place(rival)].append(rival)
    judged: defaultdict[Hash, list[Rejection]] = defaultdict(list)
    for rejection in rejections:
        judged[rejection.words].append(rejection)
    found = []
    for answer in answers:
        others = standing[_place(answer)]
        withdrawal = withdrawals.get(answer.approved_id)
        verdict = verdicts.get(answer.verdict_id)
        state = ApprovalState.WITHDRAWN if withdrawal else _state(answer, others, judged)
        found.append(
            Approval(
                answer=answer,
                state=state,
                reviewer=verdict.reviewer if verdict else "",
                withdrawn_by=withdrawal.by if withdrawal else "",
                rivals=() if withdrawal else _rivals(answer, others),
            )
        )
    return found


def _place(answer: ApprovedAnswer) -> tuple[str, Hash]:
    return answer.tenant, answer.words


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


def disagreements(records: Records, limit: int | None = None) -> list[Disagreement]:
    """Return what one reviewer judged correct and another did not, newest first."""
    disputes = records.query(Dispute, limit=limit, newest=True).rows
    answers = records.get_all(Interaction, (dispute.interaction_id for dispute in disputes))
    given: defaultdict[Hash, list[Verdict]] = defaultdict(list)
    said = {"said": [dispute.said for dispute in disputes]}
    for verdict in standing(records.query(Verdict, said).rows):
        given[verdict.said].append(verdict)
    return [
        Disagreement(answers[dispute.interaction_id], tuple(given[dispute.said]))
        for dispute in disputes
        if dispute.interaction_id in answers
    ]


def disagree(verdicts: Iterable[Verdict]) -> bool:
    """Return whether of several verdicts some hold the answer correct and some do not."""
    return len({verdict.kind is VerdictKind.CORRECT for verdict in standing(verdicts)}) > 1


def _state(
    answer: ApprovedAnswer,
    others: Sequence[ApprovedAnswer],
    judged: Mapping[Hash, Sequence[Rejection]],
) -> ApprovalState:
    if others[-1].approved_id != answer.approved_id:
        return ApprovalState.REPLACED
    asking = Asking(answer.words, answer.question, answer.tenant)
    if _is_rejected(judged.get(answer.words, ()), asking, answer.answer, answer.at):
        return ApprovalState.REJECTED
    return ApprovalState.SERVED


def _rivals(answer: ApprovedAnswer, others: Sequence[ApprovedAnswer]) -> tuple[str, ...]:
    mine = normalised(answer.answer)
    return tuple(dict.fromkeys(o.answer for o in others if normalised(o.answer) != mine))
