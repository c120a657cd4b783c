"""The people of the demo, all simulated: customers who ask day by day, agents at the desk,
reviewers, and whoever promotes what passes the gate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from northloop import sample
from northloop.app import (
    answers,
    canaries,
    comparisons,
    desk,
    quality,
    releases,
    reviews,
    turns,
    waiting,
)
from northloop.app.reviews import Judgement
from northloop.core.actor import Actor, Role, team
from northloop.core.conversation import Message
from northloop.core.errors import GateNotMet, NotFound
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import (
    Interaction,
    Proposal,
    ProposalState,
    Question,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.core.side_by_side import PairChoice
from northloop.core.tenants import DEFAULT_TENANT
from northloop.demo.result import Corrected
from northloop.loop import promote
from northloop.loop.journal import customers
from northloop.ports.catalogue import note
from northloop.stages.data.sensitive.spans import PLACEHOLDER
from northloop.workspace import Workspace

TEAM = team("simulated")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)
"""Whoever asks without a key."""
DAY = 50
"""So many questions come before reviewers decide on what was drawn."""
AFTER, PATIENCE, TRIED = 3, 2, 0.5
"""After the turn customers go on for as many questions more at most, but no longer than so many
days with what it made. Where that waits for so many days, it is tried on this share of them."""
GOLD = 5
"""Of one in so many answers that they judge, simulated reviewers know the facts for sure."""
LEFT = 5
"""One in so many of a day's drafts, and of its answers drawn for review, is left till the next."""


@note()
class DayEnd(msgspec.Struct, frozen=True, kw_only=True):
    """What people's decisions had come to at the end of a day of the stream."""

    evening_id: str
    release: Hash
    """What was live."""
    decisions: int
    certified: float


def _question(workspace: Workspace, asked: sample.LiveQuestion) -> Question:
    return Question(
        interaction_id=derived_id("demo", asked.id),
        messages=(*_said_before(workspace, asked.follows), Message("user", asked.text)),
        conversation_id=asked.follows or asked.id,
        customer_id=asked.customer_id,
    )


def _said_before(workspace: Workspace, first: str) -> Sequence[Message]:
    """What the customer wrote first, and was sent by the assistant or an agent."""
    if not first:
        return ()
    said = desk.conversation(workspace, TEAM, first).messages
    until = [n for n, one in enumerate(said) if one.role == "user"]
    return [Message(one.role, one.content) for one in said[: (*until, len(said))[1]]]


def _replay(workspace: Workspace, stream: Sequence[sample.LiveQuestion], part: range) -> None:
    """Ask questions of the stream once; those answered before the demo was killed are kept."""
    for number in part:
        asked = stream[number]
        if workspace.records.find(Interaction, derived_id("demo", asked.id)) is None:
            for _ in answers.ask(workspace, CUSTOMER, _question(workspace, asked)):
                pass
        workspace.progress("serving", number + 1, len(stream), "replayed stream")


def spend_day(workspace: Workspace, stream: Sequence[sample.LiveQuestion], start: int) -> None:
    """Have customers ask for a day, and people decide in the evening."""
    _replay(workspace, stream, range(start, min(start + DAY, len(stream))))
    today, so_far = by_id(stream[start : start + DAY]).keys(), stream[: start + DAY]
    _reply(workspace, so_far, today)
    _review(workspace, so_far, today)
    _note_evening(workspace, start)


def _note_evening(workspace: Workspace, start: int) -> None:
    """Keep how far certificates are after the day that began with a question of the stream."""
    release = promote.live(workspace.records)
    assert release, "the demo begins with one"
    found = releases.standings(workspace, TEAM, release)
    certified = sum(one.certificate.coverage for one in found if one.certificate)
    evening = DayEnd(
        evening_id=str(start),
        release=release,
        decisions=sum(one.decisions for one in found),
        certified=min(certified, 1.0),
    )
    workspace.records.add(evening)
    if found:
        best = max(found, key=lambda one: one.decisions)
        said = f"{best.treatment}: {best.words}"
        workspace.progress("certificate", start + DAY, start + DAY, said)


