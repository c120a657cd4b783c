"""Treatments that answer without generating: learnt in a turn, opened with what is known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.artefacts import Artefact, AskedTreatment, Kind, RestsOn
from northloop.core.conversation import Example, Passage, place
from northloop.core.errors import CorruptArtefact, NotFound
from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.loop.bundles import read_lines
from northloop.loop.parts import Parts
from northloop.ports.stores import Artefacts
from northloop.ports.treatments import Treating
from northloop.stages.serving.agreeing import together

TICKETS = "tickets.jsonl"
"""The history of a dataset version, a ticket a line."""
RESTS_ON = "rests_on.jsonl"
"""Beside what was asked: the passages that each row of the dataset rests on."""


class _When(msgspec.Struct, frozen=True):
    """What of a ticket says when it was."""

    source: str
    row: int
    created_at: str | None = None
    closed_at: str | None = None
    turn: int = 1


def make_learnt(
    parts: Parts, train: Sequence[Example], dataset: Hash, knowledge: Hash
) -> dict[Treatment, Artefact]:
    """Return what each treatment has learnt of the training rows of a dataset and of passages.

    Without a history `dataset` is "".
    """
    learners = parts.learners()
    if not learners:
        return {}
    passages, dates = parts.passages(knowledge), dates_of(parts.artefacts, train, dataset)
    made = {}
    for number, (treatment, learner) in enumerate(learners.items(), 1):
        parts.progress("treatments", number, len(learners), f"learning: {treatment.value}")
        made[treatment] = parts.artefacts.put(
            Kind.LEARNT,
            learner.learn(train, passages, dates),
            parents=[parent for parent in (dataset, knowledge) if parent],
            meta={"treatment": treatment.value, "by": learner.name},
        )
    return made


def dates_of(artefacts: Artefacts, rows: Sequence[Example], dataset: Hash) -> dict[str, str]:
    """Return when each row of a dataset was answered last, or asked, as far as the history says."""
    if not dataset:
        return {}
    told = {
        place(one.source, one.row, one.turn): one.closed_at or one.created_at or ""
        for one in read_lines(artefacts, dataset, TICKETS, _When)
    }
    found = {row.example_id: max((told.get(o, "") for o in row.origin), default="") for row in rows}
    return {name: at for name, at in found.items() if at}


def opened(
    parts: Parts, learnt: Mapping[Treatment, Hash], knowledge: Hash, asked: Hash | None
) -> dict[Treatment, Treating]:
    """Return treatments that answer from a knowledge; NotFound, CorruptArtefact.

    `asked` says what the rows rest on that they learnt: what the documents say no more is not said.
    """
    if not learnt:
        return {}
    learners, passages = parts.learners(), parts.passages(knowledge)
    stale = _stale(parts, asked, passages)
    return together(
        {
            treatment: learners[treatment].load(
                parts.folder(hash_), passages, stale, _earlier(parts, hash_, knowledge)
            )
            for treatment, hash_ in learnt.items()
        }
    )


def _earlier(parts: Parts, learnt: Hash, knowledge: Hash) -> Sequence[Passage]:
    """Return the passages that something was learnt with; () where they are those of a knowledge,
    or cannot be read any more."""
    for parent in parts.artefacts.get(learnt).manifest.parents:
        try:
            kind = parts.artefacts.get(parent).manifest.kind
            if kind is Kind.KNOWLEDGE and parent != knowledge:
                return parts.passages(parent)
        except (NotFound, CorruptArtefact):
            return ()
    return ()


def _stale(parts: Parts, asked: Hash | None, passages: Sequence[Passage]) -> frozenset[str]:
    rows = read_lines(parts.artefacts, asked, RESTS_ON, RestsOn) if asked else []
    now = {passage.hash for passage in passages}
    return frozenset(row.example_id for row in rows if not now.issuperset(row.passages))


def learnt_of(choices: Sequence[AskedTreatment]) -> dict[Treatment, Hash]:
    """Return what the treatments of a release have learnt."""
    return {choice.treatment: choice.learnt for choice in choices}
