"""Which answers may be sent without a person, by what people decided on answers like them.

Each verdict on what a treatment said is one decision: how sure it was, and whether it was right.
Learn-then-Test (`statistics.thresholds.certify`) on those of one release gives the lowest sureness
from which on at most the tolerated share is wrong, with 90 % certainty. Only what was drawn
whatever it says counts, drafts that all are decided on included, and of a question that is asked
again the first decision alone: else one popular question would certify itself. People see all
drafts, and one in twenty of what is sent: so each decision on what was sent stands for as many
questions as there were (`stands_for`).

A certificate is of customers' questions as they come while it is made. Should too many of what it
let out since then turn out wrong (`statistics.thresholds.blown_at`), it is gone, and only what is
decided from then on counts, also where those who were told wrong are forgotten. It holds for one
release; the next one begins with what it says itself to questions that people decided on before
(`monitoring.decided`).

When documents change, a certificate stands without what rests on the passages that went: right
decisions on such answers vouch for nothing any more, wrong ones count on. What was let out is told
by all decisions, so that a fuse blows with and without what went, and what goes out has to be
certified with and without it: fewer right decisions may let the search begin elsewhere. So an edit
never makes more answers go out than all decisions let out, and mends no fuse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.ids import Hash, derived_id
from northloop.core.treatment import Treatment
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.monitoring.decided import (
    Asked,
    Carried,
    Decided,
    carried_to,
    distinct,
    passages_hold,
)
from northloop.statistics.bootstrap import Floats
from northloop.statistics.thresholds import (
    Bools,
    Certificate,
    Foreseen,
    Labelled,
    RiskSpec,
    blown_at,
    certify,
    fewest_answered,
)
from northloop.statistics.thresholds import ahead as looked_ahead

LOOKS, _LEAST_STEP = 40, 10
"""At about so many places is looked back at what was certified; not nearer to each other."""
SENT_LESS = 0.05
"""Of the questions that were put to both, so many fewer answers may go out at most."""
LATELY = 50
"""Decisions within which a certificate that is gone is waited for."""
FEWEST_AHEAD = 30
"""With fewer decisions nothing is foreseen."""


class TreatmentStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How far a treatment of a release has come."""

    treatment: Treatment
    decisions: int
    """Distinct questions that people decided on, as far as they count."""
    right: int
    certificate: Certificate | None
    """None as long as nothing is certified."""
    fewest: int
    """So many decisions without a wrong one are the fewest that certify anything."""
    carried: int = 0
    """Of the decisions those on questions that an earlier release was asked (`decided.Carried`)."""
    blown: bool = False
    """An earlier certificate broke its promise: what was decided before counts no more."""
    gone: bool = False
    """There was a certificate, and there is none now."""
    lapsed: bool = False
    """It is gone without a fuse: the last decisions left too little proof at the first threshold
    that is tried."""
    lately: bool = False
    """A certificate stands, or let something of the newest `LATELY` decisions out: at the limit of
    what is promised certificates come and go."""
    ahead: Foreseen | None = None
    """What more decisions buy, if they come out as those so far; None for nothing, or where nobody
    looked."""

    @property
    def words(self) -> str:
        """It as a person reads it."""
        since = " since the last certificate broke its promise" if self.blown else ""
        before = f", {self.carried} of them from before this release" if self.carried else ""
        decided = f"{self.right} of {self.decisions} decisions{since} were right{before}"
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


@note("release")
class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """That a certificate broke its promise: kept before decisions that show it go, with a customer
    who is forgotten."""

    broken_id: str
    release: Hash
    treatment: str
    at: str
    """What was decided on a question of until then counts no more."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What people's decisions let out of two releases, on questions that were put to both."""

    asked: int
    live: int
    """So many answers of what is live would be sent."""
    candidate: int
    sends: bool
    """Something of what is live goes out by all decisions there are, or did lately."""

    @property
    def waits(self) -> str:
        """Why customers would be sent less if the candidate went live now; "" if they would not."""
        if self.live - self.candidate > SENT_LESS * self.asked:
            return (
                f"of {self.asked} questions that were put to both, what people decided lets out "
                f"{self.candidate} of its answers, and {self.live} of those of what is live"
            )
        if self.sends and not self.candidate:
            return (
                "nothing of it would be sent yet, by what people decided on "
                f"{self.asked} questions, and something of what is live is, or was lately"
            )
        return ""


