"""What people decided is carried over to a new release: it is asked the same questions anew.

It is asked as customers were answered: in the order of time, with a memory that knows what people
had said by then and nothing that came after, so that no verdict speaks for itself, whatever it went
on to teach. Of what was decided before its turn the half of the questions is asked that is drawn
for the test set: nothing that was learnt asks the same (`stages.data.lessons`). What was decided
since is asked whole, less what an export taught meanwhile. Once a release sends something, drafts
are taken as seldom as what is sent is drawn for review. What it says is kept beside what was
decided (`monitoring.decided.Carried`), and its certificates begin with that. Only treatments are
asked that generate nothing: a model begins anew. What it says in other words than were decided on
is laid beside those for people to judge (`to_judge`); until they have, it counts as wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Release
from northloop.core.conversation import BY_VERDICT, Example, Message, Split
from northloop.core.deployment import Pair
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    Proposal,
    ProposalState,
    Source,
    Verdict,
)
from northloop.core.side_by_side import SideBySide, pair_id_of
from northloop.core.treatment import Candidate, Treatment
from northloop.loop import treatments
from northloop.loop.pairs import dataset_of, load_release
from northloop.loop.parts import Parts
from northloop.loop.put_again import conversation
from northloop.loop.replaced import Documents, Lookup, heeding, replaced
from northloop.loop.said_since import cases, refusals
from northloop.loop.steps import split_of
from northloop.ports.stores import Records
from northloop.ports.treatments import Treating
from northloop.stages.data.clean import heard
from northloop.stages.data.duplicates import Matcher
from northloop.stages.monitoring.decided import (
    Asked,
    Carried,
    Decided,
    carried_id_of,
    carried_to,
    decide,
    distinct,
    text_of,
)
from northloop.stages.monitoring.forget import Forgetting
from northloop.stages.monitoring.review import drawn_for_the_test
from northloop.stages.monitoring.tally import counting
from northloop.stages.serving.agreeing import together
from northloop.stages.serving.memory import Memory
from northloop.stages.serving.policy import choose

MOST = 4_000
"""So many questions are asked anew, the newest."""
_TRIES = 3
"""So often is it asked anew where a customer is forgotten meanwhile; then at another time."""
STEPS, LEAST = 20, 10
"""In so many steps of time, of at least so many questions each."""
SILENT = [
    HandoffReason.NOTHING_RETRIEVED,
    HandoffReason.NOT_CONFIDENT,
    HandoffReason.NOT_GROUNDED,
    HandoffReason.REJECTED,
    HandoffReason.TOO_LONG,
]
"""Why a release may have had nothing to say that people decide on."""
SENT = (Source.MEMORY, Source.QUOTE)
"""Where an answer comes from that a treatment gave and that was sent."""
NEVER = "~"
"""After all times."""


class _Put(NamedTuple):
    """A question of before."""

    interaction: Interaction
    messages: tuple[Message, ...]
    """The conversation up to it, () where that is not known."""
    decided: bool
    known: str
    """What was decided on, or what people wrote in its place; "" for nothing."""


Judged = Mapping[tuple[str, Hash], bool]
"""Question and words of an answer → whether people found it right, side by side."""


def carry(parts: Parts, pair: Pair, before: Hash, drawn: float) -> None:
    """Ask a release what customers asked the one `before` it, and keep what it says.

    `drawn` is the share of the answers that are drawn for review, all alike. What the release was
    asked already is not asked again.
    """
    records = parts.records
    release = load_release(parts.artefacts, pair.release)
    judged = _side_by_side(records, pair.release)
    _judge(records, pair.release, judged)
    for _ in range(_TRIES if release.first else 0):
        forgotten = records.changes(Forgetting)
        asked = list(_questions(parts, pair.release, before, drawn))
        if not asked:
            return
        said = dict(_said(parts, pair, release, [one for one in asked if one.messages]))
        with records.transaction():
            if records.changes(Forgetting) != forgotten:
                continue  # it may have said what came from them
            records.replace_all([_kept(one, pair.release, said, judged) for one in asked])
            records.replace_all(_beside(records, pair.release, asked, said))
        return


def to_judge(records: Records, release: Hash) -> list[SideBySide]:
    """Return what a release that waits says otherwise than people decided on and nobody has judged
    yet, beside what was decided on; what it is surest of first.

    Until it is judged it counts as wrong, so that nothing is certified for being judged first. Of
    one question the copy is judged that was asked first; what follows up on something is not.
    """
    sure = _presumed(records, release)
    carried = records.get_all(Carried, (carried_id_of(name, release) for name in sure))
    says = {one.interaction_id: one.text for one in carried.values()}
    pairs = {
        pair.interaction_id: pair
        for pair in _pairs(records, release)
        if says.get(pair.interaction_id) == text_of(pair.candidate) and not pair.settled
    }
    return sorted(pairs.values(), key=lambda pair: -sure[pair.interaction_id])


def _presumed(records: Records, release: Hash) -> dict[str, float]:
    """Return the questions, with how sure it is, to which a release says what nobody has decided
    on, as far as they count."""
    own: list[Decided] = records.query(Decided, {"release": release}).rows
    counted = distinct([*own, *carried_to(records, release)])
    return {one.interaction_id: one.sure for one in counted if one.presumed}


def _pairs(records: Records, release: Hash) -> list[SideBySide]:
    turns = [one.proposal_id for one in _waiting(records, release)]
    return records.query(SideBySide, {"proposal_id": turns}).rows


def _waiting(records: Records, release: Hash) -> list[Proposal]:
    """Return the turns that ended with a release that waits, oldest first."""
    ready = records.query(Proposal, {"state": ProposalState.READY}).rows
    return [turn for turn in ready if turn.release == release]


def note_judged(records: Records, release: Hash, pair: SideBySide) -> None:
    """Note at what a release says what people have said of it; inside a transaction."""
    one = records.find(Carried, carried_id_of(pair.interaction_id, release))
    if one is not None and one.text == text_of(pair.candidate):
        judged = pair.is_right(candidate=True) if pair.choice is not None else None
        records.replace(msgspec.structs.replace(one, judged=judged))


def _questions(parts: Parts, release: Hash, before: Hash, drawn: float) -> Iterator[_Put]:
    """Yield what may be put to a release and has not been, in the order in which it was asked."""
    records = parts.records
    decided = _decided(records, before)
    asked = records.get_all(Interaction, decided) | _silent(records, before)
    sending = {name: _sends_since(records, name) for name in {o.release for o in asked.values()}}
    alike = [
        one
        for one in sorted(asked.values(), key=lambda one: (one.at, one.interaction_id))
        if one.at < sending[one.release] or _is_drawn(one, drawn)
    ][-MOST:]
    known = records.get_all(Carried, (carried_id_of(one.interaction_id, release) for one in alike))
    for name in _unlaid(records, release):
        known.pop(carried_id_of(name, release), None)
    learnt, heard_at = _Learnt(parts, release), _heard_at(records, release)
    given: dict[str, list[Verdict]] = defaultdict(list)
    these = {"interaction_id": [one.interaction_id for one in alike]}
    for verdict in records.query(Verdict, these).rows:
        given[verdict.interaction_id].append(verdict)
    for one in alike:
        name, verdicts = one.interaction_id, given.get(one.interaction_id, [])
        is_later = min((v.at for v in verdicts), default=one.at) > heard_at
        may_be_asked = is_later or drawn_for_the_test(one.question)
        if carried_id_of(name, release) in known or not may_be_asked:
            continue
        if name not in decided or not learnt.knows(one, verdicts):
            words = _known(one, verdicts) if name in decided else ""
            yield _Put(one, conversation(records, one), name in decided, words)


def _unlaid(records: Records, release: Hash) -> list[str]:
    """Return the questions that people would judge and cannot, for what is said is not laid beside
    what was decided: they are asked once more."""
    if not _waiting(records, release):
        return []
    pairs = _pairs(records, release)
    laid = {(pair.interaction_id, text_of(pair.candidate)) for pair in pairs}
    judged = {pair.interaction_id for pair in pairs if pair.given}
    names = _presumed(records, release).keys() - judged
    asked = records.get_all(Interaction, names)
    carried = records.get_all(Carried, (carried_id_of(name, release) for name in names))
    return [
        one.interaction_id
        for one in carried.values()
        if (one.interaction_id, one.text) not in laid and asked[one.interaction_id].turn <= 1
    ]


def _known(one: Interaction, verdicts: Sequence[Verdict]) -> str:
    """Return what people decided on, or wrote in its place."""
    verdict = counting(verdicts).get(one.interaction_id)
    return (verdict.correction if verdict else "") or one.judged


def _is_drawn(one: Interaction, drawn: float) -> bool:
    """Whether an answer is among those that count while some are sent: what was sent was drawn for
    review, of all else as much is taken, or the questions would be others than customers ask."""
    return one.source in SENT or uniform("carried", one.interaction_id) < drawn


def _sends_since(records: Records, release: Hash) -> str:
    """Return when a release first sent what a treatment says; after all times for never."""
    sent = {"release": release, "origin": Origin.CUSTOMER, "source": [*SENT]}
    first = records.query(Interaction, sent, limit=1).rows
    return first[0].at if first else NEVER


def _silent(records: Records, release: Hash) -> dict[str, Interaction]:
    """Return what customers asked to which nothing was said that people decide on, also before."""
    where = {"release": release, "origin": Origin.CUSTOMER, "handoff": SILENT}
    rows = records.query(Interaction, where, newest=True, limit=MOST).rows
    carried = records.query(Carried, {"release": release}).rows
    first = (one.interaction_id for one in carried if one.asked is Asked.FIRST)
    return {one.interaction_id: one for one in rows} | records.get_all(Interaction, first)


def _decided(records: Records, release: Hash) -> dict[str, Decided]:
    """Return what people decided on under a release, and what was carried over to it."""
    own: list[Decided] = records.query(Decided, {"release": release}).rows
    carried = records.query(Carried, {"release": release}).rows
    found = {one.interaction_id: one for one in own if one.uniform}
    found |= records.get_all(Decided, (one.interaction_id for one in carried))
    unnamed = [name for name, one in found.items() if not one.said]
    with records.transaction():
        # An earlier version did not note what was decided on.
        for interaction in records.get_all(Interaction, unnamed).values():
            decide(records, interaction)
    return {**found, **records.get_all(Decided, unnamed)}


def _heard_at(records: Records, release: Hash) -> str:
    """Return when the last verdict was given that the turn of a release took in; after all times
    where no turn is known."""
    turns = [turn for turn in records.query(Proposal).rows if turn.release == release]
    taken = {name for turn in turns for name in turn.verdicts}
    times = (verdict.at for verdict in records.get_all(Verdict, taken).values())
    return max(times, default="") if turns else NEVER


class _Learnt:
    """What a release has learnt since a question was asked, also of an export of that time."""

    def __init__(self, parts: Parts, release: Hash) -> None:
        self._parts = parts
        self._rows = _taught(parts, release)
        self._verdicts = {
            place.partition(":")[2]
            for row in self._rows
            for place in row.origin
            if place.startswith(BY_VERDICT)
        }
        self._since = cache(self._learnt_since)

    def knows(self, asked: Interaction, verdicts: Sequence[Verdict]) -> bool:
        """Return whether what became of a question, or of one in the like words, was learnt."""
        if any(verdict.verdict_id in self._verdicts for verdict in verdicts):
            return True
        return self._since(asked.release).alike(heard(asked.question)) is not None

    def _learnt_since(self, release: Hash) -> Matcher:
        before = {(row.example_id, row.reply) for row in _taught(self._parts, release)}
        new = [row for row in self._rows if (row.example_id, row.reply) not in before]
        return Matcher([row.question for row in new])


def _taught(parts: Parts, release: Hash) -> list[Example]:
    dataset = dataset_of(parts.artefacts, release)
    if dataset is None:
        return []
    return [row for at in (Split.TRAIN, Split.VALIDATION) for row in split_of(parts, dataset, at)]


def _said(
    parts: Parts, pair: Pair, release: Release, asked: Sequence[_Put]
) -> Iterator[tuple[str, Candidate | None]]:
    """Yield what a release says to each question, by the interaction: the draft that its team would
    decide on, None without one."""
    learnt = treatments.learnt_of(release.first)
    opened = treatments.opened(parts, learnt, pair.knowledge, release.asked)
    done = 0
    for tenant in sorted({one.interaction.tenant for one in asked}):
        own = [one for one in asked if one.interaction.tenant == tenant]
        for ways, part in _in_time(parts, pair.knowledge, opened, tenant, own):
            for one in part:
                yield one.interaction.interaction_id, _draft(release, ways, one.messages)
                done += 1
                parts.progress("carried", done, len(asked), "asked what people decided on")


def _in_time(
    parts: Parts,
    knowledge: Hash,
    opened: Mapping[Treatment, Treating],
    tenant: str,
    asked: Sequence[_Put],
) -> Iterator[tuple[Mapping[Treatment, Treating], Sequence[_Put]]]:
    """Yield the questions of a tenant step by step, each with treatments that have heard what was
    said before the first of them was asked."""
    memory = opened.get(Treatment.MEMORY)
    if not isinstance(memory, Memory):
        gone = Lookup(replaced(parts, tenant, knowledge, before=asked[0].interaction.at))
        yield heeding(opened, gone), asked
        return
    passages, documents = parts.known_passages(knowledge) or frozenset(), Documents(parts)
    said, refused = [*cases(parts, passages, tenant, knowledge)], [*refusals(parts.records, tenant)]
    size = max(LEAST, -(-len(asked) // STEPS))
    for start in range(0, len(asked), size):
        part = asked[start : start + size]
        began = part[0].interaction.at
        memory = memory.saying(
            (case for case in said if case.at < began), (no for no in refused if no.at < began)
        )
        gone = Lookup(replaced(parts, tenant, knowledge, before=began, documents=documents))
        yield heeding(together({**opened, Treatment.MEMORY: memory}), gone), part


def _draft(
    release: Release, ways: Mapping[Treatment, Treating], messages: Sequence[Message]
) -> Candidate | None:
    """Return the draft of a treatment that people would decide on; None where it is the model's, or
    the check refuses it."""
    chosen = choose(release.first, ways, messages, certified=True)
    if chosen.sent is not None:
        return chosen.sent
    is_models = chosen.lost and release.generates
    passed = chosen.reason is HandoffReason.NOT_CONFIDENT
    return chosen.held if passed and not is_models else None


def _side_by_side(records: Records, release: Hash) -> Judged:
    """Return what people said of a release's answers beside those of what was live."""
    turns = records.query(Proposal).rows
    own = [turn.proposal_id for turn in turns if turn.release == release]
    return {
        (pair.interaction_id, text_of(pair.candidate)): pair.is_right(candidate=True)
        for pair in records.query(SideBySide, {"proposal_id": own}).rows
        if pair.choice is not None and pair.candidate
    }


