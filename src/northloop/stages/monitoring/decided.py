"""What people decided on: each verdict on what a treatment said, and what the next release says.

A decision is of one answer of one release. The next release is asked the same question anew, with
all that is known but what came of that question (`loop.carried`): where it says the same, word for
word, it was decided on as well, and where it says what people wrote in its place, it is right. What
else it says nobody has decided on; it counts as wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

import msgspec

from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.monitoring.tally import counting


@note("release")
class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What people decided on one answer or draft."""

    interaction_id: str
    release: Hash
    at: str
    """When the customer asked."""
    treatment: str
    sure: float
    right: bool
    distinct: str
    """Names the question; what is asked again has the same."""
    evidence: tuple[Hash, ...] = ()
    """The passages that the answer rests on, by the hash of their text."""
    uniform: bool = True
    """It was drawn alike. False: an agent acted on the draft, and no draw was behind it; that
    certifies nothing (see `monitoring.favour`)."""
    refused: bool = False
    """The check held it back: whoever decides on it does not decide on what would be sent, so it
    certifies nothing either."""
    carried: bool = False
    """The customer asked another release: it is what this one says to the same question."""


class Says(StrEnum):
    """What a release says to a question of before, beside what was decided on."""

    SAME = "same"
    """Word for word what was decided on."""
    WRITTEN = "written"
    """What people wrote in the place of what they found wrong."""
    OTHER = "other"
    """Something else: nobody has decided on it."""
    FIRST = "first"
    """Something, where nothing was said before: nobody has decided on it."""
    NOTHING = "nothing"
    """No treatment of it has a draft that a person would decide on."""
    UNASKED = "unasked"
    """It cannot be asked: it has learnt what became of the question, or the conversation before the
    question is not known. What was right there vouches for nothing, what was wrong counts."""


@note("release")
class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What a release says to a question that a customer had asked another one."""

    carried_id: str
    interaction_id: str
    release: Hash
    at: str
    """When the customer asked."""
    says: Says
    treatment: str = ""
    sure: float = 0.0
    distinct: str = ""
    evidence: tuple[Hash, ...] = ()
    """As of a `Decided`. Of what could not be asked they are those of the decision."""


def carried_id_of(interaction_id: str, release: Hash) -> str:
    """Return the id of what a release says to a question of before."""
    return derived_id("carried", interaction_id, release)


def decide(records: Records, interaction: Interaction) -> None:
    """Note what was decided on an interaction, or that it no longer is; inside a transaction."""
    these = {"interaction_id": interaction.interaction_id}
    verdict = counting(records.query(Verdict, these).rows).get(interaction.interaction_id)
    items = records.query(ReviewItem, these).rows
    uniform = any(item.uniform for item in items)
    refused = interaction.handoff is HandoffReason.NOT_GROUNDED
    at_the_desk = not items and bool(interaction.draft) and not refused
    asks = interaction.source is Source.ASKED_BACK
    counts = uniform or at_the_desk
    if verdict is None or not counts or not interaction.treatment or asks:
        records.remove(Decided, interaction.interaction_id)
        return
    records.replace(
        Decided(
            interaction_id=interaction.interaction_id,
            release=interaction.release,
            at=interaction.at,
            treatment=interaction.treatment,
            sure=interaction.sure,
            right=verdict.kind is VerdictKind.CORRECT,
            distinct=interaction.asked or interaction.interaction_id,
            evidence=interaction.evidence,
            uniform=uniform,
            refused=refused,
        )
    )


def carried_to(records: Records, release: Hash) -> list[Decided]:
    """Return what was decided before on what a release says, as decisions on it.

    A verdict that was undone since counts no more, one that says otherwise now counts as it does.
    """
    rows = records.query(Carried, {"release": release}).rows
    decided = records.get_all(Decided, (one.interaction_id for one in rows))
    return [*_as_decisions(rows, decided)]


def _as_decisions(rows: Iterable[Carried], decided: dict[str, Decided]) -> Iterator[Decided]:
    for one in rows:
        before = decided.get(one.interaction_id)
        was_right = before is not None and before.right
        undone = before is None and one.says is not Says.FIRST
        if undone or one.says is Says.NOTHING or (one.says is Says.UNASKED and was_right):
            continue
        right = was_right if one.says is Says.SAME else one.says is Says.WRITTEN and not was_right
        yield Decided(
            interaction_id=one.interaction_id,
            release=one.release,
            at=one.at,
            treatment=one.treatment,
            sure=one.sure,
            right=right,
            distinct=one.distinct,
            evidence=one.evidence,
            carried=True,
        )


def distinct(decisions: Iterable[Decided]) -> list[Decided]:
    """Return of the decisions the one on each question and treatment that was asked first, in the
    order in which customers asked: whoever words a verdict anew changes neither."""
    first: dict[tuple[str, str], Decided] = {}
    for one in sorted(decisions, key=lambda one: (one.at, one.interaction_id)):
        first.setdefault((one.treatment, one.distinct), one)
    return list(first.values())


def passages_hold(one: Decided, passages: Collection[Hash]) -> bool:
    """Return whether the documents still say all that an answer rests on."""
    return all(piece in passages for piece in one.evidence)
