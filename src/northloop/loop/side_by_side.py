"""Judged side by side: what customers ask after an undecided turn, answered by both releases.

A turn whose test questions do not decide keeps its release. From then on both releases answer what
customers ask, in the shadow: nothing of it is sent. People who do not know which is which say what
is right, and after each of them the evidence is looked at (`stages.evaluation.side_by_side`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import takewhile

import msgspec

from northloop.core.artefacts import Artefact, Decision, Kind
from northloop.core.canary import Trial
from northloop.core.clock import stamp
from northloop.core.conversation import Example, Split
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NorthloopError, Overtaken
from northloop.core.ids import Hash, canonical
from northloop.core.interaction import Interaction, Origin, Proposal, ProposalState, SkipReason
from northloop.core.question import normalised
from northloop.core.side_by_side import FOR_OTHERS, PairChoice, SideBySide, pair_id_of
from northloop.loop import treatments
from northloop.loop.bundles import read_one
from northloop.loop.carried import note_judged
from northloop.loop.offline import DRAFTS, EnginePool, generated, received
from northloop.loop.pairs import open_as_decided
from northloop.loop.parts import Parts
from northloop.loop.promote import UNDECIDED, live
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.data.clean import heard
from northloop.stages.evaluation.side_by_side import PairsOutcome, decided, ruling
from northloop.stages.monitoring.sampling import reviewable
from northloop.stages.serving.generate import Generated

AHEAD = 8
"""So many questions are answered at a time."""
_AT_ONCE = 5
"""Times, before somebody else has a turn."""
_ROWS = 2_000
"""So many kept answers are looked through at a time for such questions."""
DECISION = "decision.json"
_log = logging.getLogger("northloop.side_by_side")


@note()
class LookedThrough(msgspec.Struct, frozen=True, kw_only=True):
    """How far customers' questions have been looked through for a turn."""

    proposal_id: str
    place: str


def undecided(records: Records) -> list[Proposal]:
    """Return the proposals that people's choices decide, oldest first."""
    kept = records.query(Proposal, {"state": ProposalState.UNDECIDED}).rows
    return [proposal for proposal in kept if not _over(records, proposal)]


def _over(records: Records, proposal: Proposal) -> str:
    """Why an undecided proposal is none any more; "" if it is."""
    if (live(records) or "") != proposal.against:
        return "another release went live since"
    rejected = {"decision": proposal.decision, "state": ProposalState.REJECTED}
    return "a person has rejected this release" if records.count(Proposal, rejected) else ""


def _still_undecided(records: Records, proposal_id: str) -> Proposal:
    """Return a proposal that people's choices decide; InputError if they do not, NotFound."""
    return _still(records, proposal_id, ProposalState.UNDECIDED)


def _still_judged(records: Records, proposal_id: str) -> Proposal:
    """The same, also of one that waits because customers would be sent less."""
    return _still(records, proposal_id, ProposalState.UNDECIDED, ProposalState.READY)


def _still(records: Records, proposal_id: str, *states: ProposalState) -> Proposal:
    proposal = records.get(Proposal, proposal_id)
    why = f"the release is {proposal.state.value} already"
    if proposal.state in states:
        why = _over(records, proposal)
    if why:
        raise InputError(
            why,
            where=f"proposal {proposal_id}",
            action="see what there is to decide: northloop loop status",
        )
    return proposal


def seen(records: Records, proposal_id: str) -> list[SideBySide]:
    """Return what either release said to questions, in the order in which they were asked."""
    return records.query(SideBySide, {"proposal_id": proposal_id}).rows


def counted(pairs: Sequence[SideBySide]) -> list[SideBySide]:
    """Return what counts so far: everything before the first question that waits for a person.

    What both answer alike is known before what they do not. If it counted at once, it would count
    oftener than it comes, and a release at the margin would be found within it too often.
    """
    return [*takewhile(lambda pair: pair.settled, pairs)]


def prepare(parts: Parts, proposal_id: str, count: int) -> int:
    """Have both releases answer new questions, about `count`; return how many there were.

    Only the first question of a conversation is taken, and each once, however often it is asked:
    others depend on what was answered before, and one popular question is no more evidence than
    another.
    """
    records = parts.records
    proposal = _still_undecided(records, proposal_id)
    asked, place = _fresh(records, proposal, count)
    if asked:
        judged = parts.artefacts.get(proposal.decision)
        drafts = DRAFTS in judged.manifest.meta
        both = [_said(parts, pair, asked, drafts=drafts) for pair in _pairs_of(judged)]
        for interaction, candidate, current in zip(asked, *both, strict=True):
            _keep(records, proposal_id, interaction, (candidate, current))
    records.replace(LookedThrough(proposal_id=proposal_id, place=place))
    return len(asked)


def _keep(records: Records, proposal_id: str, asked: Interaction, said: tuple[str, str]) -> None:
    """Keep what both said to a question, unless its customer was forgotten meanwhile."""
    made = SideBySide(
        pair_id=pair_id_of(proposal_id, asked.interaction_id),
        proposal_id=proposal_id,
        interaction_id=asked.interaction_id,
        at=asked.at,
        question=asked.question,
        candidate=said[0],
        current=said[1],
    )
    with records.transaction():
        if records.find(Interaction, asked.interaction_id) is not None:
            records.add(made)


