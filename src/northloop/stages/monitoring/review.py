"""From the queue to a verdict, and from a verdict to where it does good.

| verdict          | correction | training pair | approved answer  | counts as correct |
|------------------|------------|---------------|------------------|-------------------|
| correct          | –          | as answered   | a draft, at once | yes               |
| incorrect        | given      | as corrected  | yes, at once     | no                |
| incorrect        | none       | –             | –                | no                |
| needs rephrasing | required   | as corrected  | yes, at once     | no                |
| skipped          | –          | –             | –                | missing: bounds   |
| overruled        | –          | –             | –                | not counted       |

Corrections are what went wrong. What went right teaches too, so that a retraining rehearses it: an
answer that the release gave and a reviewer judged right, unless somebody else found fault with it.
An approved answer is not its own words, and teaches nothing; of a hand-off only a draft does that
waited for a person's decision.

A draft waits for a person's decision: who judges it right has approved it, unless somebody has
found fault with the same answer to the same question before, until that is taken back or ruled
on. An approved answer is served word for word to the same question, so one that speaks of a
particular person or order (a placeholder such as `[ORDER]` in the question or the answer) becomes
a training pair only. A question that followed others ("And how much does that cost?") means
nothing without them: its verdict is kept as evidence and becomes neither.

A pair is learnt, or measured on: half of those whose answers were drawn alike go into the test
split (`taught`). The live memory knows all of them at once.

Whatever was judged wrong or in need of rephrasing is not given again as an answer to the same
question, neither from the cache nor by a release that would say it anew (a Rejection).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import nullcontext

import msgspec

from northloop.core.acting import reports_act
from northloop.core.actor import EVERY_TENANT
from northloop.core.conversation import CONFIRMED, CORRECTED, Example, Split
from northloop.core.errors import InputError
from northloop.core.grounds import Vouched
from northloop.core.ids import Hash, derived_id, uniform
from northloop.core.interaction import (
    ApprovedAnswer,
    Claim,
    Dispute,
    Interaction,
    Rejection,
    ReviewItem,
    SkipReason,
    Source,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import normalised, saying, words_of
from northloop.core.tenants import bound_by
from northloop.ports.stores import Records
from northloop.stages.monitoring import audits, second_reads
from northloop.stages.monitoring.decided import decide
from northloop.stages.monitoring.tally import judging

PARTICULAR = re.compile(r"\[[A-Z]{2,}(?::[0-9a-f]+)?\]")
"""The typed placeholders that stand for sensitive text."""
LONGEST_INTENT = 60
"""Characters of a name."""
MOST_SKIPS = 3
"""So many people pass an answer over before nobody is asked any more: it stays missing."""
HELD = 0.5
"""This share of the questions whose answers were drawn alike is for the test set."""
_OWN = (
    Source.GENERATED,
    Source.CACHE,
    Source.SEMANTIC_CACHE,
    Source.MEMORY,
    Source.QUOTE,
)
"""Where an answer comes from that the release chose or made by itself."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reviewer says of one review item."""

    review_id: str
    kind: VerdictKind
    correction: str = ""
    reason: str = ""
    intent: str = ""
    """What the question is about; "" leaves that open."""
    reviewer: str = ""
    skip: SkipReason | None = None
    """Why the answer is passed over, without a verdict."""
    interaction_id: str = ""
    """The answer, where nobody may have drawn it (`review_id_of` it is the review then): such a
    verdict teaches, and enters no estimate and no certificate, for it stands for no other."""

    @property
    def skipped(self) -> bool:
        return self.skip is not None


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """What a verdict becomes, besides evidence."""

    example: Example | None = None
    approved: ApprovedAnswer | None = None


