"""The geometry of the figures that are drawn on the server, in percent of their box.

Only positions: no colours, no text, no markup. A figure scales with the page because everything
is a share of its width; the templates put text at these positions without scaling it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import msgspec

from northloop.core.artefacts import Comparison, RowCount
from northloop.core.interaction import Step

_LEAST_EVIDENCE = -1.0
"""Logarithm below which evidence is not told apart."""
_GAP = 9.0
"""Space between the ends of a flow, percent of its height."""
_THINNEST = 2.0
"""A step or band that took next to nothing is still seen."""


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of an axis, percent."""

    start: float
    length: float

    @property
    def middle(self) -> float:
        return self.start + self.length / 2


class Ribbon(msgspec.Struct, frozen=True, kw_only=True):
    """One band of a flow: where it leaves and arrives, and its SVG path in a 100 × 100 box."""

    name: str
    count: int
    share: float
    leaves: Stretch
    arrives: Stretch
    path: str


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """An interval on an axis, percent of its width."""

    low: float
    value: float
    high: float


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """The axis of one comparison: where no difference, the margin and the interval lie."""

    zero: float
    margin: float | None
    """Where the guardrail stands; None if no margin was set."""
    interval: Interval


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a waterfall."""

    step: Step
    span: Stretch


def flow(rows: RowCount) -> tuple[Ribbon, ...]:
    """Return the bands from rows in to kept, merged and quarantined; () without rows."""
    if not rows.rows_in:
        return ()
    parts = (("kept", rows.kept), ("merged", rows.merged), ("quarantined", rows.quarantined))
    shares = [count / rows.rows_in for _, count in parts]
    room = 100.0 - _GAP * (len(parts) - 1)
    drawn = _at_least([share * room for share in shares], _THINNEST)
    ribbons, leaves, arrives = [], _GAP, 0.0
    for (name, count), share, height in zip(parts, shares, drawn, strict=True):
        ends = Stretch(leaves, height), Stretch(arrives, height)
        ribbons.append(
            Ribbon(
                name=name,
                count=count,
                share=share,
                leaves=ends[0],
                arrives=ends[1],
                path=_band(*ends),
            )
        )
        leaves += height
        arrives += height + _GAP
    return tuple(ribbons)


def comparison_axis(comparison: Comparison, higher_is_better: bool) -> Axis:
    """Return where a comparison's interval lies on an axis around "no difference".

    Right is better, whichever way the metric counts, so the guardrail stands left of zero.
    """
    side = 1.0 if higher_is_better else -1.0
    ends = sorted((side * comparison.low, side * comparison.high))
    reach = max(*map(abs, ends), comparison.margin) * 1.15 or 1.0

    def at(value: float) -> float:
        return 50 + 50 * value / reach

    return Axis(
        zero=at(0),
        margin=at(-comparison.margin) if comparison.margin else None,
        interval=Interval(
            low=at(ends[0]), value=at(side * comparison.difference), high=at(ends[1])
        ),
    )


def waterfall(trace: Sequence[Step]) -> tuple[Bar, ...]:
    """Return each step's bar, one beginning where the one before it ended."""
    total = sum(step.ms for step in trace) or 1.0
    bars, start = [], 0.0
    for step in trace:
        length = 100 * step.ms / total
        shown = max(length, _THINNEST / 2)
        bars.append(Bar(step=step, span=Stretch(max(0.0, min(start, 100 - shown)), shown)))
        start += length
    return tuple(bars)


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Lines over an axis, in a 100 × 100 box (y down)."""

    lines: tuple[str, ...]
    """The points of each."""
    band: str
    """The outline of the interval around the first line; "" without one."""
    grid: tuple[tuple[float, float], ...]
    """Values of the y axis, each with where it lies."""
    level: float | None
    """Where the target lies."""


class Band(msgspec.Struct, frozen=True):
    """The ends of an interval at each x."""

    low: Sequence[float]
    high: Sequence[float]


_ROOM = 6.0
"""Percent of the height above the highest and below the lowest value."""


def chart(
    xs: Sequence[float],
    lines: Sequence[Sequence[float | None]],
    band: Band | None = None,
    level: float | None = None,
) -> Chart | None:
    """Return lines drawn over the same x; None of fewer than two points.

    Where a line has None it goes straight on to its next value.
    """
    values = [v for line in lines for v in line if v is not None]
    values += [*(band.low if band else ()), *(band.high if band else ())]
    values += [level] if level is not None else []
    if len(xs) < 2 or not values or xs[-1] == xs[0]:
        return None
    low, high = min(values), max(values)
    reach = high - low or abs(high) or 1.0

    def place(x: float, y: float) -> str:
        return f"{100 * (x - xs[0]) / (xs[-1] - xs[0]):.2f},{at(y):.2f}"

    def at(y: float) -> float:
        return 100 - _ROOM - (100 - 2 * _ROOM) * (y - low) / reach

    ends = [*zip(xs, band.high, strict=True), *zip(xs, band.low, strict=True)] if band else []
    outline = ends[: len(xs)] + ends[len(xs) :][::-1]
    return Chart(
        lines=tuple(
            " ".join(place(x, y) for x, y in zip(xs, line, strict=True) if y is not None)
            for line in lines
        ),
        band=" ".join(place(x, y) for x, y in outline),
        grid=tuple((value, at(value)) for value in (low, low + reach / 2, low + reach)),
        level=None if level is None else at(level),
    )


def spark(values: Sequence[float], target: float | None) -> tuple[str, float | None]:
    """Return the points of a small line in a 100 × 100 box (y down) and the target's y."""
    if not values:
        return "", None
    ends = [*values, target] if target is not None else list(values)
    low, high = min(ends), max(ends)
    reach = high - low or 1.0

    def y(value: float) -> float:
        return 92 - 84 * (value - low) / reach

    step = 100 / max(1, len(values) - 1)
    points = " ".join(f"{i * step:.1f},{y(value):.1f}" for i, value in enumerate(values))
    return points, None if target is None else y(target)


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence as it came, in a 100 × 100 box (y down), on the scale of its logarithm."""

    points: str
    """"" before there is any."""
    none: float
    """Where evidence of one to one lies, which is none."""
    needed: float


def evidence(at: Sequence[int], line: Sequence[float], needed: float) -> Evidence:
    """Return evidence, so many to one, drawn over numbers of customers up to the last of `at`."""
    least, most = _LEAST_EVIDENCE, log10(needed) * 1.15

    def y(value: float) -> float:
        height = min(max(log10(max(value, 1e-300)), least), most)
        return 100 * (most - height) / (most - least)

    last = max(at[-1], 1) if at else 1
    drawn = " ".join(f"{100 * n / last:.2f},{y(v):.2f}" for n, v in zip(at, line, strict=False))
    return Evidence(points=drawn if len(line) > 1 else "", none=y(1), needed=y(needed))


def _at_least(heights: Sequence[float], least: float) -> list[float]:
    """Widen what is too thin to see (but is there), at the cost of the widest."""
    shown = [max(height, least) if height > 0 else 0.0 for height in heights]
    widest = max(range(len(shown)), key=lambda i: shown[i])
    shown[widest] -= sum(shown) - sum(heights)
    return shown


def _band(leaves: Stretch, arrives: Stretch) -> str:
    top, bottom = leaves.start, leaves.start + leaves.length
    end_top, end_bottom = arrives.start, arrives.start + arrives.length
    return (
        f"M0 {top:.2f} C50 {top:.2f} 50 {end_top:.2f} 100 {end_top:.2f} "
        f"L100 {end_bottom:.2f} C50 {end_bottom:.2f} 50 {bottom:.2f} 0 {bottom:.2f} Z"
    )
