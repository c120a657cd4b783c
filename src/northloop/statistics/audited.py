"""May what was answered before be said again? One certified threshold, kept honest by audits.

A share of the requests is audited, drawn before anything is known of them with a probability that
follows from the past alone: what the cache would have said is not said, the request is answered
afresh, and the two are compared. The audits of
late decide from which score on the cache may serve (`thresholds.certify`), and what they find above
it afterwards feeds a fuse. The score is learnt from the other requests that were answered afresh,
never from audits: whoever tunes on what certifies proves nothing.

What is promised is of served hits: each certificate alone is wrong with probability delta at most,
that is lets more than `max_wrong` of *them* be wrong, as long as requests stay what they were. They
are tried again and again on audits that overlap, and whoever tries often is lucky now and then. A
share of all requests would count what was not served as right. When answers go out of date
unannounced, wrong ones are served until the fuse blows: what changed has to be taken out of the
cache when it changes.
"""

from __future__ import annotations

from collections import deque
from math import log1p

import msgspec
import numpy as np
from scipy.special import expit

from northloop.statistics.logit import Logit, logit
from northloop.statistics.thresholds import Certificate, Labelled, RiskSpec, certify, grown

Signs = tuple[float, ...]
"""What speaks for a cached answer, in an order of the caller's; always the same for one policy."""
_STEP, _STEPS = 0.01, 5
_CLOSE = tuple((away, 1 - abs(away) / _STEPS) for away in range(1 - _STEPS, _STEPS))
"""What was compared within .05 of a similarity tells about it; the weight falls linearly."""
_PRIOR, _PRIOR_WEIGHT = 0.5, 1.0
_MOST_KEPT = 50


class AuditSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a semantic cache promises, and what the promise costs."""

    risk: RiskSpec = RiskSpec(max_wrong=0.02, delta=0.05, steps=40)
    """`max_wrong` is of served hits. A certificate is tried for again and again, and whoever tries
    often is lucky now and then: where none stands, one is granted at half of `delta` only."""
    share: float = 0.1
    """Probability of an audit. So many of the would-be hits are not served."""
    settled: float = 0.03
    """Probability once a certificate rests on so many audits as `settled_at` or more, if less. The
    promise is the same; a change that nobody announced is noticed so much later."""
    settled_at: int = 500
    window: int = 1_000
    """So many audits of late count for a certificate."""
    told: int = 5_000
    """So many other labels of late count for the score."""
    every: int = 100
    """A new certificate after so many audits."""
    fuse: float = 1_000.0
    """The fuse blows in vain once in so many audited would-be hits at most, on average."""

    @property
    def at_first(self) -> RiskSpec:
        """What is to be certified where no certificate stands."""
        return msgspec.structs.replace(self.risk, delta=self.risk.delta / 2)

    def tolerating(self, wrong: float) -> AuditSpec:
        """Return this promise with another share of wrong hits."""
        risk = msgspec.structs.replace(self.risk, max_wrong=wrong)
        return msgspec.structs.replace(self, risk=risk)


class Past(msgspec.Struct, kw_only=True):
    """What became of one cached answer each time that a fresh one could be compared with it."""

    tried: dict[int, float] = {}
    """Step of similarity → how often, faded."""
    right: dict[int, float] = {}
    count: float = 0.0

    def add(self, similarity: float, right: bool) -> None:
        """Keep one comparison, not an audit's; what is long ago fades."""
        if self.count >= _MOST_KEPT:
            for held in (self.tried, self.right):
                for place in held:
                    held[place] /= 2
            self.count /= 2
        place = int(similarity / _STEP)
        self.tried[place] = self.tried.get(place, 0.0) + 1
        self.right[place] = self.right.get(place, 0.0) + right
        self.count += 1

    def near(self, similarity: float) -> tuple[float, float]:
        """Return how often it was right near a similarity, smoothed, and log(1 + n) of all n."""
        if not self.count:
            return _PRIOR, 0.0
        hits, weight = _PRIOR * _PRIOR_WEIGHT, _PRIOR_WEIGHT
        place = int(similarity / _STEP)
        for away, close in _CLOSE:
            tried = self.tried.get(place + away)
            if tried:
                weight += close * tried
                hits += close * self.right[place + away]
        return hits / weight, log1p(self.count)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How cached answers are scored, and from which score on they are served."""

    score: Logit
    certificate: Certificate | None
    """Its threshold is of the score's log-odds."""

    def serves(self, signs: Signs) -> bool:
        """Whether a cached answer is served where no audit was drawn."""
        return self.certificate is not None and self.score.odds(signs) >= self.certificate.threshold