def look_ahead(parts: Parts, most: int) -> None:
    """Have both releases of every undecided turn answer, until a few pairs wait for people.

    What both answer alike waits for nobody, and may decide the turn by itself. A turn whose
    releases cannot be opened keeps no other waiting.
    """
    for proposal in undecided(parts.records):
        name = proposal.proposal_id
        try:
            for _ in range(_AT_ONCE):
                decided_ = settle(parts, name, most).state is not ProposalState.UNDECIDED
                enough = waiting(parts.records, name) >= AHEAD // 2
                if decided_ or enough or not prepare(parts, name, AHEAD):
                    break
        except NorthloopError as error:
            _log.warning("turn %s cannot be judged side by side: %s", name, error)


def waiting(records: Records, proposal_id: str) -> int:
    """Return how many pairs of a turn wait for people."""
    return sum(not pair.settled for pair in seen(records, proposal_id))


def judge(
    parts: Parts, pair_id: str, choice: PairChoice, by: str, most: int
) -> tuple[SideBySide, Proposal | None]:
    """Keep which answer is right, and return the pair and what has come of the turn by it;
    NotFound, InputError.

    None of a pair of a shadow, which decides nothing. Of a release that passed and waits it decides
    what of it may be sent (`loop.carried`). Chosen again by the same person, the first choice
    stands: what was counted is not counted otherwise, unless it is taken back (`undo`). Overtaken
    if another was faster.
    """
    return _give(parts, pair_id, by, most, {"choice": choice})


def skip(
    parts: Parts, pair_id: str, reason: SkipReason, by: str, most: int
) -> tuple[SideBySide, Proposal | None]:
    """Keep why a person passes a pair over, and return the same as `judge`.

    Left to others (`FOR_OTHERS`) it waits for them, and what comes after it does not count until
    somebody has judged it, or passed it over for all. Then it is missing, and counts as the worst
    that it could be on either side of every bar (`stages.evaluation.side_by_side`).
    """
    if reason not in FOR_OTHERS:
        return _give(parts, pair_id, by, most, {"skip": reason})
    records = parts.records
    with records.transaction():
        pair, turn = _open_to(records, pair_id, by)
        if not pair.settled:
            pair = msgspec.structs.replace(pair, left_by={**pair.left_by, by: reason})
            records.replace(pair)
    return pair, turn


def undo(parts: Parts, pair_id: str, by: str) -> SideBySide:
    """Take the last choice, or skip, of a person back, and return the pair, which waits again.

    Only their last one in a turn, and before it is decided: whoever has seen what came after
    chooses anew with other eyes. What was left to others may be taken back at any time, for it
    counts for nothing. InputError where there is nothing to take back, NotFound; Overtaken as in
    `judge`.
    """
    records = parts.records
    with records.transaction():
        pair, turn = _open_to(records, pair_id, by)
        if pair.given:
            _check_last(parts, pair, turn)
            after = msgspec.structs.replace(pair, choice=None, skip=None, by="", judged_at="")
        elif by in pair.left_by:
            others = {name: why for name, why in pair.left_by.items() if name != by}
            after = msgspec.structs.replace(pair, left_by=others)
        else:
            raise InputError(
                "nothing was said of this pair",
                where=f"pair {pair_id}",
                action="judge it: northloop pairs next",
            )
        records.replace(after)
        if turn is not None:
            note_judged(records, turn.release, after)
    return after


def _give(
    parts: Parts, pair_id: str, by: str, most: int, given: Mapping[str, PairChoice | SkipReason]
) -> tuple[SideBySide, Proposal | None]:
    records = parts.records
    with records.transaction():
        pair, turn = _open_to(records, pair_id, by)
        if not pair.settled:
            at = stamp(unit="microseconds")
            pair = msgspec.structs.replace(pair, **given, by=by, judged_at=at)
            records.replace(pair)
            if turn is not None:
                note_judged(records, turn.release, pair)
    return pair, None if turn is None else settle(parts, pair.proposal_id, most)


def _open_to(records: Records, pair_id: str, by: str) -> tuple[SideBySide, Proposal | None]:
    """Return a pair with the turn that it counts for, None for that of a shadow; inside a
    transaction. InputError once it is decided; Overtaken if somebody else has judged it."""
    pair = records.get(SideBySide, pair_id)
    if pair.given and pair.by != by:
        raise Overtaken(
            f"{pair.by or 'somebody'} has judged this pair already",
            where=f"pair {pair_id}",
            action="take the next one",
        )
    if records.find(Trial, pair.proposal_id) is not None:
        return pair, None
    if pair.settled:  # said twice, it is told what came of it
        return pair, records.get(Proposal, pair.proposal_id)
    return pair, _still_judged(records, pair.proposal_id)


