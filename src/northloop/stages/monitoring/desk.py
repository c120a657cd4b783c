"""The agents' desk: conversations that wait for a person, and what the person does with them.

A conversation waits from the first answer that was handed over until a person has replied or closed
it, oldest first. What it waits with is the newest hand-off in it and the draft that this held back,
if any. Once the customer has written again the draft has lapsed: it answers what was asked before.

What a person does with a draft is a verdict on it, by the way of all verdicts (`review.submit`):

| act               | verdict on the draft | correction                                |
|-------------------|----------------------|-------------------------------------------|
| sent as it is     | correct              | –                                         |
| only filled in    | correct: placeholders have real values now | –                   |
| a greeting and a sign-off put round it | correct | –                                 |
| trifles changed: commas, capitals, a courtesy, a slip mended | correct | –           |
| edited, and said to have been right | correct | –                                    |
| edited and sent   | incorrect            | the edited text, unless it is for this one |
| discarded         | incorrect            | the own reply, if others may get it       |

A draft that was not drawn for review has no probability, and none is made up. The verdict on it
teaches as any other, but stands for no answer but itself: with no review item behind it, it enters
neither the estimate of quality nor a certificate. A hand-off without a draft is no answer to be
judged; if the agent says that others may get their reply, it is kept as the answer that was
missing. A lapsed draft is not judged here. If it was drawn it still waits in the review queue, so
that the probability that was logged stays true.

Who acts names the newest answer they saw. Under one transaction the first one counts, and the
second is told so: nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from northloop.core.desk import (
    ActKind,
    Case,
    CaseState,
    Delivery,
    DeliveryState,
    DeskAct,
    case_id_of,
)
from northloop.core.errors import InputError, NotFound, Overtaken
from northloop.core.facts import facts
from northloop.core.ids import derived_id
from northloop.core.interaction import Interaction, Source, Verdict, VerdictKind
from northloop.ports.stores import ALL, Page, Records, Where
from northloop.stages.monitoring import offers
from northloop.stages.monitoring.filled_in import says_the_same
from northloop.stages.monitoring.review import Judgement, names_somebody, submit
from northloop.stages.monitoring.sampling import review_id_of, reviewable

MAX_REPLY_CHARS = 20_000
_WAITING = {"state": CaseState.WAITING}
_DONE = {
    ActKind.SENT: "sent the draft",
    ActKind.EDITED: "edited the draft and sent it",
    ActKind.WRITTEN: "written a reply",
    ActKind.CLOSED: "closed it",
}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent wants to do."""

    interaction_id: str
    """The newest answer in the conversation that the agent saw."""
    kind: ActKind
    text: str = ""
    """Of an edited draft or an own reply, as the customer is to get it."""
    correction: str = ""
    """The same, redacted, if others who ask this may get it; "" if not."""
    intent: str = ""
    """What the question is about; "" leaves that open."""
    bare: str = ""
    """`text` without the greeting, the sign-off and the courtesies round it."""
    was_right: bool = False
    """The agent says that the draft was right, and only worded it otherwise."""
    agent: str = ""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What an act came to."""

    act: DeskAct
    verdict: Verdict | None
    """What was said of the draft by it; None for nothing."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message of a conversation."""

    id: str
    """Of the answer, which its question shares, or of what the agent did."""
    role: str
    """"user" or "assistant"."""
    by: str
    """"customer", "northloop" or "agent"; "caller" for what the caller's program says was answered
    before, elsewhere."""
    content: str
    at: str
    agent: str = ""
    asked_back: bool = False
    """It is a question back: the customer's next message says which of what it names they mean."""


# --- waiting -----------------------------------------------------------------------------------


def follow(records: Records, kept: Sequence[Interaction]) -> None:
    """Note what answers to customers change, oldest first; inside the transaction that keeps them.

    What is handed over lets its conversation wait; whatever comes later is its newest answer.
    """
    known = records.get_all(Case, map(case_id, kept))
    begun: dict[str, Case] = {}
    going_on: dict[str, Case] = {}
    for interaction in kept:
        name = case_id(interaction)
        before = begun.get(name) or going_on.get(name) or known.get(name)
        waits = before is not None and before.state is CaseState.WAITING
        if not waits and interaction.handoff is None:
            continue
        if before is not None and not waits:
            # Added anew, so that the order of adding is that of waiting.
            records.remove(Case, name)
        is_begun = name in begun or not waits
        (begun if is_begun else going_on)[name] = _followed(before, interaction)
    records.replace_all([*going_on.values()])
    records.add_all([*begun.values()])


def wait_again(records: Records, interaction: Interaction, at: str) -> None:
    """Let the conversation of an answer that is not given again wait for a person, unless it waits
    already; in a transaction."""
    before = records.find(Case, case_id(interaction))
    if before is None or before.state is not CaseState.WAITING:
        follow(records, [msgspec.structs.replace(interaction, at=at)])


