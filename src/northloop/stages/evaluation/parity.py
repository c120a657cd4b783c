"""Does the served, quantised release say what the trained model says?

Compared position by position along golden answers, so that one different token does not excuse all
that follow it. It does not know who made the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from northloop.core.artefacts import Parity
from northloop.core.errors import InputError
from northloop.ports.models import Token


class ParitySpec(msgspec.Struct, frozen=True, kw_only=True):
    """How close is close enough."""

    least_agreement: float = 0.90
    most_gap: float = 0.25
    """Nats."""


def compare(
    trained: Sequence[Sequence[Token]],
    served: Sequence[Sequence[Token]],
    spec: ParitySpec,
) -> Parity:
    """Return how far two models agree on golden answers.

    For each golden answer, one token a position: the one the model puts first, given the golden
    text before it, and its log-probability. The gap is the mean |difference| of the
    log-probabilities where both put the same token first. InputError if the answers or their
    lengths do not match, or there is no position at all.
    """
    _check_lengths(trained, served)
    pairs = [
        pair
        for ours, theirs in zip(trained, served, strict=True)
        for pair in zip(ours, theirs, strict=True)
    ]
    gaps = [abs(a.logprob - b.logprob) for a, b in pairs if a.text == b.text]
    agreement = len(gaps) / len(pairs)
    gap = float(np.mean(gaps)) if gaps else 0.0
    return Parity(
        n=len(pairs),
        top1_agreement=agreement,
        mean_logprob_gap=gap,
        passed=agreement >= spec.least_agreement and gap <= spec.most_gap,
    )


def _check_lengths(trained: Sequence[Sequence[Token]], served: Sequence[Sequence[Token]]) -> None:
    lengths = [len(row) for row in trained], [len(row) for row in served]
    if lengths[0] != lengths[1] or not sum(lengths[0]):
        raise InputError(
            f"{sum(lengths[0])} trained and {sum(lengths[1])} served tokens do not pair up",
            where="parity check",
            action="ask both models for every position of the same golden answers",
        )
