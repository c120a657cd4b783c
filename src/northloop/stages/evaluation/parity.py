"""Does the served, quantised release say what the trained model says?

Three models read the same golden answers: the served one, which said them, the trained one and the
untuned one. What served and trained differ by is held against what the tuning changed. A faithful
release differs by the rounding of another kernel, a few hundredths of the change; an adapter at
half strength, or with layers missing, by a fifth of it and more, though it may well put the same
token first almost everywhere.

Differences are taken of log-odds, ln(p / (1 - p)): rounding moves them alike at sure and unsure
tokens, and they go on telling an adapter from its half where both are nearly certain. It does not
know who made the tokens. The limits were measured: docs/log.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.artefacts import Parity
from northloop.core.errors import InputError
from northloop.ports.models import Token
from northloop.ports.trainer import Followed

FEWEST_ANSWERS = 10
"""Fewer show nothing: one answer's tokens hang together."""
_SUREST = 1e-4
"""Probabilities nearer to 0 or 1 than this are taken for this: beyond it single precision ends."""


class ParitySpec(msgspec.Struct, frozen=True, kw_only=True):
    """How close is close enough."""

    least_agreement: float = 0.90
    """Less three standard errors: a few near-ties in short answers are no fault."""
    most_gap: float = 0.10
    """As a share of the effect."""
    rounding: float = 0.15
    """Mean log-odds: a gap below this may be rounding alone."""
    strength: float = 0.1
    """How far the strength may be from 1, or by four standard errors if those are more."""
    unsure: float = 0.3
    """Where four standard errors are more than this, half an adapter might pass for a whole one."""


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """One golden answer, as said by the served model and as two others read it."""

    served: Sequence[Token]
    trained: Sequence[Followed]
    untuned: Sequence[Followed]
    """Without the adapter; the same tokens as `trained`."""
    seen: bool = False
    """The question was trained on. That is no fault: both models have learnt it."""


def compare(answers: Sequence[Golden], spec: ParitySpec) -> Parity:
    """Return how far the served model is from the trained one on golden answers.

    A token counts where the served and the trained model cut the text alike; an answer counts if
    one of its tokens does. InputError if trained and untuned are not of the same tokens.
    """
    compared = [(answer, spots) for answer in answers if (spots := _spots(answer))]
    sizes = [len(some) for _, some in compared]
    spots = [spot for _, some in compared for spot in some]
    p = _probabilities([spot.logprobs for spot in spots])
    nats = np.log(p)
    served, trained, untuned = nats - np.log1p(-p)
    gaps, effects = served - trained, trained - untuned
    found = Parity(
        n=len(spots),
        top1_agreement=_mean(np.array([spot.likeliest for spot in spots])),
        mean_logprob_gap=_mean(np.abs(nats[0] - nats[1])),
        passed=False,
        answers=len(compared),
        seen=sum(answer.seen for answer, _ in compared),
        gap=_mean(np.abs(gaps)),
        effect=_mean(np.abs(effects)),
        strength=_strength(gaps, effects),
    )
    error = _standard_error(gaps, effects, np.repeat(range(len(compared)), sizes))
    problem = _problem(found, error, spec)
    return msgspec.structs.replace(found, passed=not problem, problem=problem)


class _Spot(msgspec.Struct, frozen=True):
    """One token that all three read."""

    logprobs: tuple[float, float, float]
    """Served, trained, untuned."""
    likeliest: bool


def _spots(answer: Golden) -> list[_Spot]:
    if [t.text for t in answer.trained] != [t.text for t in answer.untuned]:
        raise InputError(
            f"{len(answer.trained)} trained and {len(answer.untuned)} untuned tokens do not "
            "pair up",
            where="parity check",
            action="let both models read the same golden answers",
        )
    return [
        _Spot((said.logprob, answer.trained[at].logprob, answer.untuned[at].logprob),
              answer.trained[at].likeliest)
        for said, at in _alike(answer)
        if said.logprob is not None
    ]  # fmt: skip


def _alike(answer: Golden) -> Iterator[tuple[Token, int]]:
    """Yield the served tokens that are one token to the reader too, and which.

    What an engine hands out at once may be several tokens: those are passed over. From where it
    said two tokens that the reader takes for one, they have not read the same, so that ends it.
    """
    said_to = read_to = at = 0
    for said in answer.served:
        said_to, first = said_to + len(said.text), at
        while at < len(answer.trained) and (
            read_to < said_to or (at > first and not answer.trained[at].text)
        ):
            read_to += len(answer.trained[at].text)
            at += 1
        if read_to != said_to:
            return
        if at == first + 1:
            yield said, first


def _strength(gaps: NDArray[np.float64], effects: NDArray[np.float64]) -> float:
    """Return the slope through the origin of served over trained; 1 where nothing was learnt."""
    return 1.0 + float(gaps @ effects) / (float(effects @ effects) or 1.0)


def _standard_error(
    gaps: NDArray[np.float64], effects: NDArray[np.float64], answer: NDArray[np.int64]
) -> float:
    """Return that of the strength, by leaving out one answer at a time: its tokens hang together.

    The delete-one jackknife (Efron & Stein 1981).
    """
    groups = range(int(answer.max(initial=-1)) + 1)
    left = [_strength(gaps[answer != one], effects[answer != one]) for one in groups]
    return float(np.std(left) * np.sqrt(len(left) - 1)) if len(left) > 1 else 0.0


def _probabilities(logprobs: Sequence[tuple[float, float, float]]) -> NDArray[np.float64]:
    """Return (3, n) probabilities of which there are log-odds; what is no number is unlikely."""
    p = np.nan_to_num(np.exp(np.array(logprobs, dtype=np.float64).reshape(-1, 3).T))
    clipped: NDArray[np.float64] = np.clip(p, _SUREST, 1 - _SUREST)
    return clipped


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _problem(found: Parity, error: float, spec: ParitySpec) -> str:
    """Return what speaks against it, worst first; "" for nothing. `error` is the strength's."""
    if found.answers < FEWEST_ANSWERS:
        return (
            f"{found.answers} answers that can be compared are too few to tell, "
            f"{FEWEST_ANSWERS} are needed"
        )
    allowed = max(spec.rounding, spec.most_gap * found.effect)
    tolerance = max(spec.strength, 4 * error)
    if found.gap > allowed:
        return (
            f"it is {found.gap:.2f} off the trained model where {allowed:.2f} is allowed and "
            f"tuning changed {found.effect:.2f}, in mean log-odds of a token"
        )
    if tolerance > spec.unsure:
        return (
            f"tuning changed so little ({found.effect:.2f} in mean log-odds of a token) that "
            f"{found.answers} answers do not tell whether it is served whole; learn more, or "
            "raise evaluation.golden_items"
        )
    if abs(found.strength - 1) > tolerance:
        return f"what was learnt is served at {found.strength:.0%} of its strength"
    share = spec.least_agreement
    least = share - 3 * (share * (1 - share) / found.n) ** 0.5
    if found.top1_agreement < least:
        return (
            f"both put the same token first at {found.top1_agreement:.1%} of {found.n} positions, "
            f"{least:.1%} are needed"
        )
    return ""
