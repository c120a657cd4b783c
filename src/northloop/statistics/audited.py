"""May what was answered before be said again? One certified threshold, kept honest by audits.

A fixed share of the requests is audited, drawn before anything is known of them: what the cache
would have said is not said, the request is answered afresh, and the two are compared. The audits of
late decide from which score on the cache may serve (`thresholds.certify`), and what they find above
it afterwards feeds a fuse. The score is learnt from the other requests that were answered afresh,
never from audits: whoever tunes on what certifies proves nothing.

What is promised is of served hits: with probability ≥ 1 - delta for each certificate, at most
`max_wrong` of *them* are wrong as long as requests stay what they were. A share of all requests
would count what was not served as right. When answers go out of date unannounced, wrong ones are
served until the fuse blows: what changed has to be taken out of the cache when it changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import log1p

import msgspec
import numpy as np

from northloop.statistics.logit import Logit, logit
from northloop.statistics.thresholds import Certificate, RiskSpec, certify, grown

Signs = tuple[float, ...]
"""What speaks for a cached answer, in an order of the caller's; always the same for one policy."""
NEAR = 0.05
"""Requests whose similarity differs by less tell about one another; the weight falls linearly."""
_PRIOR, _PRIOR_WEIGHT = 0.5, 1.0
_MOST_KEPT = 50


class AuditSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What a semantic cache promises, and what the promise costs."""

    risk: RiskSpec = RiskSpec(max_wrong=0.02, steps=40)
    """`max_wrong` is of served hits."""
    share: float = 0.1
    """Probability of an audit. So many of the would-be hits are not served."""
    window: int = 1_000
    """So many audits of late count for a certificate."""
    told: int = 20_000
    """So many other labels of late count for the score."""
    every: int = 50
    """A new certificate after so many audits."""
    fuse: float = 1_000.0
    """The fuse blows in vain once in so many audited would-be hits at most, on average."""


class Past:
    """What became of one cached answer each time that a fresh one could be compared with it."""

    def __init__(self) -> None:
        self._similarity: deque[float] = deque(maxlen=_MOST_KEPT)
        self._right: deque[bool] = deque(maxlen=_MOST_KEPT)

    def add(self, similarity: float, right: bool) -> None:
        """Keep one comparison, not an audit's."""
        self._similarity.append(similarity)
        self._right.append(right)

    def near(self, similarity: float) -> tuple[float, float]:
        """Return how often it was right near a similarity, smoothed, and log(1 + n) of all n."""
        hits, weight = _PRIOR * _PRIOR_WEIGHT, _PRIOR_WEIGHT
        for at, right in zip(self._similarity, self._right, strict=True):
            close = 1 - abs(at - similarity) / NEAR
            if close > 0:
                weight += close
                hits += close * right
        return hits / weight, log1p(len(self._right))


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How cached answers are scored, and from which score on they are served."""

    score: Logit
    certificate: Certificate | None

    def serves(self, signs: Signs) -> bool:
        """Whether a cached answer is served where no audit was drawn."""
        return self.certificate is not None and self.score(signs) >= self.certificate.threshold


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
    """Return the policy: a score from what was told, a threshold from audits, None if there is none.

    Both need labels. Thresholds to be tried are quantiles of the audits' scores, whatever their
    labels are.
    """
    score = logit(_rows(told.signs), ~np.array(told.wrong, np.bool_))
    found = score.all(_rows(audits.signs))
    wrong = np.array(audits.wrong, np.bool_)
    return Policy(score=score, certificate=certify(found, wrong, found, risk))


def _rows(signs: Sequence[Signs]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array(signs, np.float64)


class AuditedThreshold:
    """The policy of one cache over time. Not safe for threads."""

    def __init__(self, spec: AuditSpec) -> None:
        self.spec = spec
        self.policy: Policy | None = None
        self.blown = 0
        """How often the fuse went."""
        self._begin()

    def _begin(self) -> None:
        self.policy = None
        self._told = Labels(self.spec.told)
        self._audits = Labels(self.spec.window)
        self._since = 0
        self._evidence = 1.0

    @property
    def certificate(self) -> Certificate | None:
        """The certificate in force, None where nothing is served."""
        return self.policy.certificate if self.policy else None

    def serves(self, signs: Signs) -> bool:
        """Whether a cached answer is served where no audit was drawn."""
        return self.policy is not None and self.policy.serves(signs)

    def tell(self, signs: Signs, wrong: bool) -> None:
        """Take in what became of a request that was neither served nor audited."""
        self._told.add(signs, wrong)

    def audit(self, signs: Signs, wrong: bool) -> None:
        """Take in an audit. The policy may change; if the fuse blows, everything begins anew."""
        if self.serves(signs):
            self._evidence = grown(self._evidence, wrong, self.spec.risk.max_wrong)
            if self._evidence >= self.spec.fuse:
                self.blown += 1
                self._begin()
                return
        self._audits.add(signs, wrong)
        self._since += 1
        if self._since >= self.spec.every and len(self._told):
            self._since = 0
            self.policy = learnt(self._told, self._audits, self.spec.risk)
