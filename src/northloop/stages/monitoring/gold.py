"""Gold: answers whose verdict is known, given to reviewers among the rest to learn how they err.

An operator marks an answer with the right verdict, or rules where two reviewers judge differently
(`rulings`). Before a small part of what a reviewer is given comes one of them, under an id like any
other and chosen so that right and wrong ones are read equally often. What they say of it is kept
here alone: it is no verdict on the release, teaches nothing, and changes no estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum

import msgspec

from northloop.core.errors import ConfigurationError
from northloop.core.ids import Hash, derived_id, uniform
from northloop.core.interaction import Claim, Interaction, ReviewItem, Verdict, VerdictKind
from northloop.ports.catalogue import note
from northloop.ports.stores import Records, not_kept

GREATEST_SHARE = 0.05


def _unknown() -> None:
    return


class GoldSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What is mixed into a reviewer's queue. ConfigurationError above 5 %."""

    share: float = 0.0
    """Of what they are given."""
    passages: Callable[[], Collection[Hash] | None] = _unknown
    """What the documents say now; an answer that rests on what they no longer say is no gold. None
    where nobody knows, then all are."""

    def __post_init__(self) -> None:
        if not 0 <= self.share <= GREATEST_SHARE:
            raise ConfigurationError(
                f"{self.share} is not between 0 and {GREATEST_SHARE}",
                where="review.gold_share",
                action=f"choose a share of gold answers from 0 to {GREATEST_SHARE}; 0 mixes none",
            )


class Origin(StrEnum):
    """Whose word it is."""

    MARKED = "marked"
    RULING = "ruling"


@note()
class Gold(msgspec.Struct, frozen=True, kw_only=True):
    """That the right verdict on an answer is known."""

    interaction_id: str
    kind: VerdictKind
    at: str
    by: str = ""
    origin: Origin = Origin.MARKED

    @property
    def right(self) -> bool:
        return self.kind is VerdictKind.CORRECT


@note("review_id")
class GoldRead(msgspec.Struct, frozen=True, kw_only=True):
    """A gold answer before a reviewer."""

    read_id: str
    """That of the verdict, too."""
    review_id: str
    """As the reviewer knows it."""
    interaction_id: str
    reviewer: str
    at: str
    said: Verdict | None = None
    """What they said of it, skips too; None while it waits."""

    @property
    def item(self) -> ReviewItem:
        """What the reviewer is given."""
        return ReviewItem(
            review_id=self.review_id,
            interaction_id=self.interaction_id,
            at=self.at,
            probability=1.0,
            uniform=True,
            judged=int(self.said is not None),
        )


def mark(records: Records, gold: Gold) -> Gold:
    """Keep, and return, that the verdict on an answer is known, in place of an earlier word;
    NotFound."""
    with records.transaction():
        records.get(Interaction, gold.interaction_id)
        records.replace(gold)
    return gold


def unmark(records: Records, interaction_id: str) -> Gold:
    """Take it back and return it; what was read of it counts no more. NotFound."""
    with records.transaction():
        gold = records.get(Gold, interaction_id)
        records.remove(Gold, interaction_id)
        for one in reads(records):
            if one.interaction_id == interaction_id and one.said is None:
                _remove(records, one)
    return gold


def reads(records: Records) -> list[GoldRead]:
    """Return all gold answers that reviewers were given."""
    return records.query(GoldRead).rows


def left(records: Records) -> int:
    """Return how many gold answers reviewers have before them."""
    claimed = {claim.review_id for claim in records.query(Claim).rows}
    return sum(one.said is None and one.review_id in claimed for one in reads(records))


def done(records: Records) -> int:
    """Return how many gold answers reviewers have judged."""
    return sum(one.said is not None and not one.said.skipped for one in reads(records))


def item(records: Records, review_id: str) -> ReviewItem | None:
    """Return what a reviewer was given under an id, None if that is no gold answer."""
    found = _read(records, review_id)
    return found.item if found is not None else None


