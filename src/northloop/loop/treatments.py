"""Treatments that answer without generating: learnt in a turn, opened with what is known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from northloop.core.artefacts import Artefact, Choice, Kind
from northloop.core.conversation import Example
from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.loop.parts import Parts
from northloop.ports.treatments import Treating


def make_learnt(
    parts: Parts, train: Sequence[Example], dataset: Hash, knowledge: Hash
) -> dict[Treatment, Artefact]:
    """Return what each treatment has learnt of the training rows of a dataset and of passages."""
    learners = parts.learners()
    passages = parts.passages(knowledge) if learners else []
    made = {}
    for number, (treatment, learner) in enumerate(learners.items(), 1):
        parts.progress("treatments", number, len(learners), f"learning: {treatment.value}")
        made[treatment] = parts.artefacts.put(
            Kind.LEARNT,
            learner.learn(train, passages),
            parents=[dataset, knowledge],
            meta={"treatment": treatment.value, "by": learner.name},
        )
    return made


def opened(
    parts: Parts, learnt: Mapping[Treatment, Hash], knowledge: Hash
) -> dict[Treatment, Treating]:
    """Return treatments that answer from a knowledge; NotFound, CorruptArtefact."""
    if not learnt:
        return {}
    learners, passages = parts.learners(), parts.passages(knowledge)
    return {
        treatment: learners[treatment].load(parts.folder(hash_), passages)
        for treatment, hash_ in learnt.items()
    }


def learnt_of(choices: Sequence[Choice]) -> dict[Treatment, Hash]:
    """Return what the treatments of a release have learnt."""
    return {choice.treatment: choice.learnt for choice in choices}
