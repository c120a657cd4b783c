"""How far an answer can be trusted, from what is seen while it is made.

A logistic score of a few signals. The weights follow a fit to 165 answers that a release of the
sample company gave to questions in new words, 31 of them right (every fact of the reference is in
the answer). Nearly all that could be learnt was the mean log-probability: area under the curve 0.84
alone, 0.82 with the little weight that the others were left, against cut answers and unsupported
facts above all, of which there were too few to tell. The weights order answers; a release's
threshold is set on the order, not on the value. Only verdicts say whether an answer is right.

An engine that gives no log-probabilities leaves nothing to be sure of: its answers are unmeasured.
Their confidence is what retrieval and the checked claims say, on a scale of its own, and a release
hands them off as drafts unless it was told that this is enough (`Release.unmeasured`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from northloop.core.check import Verdict, check, counted
from northloop.ports.models import Token

LOGPROB_FLOOR = -100.0
"""Stands for a probability of nought, and for the lack of any token."""


class Signals(msgspec.Struct, frozen=True, kw_only=True):
    """What is seen while an answer is made."""

    tokens: int
    """How many were generated."""
    mean_logprob: float
    """Mean log-probability of its tokens, nats."""
    min_logprob: float
    """That of its least likely token, nats."""
    retrieval: float
    """Fused score of the best passage, 0..1."""
    claims: int
    """Sentences that claim something."""
    claims_supported: int
    """How many of them pass the check (`core.check`)."""
    truncated: bool
    """It hit the length limit before it was finished."""
    measured: bool = True
    """The engine said how likely each token was; else both log-probabilities are the floor."""
    refused: tuple[Verdict, ...] = ()
    """The sentences that do not pass the check, with the reasons."""

    @property
    def grounded(self) -> bool:
        """Whether every claim passes the check; true of an answer without any."""
        return self.claims_supported == self.claims


def signals(
    tokens: Sequence[Token],
    evidence: Sequence[str],
    *,
    retrieval: float,
    truncated: bool,
    asked: Sequence[str] = (),
) -> Signals:
    """Return the signals of the tokens of an answer.

    `evidence` are the texts of the company that it may rest on, `asked` what the customer wrote:
    their own order's number may be said back to them, but nothing they claim is evidence.
    """
    known = [token.logprob for token in tokens if token.logprob is not None]
    measured = len(known) == len(tokens)
    logprobs = [max(one, LOGPROB_FLOOR) for one in known if measured] or [LOGPROB_FLOOR]
    verdicts = check("".join(token.text for token in tokens), evidence, asked)
    found, total = counted(verdicts)
    return Signals(
        tokens=len(tokens),
        mean_logprob=sum(logprobs) / len(logprobs),
        min_logprob=min(logprobs),
        retrieval=retrieval,
        claims=total,
        claims_supported=found,
        truncated=truncated,
        measured=measured,
        refused=tuple(verdict for verdict in verdicts if not verdict.passes),
    )


def confidence(seen: Signals) -> float:
    """Return 0..1; as good as 0 for an answer without a token."""
    unsupported = 1 - seen.claims_supported / seen.claims if seen.claims else 0.0
    if not seen.measured:
        return seen.retrieval * (1 - unsupported) * (1 - 0.5 * seen.truncated)
    odds = (
        1.0
        + 3.5 * seen.mean_logprob
        + 0.1 * seen.min_logprob
        + 1.0 * (seen.retrieval - 0.5)
        - 2.0 * unsupported
        - 1.0 * seen.truncated
    )
    return 1 / (1 + math.exp(-odds))
