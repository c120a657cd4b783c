"""May the candidate be promoted? Guardrails first, then proof that customers get better answers.

What the test questions neither prove nor disprove is left to people, who judge answers of both to
fresh questions side by side (`side_by_side`), if so many as it takes are not too many.

The rule: not worse than the current release by the margin or more on any guardrail (each at alpha,
uncorrected: all must hold), better on at least one of S success metrics (each at alpha / S), and
served as it was trained (parity). A first release is held against having none, not against the
untuned base (docs/decisions/0029). Without a true improvement a candidate passes with probability
of at most alpha, and just at a margin too (Schultzberg et al. 2024, arXiv 2402.11609; simulated in
benchmarks/). Over many turns decisions on the same test questions share one alpha
(`statistics.spending`), and where an earlier release was better than the current one, the
guardrails hold beside it too: losses within a margin do not add up (docs/decisions/0025).

Three bars refuse what is *shown* to miss them, however it does beside the current release
(docs/decisions/0048): a simple way does better by itself; of what people taught it, it says more
otherwise than as they did; more wrong answers would go out than are tolerated, by what people
judged of the current release, and no fewer than with that.

Where people decide on what is said, or their decisions certify it, a release is judged by all it
says, answers and drafts alike: what it would send by its own thresholds nobody receives
(docs/decisions/0049).

What no customer receives (likelihood, the generated intent) is compared and shown, and decides
nothing, whatever the settings say: a release that was likelier to say the agents' words took the
wrong action twice as often (docs/decisions/0007).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from math import ceil
from typing import Annotated

import msgspec
import numpy as np

from northloop.core.artefacts import Comparison, Decision, Guardrail, Parity, Replay, Report, Score
from northloop.core.errors import InputError
from northloop.core.ids import Hash
from northloop.core.question import normalised
from northloop.core.treatment import Simple, Treatment
from northloop.stages.evaluation.scorers import DATA_DEPENDENT, DIAGNOSTIC, items_of, statistic_of
from northloop.statistics.bootstrap import (
    Codes,
    Floats,
    Resampling,
    Statistic,
    cluster_codes,
    mean_statistic,
)
from northloop.statistics.intervals import clopper_pearson
from northloop.statistics.paired import paired_difference
from northloop.statistics.pairwise import hopeful, needed
from northloop.statistics.spending import share

BY_PEOPLE = ("right", "wrong", "answered")
"""What people who judge two answers side by side tell of both."""
SURPLUS = "surplus"
"""Of all questions: those that are sent a right answer less those that are sent a wrong one."""
FIDELITY = "fidelity"
FOR_PAIRS = 0.5
"""Of alpha: what test questions do not decide is tried a second time."""
GUARDRAIL = "guardrail"
SUCCESS = "success"
SHOWN = "diagnostic"
DEFAULT_SUCCESS = ("right",)
DEFAULT_GUARDRAILS = (
    Guardrail("right", 0.05),
    Guardrail("wrong", 0.05),
    Guardrail("answered", 0.1),
    Guardrail(FIDELITY, 0.1),
)
"""Of all questions: no more than 5 points fewer right answers, 5 more wrong ones, 10 more
hand-offs; where a model answers, of the numbers in all that it says, no more than 10 points fewer
that were given. Where people decide, answers are drafts, too (`Report.drafts`)."""
_SHOWN_ALWAYS = ("wrong", "bits_per_byte", "intent_f1", "rouge_l", "groundedness")
_BASE_CANNOT = ("answered", "handed_off", FIDELITY)
"""The untuned base has no thresholds: it hands next to nothing off, however wrong it is, and hardly
speaks in numbers. Whoever replaces it has to hand off more, invented numbers first; `right` and
`wrong` are what must not suffer."""
_FEWEST_CONVERSATIONS = 10
"""With fewer, no interval by conversation means anything."""


class GateSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold. Margins are in the metric's unit, of whichever sign is worse."""

    guardrails: tuple[Guardrail, ...]
    """Metrics that must not get worse by more than their margin."""
    success: tuple[str, ...]
    """Metrics of which one must be proven better."""
    alpha: Annotated[float, msgspec.Meta(gt=0, le=0.5)] = 0.05
    """Chance of a false finding that is accepted in each comparison, in all decisions on the same
    test questions together."""
    resampling: Resampling = Resampling()
    """How the intervals are drawn."""
    pairs: Annotated[int, msgspec.Meta(ge=0)] = 500
    """So many pairs of answers may people be asked to judge where test questions do not decide.
    With 0 they decide alone, at the whole of alpha; else pairs have half of it."""
    simple: bool = True
    """Whether a release is refused that a simple way is shown to outdo: one reply for all, the
    nearest reply, the commonest of the likeliest intent."""

    def diagnostics_asked(self) -> tuple[str, ...]:
        """Return the diagnostics that are named as if they could decide."""
        named = (*self.success, *(rail.metric for rail in self.guardrails))
        return tuple(dict.fromkeys(metric for metric in named if metric in DIAGNOSTIC))

    def in_force(self) -> GateSpec:
        """Return what is asked for: diagnostics left out, right and wrong answers in their place.

        The gate of a workspace from before they were diagnostics goes on to work, and is stricter.
        """
        if not self.diagnostics_asked():
            return self
        rails = [rail for rail in self.guardrails if rail.metric not in DIAGNOSTIC]
        known = {rail.metric for rail in rails}
        rails += [r for r in DEFAULT_GUARDRAILS[:2] if r.metric not in known]
        success = tuple(metric for metric in self.success if metric not in DIAGNOSTIC)
        return msgspec.structs.replace(
            self, guardrails=tuple(rails), success=success or DEFAULT_SUCCESS
        )