def standings(
    records: Records,
    release: Hash,
    risk: RiskSpec,
    passages: Collection[Hash] | None = None,
    *,
    ahead: bool = False,
) -> Mapping[Treatment, TreatmentStanding]:
    """Return how far each treatment of a release has come that was decided on.

    `passages` are what the documents say now, by hash; None where nobody knows, then all counts.
    `ahead` looks for what more decisions would buy, too.
    """
    broken = _broken(records, release)
    said = [*_own(records, release), *carried_to(records, release)]
    found = _by_treatment(_since(said, broken), risk, passages, ahead=ahead)
    return {
        treatment: msgspec.structs.replace(one, blown=True, gone=one.certificate is None)
        if treatment in broken
        else one
        for treatment, one in found.items()
    }


def keep_fuses(records: Records, risk: RiskSpec) -> None:
    """Keep which certificates broke their promise, before decisions that show it go."""
    releases = {one.release for one in records.query(Decided).rows}
    for release in sorted(releases):
        said = [*_own(records, release), *carried_to(records, release)]
        counted = _that_count(_since(said, _broken(records, release)))
        for treatment in Treatment:
            trail = _trail([one for one in counted if one.treatment == treatment], risk)
            if trail.blown:
                at, _ = trail.until
                name = derived_id("broken", release, treatment)
                kept = Broken(broken_id=name, release=release, treatment=treatment, at=at)
                records.replace(kept)


def _own(records: Records, release: Hash) -> list[Decided]:
    found: list[Decided] = records.query(Decided, {"release": release}).rows
    return found


def _broken(records: Records, release: Hash) -> Mapping[str, str]:
    """Return until when decisions on a treatment's answers count no more, as is kept."""
    return {one.treatment: one.at for one in records.query(Broken, {"release": release}).rows}


def _since(said: Iterable[Decided], broken: Mapping[str, str]) -> list[Decided]:
    return [o for o in said if o.treatment not in broken or o.at > broken[o.treatment]]


def _that_count(said: Iterable[Decided], passages: Collection[Hash] | None = None) -> list[Decided]:
    return distinct(
        one
        for one in said
        if one.uniform
        and not one.refused
        and (passages is None or not one.right or passages_hold(one, passages))
    )


def reach(
    records: Records,
    before: Hash,
    release: Hash,
    risk: RiskSpec,
    passages: Collection[Hash] | None = None,
    since: str = "",
) -> Reach:
    """Return how many answers of each release decisions on the very same questions let out.

    Those are the questions that were put to the release anew. What a model generated is left out:
    it was not asked. Where a canary had people decide on what the release itself answered `since`
    what is live went live, what all decisions on each of them let out counts, too.
    """
    rows = records.query(Carried, {"release": release}).rows
    these = {one.interaction_id for one in rows if one.asked is Asked.ANEW}
    own, broken = _own(records, before), _broken(records, before)

    def sent(
        said: Iterable[Decided], by: Mapping[Treatment, TreatmentStanding] | None = None
    ) -> int:
        ours = (
            one
            for one in said
            if one.interaction_id in these and one.treatment != Treatment.GENERATED
        )
        those = [*ours]
        asked = _that_count(those, passages)
        return sum(
            sum(one.sure >= found.certificate.threshold for one in asked if one.treatment == name)
            for name, found in (by or _by_treatment(those, risk, passages)).items()
            if found.certificate is not None
        )

    now = standings(records, before, risk, passages)
    says = _since(carried_to(records, release), _broken(records, release))
    lives = _since([*own, *carried_to(records, before)], broken)
    live, candidate = sent(lives), sent(says)
    decided = _since(_own(records, release), _broken(records, release))
    tried = [one for one in decided if one.at >= since]
    if tried:
        by_all = _by_treatment([*tried, *says], risk, passages)
        live, candidate = max(live, sent(lives, now)), max(candidate, sent(says, by_all))
    return Reach(
        asked=len(these),
        live=live,
        candidate=candidate,
        sends=any(s.lately for t, s in now.items() if t is not Treatment.GENERATED),
    )


def _by_treatment(
    said: Sequence[Decided],
    risk: RiskSpec,
    passages: Collection[Hash] | None,
    *,
    ahead: bool = False,
) -> Mapping[Treatment, TreatmentStanding]:
    ever, now = _that_count(said), _that_count(said, passages)
    found = {}
    for treatment in Treatment:
        mine, still = ([o for o in some if o.treatment == treatment] for some in (ever, now))
        if still:
            found[treatment] = _standing(treatment, mine, still, risk, ahead)
    return found


