"""Whether people's decisions speak for what a treatment says, or against it.

A release is sealed with what each treatment promised by comparison with agents' replies, on a few
validation questions. People's decisions on its answers and drafts are better evidence, and overrule
that while it is live: a treatment whose answers they find wrong more often than right becomes one
for drafts, and one whose drafts they find right more often than wrong may be sent
(`statistics.thresholds.favoured`). As with certificates (`decided.Decided`) what was drawn
alike counts, and each question once; besides, what agents do with drafts at their desk, where
nearly every draft comes before somebody. An edited draft counts as wrong there, which errs on the
safe side. What the check refused counts for nothing, since it would not be sent. This is for the
mode "open". A majority says nothing of the answers that a treatment is hardly sure of, so what
people overruled goes out from where on their decisions certify it (`monitoring.certificates`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import numpy as np

from northloop.core.artefacts import Release
from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.ports.stores import Records
from northloop.stages.monitoring.decided import Decided, distinct, passages_hold
from northloop.statistics.thresholds import favoured


class Favour(msgspec.Struct, frozen=True, kw_only=True):
    """How a treatment stands with those who decided on what it says."""

    treatment: Treatment
    sent: bool
    """Whether what it is sure of goes out; else it is a draft."""
    decided: bool
    """Whether people's decisions say so, and not what it promised."""
    right: int
    """Of the decisions."""
    decisions: int
    """Distinct questions, answered with enough sureness to be sent."""

    @property
    def words(self) -> str:
        """It as a person reads it."""
        state = "sent where it is sure" if self.sent else "for drafts"
        why = "people's decisions" if self.decided else "validation questions"
        if self.sent and self.decided:
            state = "sent where it is certified"
        counted = f"{self.right} of {self.decisions} decisions were right"
        return f"{state}, by {why}" + (f"; {counted}" if self.decisions else "")


def favours(
    records: Records,
    release_hash: Hash,
    release: Release,
    passages: Collection[Hash] | None = None,
) -> Mapping[Treatment, Favour]:
    """Return how each treatment of a release stands, its model included if that is asked at all.

    `passages` are what the documents say now, by hash: decisions on what rests on others count no
    more, right or wrong. None where nobody knows, then all count.
    """

    def counts(one: Decided) -> bool:
        return not one.refused and (passages is None or passages_hold(one, passages))

    given: list[Decided] = records.query(Decided, {"release": release_hash}).rows
    said, found = distinct(filter(counts, given)), {}
    sealed = {c.treatment: (c.sent, c.decided, c.least) for c in release.first}
    if release.generates:
        sealed[Treatment.GENERATED] = True, False, release.thresholds.confidence
    for treatment, (sent, decided, least) in sealed.items():
        own = [one for one in said if one.treatment == treatment and one.sure >= least]
        right = np.array([one.right for one in own], bool)
        shown = favoured(right, sent)
        now = sent if shown is None else shown
        found[treatment] = Favour(
            treatment=treatment,
            sent=now,
            decided=decided or now is not sent,
            right=int(right.sum()),
            decisions=len(own),
        )
    return found


def as_decided(release: Release, found: Mapping[Treatment, Favour]) -> Release:
    """Return a release with what people's decisions speak against held back."""
    against = {treatment for treatment, one in found.items() if one.decided and not one.sent}
    first = tuple(
        msgspec.structs.replace(c, sent=False, decided=True) if c.treatment in against else c
        for c in release.first
    )
    model = found.get(Treatment.GENERATED)
    generates = release.generates and (model is None or model.sent)
    return msgspec.structs.replace(release, first=first, generates=generates)