class Contender(msgspec.Struct, frozen=True):
    """A release and its evaluation; None is the untuned base."""

    release: Hash | None
    report: Report


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What came before a decision."""

    look: int = 1
    """So manieth decision on these test questions it is."""
    best: Contender | None = None
    """The best release so far, where that is not the current one."""
    people: bool = False
    """Customers ask, so that pairs of answers can be judged."""
    first: bool = False
    """Nothing is live: people answer everything, and the current release is the untuned base."""
    drafts: bool = False
    """Nothing goes out but what people have approved or their decisions certify, whatever the
    release is sure of."""
    replay: Replay = Replay()
    """What the candidate says to the questions that its turn came from."""
    sent_wrong: float = 0.0
    """Of all questions, so large a share at least was sent a wrong answer by the current release,
    as people judged; 0 where nobody can say."""
    tolerated: float = 1.0
    """Of all questions, so large a share may be sent a wrong answer."""


def decide(
    spec: GateSpec,
    candidate: Contender,
    current: Contender,
    parity: Parity | None,
    before: Before = Before(),  # noqa: B008
) -> Decision:
    """Return whether the candidate may replace the current release, and the evidence.

    All reports must be on the same items, in the same order: InputError otherwise. A guardrail on
    a metric that cannot be compared (no intents in the data, no number in any answer, hand-offs of
    the untuned base) is named in the reason and asks for nothing. Intervals in the comparisons are
    those whose nearer end decides: two-sided 1 - 2 alpha for guardrails, 1 - 2 alpha / S for
    success metrics.
    """
    if candidate.release is None:
        raise InputError("the untuned base is no candidate", where="gate", action="seal a release")
    pair = _Pair(candidate=candidate.report, current=current.report)
    _check_items(pair)
    asked = spec.in_force()
    whole = asked.alpha * share(before.look)
    alpha = whole * FOR_PAIRS if before.people and asked.pairs else 0.0
    asked = msgspec.structs.replace(asked, alpha=whole - alpha)
    rails = [] if before.first else asked.guardrails
    held = [rail for rail in rails if not pair.lacks(rail.metric)]
    comparisons = (
        *(_guardrail(rail, pair, asked) for rail in held),
        *_gains(before, pair, asked),
        *_beside_best(before, candidate.report, asked),
        *_beside_simple(pair, asked),
    )
    missed = [*_outdone(comparisons), *_untaught(before, asked), *_intolerable(before, comparisons)]
    unsafe = [*_too_few(pair), *_unlike(parity), *missed]
    alike = pair.alike() and not before.first
    if before.first and before.drafts:
        objections = _unlike(parity)
    elif alike:
        objections = ["to every test question it says what is live already"]
    else:
        objections = [*_too_few(pair), *_broken(comparisons, before), *_unproven(comparisons)]
        objections += [*missed, *_unlike(parity)]
    pairs = 0
    if alpha and objections and not unsafe and not alike:
        pairs = _pairs_wanted(comparisons, pair, asked, alpha)
    return Decision(
        candidate=candidate.release,
        current=current.release,
        promote=not objections,
        reason=_reason(objections, comparisons, pairs, before)
        + _left_out([rail.metric for rail in rails if rail not in held])
        + ("" if alike else _looked_before(before.look, whole))
        + _downgraded(spec, asked),
        comparisons=(*comparisons, *_shown({c.metric for c in comparisons}, pair, spec)),
        parity=parity,
        pairs=pairs,
        alpha=alpha if pairs else 0.0,
        look=before.look,
        best=before.best.release if before.best else None,
        replay=before.replay,
        drafts=candidate.report.drafts,
        alike=alike,
    )


class _Pair(msgspec.Struct, frozen=True, kw_only=True):
    candidate: Report
    current: Report

    def has(self, metric: str) -> bool:
        """Whether both reports have the metric, on the same items."""
        both = (self.candidate, self.current)
        known = all(any(s.metric == metric and s.items for s in r.scores) for r in both)
        return known and items_of(self.candidate, metric) == items_of(self.current, metric)

    def lacks(self, metric: str) -> bool:
        """Whether there is nothing to hold the candidate to on this metric."""
        if metric in _BASE_CANNOT and self.current.model == "base":
            return True
        if metric == FIDELITY and not self.generates:
            return True
        return metric in DATA_DEPENDENT and not self.has(metric)

    @property
    def generates(self) -> bool:
        """Whether any of the two may say what nobody wrote; True where a report does not tell."""
        ways = [way for r in (self.candidate, self.current) for way in r.contestants]
        known = bool(self.candidate.contestants and self.current.contestants)
        return not known or any(w.served and w.name == Treatment.GENERATED for w in ways)

    def gains(self, metric: str) -> Floats:
        """Return by how much the candidate is better on each item, shape (N,)."""
        ours: Floats = np.array(self.candidate.score(metric).items, float)
        theirs: Floats = np.array(self.current.score(metric).items, float)
        return ours - theirs if self.higher(metric) else theirs - ours

    def higher(self, metric: str) -> bool:
        """Whether more of a metric is better."""
        return self.candidate.score(metric).higher_is_better

    def unlike(self) -> float:
        """Return on which share of the questions the two do not say the same."""
        said = zip(self.candidate.results, self.current.results, strict=True)
        return float(np.mean([normalised(a.answer) != normalised(b.answer) for a, b in said]))

    def alike(self) -> bool:
        """Whether a customer receives the same from both, whichever test question is asked."""
        decided = {score.metric for score in self.candidate.scores} - {*DIAGNOSTIC}
        same = (not self.gains(m).any() for m in decided if self.has(m))
        return not self.unlike() and all(same)

    def clusters(self, metric: str) -> Codes:
        """Return the conversation of each item of a metric."""
        return cluster_codes([item[-1] for item in items_of(self.candidate, metric)])


def _guardrail(rail: Guardrail, pair: _Pair, spec: GateSpec) -> Comparison:
    """Non-inferior: the bound on the worse side stays within the margin."""
    found = _compared(rail.metric, pair, spec.resampling, spec.alpha)
    higher = pair.higher(rail.metric)
    if higher and found.low <= 0:
        found = msgspec.structs.replace(found, low=found.low - _unseen(rail.metric, pair, spec))
    if not higher and found.high >= 0:
        found = msgspec.structs.replace(found, high=found.high + _unseen(rail.metric, pair, spec))
    holds = found.low >= -rail.margin if higher else found.high <= rail.margin
    return msgspec.structs.replace(found, margin=rail.margin, role=GUARDRAIL, passed=holds)


def _gains(before: Before, pair: _Pair, spec: GateSpec) -> Iterator[Comparison]:
    """Yield what the candidate has to win: where nothing is live, against people alone."""
    if before.first:
        yield _surplus(pair, spec)
        yield _not_worse(pair, spec)
    else:
        yield from (_success(metric, pair, spec) for metric in spec.success)


def _shown(decided: Collection[str], pair: _Pair, spec: GateSpec) -> Iterator[Comparison]:
    """Yield the comparisons that decide nothing."""
    for metric in dict.fromkeys((*spec.diagnostics_asked(), *_SHOWN_ALWAYS)):
        if metric not in decided and pair.has(metric):
            yield _compared(metric, pair, spec.resampling, spec.alpha)


def _beside_best(before: Before, candidate: Report, spec: GateSpec) -> Iterator[Comparison]:
    """Yield the guardrails beside the best release so far."""
    if before.best is None:
        return
    pair = _Pair(candidate=candidate, current=before.best.report)
    _check_items(pair)
    for rail in spec.guardrails:
        if not pair.lacks(rail.metric):
            yield msgspec.structs.replace(_guardrail(rail, pair, spec), beside_best=True)


def _success(metric: str, pair: _Pair, spec: GateSpec) -> Comparison:
    """Superior: the bound on the worse side is still an improvement."""
    found = _compared(metric, pair, spec.resampling, spec.alpha / len(spec.success))
    higher = pair.higher(metric)
    better = found.low > 0 if higher else found.high < 0
    return msgspec.structs.replace(found, role=SUCCESS, passed=better)


def _surplus(pair: _Pair, spec: GateSpec) -> Comparison:
    """Of the candidate alone: right answers sent outnumber wrong ones."""
    difference = paired_difference(
        statistic_of(pair.candidate, "right"),
        statistic_of(pair.candidate, "wrong"),
        pair.clusters("right"),
        spec.resampling,
    )
    low = difference.lower(spec.alpha) - difference.caution()
    return Comparison(
        metric=SURPLUS,
        difference=difference.value,
        low=low,
        high=difference.upper(spec.alpha) + difference.caution(),
        margin=0.0,
        role=SUCCESS,
        passed=low > 0,
    )


def _not_worse(pair: _Pair, spec: GateSpec) -> Comparison:
    """It is not shown to answer fewer questions rightly than the untuned base does."""
    found = _compared("right", pair, spec.resampling, spec.alpha)
    return msgspec.structs.replace(found, role=GUARDRAIL, passed=found.high >= 0)


def _beside_simple(pair: _Pair, spec: GateSpec) -> Iterator[Comparison]:
    """Yield the candidate's surplus beside that of each simple way, which sends all it says."""
    ways = [way for way in pair.candidate.contestants if way.name in list(Simple)]
    if not ways or not spec.simple:
        return
    ours = _surplus_of(pair.candidate.score("right"), pair.candidate.score("wrong"))
    for way in ways:
        theirs = _surplus_of(way.sent_right, way.sent_wrong)
        found = paired_difference(ours, theirs, pair.clusters("right"), spec.resampling)
        high = found.upper(spec.alpha) + found.caution()
        yield Comparison(
            metric=SURPLUS,
            difference=found.value,
            low=found.lower(spec.alpha) - found.caution(),
            high=high,
            margin=0.0,
            role=GUARDRAIL,
            passed=high >= 0,
            beside=way.name,
        )


