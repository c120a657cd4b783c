"""From the queue to a verdict, and from a verdict to where it does good.

| verdict          | correction | training pair | approved answer | counts as correct |
|------------------|------------|---------------|-----------------|-------------------|
| correct          | –          | as answered   | –               | yes               |
| incorrect        | given      | as corrected  | yes, at once    | no                |
| incorrect        | none       | –             | –               | no                |
| needs rephrasing | required   | as corrected  | yes, at once    | no                |
| skipped          | –          | –             | –               | not counted       |

Corrections are what went wrong. What went right teaches too, so that a retraining rehearses it: an
answer that the model gave and a reviewer judged right, unless somebody else found fault with it. A
hand-off and an approved answer are not the model's own words, and teach nothing.

An approved answer is served word for word to the same question, so one that speaks of a particular
person or order (a placeholder such as `[ORDER]` in the question or the correction) becomes a
training pair only. A question that followed others ("And how much does that cost?") means nothing
without them: its verdict is kept as evidence and becomes neither.

Whatever was judged wrong or in need of rephrasing is not given again as an answer to the same
question, neither from the cache nor by a release that would say it anew (a Rejection).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from northloop.core.conversation import Example, Split
from northloop.core.errors import InputError
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import (
    FOLLOW_UP,
    ApprovedAnswer,
    Interaction,
    Rejection,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import normalised, words_of
from northloop.ports.stores import Records

_PARTICULAR = re.compile(r"\[[A-Z]{2,}(?::[0-9a-f]+)?\]")
"""The typed placeholders that stand for sensitive text."""
_OWN = (Source.GENERATED, Source.CACHE)
"""Where an answer comes from that is the model's own."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reviewer says of one review item."""

    review_id: str
    kind: VerdictKind
    correction: str = ""
    reason: str = ""
    reviewer: str = ""
    skipped: bool = False


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """What a verdict becomes, besides evidence."""

    example: Example | None = None
    approved: ApprovedAnswer | None = None


class Open(msgspec.Struct, frozen=True):
    """A review item that waits, with what is to be judged."""

    item: ReviewItem
    interaction: Interaction


def submit(records: Records, judgement: Judgement, at: str) -> Verdict:
    """Keep a verdict and put what follows from it into effect; return the verdict.

    That is its approved answer, if any, and the rejection of what it judged wrong. One verdict for
    each review item and reviewer: the same judgement again returns the first verdict, another one
    takes its place. NotFound for an unknown review item; InputError for a rephrasing without the
    better phrase, or a correction that is the answer it judges wrong.
    """
    item = records.get(ReviewItem, judgement.review_id)
    interaction = records.get(Interaction, item.interaction_id)
    _check(judgement, interaction)
    verdict = Verdict(
        verdict_id=derived_id("verdict", judgement.review_id, judgement.reviewer),
        review_id=item.review_id,
        interaction_id=item.interaction_id,
        at=at,
        kind=judgement.kind,
        correction=judgement.correction.strip(),
        reason=judgement.reason.strip(),
        reviewer=judgement.reviewer,
        skipped=judgement.skipped,
    )
    if not records.add(verdict, subject=item.review_id):
        earlier = records.get(Verdict, verdict.verdict_id)
        if msgspec.structs.replace(earlier, at=at) == verdict:
            verdict = earlier
        else:
            if _says_the_same(earlier, verdict):
                # Only the reason is another: what followed stays, since when it was said, too.
                records.remove(Verdict, earlier.verdict_id)
            else:
                undo(records, earlier.verdict_id)
            records.add(verdict, subject=item.review_id)
    rejection = _rejection(verdict, interaction)
    if rejection is not None:
        records.add(rejection, subject=words_of(interaction.question))
    approved = destination(verdict, interaction).approved
    if approved is not None:
        records.add(approved, subject=verdict.verdict_id)
    return verdict


def _says_the_same(earlier: Verdict, verdict: Verdict) -> bool:
    told = [(v.kind, v.correction, v.skipped) for v in (earlier, verdict)]
    return told[0] == told[1]


def undo(records: Records, verdict_id: str) -> Verdict:
    """Take a verdict back, with what followed from it, and return it; NotFound if there is none.

    A dataset version that took it in stays what it is; the next one is made without it.
    """
    verdict = records.get(Verdict, verdict_id)
    for approved in records.list(ApprovedAnswer, subject=verdict_id):
        records.remove(ApprovedAnswer, approved.approved_id)
        records.remove(Withdrawal, approved.approved_id)
    records.remove(Rejection, _rejection_id(verdict_id))
    records.remove(Verdict, verdict_id)
    return verdict


def verdicts(records: Records, interaction_id: str) -> list[Verdict]:
    """Return what was said of one answer, oldest first, without skips."""
    return [
        verdict
        for item in records.list(ReviewItem, subject=interaction_id)
        for verdict in records.list(Verdict, subject=item.review_id)
        if not verdict.skipped
    ]


def waiting(records: Records) -> list[ReviewItem]:
    """Return the review items without a verdict, newest first.

    Newest first and not most instructive first: what gets left undone must not depend on how
    sure the model was, or the estimate of its accuracy would.
    """
    judged = {verdict.review_id for verdict in records.list(Verdict)}
    undone = [item for item in records.list(ReviewItem) if item.review_id not in judged]
    return sorted(undone, key=lambda item: (item.at, item.review_id), reverse=True)