class Labels:
    """Signs of would-be hits with whether these would have been wrong, the newest `most`."""

    def __init__(self, most: int) -> None:
        self.signs: deque[Signs] = deque(maxlen=most)
        self.wrong: deque[bool] = deque(maxlen=most)

    def add(self, signs: Signs, wrong: bool) -> None:
        """Keep one, in place of the oldest where there are too many."""
        self.signs.append(signs)
        self.wrong.append(wrong)

    def __len__(self) -> int:
        return len(self.wrong)


def learnt(told: Labels, audits: Labels, risk: RiskSpec) -> Policy:
    """Return a policy: a score by what was told, a threshold by audits or None if none is proven.

    Both need labels; how likely an audit is to fail is foreseen by what was told alone.
    """
    score = logit(np.array(told.signs, np.float64), ~np.array(told.wrong, np.bool_))
    found = np.array([score.odds(signs) for signs in audits.signs])
    wrong = np.array(audits.wrong, np.bool_)
    return Policy(score=score, certificate=certify(Labelled(found, wrong, expit(-found)), risk))


class CacheStanding(msgspec.Struct, frozen=True, kw_only=True):
    """Where a cache stands, without the labels that it came of."""

    policy: Policy | None = None
    audits: int = 0
    """Since it began, or began anew."""
    since: int = 0
    """Audits since a certificate was last tried for."""
    evidence: float = 1.0
    """Of the fuse."""
    blown: int = 0
    """How often the fuse went."""

    @property
    def certificate(self) -> Certificate | None:
        """The certificate in force, None where nothing is served."""
        return self.policy.certificate if self.policy else None

    def share(self, spec: AuditSpec) -> float:
        """Return the probability of an audit: to be drawn before anything is known of a request."""
        is_settled = self.certificate is not None and self.audits >= spec.settled_at
        return min(spec.share, spec.settled) if is_settled else spec.share

    def serves(self, signs: Signs) -> bool:
        """Whether a cached answer is served where no audit was drawn."""
        return self.policy is not None and self.policy.serves(signs)

    def burnt(self, wrong: bool, spec: AuditSpec) -> CacheStanding:
        """Return it once one more answer that is served was looked at; `blown` may be one more."""
        evidence = grown(self.evidence, wrong, spec.risk.max_wrong)
        if evidence >= spec.fuse:
            return CacheStanding(blown=self.blown + 1)
        return msgspec.structs.replace(self, evidence=evidence)

    def audited(self, served: bool, wrong: bool, spec: AuditSpec) -> CacheStanding:
        """Return it after an audit of what would have been served, or not.

        If `blown` is one more, everything begins anew and no label counts any more, this one
        included.
        """
        after = self.burnt(wrong, spec) if served else self
        if after.blown != self.blown:
            return after
        return msgspec.structs.replace(after, audits=self.audits + 1, since=self.since + 1)

    def is_due(self, spec: AuditSpec) -> bool:
        """Whether a certificate is to be tried for."""
        return self.since >= spec.every

    def renewed(self, told: Labels, audits: Labels, spec: AuditSpec) -> CacheStanding:
        """Return it with a policy by the labels of late; as it is where nothing was told yet."""
        if not len(told) or not len(audits):
            return self
        risk = spec.risk if self.certificate else spec.at_first
        return msgspec.structs.replace(self, policy=learnt(told, audits, risk), since=0)


class AuditedThreshold:
    """The policy of one cache over time, with its labels in memory. Not safe for threads."""

    def __init__(self, spec: AuditSpec) -> None:
        self.spec = spec
        self.standing = CacheStanding()
        self._begin()

    def _begin(self) -> None:
        self._told = Labels(self.spec.told)
        self._audits = Labels(self.spec.window)

    @property
    def share(self) -> float:
        """The probability of an audit now, see `CacheStanding.share`."""
        return self.standing.share(self.spec)

    @property
    def blown(self) -> int:
        """How often the fuse went."""
        return self.standing.blown

    @property
    def policy(self) -> Policy | None:
        """What decides now."""
        return self.standing.policy

    @property
    def certificate(self) -> Certificate | None:
        """The certificate in force, None where nothing is served."""
        return self.standing.certificate

    def serves(self, signs: Signs) -> bool:
        """Whether a cached answer is served where no audit was drawn."""
        return self.standing.serves(signs)

    def tell(self, signs: Signs, wrong: bool) -> None:
        """Take in what became of a request that was neither served nor audited."""
        self._told.add(signs, wrong)

    def audit(self, signs: Signs, wrong: bool) -> None:
        """Take in an audit. The policy may change; if the fuse blows, everything begins anew."""
        before = self.standing
        self.standing = before.audited(before.serves(signs), wrong, self.spec)
        if self.standing.blown != before.blown:
            self._begin()
            return
        self._audits.add(signs, wrong)
        if self.standing.is_due(self.spec):
            self.standing = self.standing.renewed(self._told, self._audits, self.spec)