def _surplus_of(right: Score, wrong: Score) -> Statistic:
    return mean_statistic(np.array(right.items, float) - np.array(wrong.items, float))


def _compared(metric: str, pair: _Pair, resampling: Resampling, alpha: float) -> Comparison:
    difference = paired_difference(
        statistic_of(pair.candidate, metric),
        statistic_of(pair.current, metric),
        pair.clusters(metric),
        resampling,
    )
    return Comparison(
        metric=metric,
        difference=difference.value,
        low=difference.lower(alpha) - difference.caution(),
        high=difference.upper(alpha) + difference.caution(),
        margin=0.0,
        role=SHOWN,
        passed=False,
    )


def _unseen(metric: str, pair: _Pair, spec: GateSpec) -> float:
    """How often a candidate that is not proven better may be worse though it was on no question.

    Resampling what never happened says that it never happens; among G conversations that has
    probability alpha even where it happens in 1 - alpha^(1 / G) of them. 0 if it was worse on any,
    or where values are no yes or no.
    """
    ours, theirs = (np.array(r.score(metric).items) for r in (pair.candidate, pair.current))
    if not np.isin(np.concatenate([ours, theirs]), (0.0, 1.0)).all():
        return 0.0
    higher = pair.higher(metric)
    if (ours < theirs if higher else ours > theirs).any():
        return 0.0
    return float(1 - spec.alpha ** (1 / (int(pair.clusters(metric).max()) + 1)))