class _Trail(NamedTuple):
    """Decisions in their order since the last of them that a fuse has done with."""

    counted: Sequence[Decided]
    let_out: Bools
    """Which of them are on what a certificate let out that stood by then."""
    stood: bool
    """A certificate stood at some time."""
    until: tuple[str, str]
    """The last one before, as `_place` has it; ("", "") where no fuse blew."""

    @property
    def blown(self) -> bool:
        return any(self.until)

    @property
    def labelled(self) -> Labelled:
        sure, wrong, chance = _arrays(self.counted)
        return Labelled(sure, wrong, 1 - sure, stands_for(sure, chance))


def _place(one: Decided) -> tuple[str, str]:
    """Where a decision stands in their order."""
    return one.at, one.interaction_id


def _arrays(said: Sequence[Decided]) -> tuple[Floats, Bools, Floats]:
    """How sure answers were, which were wrong, and the probability that each was drawn with."""
    sure = np.array([one.sure for one in said], float)
    wrong = np.array([not one.right for one in said], bool)
    return sure, wrong, np.array([one.chance for one in said], float)


def _trail(
    said: Sequence[Decided], risk: RiskSpec, ever: Sequence[Decided] | None = None
) -> _Trail:
    """Follow what was decided; `ever`: what certificates came from, where that is more."""
    counted, stood, until = said, False, ("", "")
    by = said if ever is None else ever
    while True:
        let_out = _let_out(counted, by, risk)
        stood = stood or bool(let_out.any())
        places = np.flatnonzero(let_out)
        blown = blown_at(_arrays(counted)[1][places], risk.max_wrong)
        if blown is None:
            return _Trail(counted, let_out, stood, until)
        until = _place(counted[int(places[blown])])
        counted, by = ([o for o in some if _place(o) > until] for some in (counted, by))


def _standing(
    treatment: Treatment,
    ever: Sequence[Decided],
    now: Sequence[Decided],
    risk: RiskSpec,
    ahead: bool,
) -> TreatmentStanding:
    """How far a treatment has come by decisions that count `now`; `ever`: had no document
    changed."""
    unedited = trail = _trail(ever, risk)
    found = certify(unedited.labelled, risk)
    if now != ever:
        still = [one for one in now if _place(one) > unedited.until]
        trail = _trail(still, risk, unedited.counted)
        least = found.threshold if found else inf
        found = certify(trail.labelled, risk, least)
    labelled, let_out = trail.labelled, trail.let_out
    stood = trail.stood or unedited.stood
    return TreatmentStanding(
        treatment=treatment,
        decisions=len(trail.counted),
        right=sum(one.right for one in trail.counted),
        certificate=found,
        fewest=fewest_answered(risk),
        carried=sum(one.carried for one in trail.counted),
        blown=trail.blown or unedited.blown,
        gone=found is None and stood,
        lapsed=found is None and bool(let_out.any()),
        lately=found is not None or bool(let_out[-LATELY:].any()),
        ahead=looked_ahead(labelled, risk)
        if ahead and len(trail.counted) >= FEWEST_AHEAD
        else None,
    )


def stands_for(sure: Floats, chance: Floats) -> Floats:
    """Return for how many questions each decision stands, by the probability it was drawn with.

    All from the least sure one on that was sent stand for equally many: what is drawn once in
    twenty times tells how many were sent, and the decisions of before tell what they are worth.
    """
    thinly = chance < 1
    if not thinly.any():
        return np.ones(len(sure))
    sent = sure >= sure[thinly].min()
    return np.where(sent, (1 / chance[sent]).mean(), 1.0)


def _let_out(said: Sequence[Decided], by: Sequence[Decided], risk: RiskSpec) -> Bools:
    """Return which of what people said, in its order, is on what a certificate let out that stood
    by then. What stood `by` decisions is looked up at `LOOKS` places, not after each of them."""
    sure, wrong, _ = _arrays(by)
    step = max(_LEAST_STEP, len(by) // LOOKS)
    stood = np.full(len(by) // step + 1, inf)
    for look in range(1, len(stood)):
        before = slice(look * step)
        found = certify(Labelled(sure[before], wrong[before], 1 - sure[before]), risk)
        stood[look] = found.threshold if found else inf
    order = [_place(one) for one in by]
    looks = [bisect_left(order, _place(one)) // step for one in said]
    return np.array([one.sure for one in said], float) >= stood[looks]
