"""What agents send of the answers that are before them: the draft, and what is offered beside it.

What is shown is kept while its conversation waits (`show`), so that what counts is what was offered
then, whatever documents and memory say when it is sent. Which of it a reply is, its words tell
(`told`), and nobody has to say so; what an agent took from it is edited if half of its words are
left. A release's sums follow with each act, clustered by conversation and by question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from northloop.core.desk import Case, CaseState, DeskAct, Taken, Took, case_id_of
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import Interaction
from northloop.core.question import normalised
from northloop.core.tally import AtTheDesk, ClusterSums, Measured, SentPart
from northloop.core.treatment import Treatment
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.monitoring.tally import clusters_of, is_counted
from northloop.statistics.powered import reviewed_share

LEFT = 0.5
"""This share of the words of an answer is left in what is an edition of it."""
_OFFERS = (Took.OFFER_1, Took.OFFER_2, Took.OFFER_3)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was shown beside a draft, or where there was none."""

    text: str
    treatment: Treatment
    place: int
    """1 for the first; where it stood last, if it was shown more than once."""


@note()
class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown beside the draft of a conversation that waits, by whoever looked at it."""

    case_id: str
    interaction_id: str
    """The answer that the conversation waited with then."""
    offers: tuple[Offer, ...]


@note()
class TakenSums(msgspec.Struct, frozen=True, kw_only=True):
    """What agents sent in the conversations that a release handed over, added up."""

    release: Hash
    took: dict[str, int] = {}
    """`Took` → conversations with a draft, or to which something was offered."""
    offered: int = 0
    """Of them, those to which something was offered."""
    bare: int = 0
    """Conversations with neither."""
    squares: tuple[float, ...] = (0.0, 0.0)
    """Summed squares of how many of the former are of a conversation, and of a question."""


def show(records: Records, waits: Interaction, offers: Sequence[Offer]) -> None:
    """Keep what is shown beside an answer that waits, if it still does; what is kept already is not
    written again.

    What others were shown before stays, for they may send it yet.
    """
    case_id = case_id_of(waits.tenant, waits.conversation_id, waits.interaction_id)
    if not offers or _shown(records, case_id, waits, offers) is None:
        return
    with records.transaction():
        case, now = records.find(Case, case_id), _shown(records, case_id, waits, offers)
        as_before = (CaseState.WAITING, waits.interaction_id)
        if case is not None and (case.state, case.interaction_id) == as_before and now is not None:
            records.replace(now)


def _shown(
    records: Records, case_id: str, waits: Interaction, offers: Sequence[Offer]
) -> Offered | None:
    """Return all that was shown until now; None where that is kept already."""
    kept = records.find(Offered, case_id)
    before = kept.offers if kept and kept.interaction_id == waits.interaction_id else ()
    texts = {offer.text for offer in offers}
    every = (*(offer for offer in before if offer.text not in texts), *offers)
    now = Offered(case_id=case_id, interaction_id=waits.interaction_id, offers=every)
    return None if now == kept else now


def told(
    offers: Sequence[Offer],
    draft: str,
    said: Sequence[str],
    same: Callable[[str, str], bool],
    *,
    reworded: bool = False,
) -> Taken:
    """Return what of a draft ("" for none) and of what was offered a reply is, by its words.

    `said` is the reply in one or more ways, without its greeting for one; () where nothing is sent.
    `same` says whether one of them says what another text does.
    `reworded`: whoever sends it says that it is the draft in other words.
    """
    before = Taken(what=Took.NOTHING, drafted=bool(draft), offered=len(offers))
    if not said:
        return before
    if draft and any(same(text, draft) for text in said):
        return msgspec.structs.replace(before, what=Took.DRAFT)
    for offer in reversed(offers):
        if any(same(text, offer.text) for text in said):
            return _of(before, _OFFERS[offer.place - 1], offer)
    if reworded:
        return msgspec.structs.replace(before, what=Took.EDITED_DRAFT)
    left = [max(_left(text, offer.text) for text in said) for offer in offers]
    of_draft = max(_left(text, draft) for text in said)
    most = max([of_draft, *left])
    if most < LEFT:
        return msgspec.structs.replace(before, what=Took.OWN)
    if most == of_draft:
        return msgspec.structs.replace(before, what=Took.EDITED_DRAFT)
    return _of(before, Took.EDITED_OFFER, offers[left.index(most)])


def _of(before: Taken, what: Took, offer: Offer) -> Taken:
    treatment = offer.treatment.value
    return msgspec.structs.replace(before, what=what, place=offer.place, treatment=treatment)


def _left(text: str, of: str) -> float:
    """How much of the words of two texts is common to both, 0..1 (Dice)."""
    mine, theirs = Counter(normalised(text).split()), Counter(normalised(of).split())
    return 2 * (mine & theirs).total() / max(1, mine.total() + theirs.total())


def take(records: Records, case: Case) -> tuple[Offer, ...]:
    """Return what was shown beside the answer that a conversation waits with, and keep it no
    longer; inside the transaction of an act."""
    kept = records.find(Offered, case.case_id)
    records.remove(Offered, case.case_id)
    return kept.offers if kept and kept.interaction_id == case.interaction_id else ()


def count(records: Records, act: DeskAct, asked: Interaction, times: int = 1) -> None:
    """Count an act in the conversation of an answer once more, -1 once less; in a transaction."""
    if act.taken is None or not is_counted(asked):
        return
    sums = records.find(TakenSums, asked.release) or TakenSums(release=asked.release)
    if not act.taken.has_choice:
        records.replace(msgspec.structs.replace(sums, bare=sums.bare + times))
        return
    what = act.taken.what.value
    squares = zip(sums.squares, clusters_of(asked), strict=True)
    counted = msgspec.structs.replace(
        sums,
        took={**sums.took, what: sums.took.get(what, 0) + times},
        offered=sums.offered + times * bool(act.taken.offered),
        squares=tuple(square + _grown(records, name, times) for square, name in squares),
    )
    records.replace(counted)


def _grown(records: Records, cluster: str, times: int) -> float:
    """Count a cluster, and return by how much the square of its size has grown."""
    name = derived_id("taken", cluster)
    kept = records.find(ClusterSums, name)
    before = kept.sums[0] if kept else 0.0
    after = before + times
    if after:
        records.replace(ClusterSums(cluster_id=name, sums=(after,)))
    else:
        records.remove(ClusterSums, name)
    return after**2 - before**2


def at_the_desk(records: Records, release: Hash) -> AtTheDesk | None:
    """Return what agents sent of what a release handed over; None before any of it."""
    sums = records.find(TakenSums, release)
    return _told(sums) if sums and (sums.bare or any(sums.took.values())) else None


def every(records: Records) -> dict[Took, int]:
    """Return how often each was sent, of all releases; conversations with no choice left out."""
    found = Counter[str]()
    for sums in records.query(TakenSums).rows:
        found.update(sums.took)
    return {what: found[what.value] for what in Took}


def _told(sums: TakenSums) -> AtTheDesk:
    decided = sum(sums.took.values())
    parts = []
    for what in Took:
        number = sums.took.get(what.value, 0)
        if number:
            share = reviewed_share(number, decided, sums.squares)
            measured = Measured(value=share.value, low=share.low, high=share.high)
            parts.append(SentPart(what=what, count=number, share=measured))
    return AtTheDesk(decided=decided, offered=sums.offered, bare=sums.bare, sent=tuple(parts))