def _pairs_wanted(
    comparisons: Sequence[Comparison], pair: _Pair, spec: GateSpec, alpha: float
) -> int:
    """About how many pairs of unlike answers would decide, if all is as was found; 0 if too many.

    Too many it is where not even what may well be true would be proven by as many as are allowed,
    and where something is proven worse, or is not proven that people do not judge.
    """
    open_ = unproven(comparisons)
    rails = [c for c in open_ if c.role == GUARDRAIL]
    judged = [c for c in open_ if c.metric in BY_PEOPLE and not c.beside_best]
    possible = [c for c in judged if not _disproven(c, pair)]
    ways = [c for c in possible if c.role == SUCCESS]
    if any(c not in possible for c in rails) or (not ways and len(open_) > len(rails)):
        return 0
    each = alpha / len(spec.success)

    def questions(seen: Callable[[Floats], Floats]) -> float:
        found = [needed(seen(pair.gains(c.metric)), c.margin, alpha) for c in rails]
        better = [needed(seen(pair.gains(c.metric)), 0.0, each) for c in ways]
        return max([*found, min(better, default=0.0)]) * pair.unlike()

    if questions(hopeful) > spec.pairs:
        return 0
    return ceil(min(max(1.0, questions(lambda gains: gains)), spec.pairs))


