"""Judged side by side: what customers ask after an undecided turn, answered by both releases.

A turn whose test questions do not decide keeps its release. From then on both releases answer what
customers ask, in the shadow: nothing of it is sent. People who do not know which is which say what
is right, and after each of them the evidence is looked at (`stages.evaluation.side_by_side`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

import msgspec

from northloop.core.artefacts import Artefact, Decision, Kind
from northloop.core.clock import stamp
from northloop.core.conversation import Example, Split
from northloop.core.deployment import Pair
from northloop.core.errors import InputError
from northloop.core.ids import canonical
from northloop.core.interaction import HandoffReason, Interaction, Origin, Proposal, ProposalState
from northloop.core.question import normalised
from northloop.core.side_by_side import Choice, SideBySide, pair_id_of
from northloop.loop import treatments
from northloop.loop.bundles import read_one
from northloop.loop.offline import Bench, generated, served
from northloop.loop.pairs import open_pair
from northloop.loop.parts import Parts
from northloop.loop.promote import live
from northloop.ports.stores import Records
from northloop.stages.data.clean import heard
from northloop.stages.evaluation.side_by_side import Outcome, Ruling, decided, ruling
from northloop.stages.serving.generate import Generated

AHEAD = 8
"""So many pairs are made at a time."""
_PORTION = 200
DECISION = "decision.json"


def undecided(records: Records) -> list[Proposal]:
    """Return the proposals that people's choices decide, oldest first."""
    kept = records.query(Proposal, {"state": ProposalState.UNDECIDED}).rows
    return [proposal for proposal in kept if (live(records) or "") == proposal.against]


def _still_undecided(records: Records, proposal_id: str) -> Proposal:
    """Return a proposal that people's choices decide; InputError if they do not, NotFound."""
    proposal = records.get(Proposal, proposal_id)
    if proposal not in undecided(records):
        overtaken = proposal.state is ProposalState.UNDECIDED
        raise InputError(
            "another release went live since"
            if overtaken
            else f"the release is {proposal.state.value} already",
            where=f"proposal {proposal_id}",
            action="see what there is to decide: northloop loop status",
        )
    return proposal


def seen(records: Records, proposal_id: str) -> list[SideBySide]:
    """Return what either release said to questions, in the order in which they were settled.

    Those that wait for a person come last, in the order in which they were asked.
    """
    found = records.query(SideBySide, {"proposal_id": proposal_id}).rows
    return sorted(found, key=lambda pair: (not pair.settled, pair.judged_at))


def stands(parts: Parts, proposal: Proposal, most: int) -> Ruling:
    """Return where the judging of an undecided turn stands; `most` people may be asked."""
    decision = read_one(parts.artefacts, proposal.decision, DECISION, Decision)
    settled = [pair for pair in seen(parts.records, proposal.proposal_id) if pair.settled]
    return ruling(decision, settled, most)


def prepare(parts: Parts, proposal_id: str, count: int) -> int:
    """Have both releases answer the next `count` questions; return how many there were.

    Only the first question of a conversation is taken, and each once, however often it is asked:
    others depend on what was answered before, and one popular question is no more evidence than
    another.
    """
    proposal = _still_undecided(parts.records, proposal_id)
    asked = list(islice(_fresh(parts.records, proposal), count))
    if not asked:
        return 0
    judged = parts.artefacts.get(proposal.decision)
    both = [_said(parts, pair, asked) for pair in _pairs_of(judged)]
    for interaction, candidate, current in zip(asked, *both, strict=True):
        made = SideBySide(
            pair_id=pair_id_of(proposal_id, interaction.interaction_id),
            proposal_id=proposal_id,
            interaction_id=interaction.interaction_id,
            at=interaction.at,
            question=interaction.question,
            candidate=candidate,
            current=current,
        )
        alike = stamp() if made.alike else ""
        parts.records.add(msgspec.structs.replace(made, judged_at=alike))
    return len(asked)


def look_ahead(parts: Parts, most: int) -> None:
    """Have both releases of every undecided turn answer, until a few pairs wait for people.

    What both answer alike waits for nobody, and may decide the turn by itself.
    """
    for proposal in undecided(parts.records):
        name = proposal.proposal_id
        while waiting(parts.records, name) < AHEAD // 2 and prepare(parts, name, AHEAD):
            pass
        settle(parts, name, most)


