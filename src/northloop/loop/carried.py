"""What people decided is carried over to a new release: it is asked the same questions anew.

Only what it has not learnt is asked: the half of the questions that is drawn for the test set. The
memory is asked without what came of the question, a tenth of the questions at a time, and nothing
bars what was judged wrong there. What it says is kept beside what was decided
(`monitoring.decided.Carried`), and its certificates begin with that. Only treatments are asked that
generate nothing: where those say nothing, a model's draft would be seen, which begins anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Release
from northloop.core.conversation import Message, Split
from northloop.core.deployment import Pair
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import HandoffReason, Interaction, Origin, Verdict
from northloop.core.question import in_view, name_of, normalised
from northloop.core.treatment import Candidate, Treatment
from northloop.loop import treatments
from northloop.loop.pairs import dataset_of, load_release
from northloop.loop.parts import Parts
from northloop.loop.said_since import cases, refusals
from northloop.loop.steps import split_of
from northloop.ports.stores import Records
from northloop.ports.treatments import Treating
from northloop.stages.data.clean import heard
from northloop.stages.monitoring.certificates import standings
from northloop.stages.monitoring.decided import (
    Carried,
    Decided,
    Says,
    carried_id_of,
    carried_to,
)
from northloop.stages.monitoring.review import drawn_for_the_test, standing
from northloop.stages.serving.agreeing import together
from northloop.stages.serving.memory import Memory, looked_up
from northloop.stages.serving.policy import choose
from northloop.statistics.thresholds import RiskSpec

MOST = 1_000
"""So many questions are asked anew, the newest."""
FOLDS = 10
SILENT = [
    HandoffReason.NOTHING_RETRIEVED,
    HandoffReason.NOT_CONFIDENT,
    HandoffReason.NOT_GROUNDED,
    HandoffReason.REJECTED,
]
"""Why a release may have had no draft of a treatment for a customer."""


class _Asked(NamedTuple):
    """A question of before, and what became of it."""

    interaction: Interaction
    before: Decided | None
    """None where nothing was said that a person could decide on."""
    messages: tuple[Message, ...]
    """The conversation up to it, () where that is not known."""


def carry(parts: Parts, pair: Pair, before: Hash, risk: RiskSpec) -> None:
    """Ask a release what people decided on under the release `before` it, and keep what it says.

    What it was asked already is not asked again.
    """
    release = load_release(parts.artefacts, pair.release)
    asked = list(_asked(parts.records, pair.release, before, risk))
    if not release.first or not asked:
        return
    learnt = _learnt(parts, pair.release, asked)
    able = [one for one in asked if one.messages and _words(one.messages) not in learnt]
    said = dict(_said(parts, pair, release, able))
    with parts.records.transaction():
        for one in asked:
            parts.records.add(_kept(parts.records, one, pair.release, said))


def _asked(records: Records, release: Hash, before: Hash, risk: RiskSpec) -> Iterator[_Asked]:
    """Yield what customers asked that may be asked anew, and has not been."""
    own: list[Decided] = records.query(Decided, {"release": before}).rows
    blown = {t.value: found.since for t, found in standings(records, before, risk).items()}
    decided = {
        one.interaction_id: one
        for one in (*own, *carried_to(records, before))
        if one.uniform and one.at > blown.get(one.treatment, "")
    }
    silent = {"release": before, "origin": Origin.CUSTOMER, "handoff": SILENT}
    found = {
        **records.get_all(Interaction, decided),
        **{
            one.interaction_id: one
            for one in records.query(Interaction, silent, newest=True, limit=MOST).rows
            if not one.treatment
        },
    }
    newest = sorted(found.values(), key=lambda one: one.at)[-MOST:]
    known = records.get_all(Carried, (carried_id_of(one.interaction_id, release) for one in newest))
    for one in newest:
        is_new = carried_id_of(one.interaction_id, release) not in known
        if is_new and drawn_for_the_test(one.question):
            yield _Asked(one, decided.get(one.interaction_id), _conversation(records, one))


def _conversation(records: Records, asked: Interaction) -> tuple[Message, ...]:
    """Return the conversation up to a question as it is looked up; () where what was kept is not
    what the question followed on."""
    spoken = [Message("user", asked.question)]
    if asked.turn > 1 and asked.conversation_id:
        of_it = {"conversation_id": asked.conversation_id}
        earlier = records.query(Interaction, of_it).rows
        earlier = [o for o in earlier if o.tenant == asked.tenant and o.at < asked.at]
        turns = (
            (Message("user", one.question), Message("assistant", one.answer))
            for one in sorted(earlier, key=lambda one: one.at)
        )
        spoken = [*(message for turn in turns for message in turn), *spoken]
    seen = in_view(spoken)
    if asked.asked and name_of(seen) != asked.asked:
        return ()
    return tuple(Message(m.role, heard(m.content)) if m.role == "user" else m for m in seen)


def _words(messages: Sequence[Message]) -> str:
    return normalised(messages[-1].content)


def _learnt(parts: Parts, release: Hash, asked: Sequence[_Asked]) -> frozenset[str]:
    """Return which of the questions a release has learnt, in these words."""
    dataset = dataset_of(parts.artefacts, release)
    wanted = {_words(one.messages) for one in asked if one.messages}
    rows = split_of(parts, dataset, Split.TRAIN) if dataset else []
    return frozenset(wanted.intersection(normalised(row.question) for row in rows))


def _said(
    parts: Parts, pair: Pair, release: Release, asked: Sequence[_Asked]
) -> Iterator[tuple[str, Candidate | None]]:
    """Yield what a release says to each question, by the interaction: the draft that its team would
    decide on, None without one."""
    learnt = treatments.learnt_of(release.first)
    opened = treatments.opened(parts, learnt, pair.knowledge, release.asked)
    passages = parts.known_passages(pair.knowledge) or frozenset()
    done = 0
    for tenant in sorted({one.interaction.tenant for one in asked}):
        own = [one for one in asked if one.interaction.tenant == tenant]
        for ways, part in _in_folds(parts, passages, opened, tenant, own):
            for one in part:
                yield one.interaction.interaction_id, _draft(release, ways, one.messages)
                done += 1
                parts.progress("carried", done, len(asked), "asked what people decided on")


def _in_folds(
    parts: Parts,
    passages: Collection[Hash],
    opened: Mapping[Treatment, Treating],
    tenant: str,
    asked: Sequence[_Asked],
) -> Iterator[tuple[Mapping[Treatment, Treating], Sequence[_Asked]]]:
    """Yield the questions of a tenant in tenths, each with treatments that have not heard what came
    of those."""
    memory = opened.get(Treatment.MEMORY)
    if not isinstance(memory, Memory):
        yield opened, asked
        return
    said, refused = [*cases(parts, passages, tenant)], [*refusals(parts.records, tenant)]
    everything = memory.saying(said, refused)
    for number in range(FOLDS):
        part = [one for one in asked if _fold(one.messages) == number]
        out = {normalised(looked_up(one.messages)) for one in part}
        knows = everything.saying(
            (case for case in said if normalised(case.asked) not in out),
            (one for one in refused if normalised(one.asked) not in out),
        )
        yield together({**opened, Treatment.MEMORY: knows}), part


def _fold(messages: Sequence[Message]) -> int:
    return int(uniform("carried", normalised(looked_up(messages))) * FOLDS)


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


def _kept(
    records: Records, one: _Asked, release: Hash, said: Mapping[str, Candidate | None]
) -> Carried:
    """Return what a release says to a question as it is kept."""
    asked, before = one.interaction, one.before
    blank = Carried(
        carried_id=carried_id_of(asked.interaction_id, release),
        interaction_id=asked.interaction_id,
        release=release,
        at=asked.at,
        says=Says.UNASKED,
        distinct=asked.asked or asked.interaction_id,
    )
    candidate = said.get(asked.interaction_id)
    if candidate is not None:
        return msgspec.structs.replace(
            blank,
            says=_says(records, asked, candidate.text),
            treatment=candidate.treatment.value,
            sure=candidate.confidence,
            evidence=candidate.evidence,
        )
    if asked.interaction_id in said or before is None or before.refused:
        return msgspec.structs.replace(blank, says=Says.NOTHING)
    return msgspec.structs.replace(
        blank, treatment=before.treatment, sure=before.sure, evidence=before.evidence
    )


def _says(records: Records, asked: Interaction, text: str) -> Says:
    """Return what a text is beside what people decided on, and wrote."""
    name = asked.interaction_id
    if records.find(Decided, name) is None:
        return Says.FIRST
    if normalised(text) == normalised(asked.judged):
        return Says.SAME
    given = standing(records.query(Verdict, {"interaction_id": name}).rows)
    written = {normalised(verdict.correction) for verdict in given if verdict.correction}
    return Says.WRITTEN if normalised(text) in written else Says.OTHER