def queue(records: Records) -> list[Open]:
    """Return what waits, in the order of `waiting`, each with the answer to be judged."""
    return [Open(item, records.get(Interaction, item.interaction_id)) for item in waiting(records)]


def destination(verdict: Verdict, interaction: Interaction) -> Destination:
    """Return what a verdict becomes; see the table at the top of this module."""
    if verdict.skipped or _follows(interaction):
        return Destination()
    if verdict.kind is VerdictKind.CORRECT:
        # With a correction beside it, nobody can say which of the two was meant.
        clear = interaction.source in _OWN and interaction.answer and not verdict.correction
        return Destination(example=_confirmed(verdict, interaction) if clear else None)
    if not verdict.correction:
        return Destination()
    particular = _PARTICULAR.search(f"{interaction.question}\n{verdict.correction}")
    return Destination(
        example=_example(verdict, interaction),
        approved=None if particular else _approved(verdict, interaction),
    )


def taught(records: Records, given: Sequence[Verdict]) -> list[Example]:
    """Return the training pairs of the verdicts, one for each question, corrections last.

    Of several corrections of the same question the last one stands, and before any confirmation.
    """
    confirming = [v for v in given if v.kind is VerdictKind.CORRECT]
    correcting = [v for v in given if v.kind is not VerdictKind.CORRECT]
    faulted = _faulted(records) if confirming else set()
    found = [e for e in _pairs(records, confirming) if (e.question, e.reply) not in faulted]
    pairs: dict[str, Example] = {}
    for example in (*found, *_pairs(records, correcting)):
        pairs.pop(example.question, None)
        pairs[example.question] = example
    return list(pairs.values())


def _pairs(records: Records, verdicts: Sequence[Verdict]) -> list[Example]:
    destinations = [destination(v, records.get(Interaction, v.interaction_id)) for v in verdicts]
    return [d.example for d in destinations if d.example is not None]


def _faulted(records: Records) -> set[tuple[str, str]]:
    """The questions, each with an answer that a reviewer found wrong or badly put."""
    found = (
        records.get(Interaction, verdict.interaction_id)
        for verdict in records.list(Verdict)
        if verdict.kind is not VerdictKind.CORRECT and not verdict.skipped
    )
    return {(interaction.question, interaction.answer) for interaction in found}


def _example(verdict: Verdict, interaction: Interaction) -> Example:
    """The intent stays open: the model's own guess must not teach the model."""
    return Example(
        example_id=derived_id("taught", verdict.verdict_id),
        question=interaction.question,
        reply=verdict.correction,
        intent="",
        split=Split.TRAIN,
        group=interaction.customer_id or interaction.conversation_id or interaction.interaction_id,
        count=1,
        origin=(f"verdict:{verdict.verdict_id}",),
    )


def _confirmed(verdict: Verdict, interaction: Interaction) -> Example:
    """Told apart by its origin: training may hear few corrections, and all that was right."""
    pair = _example(verdict, interaction)
    origin = (f"confirmed:{verdict.verdict_id}",)
    return msgspec.structs.replace(pair, reply=interaction.answer, origin=origin)


def _approved(verdict: Verdict, interaction: Interaction) -> ApprovedAnswer:
    return ApprovedAnswer(
        approved_id=derived_id("approved", verdict.verdict_id),
        question=interaction.question,
        answer=verdict.correction,
        origin=f"verdict:{verdict.verdict_id}",
        at=verdict.at,
        tenant=interaction.tenant,
    )


def _rejection(verdict: Verdict, interaction: Interaction) -> Rejection | None:
    """What must not be said again; of a hand-off what it held back, unless that was right."""
    passed = verdict.skipped or verdict.kind is VerdictKind.CORRECT
    said_nothing = interaction.source is Source.HANDOFF and not interaction.draft
    was_right = normalised(verdict.correction) == normalised(interaction.judged)
    if passed or said_nothing or was_right:
        return None
    return Rejection(
        rejection_id=_rejection_id(verdict.verdict_id),
        at=verdict.at,
        asked=_asked(interaction),
        answer=interaction.judged,
        verdict_id=verdict.verdict_id,
        tenant=interaction.tenant,
    )


def _asked(interaction: Interaction) -> Hash:
    """What names the question; of an older record only if it was the first, "" otherwise."""
    if interaction.asked or _follows(interaction):
        return interaction.asked
    return words_of(interaction.question)


def _follows(interaction: Interaction) -> bool:
    """Whether the question followed others; of an older record as far as its trace says."""
    if interaction.asked:
        return interaction.asked != words_of(interaction.question)
    return any(step.decision == FOLLOW_UP for step in interaction.trace)


def _rejection_id(verdict_id: str) -> str:
    return derived_id("rejection", verdict_id)


def _check(judgement: Judgement, interaction: Interaction) -> None:
    if judgement.skipped or judgement.kind is VerdictKind.CORRECT:
        return
    wordless = not judgement.correction.strip()
    said = interaction.source is not Source.HANDOFF and interaction.answer
    if said and normalised(judgement.correction) == normalised(said):
        raise InputError(
            "the correction is the answer that it judges wrong",
            where=f"review {judgement.review_id}, field correction",
            action="write the answer as it should have been, or judge it correct",
        )
    if judgement.kind is VerdictKind.NEEDS_REPHRASING and wordless:
        raise InputError(
            "a rephrasing needs the better phrase",
            where=f"review {judgement.review_id}, field correction",
            action="write the answer as it should have been",
        )