def waiting(records: Records, proposal_id: str) -> int:
    """Return how many pairs of a turn wait for people."""
    return sum(not pair.settled for pair in seen(records, proposal_id))


def judge(
    parts: Parts, pair_id: str, choice: Choice, by: str, most: int
) -> tuple[SideBySide, Proposal]:
    """Keep which answer is right, and what has come of the turn by it; NotFound, InputError.

    Chosen again, the first choice stands: what was counted is not counted otherwise.
    """
    records = parts.records
    with records.transaction():
        pair = records.get(SideBySide, pair_id)
        if pair.choice is None and not pair.alike:
            _still_undecided(records, pair.proposal_id)
            pair = msgspec.structs.replace(pair, choice=choice, by=by, judged_at=stamp())
            records.replace(pair)
    return pair, settle(parts, pair.proposal_id, most)


def settle(parts: Parts, proposal_id: str, most: int) -> Proposal:
    """Return a proposal as the choices so far have it: undecided still, ready, or refused."""
    proposal = parts.records.get(Proposal, proposal_id)
    if proposal.state is not ProposalState.UNDECIDED:
        return proposal
    settled = [pair for pair in seen(parts.records, proposal_id) if pair.settled]
    before = parts.artefacts.get(proposal.decision)
    decision = read_one(parts.artefacts, proposal.decision, DECISION, Decision)
    found = ruling(decision, settled, most)
    if found.outcome is Outcome.OPEN:
        return proposal
    made = parts.artefacts.put(
        Kind.DECISION,
        {DECISION: canonical(decided(decision, settled, found))},
        parents=before.manifest.parents,
        meta=before.manifest.meta
        | {"promote": str(found.outcome is Outcome.BETTER).lower(), "undecided": before.hash},
    )
    ready = found.outcome is Outcome.BETTER
    state = ProposalState.READY if ready else ProposalState.REFUSED
    after = msgspec.structs.replace(proposal, state=state, decision=made.hash)
    if parts.records.replace(after, expected=proposal):
        return after
    return parts.records.get(Proposal, proposal_id)


def _fresh(records: Records, proposal: Proposal) -> Iterator[Interaction]:
    """Yield first questions of customers after a turn that are not looked at yet, oldest first."""
    known = seen(records, proposal.proposal_id)
    taken = {_meant(pair.question) for pair in known}
    for interaction in _asked_since(records, proposal.asked_through):
        question = _meant(interaction.question)
        is_first = interaction.turn <= 1
        wants_a_person = interaction.handoff is HandoffReason.ASKED_FOR_HUMAN
        if question and question not in taken and is_first and not wants_a_person:
            taken.add(question)
            yield interaction


def _meant(question: str) -> str:
    """Return a question as it counts once, however it is greeted with or written."""
    return normalised(heard(question))


def _asked_since(records: Records, place: str) -> Iterator[Interaction]:
    after, more = place, True
    while more:
        page = records.query(Interaction, {"origin": Origin.CUSTOMER}, after=after, limit=_PORTION)
        yield from page.rows
        after, more = page.last, page.more


def _pairs_of(judged: Artefact) -> tuple[Pair, Pair]:
    """Return candidate and current release, both with the knowledge that they were judged with."""
    meta = judged.manifest.meta
    return Pair(meta["candidate"], meta["knowledge"]), Pair(meta["current"], meta["knowledge"])


def _said(parts: Parts, pair: Pair, asked: Sequence[Interaction]) -> list[str]:
    """Return what a release with a knowledge would send, "" where it hands over."""
    release, index = open_pair(parts, pair)
    learnt = treatments.learnt_of(release.first)
    ways = treatments.opened(parts, learnt, pair.knowledge, release.asked)
    rows = [_row(interaction) for interaction in asked]
    made: list[Generated | None] = [None for _ in rows]
    if release.generates:
        with closing(Bench(parts, release, index)) as bench:
            made = bench.ask("side by side", generated, rows)
    answers = [served(release, ways, *one) for one in zip(rows, made, strict=True)]
    return ["" if answer.handed_off else answer.text for answer in answers]


def _row(asked: Interaction) -> Example:
    return Example(
        example_id=asked.interaction_id,
        question=heard(asked.question),
        reply="",
        intent="",
        split=Split.TEST,
        group=asked.interaction_id,
        count=1,
        origin=(),
    )