def _followed(before: Case | None, interaction: Interaction) -> Case:
    waited = before is not None and before.state is CaseState.WAITING
    handed = interaction.handoff is not None
    return Case(
        case_id=case_id(interaction),
        tenant=interaction.tenant,
        conversation_id=interaction.conversation_id,
        state=CaseState.WAITING,
        since=before.since if before and waited else interaction.at,
        interaction_id=interaction.interaction_id,
        handed_id=interaction.interaction_id if handed or not before else before.handed_id,
        touched_at=before.touched_at if before else "",
    )


def queue(
    records: Records, after: str = "", limit: int | None = None, *, whose: Where = ALL
) -> Page[Case]:
    """Return the conversations that wait, the one that has waited longest first.

    `whose` is a further condition on cases.
    """
    return records.query(Case, {**whose, **_WAITING}, after=after, limit=limit)


def left(records: Records) -> int:
    """Return how many conversations wait."""
    return records.count(Case, _WAITING)


def draft_of(case: Case, handed: Interaction) -> str:
    """Return what can be sent as it is; "" if nothing was drafted, or it has lapsed."""
    return handed.draft if case.handed_id == case.interaction_id else ""


def case_of(records: Records, interaction_id: str) -> Case:
    """Return the case of an answer's conversation; NotFound if none was handed over in it."""
    interaction = records.find(Interaction, interaction_id)
    case = records.find(Case, case_id(interaction)) if interaction else None
    if case is None:
        raise no_case(interaction_id)
    return case


def no_case(interaction_id: str) -> NotFound:
    """Return the error that says that an answer's conversation was never handed over."""
    return NotFound(
        "no conversation waits, or waited, with this answer",
        where=interaction_id,
        action="name an answer that the desk shows as waiting",
    )


def case_id(interaction: Interaction) -> str:
    """Return the id of the case of an answer's conversation, whether there is one or not."""
    return case_id_of(interaction.tenant, interaction.conversation_id, interaction.interaction_id)


# --- acting ------------------------------------------------------------------------------------


def act(
    records: Records,
    wanted: Wanted,
    at: str,
    *,
    tell: bool,
    same: Callable[[str, str], bool] = says_the_same,
) -> Done:
    """Do what an agent wants, and return it; all or nothing.

    `tell` keeps with a reply that a webhook is to be told; `same` says whether an agent's text
    (first) says what a text that was before them does. What the same agent did already comes
    back as it was done: the answer may have been lost on its way. NotFound for what was not handed
    over; Overtaken if somebody was faster or the customer has written again; InputError for
    a text that is missing or holds placeholders of what was redacted.
    """
    with records.transaction():
        case = case_of(records, wanted.interaction_id)
        earlier = records.find(DeskAct, derived_id("desk", wanted.interaction_id))
        if earlier is not None and _same(earlier, wanted):
            return Done(act=earlier, verdict=records.find(Verdict, earlier.verdict_id))
        _refuse_late(records, case, wanted)
        handed = records.get(Interaction, case.handed_id)
        draft = draft_of(case, handed)
        text = _text(wanted, draft)
        judgement = _judgement(wanted, handed, draft, same)
        verdict = submit(records, judgement, at) if judgement else None
        shown = offers.take(records, case)
        said = [said for said in (text, wanted.bare) if text and said]
        done = DeskAct(
            act_id=derived_id("desk", wanted.interaction_id),
            tenant=case.tenant,
            conversation_id=case.conversation_id,
            interaction_id=wanted.interaction_id,
            at=at,
            since=case.since,
            kind=wanted.kind,
            text=text,
            agent=wanted.agent,
            verdict_id=verdict.verdict_id if verdict else "",
            taken=offers.told(shown, draft, said, same, reworded=wanted.was_right),
        )
        records.add(done)
        offers.count(records, done, records.get(Interaction, case.interaction_id))
        records.replace(
            msgspec.structs.replace(
                case,
                state=CaseState.ANSWERED if text else CaseState.CLOSED,
                since=at,
                touched_at=case.touched_at or at,
            )
        )
        if tell and text:
            records.add(_delivery(done))
    return Done(act=done, verdict=verdict)


def _same(earlier: DeskAct, wanted: Wanted) -> bool:
    # What was sent as it was drafted says nothing of its text.
    said = wanted.kind is ActKind.SENT or wanted.text.strip() == earlier.text
    by_them = wanted.agent == earlier.agent != ""
    return by_them and said and wanted.kind is earlier.kind