def unproven(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """Return what a decision to promote would still have to be proven: guardrails that are not,
    and every success metric unless one is."""
    better = any(c.role == SUCCESS and c.passed for c in comparisons)
    return [
        c
        for c in comparisons
        if not c.passed and (c.role == GUARDRAIL or (c.role == SUCCESS and not better))
    ]


def _disproven(found: Comparison, pair: _Pair) -> bool:
    """Whether all of the interval is beyond the margin, on the worse side."""
    best = found.high if pair.higher(found.metric) else -found.low
    return best < -found.margin if found.role == GUARDRAIL else best <= 0


def _check_items(pair: _Pair) -> None:
    """Raise InputError unless both reports have the same items."""
    # The metric does not matter: any that is not measured on rows of its own.
    ours, theirs = (items_of(report, "") for report in (pair.candidate, pair.current))
    if ours != theirs or not ours:
        shared = len(set(ours) & set(theirs))
        raise InputError(
            f"the reports are not on the same items ({len(ours)} and {len(theirs)}, "
            f"{shared} in common)",
            where="gate",
            action="evaluate both releases on the same test split",
        )


def _too_few(pair: _Pair) -> list[str]:
    conversations = int(pair.clusters("").max()) + 1
    if conversations >= _FEWEST_CONVERSATIONS:
        return []
    return [f"{conversations} test conversations prove nothing"]


def _broken(comparisons: Sequence[Comparison], before: Before) -> list[str]:
    if before.first:
        return [
            f"{c.metric} is worse than with the untuned base ({_numbers(c)})"
            for c in comparisons
            if c.role == GUARDRAIL and not c.passed and not c.beside
        ]
    return [
        f"{c.metric} may be worse than the margin of {c.margin:.3g} allows"
        f"{' beside the best release so far' if c.beside_best else ''} ({_numbers(c)})"
        for c in comparisons
        if c.role == GUARDRAIL and not c.passed and not c.beside
    ]


def _outdone(comparisons: Sequence[Comparison]) -> list[str]:
    return [
        f"a simple way does better by itself, {c.beside} (right less wrong answers {_numbers(c)})"
        for c in comparisons
        if c.beside and not c.passed
    ]


def _untaught(before: Before, spec: GateSpec) -> list[str]:
    """More than half of what it says and people taught is shown to be said otherwise."""
    again = before.replay
    others = again.asked - again.right - again.again - again.handed_off
    answered = again.right + others
    if not others or clopper_pearson(others / answered, answered, 2 * spec.alpha).low <= 0.5:
        return []
    return [
        f"of {answered} questions that people taught it and that it would answer, "
        f"{others} are answered otherwise than they said"
    ]


def _intolerable(before: Before, comparisons: Sequence[Comparison]) -> list[str]:
    """What people judged of the current release and what test questions tell of the difference."""
    found = next((c for c in comparisons if c.metric == "wrong" and not c.beside_best), None)
    if before.drafts or not before.sent_wrong or found is None or found.high < 0:
        return []
    least = before.sent_wrong + found.low
    if least <= before.tolerated:
        return []
    return [
        f"at least {100 * least:.2g} % of all questions would be sent a wrong answer, of "
        f"{100 * before.tolerated:.2g} % tolerated: people find {100 * before.sent_wrong:.2g} % "
        "and more with the current release, and it is not shown to send fewer "
        f"(wrong {_numbers(found)})"
    ]


def _unproven(comparisons: Sequence[Comparison]) -> list[str]:
    success = [c for c in comparisons if c.role == SUCCESS]
    if any(c.passed for c in success):
        return []
    if any(c.metric == SURPLUS for c in success):
        numbers = "; ".join(map(_numbers, success))
        return [f"right answers are not shown to outnumber wrong ones (surplus {numbers})"]
    found = "; ".join(f"{c.metric} {_numbers(c)}" for c in success) or "none was named"
    return [f"no success metric is proven better ({found})"]


def _unlike(parity: Parity | None) -> list[str]:
    if parity is None:
        return ["the served release was not compared with the trained model"]
    if parity.passed:
        return []
    return [f"the served release is not shown to be the trained model ({parity.problem})"]


def _reason(
    objections: Sequence[str], comparisons: Sequence[Comparison], pairs: int, before: Before
) -> str:
    if before.first and not objections:
        return _begins(comparisons, before)
    if pairs:
        return (
            f"Undecided: {'; '.join(objections)}. People judge answers side by side: about {pairs} "
            "pairs, if what was found is so."
        )
    if objections:
        aside = _ASIDE if before.first and not before.drafts else ""
        return f"Refused: {'; '.join(objections)}.{aside}"
    better = [f"{c.metric} {_numbers(c)}" for c in comparisons if c.role == SUCCESS and c.passed]
    rails = [c for c in comparisons if c.role == GUARDRAIL and not c.beside]
    held = "the guardrail holds" if len(rails) == 1 else f"all {len(rails)} guardrails hold"
    return f"Passed: proven better on {', '.join(better)}; {held}."


_ASIDE = (
    ' With serving.mode = "certified" it may begin: then all it says is a draft until people\'s '
    "decisions certify it."
)


def _begins(comparisons: Sequence[Comparison], before: Before) -> str:
    """Why a first release may begin."""
    found = next(c for c in comparisons if c.metric == SURPLUS and not c.beside)
    if before.drafts:
        return (
            "Begins: nothing it says goes out before people have approved it or their decisions "
            f"certify it. Of its drafts to test questions: surplus {_numbers(found)}."
        )
    return f"Passed: its right answers outnumber its wrong ones, surplus {_numbers(found)}."


def _left_out(metrics: Sequence[str]) -> str:
    return f" Not to be compared, so not asked for: {', '.join(metrics)}." if metrics else ""


def _looked_before(look: int, alpha: float) -> str:
    if look == 1:
        return ""
    return (
        f" Decision number {look} on these test questions: it may err with probability {alpha:.2g}."
    )


def _downgraded(spec: GateSpec, asked: GateSpec) -> str:
    named = spec.diagnostics_asked()
    if not named:
        return ""
    rails = ", ".join(f"{rail.metric} ± {rail.margin:g}" for rail in asked.guardrails)
    return (
        f" The settings name {', '.join(named)}, which no customer receives: shown, not asked for. "
        f"In force: success {', '.join(asked.success)}; guardrails {rails}."
    )


def _numbers(c: Comparison) -> str:
    return f"{c.difference:+.3g}, interval {c.low:+.3g} to {c.high:+.3g}"
