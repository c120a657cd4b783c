"""Which answers may be sent without a person, by what people decided on answers like them.

Each verdict on what a treatment said is one decision: how sure it was, and whether it was right.
Learn-then-Test (`statistics.thresholds.certify`) on those of one release gives the lowest sureness
from which on at most the tolerated share is wrong, with 90 % certainty. Only what was drawn alike
counts, drafts that all are decided on included, and of a question that is asked again the first
decision alone: else one popular question would certify itself.

A certificate is of customers' questions as they come while it is made. Should too many of what it
let out since then turn out wrong (`statistics.thresholds.blown_at`), it is gone, and only what is
decided from then on counts. It holds for one release; the next one begins anew.

When documents change, a certificate stands without what rests on the passages that went: right
decisions on such answers vouch for nothing any more, wrong ones count on. So an edit never makes
more answers go out than before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.ids import Hash
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.core.treatment import Treatment
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.monitoring.tally import counting
from northloop.statistics.thresholds import (
    Bools,
    Certificate,
    Foreseen,
    RiskSpec,
    blown_at,
    certify,
    fewest_answered,
    foreseen,
)

LOOKS, _LEAST_STEP = 40, 10
"""At about so many places is looked back at what was certified; not nearer to each other."""
FEWEST_AHEAD = 30
"""With fewer decisions nothing is foreseen."""


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


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far a treatment of a release has come."""

    treatment: Treatment
    decisions: int
    """Distinct questions that people decided on, as far as they count."""
    right: int
    certificate: Certificate | None
    """None as long as nothing is certified."""
    fewest: int
    """So many decisions without a wrong one are the fewest that certify anything."""
    blown: bool = False
    """An earlier certificate broke its promise: what was decided before counts no more."""
    gone: bool = False
    """There was a certificate, and there is none now."""
    ahead: Foreseen | None = None
    """What more decisions buy, if they come out as those so far; None for nothing, or where nobody
    looked."""

    @property
    def words(self) -> str:
        """It as a person reads it."""
        since = " since the last certificate broke its promise" if self.blown else ""
        decided = f"{self.right} of {self.decisions} decisions{since} were right"
        found = self.certificate
        if found is None:
            lacking = max(0, self.fewest - self.decisions)
            more = f", at least {lacking} more are needed" if lacking else ""
            when = "any more" if self.gone else "yet"
            return f"{decided}; nothing certified {when}{more}{self._ahead}"
        return (
            f"{decided}; certified from {found.threshold:.2f} on: {found.wrong} of "
            f"{found.answered} wrong, {found.coverage:.0%} of the questions{self._ahead}"
        )

    @property
    def _ahead(self) -> str:
        if self.ahead is None:
            return ""
        more = self.ahead.decisions - self.decisions
        return (
            f"; if it goes on so, about {more} decisions more certify "
            f"{self.ahead.coverage:.0%} of the questions"
        )


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


def standings(
    records: Records,
    release: Hash,
    risk: RiskSpec,
    passages: Collection[Hash] | None = None,
    *,
    ahead: bool = False,
) -> Mapping[Treatment, Standing]:
    """Return how far each treatment of a release has come that was decided on.

    `passages` are what the documents say now, by hash; None where nobody knows, then all counts.
    `ahead` looks for what more decisions would buy, too.
    """

    def counts(one: Decided) -> bool:
        stands = passages is None or not one.right or passages_hold(one, passages)
        return one.uniform and not one.refused and stands

    said, found = distinct(records, release, counts), {}
    for treatment in Treatment:
        own = [one for one in said if one.treatment == treatment]
        if own:
            found[treatment] = _standing(treatment, own, risk, ahead)
    return found


def distinct(records: Records, release: Hash, counts: Callable[[Decided], bool]) -> list[Decided]:
    """Return of the decisions on a release that count the one on each question and treatment that
    was asked first, in the order in which customers asked: whoever words a verdict anew changes
    neither."""
    first: dict[tuple[str, str], Decided] = {}
    rows = records.query(Decided, {"release": release}).rows
    for one in sorted(filter(counts, rows), key=lambda one: (one.at, one.interaction_id)):
        first.setdefault((one.treatment, one.distinct), one)
    return list(first.values())


def passages_hold(one: Decided, passages: Collection[Hash]) -> bool:
    """Return whether the documents still say all that an answer rests on."""
    return all(piece in passages for piece in one.evidence)


def _standing(treatment: Treatment, own: list[Decided], risk: RiskSpec, ahead: bool) -> Standing:
    counted, stood = own, False
    while True:
        sure = np.array([one.sure for one in counted], float)
        wrong = np.array([not one.right for one in counted], bool)
        let_out = _let_out(sure, wrong, risk)
        stood = stood or bool(let_out.any())
        places = np.flatnonzero(let_out)
        blown = blown_at(wrong[places], risk.max_wrong)
        if blown is None:
            break
        counted = counted[int(places[blown]) + 1 :]
    found = certify(sure, wrong, sure, risk)
    return Standing(
        treatment=treatment,
        decisions=len(counted),
        right=sum(one.right for one in counted),
        certificate=found,
        fewest=fewest_answered(risk),
        blown=len(counted) < len(own),
        gone=found is None and stood,
        ahead=foreseen(sure, wrong, risk) if ahead and len(sure) >= FEWEST_AHEAD else None,
    )


def _let_out(sure: NDArray[np.float64], wrong: Bools, risk: RiskSpec) -> Bools:
    """Return which of the decisions, in their order, are on what a certificate let out that stood
    by then. What stood is looked up at `LOOKS` places, not after each decision."""
    found = np.zeros(len(sure), bool)
    step = max(_LEAST_STEP, len(sure) // LOOKS)
    for start in range(step, len(sure), step):
        before = slice(0, start)
        standing = certify(sure[before], wrong[before], sure[before], risk)
        if standing is not None:
            found[start : start + step] = sure[start : start + step] >= standing.threshold
    return found
