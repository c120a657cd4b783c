"""What people decided on: each verdict on what a treatment said, and what the next release says.

A decision is of one answer of one release. The next release is asked the same question anew, with
all that is known but what came of that question (`loop.carried`): where it says the same, word for
word, it was decided on as well, and where it says what people wrote in its place, or found right
side by side with what is live, it is right. What else it says nobody has decided on; it counts as
wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from northloop.core.ids import Hash, content_hash, derived_id
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.question import normalised
from northloop.core.treatment import Treatment
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
    chance: float = 1.0
    """The probability with which it was drawn so; 1 in a record of before."""
    refused: bool = False
    """The check held it back, or a person answers the conversation: whoever decides on it does not
    decide on what would be sent, so it certifies nothing either."""
    said: Hash = ""
    """Names the words that were decided on; "" in a record of before."""
    written: Hash = ""
    """Names the words that a person wrote in their place, "" for none."""
    carried: bool = False
    """The customer asked another release: it is what this one says to the same question."""
    presumed: bool = False
    """Nobody has decided on what it says: it counts as wrong until somebody does."""


class Asked(StrEnum):
    """How a release was asked a question of before."""

    ANEW = "anew"
    """People had decided on what was said to it."""
    FIRST = "first"
    """Nothing had been said that people decide on: nobody has decided on what it says."""
    NEVER = "never"
    """The conversation before the question is not known, so it could not be put: what was right
    there vouches for nothing, what was wrong counts."""


@note("release")
class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What a release says to a question that a customer had asked another one."""

    carried_id: str
    interaction_id: str
    release: Hash
    at: str
    """When the customer asked."""
    asked: Asked
    text: Hash = ""
    """Names the words of what it says, "" for nothing that people would decide on."""
    treatment: str = ""
    sure: float = 0.0
    distinct: str = ""
    evidence: tuple[Hash, ...] = ()
    judged: bool | None = None
    """Whether people found these words right beside those of what was live; None where nobody did
    judge them so."""


def carried_id_of(interaction_id: str, release: Hash) -> str:
    """Return the id of what a release says to a question of before."""
    return derived_id("carried", interaction_id, release)


def decide(records: Records, interaction: Interaction) -> None:
    """Note what was decided on an interaction, or that it no longer is; inside a transaction."""
    these = {"interaction_id": interaction.interaction_id}
    verdict = counting(records.query(Verdict, these).rows).get(interaction.interaction_id)
    items = records.query(ReviewItem, these).rows
    uniform = any(item.uniform for item in items)
    refused = interaction.handoff in (HandoffReason.NOT_GROUNDED, HandoffReason.TAKEN_OVER)
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
            chance=max((item.chance for item in items if item.uniform), default=0.0) or 1.0,
            refused=refused,
            said=text_of(interaction.judged),
            written=text_of(verdict.correction) if verdict.correction else "",
        )
    )


def text_of(answer: str) -> Hash:
    """Return what names the words of an answer."""
    return content_hash(normalised(answer))


def carried_to(records: Records, release: Hash) -> list[Decided]:
    """Return what was decided before on what a release says, as decisions on it.

    Verdicts count as they are now: one that was undone counts no more.
    """
    rows = records.query(Carried, {"release": release}).rows
    return [*_as_decisions(rows, records.get_all(Decided, (one.interaction_id for one in rows)))]


def _as_decisions(rows: Iterable[Carried], decided: Mapping[str, Decided]) -> Iterator[Decided]:
    for one in rows:
        before = decided.get(one.interaction_id)
        counted = Decided(
            interaction_id=one.interaction_id,
            release=one.release,
            at=one.at,
            treatment=one.treatment,
            sure=one.sure,
            right=False,
            distinct=one.distinct,
            evidence=one.evidence,
            chance=before.chance if before else 1.0,
            carried=True,
        )
        if one.asked is Asked.FIRST and one.text:
            yield _judged_aside(counted, one)
        elif before is None or one.asked is Asked.FIRST:
            continue
        elif one.asked is Asked.ANEW and one.text:
            if one.text == before.said:
                yield msgspec.structs.replace(counted, right=before.right)
            elif one.text == before.written:
                yield msgspec.structs.replace(counted, right=True)
            else:
                yield _judged_aside(counted, one)
        elif one.asked is Asked.NEVER and not before.right and _would_go_out(before):
            yield msgspec.structs.replace(before, release=one.release, carried=True)


def _judged_aside(counted: Decided, one: Carried) -> Decided:
    return msgspec.structs.replace(counted, right=bool(one.judged), presumed=one.judged is None)


def _would_go_out(one: Decided) -> bool:
    """Whether it is of a treatment that is asked anew, and the check lets it pass."""
    return one.treatment != Treatment.GENERATED and not one.refused


def distinct(decisions: Iterable[Decided]) -> list[Decided]:
    """Return of the decisions the one on each question and treatment that was asked first, in the
    order in which customers asked: whoever words a verdict anew changes neither. What is presumed
    gives way to what was decided on the release's own answer alone: were it to give way to another
    copy that was carried over, whoever asks twice would vouch for it."""
    first: dict[tuple[str, str], Decided] = {}
    for one in sorted(decisions, key=lambda one: (one.at, one.interaction_id)):
        key = (one.treatment, one.distinct)
        if key not in first or (first[key].presumed and not one.carried):
            first[key] = one
    return sorted(first.values(), key=lambda one: (one.at, one.interaction_id))


def passages_hold(one: Decided, passages: Collection[Hash]) -> bool:
    """Return whether the documents still say all that an answer rests on."""
    return all(piece in passages for piece in one.evidence)