def by_id(stream: Sequence[sample.LiveQuestion]) -> Mapping[str, sample.LiveQuestion]:
    """Return the questions of a stream by the id of their answers."""
    return {derived_id("demo", question.id): question for question in stream}


def _but_for_you(of: Sequence[Interaction], today: Collection[str]) -> Sequence[Interaction]:
    """All, in the order in which they were asked, but the last of the day: they are left for
    whoever opens the console, or for the next evening."""
    return of[: len(of) - sum(kept.interaction_id in today for kept in of) // LEFT]


def _reply(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], today: Collection[str]
) -> None:
    """SIMULATED agents reply to what was handed over: with the draft, what they make of it, or a
    reply of their own."""
    asked = by_id(stream)
    handed = [kept for kept in customers(workspace.records) if kept.handoff]
    cases = _but_for_you([kept for kept in handed if kept.interaction_id in asked], today)
    for number, kept in enumerate(cases, 1):
        workspace.progress("desk", number, len(cases), "simulated agents")
        waits = desk.look(workspace, TEAM, kept.interaction_id)
        if waits is None or waits.handed.interaction_id != kept.interaction_id:
            # replied to on an evening before, and perhaps gone on since
            continue
        question = asked[kept.interaction_id]
        act = (workspace, TEAM, kept.interaction_id)
        if not waits.draft:
            desk.discard(*act, question.answer)
        elif sample.review(question, waits.draft, handed_off=False).verdict == "correct":
            desk.send(*act)
        else:
            desk.edit(*act, question.answer, intent=_intent(question))


def _intent(question: sample.LiveQuestion) -> str:
    return question.intent if question.in_scope else ""


def _review(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], today: Collection[str]
) -> None:
    """SIMULATED people judge the answers that were drawn as customers read them."""
    asked = by_id(stream)
    judged = {verdict.review_id for verdict in workspace.records.query(Verdict).rows}
    drawn = {item.interaction_id: item for item in workspace.records.query(ReviewItem).rows}
    sent = [kept for kept in customers(workspace.records) if not kept.draft]
    ours = [kept for kept in sent if kept.interaction_id in asked.keys() & drawn.keys()]
    items = [drawn[kept.interaction_id] for kept in _but_for_you(ours, today)]
    for number, item in enumerate(items, 1):
        workspace.progress("review", number, len(items), "simulated reviewers")
        if item.review_id in judged:
            continue
        question = asked[item.interaction_id]
        pieces = list(answers.ask(workspace, CUSTOMER, _question(workspace, question)))
        kept = next(p for p in pieces if isinstance(p, Interaction))
        said = "".join(p for p in pieces if isinstance(p, str))
        opinion = sample.review(question, said, handed_off=kept.handoff is not None)
        judgement = Judgement(
            review_id=item.review_id,
            kind=VerdictKind(opinion.verdict),
            correction=opinion.correction or "",
            reason=opinion.reason,
            intent=_intent(question),
        )
        reviews.judge(workspace, TEAM, judgement)
        if number % GOLD == 0:
            quality.mark(workspace, TEAM, item.interaction_id, judgement.kind)


def first_correction(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion]
) -> Corrected | None:
    """Ask again what was corrected first of what others may ask too, which names no order and
    nobody, and hangs on nothing said before: as the team, so that it counts as no customer's."""
    records = workspace.records
    verdicts = {v.interaction_id: v for v in records.query(Verdict).rows if v.corrects}
    for asked in stream:
        verdict = verdicts.get(derived_id("demo", asked.id))
        if verdict is None or asked.follows:
            continue
        question = _question(workspace, asked)
        judged = records.get(Interaction, question.interaction_id)
        if PLACEHOLDER.search(judged.question):
            continue
        again = msgspec.structs.replace(
            question, interaction_id=derived_id("demo", "again", question.interaction_id)
        )
        *_, now = answers.ask(workspace, TEAM, again)
        assert isinstance(now, Interaction)
        workspace.progress("correction", 1, 1, f"asked again, answered from: {now.source.value}")
        return Corrected(
            question=judged.question,
            said=judged.draft or judged.answer,
            correction=verdict.correction,
            said_now=now.answer,
            source=now.source.value,
        )
    return None