def _check_last(parts: Parts, pair: SideBySide, turn: Proposal | None) -> None:
    """Raise InputError where a choice is not its person's last one, or has decided the turn."""
    if turn is not None:
        _still_judged(parts.records, turn.proposal_id)
        judged = parts.artefacts.get(turn.decision)
        by_people = turn.state is ProposalState.READY and UNDECIDED in judged.manifest.meta
        if by_people and pair.judged_at <= judged.created_at:
            raise InputError(
                "it is decided, and this choice had a part in it",
                where=f"pair {pair.pair_id}",
                action="whoever thinks otherwise rejects the release: northloop loop reject",
            )
    theirs = (one for one in seen(parts.records, pair.proposal_id) if one.by == pair.by)
    if any(one.given and one.judged_at > pair.judged_at for one in theirs):
        raise InputError(
            "only the last choice can be taken back",
            where=f"pair {pair.pair_id}",
            action="judge the next one: northloop pairs next",
        )


def settle(parts: Parts, proposal_id: str, most: int) -> Proposal:
    """Return a proposal as the choices so far have it: undecided still, ready, or refused."""
    proposal = parts.records.get(Proposal, proposal_id)
    if proposal.state is not ProposalState.UNDECIDED or _over(parts.records, proposal):
        return proposal
    pairs = counted(seen(parts.records, proposal_id))
    before = parts.artefacts.get(proposal.decision)
    decision = read_one(parts.artefacts, proposal.decision, DECISION, Decision)
    found = ruling(decision, pairs, most)
    if found.outcome is PairsOutcome.OPEN:
        return proposal
    is_better = found.outcome is PairsOutcome.BETTER
    # It counts only where a proposal names it: what is kept next.
    made = parts.artefacts.put(
        Kind.DECISION,
        {DECISION: canonical(decided(decision, pairs, found))},
        parents=before.manifest.parents,
        meta=before.manifest.meta | {"promote": str(is_better).lower(), UNDECIDED: before.hash},
    )
    state = ProposalState.READY if is_better else ProposalState.REFUSED
    after = msgspec.structs.replace(proposal, state=state, decision=made.hash)
    with parts.records.transaction():
        stands = counted(seen(parts.records, proposal_id)) == pairs  # none was taken back meanwhile
        if stands and parts.records.replace(after, expected=proposal):
            return after
    return parts.records.get(Proposal, proposal_id)


def ended_before(parts: Parts, decision: Hash) -> Proposal | None:
    """Return the earlier proposal in which people or a person decided what this turn left open
    again, None if there is none: the same release beside the same one is not tried anew."""
    for proposal in reversed(parts.records.query(Proposal).rows):
        if proposal.state is ProposalState.REJECTED and proposal.decision == decision:
            return proposal
        if proposal.state in (ProposalState.REFUSED, ProposalState.READY) and proposal.decision:
            meta = parts.artefacts.get(proposal.decision).manifest.meta
            if meta.get(UNDECIDED) == decision:
                return proposal
    return None


def _fresh(records: Records, proposal: Proposal, count: int) -> tuple[list[Interaction], str]:
    """Return first questions of customers that are not looked at yet, oldest first, and how far
    was looked; about `count`, fewer only where there are no more for now."""
    looked = records.find(LookedThrough, proposal.proposal_id)
    place, rows, more = looked.place if looked else proposal.asked_through, 0, True
    taken = {_meant(pair.question) for pair in seen(records, proposal.proposal_id)}
    found: list[Interaction] = []
    while more and rows < _ROWS and len(found) < count:
        page = records.query(
            Interaction, {"origin": Origin.CUSTOMER}, after=place, limit=count - len(found)
        )
        for asked in page.rows:
            if asked.turn <= 1 and reviewable(asked):
                question = _meant(asked.question)
                if question and question not in taken:
                    taken.add(question)
                    found.append(asked)
        place, more, rows = page.last, page.more, rows + len(page.rows)
    return found, place


def _meant(question: str) -> str:
    """Return a question as it counts once, however it is greeted with or written."""
    return normalised(heard(question))


def _pairs_of(judged: Artefact) -> tuple[Pair, Pair]:
    """Return candidate and current release, both with the knowledge that they were judged with."""
    meta = judged.manifest.meta
    return Pair(meta["candidate"], meta["knowledge"]), Pair(meta["current"], meta["knowledge"])


def _said(parts: Parts, pair: Pair, asked: Sequence[Interaction], *, drafts: bool) -> list[str]:
    """Return what a release with a knowledge would send, or with `drafts` have people decide on; ""
    for nothing."""
    release, index = open_as_decided(parts, pair)
    learnt = treatments.learnt_of(release.first)
    ways = treatments.opened(parts, learnt, pair.knowledge, release.asked)
    rows = [_row(interaction) for interaction in asked]
    made: list[Generated | None] = [None for _ in rows]
    if release.generates:
        with closing(EnginePool(parts, release, index)) as engines:
            made = engines.ask("side by side", generated, rows)
    answers = received(release, ways, rows, made, drafts=drafts)
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