def submit(records: Records, judgement: Judgement, at: str) -> Verdict:
    """Keep a verdict and put what follows from it into effect; return the verdict.

    That is its approved answer, if any, and the rejection of what it judged wrong. One verdict for
    each review item and reviewer: the same judgement again returns the first verdict, another one
    takes its place. NotFound for an unknown review item; InputError for a rephrasing without the
    better phrase, or a correction that is the answer it judges wrong.
    """
    with records.transaction():
        judged = judgement.interaction_id or _drawn(records, judgement.review_id)
        interaction = records.get(Interaction, judged)
        check(judgement, interaction)
        verdict = verdict_of(judgement, interaction, at)
        earlier = records.find(Verdict, verdict.verdict_id)
        if earlier is not None and msgspec.structs.replace(earlier, at=at) == verdict:
            return earlier
        if earlier is not None and earlier.overruled and _says_the_same(earlier, verdict):
            return earlier
        if earlier is not None and not _says_the_same(earlier, verdict):
            undo(records, earlier.verdict_id)
        # Where only the reason is another, what followed stays, since when it was said, too.
        put(records, verdict, interaction)
        records.remove(Claim, judgement.review_id)
        second_reads.follow(records, verdict, MOST_SKIPS)
    return verdict


def overrule(records: Records, verdict: Verdict, interaction: Interaction) -> None:
    """Let nothing follow from a verdict any more, which stays as history; in a transaction.

    What an operator had withdrawn of it stays withdrawn, should it ever follow again.
    """
    _take_effect_back(records, verdict, for_good=False)
    overruled = msgspec.structs.replace(verdict, overruled=True, teaches=False, corrects=False)
    _keep(records, overruled, interaction)


def reinstate(records: Records, verdict: Verdict, interaction: Interaction) -> None:
    """Let what followed from an overruled verdict follow again; in a transaction."""
    again = _teaching(msgspec.structs.replace(verdict, overruled=False), interaction)
    put(records, again, interaction)


def put(records: Records, verdict: Verdict, interaction: Interaction) -> None:
    """Keep a verdict as it is and let follow from it what does; in a transaction."""
    _keep(records, verdict, interaction)
    _take_effect(records, verdict, interaction)


def _keep(records: Records, verdict: Verdict, interaction: Interaction) -> None:
    with judging(records, interaction):
        records.replace(verdict)
        _settle(records, verdict.review_id, verdict)
    _note_reviewed(records, interaction.interaction_id)


def _drawn(records: Records, review_id: str) -> str:
    return records.get(ReviewItem, review_id).interaction_id


def verdict_of(judgement: Judgement, judged: Interaction, at: str) -> Verdict:
    """Return the verdict that a judgement of an answer is."""
    verdict = Verdict(
        verdict_id=derived_id("verdict", judgement.review_id, judgement.reviewer),
        review_id=judgement.review_id,
        interaction_id=judged.interaction_id,
        at=at,
        kind=judgement.kind,
        correction=judgement.correction.strip(),
        reason=judgement.reason.strip(),
        intent=judgement.intent.strip()[:LONGEST_INTENT],
        reviewer=judgement.reviewer,
        skipped=judgement.skipped,
        skip=judgement.skip,
        said=saying(judged.question, judged.asked, judged.judged, judged.tenant),
    )
    return _teaching(verdict, judged)


def _teaching(verdict: Verdict, judged: Interaction) -> Verdict:
    teaches = destination(verdict, judged).example is not None
    return msgspec.structs.replace(
        verdict, teaches=teaches, corrects=teaches and bool(verdict.correction)
    )


def _take_effect(records: Records, verdict: Verdict, interaction: Interaction) -> None:
    rejection = _rejection(verdict, interaction)
    if rejection is not None:
        records.add(rejection)
    approved = destination(verdict, interaction).approved
    if approved is not None:
        records.add(approved)
    _settle_confirmed(records, verdict)


def _settle_confirmed(records: Records, changed: Verdict) -> None:
    """Let drafts that were judged right be approved unless somebody had found fault with the same
    answer to the same question before: as long as that verdict stands, they are not."""
    given = standing(records.query(Verdict, {"said": changed.said}).rows) if changed.said else []
    faults = [one.at for one in given if one.kind is not VerdictKind.CORRECT]
    for one in given:
        if one.kind is VerdictKind.CORRECT and any(at <= one.at for at in faults):
            _forget_approved(records, origin_of(one.verdict_id), for_good=False)
        elif one.kind is VerdictKind.CORRECT and not faults:
            interaction = records.find(Interaction, one.interaction_id)
            approved = destination(one, interaction).approved if interaction else None
            if approved is not None:
                records.add(approved)