def _refuse_late(records: Records, case: Case, wanted: Wanted) -> None:
    if case.state is not CaseState.WAITING:
        last = records.find(DeskAct, derived_id("desk", case.interaction_id))
        who = (last.agent if last else "") or "somebody"
        what = _DONE[last.kind] if last else "dealt with it"
        raise Overtaken(
            f"{who} has {what} already, at {case.since[:16].replace('T', ' ')} UTC",
            where=wanted.interaction_id,
            action="nothing was sent now; take the next one",
        )
    if case.interaction_id != wanted.interaction_id:
        raise Overtaken(
            "the customer has written again, so what you saw has lapsed; nothing was sent",
            where=wanted.interaction_id,
            action=f"look at the conversation again: it waits with {case.interaction_id}",
        )


def _text(wanted: Wanted, draft: str) -> str:
    """What is sent, "" for nothing."""
    if wanted.kind in (ActKind.SENT, ActKind.EDITED) and not draft:
        raise InputError(
            "there is no draft to send",
            where=wanted.interaction_id,
            action="write a reply of your own",
        )
    text = draft if wanted.kind is ActKind.SENT else wanted.text.strip()
    if wanted.kind is ActKind.CLOSED:
        text = ""
    elif not text:
        raise InputError(
            "an empty reply", where="field text", action="write what the customer is to read"
        )
    if len(text) > MAX_REPLY_CHARS:
        raise InputError(
            f"a reply longer than {MAX_REPLY_CHARS:,} characters",
            where="field text",
            action="shorten it",
        )
    left_out = [f for f in facts(draft) if f[:1] != "[" and f not in facts(text)]
    if wanted.kind is ActKind.EDITED and wanted.was_right and left_out:
        raise InputError(
            f"the draft says {left_out[0]} and your text does not, so it was not right as it stood",
            where=wanted.interaction_id,
            action="send it as a correction, or put back what the draft says",
        )
    if names_somebody(text):
        raise InputError(
            "the text holds a placeholder of what was redacted, such as [ORDER]",
            where="field text",
            action="edit it: put in what the customer is to read",
        )
    return text


def _judgement(
    wanted: Wanted, handed: Interaction, draft: str, same: Callable[[str, str], bool]
) -> Judgement | None:
    """What an act says of what was handed over; None for nothing."""
    sent = wanted.kind is ActKind.SENT or (
        wanted.kind is ActKind.EDITED
        and (wanted.was_right or any(same(t, draft) for t in (wanted.text, wanted.bare)))
    )
    lapsed = wanted.interaction_id != handed.interaction_id
    if lapsed or not reviewable(handed) or not (draft or wanted.correction):
        return None
    return Judgement(
        review_id=review_id_of(handed),
        interaction_id=handed.interaction_id,
        kind=VerdictKind.CORRECT if sent else VerdictKind.INCORRECT,
        correction="" if sent else wanted.correction,
        intent=wanted.intent,
        reviewer=wanted.agent,
    )


def _delivery(done: DeskAct) -> Delivery:
    return Delivery(
        delivery_id=f"msg_{done.act_id}",
        act_id=done.act_id,
        state=DeliveryState.WAITING,
        due=done.at,
    )


# --- conversations -----------------------------------------------------------------------------


def all_said(records: Records, one: Interaction) -> tuple[Said, ...]:
    """Return all that was said in the conversation of an answer, and before it elsewhere."""
    if not one.conversation_id:
        acts = records.query(DeskAct, {"interaction_id": one.interaction_id}).rows
        return (*_told(one), *conversation([one], acts))
    this = {"conversation_id": one.conversation_id, "tenant": one.tenant}
    interactions = records.query(Interaction, this).rows
    first = min(interactions, key=lambda kept: kept.at, default=one)
    return (*_told(first), *conversation(interactions, records.query(DeskAct, this).rows))


def said_before(records: Records, one: Interaction) -> tuple[Said, ...]:
    """Return what a question follows on, oldest first: in its conversation, or said elsewhere."""
    if one.before:
        return _told(one)
    return tuple(said for said in all_said(records, one) if said.at < one.at)


def _told(first: Interaction) -> tuple[Said, ...]:
    """What the caller's program says was said before the first answer that is kept."""
    return tuple(
        Said(
            id=first.interaction_id,
            role=turn.role,
            by="customer" if turn.role == "user" else "caller",
            content=turn.content,
            at=first.at,
        )
        for turn in first.before
    )


def conversation(interactions: Sequence[Interaction], acts: Sequence[DeskAct]) -> tuple[Said, ...]:
    """Return what was said in a conversation, oldest first: answers, and what agents sent."""
    found: list[Said] = []
    for one in interactions:
        customer = Said(
            id=one.interaction_id, role="user", by="customer", content=one.question, at=one.at
        )
        answer = Said(
            id=one.interaction_id,
            role="assistant",
            by="northloop",
            content=one.answer,
            at=one.at,
            asked_back=one.source is Source.ASKED_BACK,
        )
        found += [customer, answer]
    found += [
        Said(id=a.act_id, role="assistant", by="agent", content=a.text, at=a.at, agent=a.agent)
        for a in acts
        if a.text
    ]
    return tuple(sorted(found, key=lambda said: said.at))