def _judge(records: Records, release: Hash, judged: Judged) -> None:
    """Note at what was carried before what people have said of it side by side since."""
    with records.transaction():
        for one in records.query(Carried, {"release": release}).rows if judged else ():
            now = judged.get((one.interaction_id, one.text))
            if now is not None and now != one.judged:
                records.replace(msgspec.structs.replace(one, judged=now))


def _beside(
    records: Records, release: Hash, asked: Sequence[_Put], said: Mapping[str, Candidate | None]
) -> list[SideBySide]:
    """Return what a release that waits says on which nobody has decided, beside what was decided
    on. Follow-ups are left out: what they follow on was answered by another release."""
    turns = _waiting(records, release)
    if not turns:
        return []
    turn, presumed = turns[-1].proposal_id, _presumed(records, release)
    judged = {pair.interaction_id for pair in _pairs(records, release) if pair.given}
    return [
        SideBySide(
            pair_id=pair_id_of(turn, name),
            proposal_id=turn,
            interaction_id=name,
            at=one.interaction.at,
            question=one.interaction.question,
            candidate=candidate.text,
            current=one.known,
        )
        for one in asked
        if (name := one.interaction.interaction_id) in presumed.keys() - judged
        and one.interaction.turn <= 1
        and (candidate := said.get(name)) is not None
    ]


def _kept(
    one: _Put, release: Hash, said: Mapping[str, Candidate | None], judged: Judged
) -> Carried:
    """Return what a release says to a question as it is kept."""
    interaction = one.interaction
    candidate = said.get(interaction.interaction_id)
    text = text_of(candidate.text) if candidate else ""
    asked = Asked.ANEW if one.decided else Asked.FIRST
    return Carried(
        carried_id=carried_id_of(interaction.interaction_id, release),
        interaction_id=interaction.interaction_id,
        release=release,
        at=interaction.at,
        asked=asked if one.messages else Asked.NEVER,
        text=text,
        treatment=candidate.treatment.value if candidate else "",
        sure=candidate.confidence if candidate else 0.0,
        distinct=interaction.asked or interaction.interaction_id,
        evidence=candidate.evidence if candidate else (),
        judged=judged.get((interaction.interaction_id, text)),
    )