def _says_the_same(earlier: Verdict, verdict: Verdict) -> bool:
    told = [(v.kind, v.correction, v.skip) for v in (earlier, verdict)]
    return told[0] == told[1]


def undo(records: Records, verdict_id: str) -> Verdict:
    """Take a verdict back, with what followed from it, and return it; NotFound if there is none.

    A dataset version that took it in stays what it is; the next one is made without it.
    """
    with records.transaction():
        verdict = records.get(Verdict, verdict_id)
        interaction = records.find(Interaction, verdict.interaction_id)
        _take_effect_back(records, verdict)
        with judging(records, interaction) if interaction else nullcontext():
            records.remove(Verdict, verdict_id)
            _settle(records, verdict.review_id, verdict)
        _settle_confirmed(records, verdict)
        second_reads.unfollow(records, verdict)
        _note_reviewed(records, verdict.interaction_id)
    return verdict


def _take_effect_back(records: Records, verdict: Verdict, *, for_good: bool = True) -> None:
    _forget_approved(records, origin_of(verdict.verdict_id), for_good=for_good)
    records.remove(Rejection, _rejection_id(verdict.verdict_id))


def _forget_approved(records: Records, origin: str, *, for_good: bool) -> None:
    """Remove the approved answers of an origin, what vouched for them and what they became."""
    for approved in records.query(ApprovedAnswer, {"origin": origin}).rows:
        name = approved.approved_id
        _forget_approved(records, reworded_from(name), for_good=for_good)
        for vouched in records.query(Vouched, {"approved_id": name}).rows:
            records.remove(Vouched, vouched.vouched_id)
        records.remove(ApprovedAnswer, name)
        if for_good:
            records.remove(Withdrawal, name)


def _note_reviewed(records: Records, interaction_id: str) -> None:
    """Note at an answer whether there is a verdict on it now."""
    interaction = records.find(Interaction, interaction_id)
    given = {"interaction_id": interaction_id, "skipped": False}
    reviewed = bool(records.query(Verdict, given, limit=1).rows)
    if interaction is None:
        return
    if interaction.reviewed != reviewed:
        records.replace(msgspec.structs.replace(interaction, reviewed=reviewed))
    decide(records, interaction)
    audits.judged(records, interaction)


def _settle(records: Records, review_id: str, verdict: Verdict) -> None:
    """Note what a verdict that came or went changes: who waits, and whether reviewers disagree."""
    item = records.find(ReviewItem, review_id)
    if item is not None:
        of_it = {"review_id": review_id}
        judged = records.count(Verdict, {**of_it, "skipped": False})
        skips = records.count(Verdict, {**of_it, "skipped": True})
        judged += skips if skips >= MOST_SKIPS else 0
        records.replace(msgspec.structs.replace(item, judged=judged))
    given = standing(records.query(Verdict, {"said": verdict.said}).rows)
    if len({one.kind is VerdictKind.CORRECT for one in given}) > 1:
        last = given[-1]
        records.replace(Dispute(said=last.said, at=last.at, interaction_id=last.interaction_id))
    else:
        records.remove(Dispute, verdict.said)