def before(records: Records, next_: ReviewItem, reviewer: str, spec: GoldSpec) -> ReviewItem | None:
    """Return the gold answer that a reviewer is given before an item, None for most items.

    Drawn from reviewer and item, so that it is the same whenever it is asked; nobody is given an
    answer that they have judged, marked or been given already. Inside a transaction.
    """
    if not reviewer or uniform("gold", reviewer, next_.review_id) >= spec.share:
        return None
    review_id = derived_id("review", "gold", reviewer, next_.review_id)
    found = _read(records, review_id)
    if found is None:
        found = _chosen(records, review_id, reviewer, spec)
    return found.item if found is not None and found.said is None else None


def keep(records: Records, verdict: Verdict) -> Verdict:
    """Keep what a reviewer says of a gold answer, and return it: nothing follows from it.

    NotFound if it was taken away meanwhile.
    """
    with records.transaction():
        found = _read(records, verdict.review_id)
        if found is None:
            raise not_kept(ReviewItem, verdict.review_id)
        said = msgspec.structs.replace(
            verdict, verdict_id=found.read_id, interaction_id=found.interaction_id
        )
        records.replace(msgspec.structs.replace(found, said=said))
        records.remove(Claim, found.review_id)
    return said


def take_back(records: Records, verdict_id: str) -> Verdict | None:
    """Take back what was said of a gold answer and return it; None if nothing was."""
    with records.transaction():
        found = records.find(GoldRead, verdict_id)
        if found is None or found.said is None:
            return None
        records.replace(msgspec.structs.replace(found, said=None))
    return found.said


def forget_answers(records: Records, interaction_ids: Collection[str]) -> None:
    """Remove what there is of answers that are removed; inside a transaction."""
    for name in records.get_all(Gold, interaction_ids):
        records.remove(Gold, name)
    gone = frozenset(interaction_ids)
    for one in reads(records) if gone else ():
        if one.interaction_id in gone:  # also where it is no gold any more
            _remove(records, one)


def _chosen(records: Records, review_id: str, reviewer: str, spec: GoldSpec) -> GoldRead | None:
    given = reads(records)
    seen = {one.interaction_id for one in given if one.reviewer == reviewer}
    golds = {gold.interaction_id: gold for gold in records.query(Gold).rows}
    left = [g for g in golds.values() if g.interaction_id not in seen and g.by != reviewer]
    these = {"interaction_id": [gold.interaction_id for gold in left]}
    judged = records.query(Verdict, these).rows if left else ()
    known = {verdict.interaction_id for verdict in judged if verdict.reviewer == reviewer}
    answers = records.get_all(Interaction, these["interaction_id"])
    passages = spec.passages() if left else None
    left = [
        gold
        for gold in left
        if gold.interaction_id not in known and _stands(answers.get(gold.interaction_id), passages)
    ]
    if not left:
        return None
    so_far = [golds[one.interaction_id].right for one in given if one.interaction_id in golds]
    of_a_kind = [gold for gold in left if gold.right == (so_far.count(False) > so_far.count(True))]
    chosen = min(of_a_kind or left, key=lambda g: uniform("gold", review_id, g.interaction_id))
    read = GoldRead(
        read_id=derived_id("verdict", review_id, reviewer),
        review_id=review_id,
        interaction_id=chosen.interaction_id,
        reviewer=reviewer,
        at=answers[chosen.interaction_id].at,
    )
    records.add(read)
    return read


def _stands(answer: Interaction | None, passages: Collection[Hash] | None) -> bool:
    if answer is None:
        return False
    return passages is None or all(piece in passages for piece in answer.evidence)


def _read(records: Records, review_id: str) -> GoldRead | None:
    return next(iter(records.query(GoldRead, {"review_id": review_id}, limit=1).rows), None)


def _remove(records: Records, read: GoldRead) -> None:
    records.remove(GoldRead, read.read_id)
    records.remove(Claim, read.review_id)