def go_on(workspace: Workspace, stream: Sequence[sample.LiveQuestion], start: int) -> str:
    """Have customers go on to ask after the turn, until what it made is live and some days longer;
    return why it waits at the end, "" if it does not.

    SIMULATED people judge what it says beside what is live, where that decides something; if it
    decides nothing by the last day, that day's pairs are left for whoever opens the console.
    """
    turn = proposal(workspace).proposal_id
    waits = "" if _begun(workspace, stream, start) else _judged_and_promoted(workspace, stream)
    for day in range(start, len(stream), DAY):
        stands = workspace.records.get(Proposal, turn)
        if stands.state is ProposalState.REFUSED or _days_of(workspace, stands.release) >= AFTER:
            break
        spend_day(workspace, stream, day)
        if day + DAY >= len(stream) and comparisons.undecided(workspace, TEAM):
            comparisons.prepare(workspace, TEAM)
        elif not _begun(workspace, stream, day + DAY):
            waits = _judged_and_promoted(workspace, stream)
            if waits and day - start >= PATIENCE * DAY and not _is_tried(workspace):
                canaries.start(workspace, TEAM, stands.release, TRIED)
                workspace.progress("canary", 1, 1, "it answers half of the customers, in drafts")
    return waits


def _is_tried(workspace: Workspace) -> bool:
    try:
        canaries.status(workspace, TEAM)
    except NotFound:
        return False
    return True


def _begun(workspace: Workspace, stream: Sequence[sample.LiveQuestion], day: int) -> bool:
    """Whether a day has begun, before the demo was killed."""
    first = next(iter(stream[day:]), None)
    name = derived_id("demo", first.id) if first else ""
    return workspace.records.find(Interaction, name) is not None


def _days_of(workspace: Workspace, release: Hash) -> int:
    """Return on how many evenings a release was live."""
    return sum(evening.release == release for evening in workspace.records.query(DayEnd).rows)


def _judged_and_promoted(workspace: Workspace, stream: Sequence[sample.LiveQuestion]) -> str:
    asked, judged = by_id(stream), 0
    while comparisons.undecided(workspace, TEAM) or waiting.waiting(workspace, TEAM):
        comparisons.prepare(workspace, TEAM)
        pairs = [p for p in comparisons.waiting(workspace, TEAM) if p.interaction_id in asked]
        if not pairs:  # or yours alone, who look on
            break
        right = _right_of(asked[pairs[0].interaction_id], pairs[0].shown)
        comparisons.choose(workspace, TEAM, pairs[0].pair_id, right)
        judged += 1
        workspace.progress("side by side", judged, judged + 1, "simulated reviewers")
    return _promote(workspace)


def _right_of(question: sample.LiveQuestion, shown: tuple[str, str]) -> PairChoice:
    """Which of two answers is right by what the sample's generator knows."""
    first, second = (
        bool(text) and sample.review(question, text, handed_off=False).verdict == "correct"
        for text in shown
    )
    if first and second:
        return PairChoice.BOTH
    return PairChoice.FIRST if first else PairChoice.SECOND if second else PairChoice.NEITHER


def _promote(workspace: Workspace) -> str:
    """Promote the release of the turn if it is ready, and return why it waits, "" if it does not;
    taken up again, the demo may be past this."""
    for proposal in turns.ready(workspace, TEAM):
        try:
            releases.promote(workspace, TEAM, proposal.release)
        except GateNotMet as waits:
            return f"{waits.what}; {waits.action}"
        workspace.progress("promotion", 1, 1, "the demo promotes it, as you would")
    return ""


def proposal(workspace: Workspace) -> Proposal:
    """The demo's turn: the one from before it was interrupted, or a new one."""
    proposals = workspace.records.query(Proposal).rows
    return proposals[0] if proposals else turns.propose(workspace, TEAM)