def standing(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return those that say something and that nobody has overruled."""
    return [verdict for verdict in verdicts if not verdict.skipped and not verdict.overruled]


def names_somebody(text: str) -> bool:
    """Return whether a text holds a placeholder: it speaks of somebody in particular."""
    return PARTICULAR.search(text) is not None


def is_for_one(question: str, answer: str) -> bool:
    """Return whether an answer is for nobody but who asked: either speaks of somebody in
    particular, or the answer tells what was or will be done for them."""
    return names_somebody(f"{question}\n{answer}") or reports_act(answer)


def approved_id_of(verdict_id: str) -> str:
    """Return the id of the approved answer that comes of a verdict, if one does."""
    return derived_id("approved", verdict_id)


def origin_of(verdict_id: str) -> str:
    """Return the origin of the approved answer that came of a verdict."""
    return f"{CORRECTED}{verdict_id}"


def reworded_from(approved_id: str) -> str:
    """Return the origin of an approved answer that was put in place of another one."""
    return f"reworded:{approved_id}"


def approved_by(records: Records, verdict_ids: Iterable[str]) -> list[str]:
    """Return the ids of the approved answers that verdicts led to, reworded ones too.

    One that was taken back, because its reviewer judged otherwise, may have been reworded before.
    """
    judged = [*verdict_ids]
    came = records.query(ApprovedAnswer, {"origin": [origin_of(name) for name in judged]}).rows
    newest = {*map(approved_id_of, judged), *(answer.approved_id for answer in came)}
    seen = set[str]()
    while newest:
        seen |= newest
        origins = {"origin": [reworded_from(name) for name in newest]}
        reworded = records.query(ApprovedAnswer, origins).rows
        newest = {answer.approved_id for answer in reworded} - seen
    return [*seen]


def taught_by(records: Records, verdict_ids: Iterable[str]) -> set[str]:
    """Return the ids of all cases that a memory knows by verdicts alone."""
    given = [*verdict_ids]
    return {*map(taught_id, given), *approved_by(records, given)}


def taught_id(verdict_id: str) -> str:
    """Return the id of the case that a memory knows by a verdict."""
    return derived_id("taught", verdict_id)


def said_of_it(records: Records, interaction: Interaction) -> list[str]:
    """Return the ids of all verdicts on an answer, and on the same answer to the same question
    elsewhere."""
    said = saying(interaction.question, interaction.asked, interaction.judged, interaction.tenant)
    of_it = {"interaction_id": interaction.interaction_id}
    found = [*records.query(Verdict, {"said": said}).rows, *records.query(Verdict, of_it).rows]
    return [*dict.fromkeys(verdict.verdict_id for verdict in found)]


def verdicts(records: Records, interaction_id: str) -> list[Verdict]:
    """Return what was said of one answer, oldest first, without skips."""
    return records.query(Verdict, {"interaction_id": interaction_id, "skipped": False}).rows


def destination(verdict: Verdict, interaction: Interaction) -> Destination:
    """Return what a verdict becomes; see the table at the top of this module."""
    if verdict.skipped or verdict.overruled or _follows(interaction):
        return Destination()
    if verdict.kind is VerdictKind.CORRECT:
        # With a correction beside it, nobody can say which of the two was meant.
        if not _is_own(interaction) or verdict.correction:
            return Destination()
        example = _confirmed(verdict, interaction)
        if not interaction.is_decided_on:
            return Destination(example=example)
        return Destination(example=example, approved=_approved(verdict, interaction, example.reply))
    if not verdict.correction:
        return Destination()
    return Destination(
        example=_example(verdict, interaction),
        approved=_approved(verdict, interaction, verdict.correction),
    )


def _is_own(interaction: Interaction) -> bool:
    """Whether what is judged is what the release says: an answer, or a draft that a person decides
    on."""
    own = interaction.source in _OWN and bool(interaction.answer)
    return own or interaction.is_decided_on


def taught(records: Records, given: Sequence[Verdict], tenant: str = EVERY_TENANT) -> list[Example]:
    """Return the pairs of the verdicts, one for each question, corrections last.

    What was found wrong for a tenant is not confirmed for it, for every tenant what any found so.
    Of several corrections of the same question the last one stands, and before any confirmation.
    Half of what was drawn alike is for the test split (`is_held`), which so hears of what customers
    ask now; all else is to be learnt.
    """
    confirming = [v for v in given if v.kind is VerdictKind.CORRECT]
    correcting = [v for v in given if v.kind is not VerdictKind.CORRECT]
    faulted = _faulted(records, tenant) if confirming else set()
    found = [e for e in _pairs(records, confirming) if (e.question, e.reply) not in faulted]
    pairs: dict[str, Example] = {}
    for example in (*found, *_pairs(records, correcting)):
        pairs.pop(example.question, None)
        pairs[example.question] = example
    return list(pairs.values())


def is_held(interaction: Interaction, pair: Example, items: Iterable[ReviewItem]) -> bool:
    """Return whether what a verdict teaches is for the test set.

    It is for half of what was drawn alike, by the words of the question: the same for all who ask
    it, in every turn. What speaks of somebody in particular is learnt, for the memory does not know
    it at once; and a plain hand-off is, since one that was right to be handed over leaves no row.
    """
    return (
        any(item.uniform for item in items)
        and _is_own(interaction)
        and not names_somebody(f"{pair.question}\n{pair.reply}")
        and drawn_for_the_test(pair.question)
    )


def drawn_for_the_test(question: str) -> bool:
    """Return on which side the draw puts a question, in whatever case and spaces it is written."""
    return uniform("held for the test", normalised(question)) < HELD


def _pairs(records: Records, verdicts: Sequence[Verdict]) -> list[Example]:
    judged = records.get_all(Interaction, (verdict.interaction_id for verdict in verdicts))
    items = records.get_all(ReviewItem, (verdict.review_id for verdict in verdicts))
    found = []
    for verdict in verdicts:
        interaction, item = judged.get(verdict.interaction_id), items.get(verdict.review_id)
        pair = destination(verdict, interaction).example if interaction else None
        if interaction is not None and pair is not None:
            held = is_held(interaction, pair, [item] if item else [])
            found.append(msgspec.structs.replace(pair, split=Split.TEST) if held else pair)
    return found


def _faulted(records: Records, tenant: str) -> set[tuple[str, str]]:
    """The questions, each with an answer that a reviewer found wrong or badly put for a tenant."""
    wrong = {"kind": [VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING], "skipped": False}
    verdicts = standing(records.query(Verdict, wrong).rows)
    found = records.get_all(Interaction, (verdict.interaction_id for verdict in verdicts))
    bound = (kept for kept in found.values() if bound_by(tenant, kept.tenant))
    return {(kept.question, kept.judged) for kept in bound}


def _example(verdict: Verdict, interaction: Interaction) -> Example:
    """The intent is what the reviewer named, if anything: a guess must not teach the guesser."""
    return Example(
        example_id=taught_id(verdict.verdict_id),
        question=interaction.question,
        reply=verdict.correction,
        intent=verdict.intent,
        split=Split.TRAIN,
        group=interaction.customer_id or interaction.conversation_id or interaction.interaction_id,
        count=1,
        origin=(origin_of(verdict.verdict_id),),
    )


def _confirmed(verdict: Verdict, interaction: Interaction) -> Example:
    """Told apart by its origin: training may hear few corrections, and all that was right."""
    pair = _example(verdict, interaction)
    origin = (f"{CONFIRMED}{verdict.verdict_id}",)
    return msgspec.structs.replace(pair, reply=interaction.judged, origin=origin)


def _approved(verdict: Verdict, interaction: Interaction, answer: str) -> ApprovedAnswer | None:
    """None where it is for nobody but who asked."""
    if is_for_one(interaction.question, answer):
        return None
    return ApprovedAnswer(
        approved_id=approved_id_of(verdict.verdict_id),
        question=interaction.question,
        answer=answer,
        origin=origin_of(verdict.verdict_id),
        at=verdict.at,
        tenant=interaction.tenant,
        words=words_of(interaction.question),
    )


def _rejection(verdict: Verdict, interaction: Interaction) -> Rejection | None:
    """What must not be said again; of a hand-off what it held back, unless that was right."""
    passed = verdict.skipped or verdict.overruled or verdict.kind is VerdictKind.CORRECT
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
        words=words_of(interaction.question),
    )


def _asked(interaction: Interaction) -> Hash:
    """What names the question; of an older record only if it was the first, "" otherwise."""
    if interaction.asked or _follows(interaction):
        return interaction.asked
    return words_of(interaction.question)


def _follows(interaction: Interaction) -> bool:
    """Whether the question followed others; where its place is not known, by what names it."""
    if interaction.turn:
        return interaction.turn > 1
    return bool(interaction.asked) and interaction.asked != words_of(interaction.question)


def _rejection_id(verdict_id: str) -> str:
    return derived_id("rejection", verdict_id)


def check(judgement: Judgement, interaction: Interaction) -> None:
    """Raise InputError for a correction that says nothing else, or lacks where one is needed."""
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
