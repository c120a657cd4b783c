"""Tables and a plot of what `loop_simulator.py` has found so far.

python benchmarks/loop_report.py FOLDER                  Markdown on stdout
python benchmarks/loop_report.py FOLDER --plot FILE.svg  right and wrong and sent, by turn
python benchmarks/loop_report.py FOLDER --look 50        answers that were wrong, to be read
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from worlds.loops import Became, Received, Share, gained, share

from northloop.core.ids import uniform

ARMS = ("loop", "certified", "naive", "without")
CALLED = {
    "loop": "Northloop's loop, open mode",
    "certified": "Northloop's loop, certified mode",
    "naive": "naive retraining",
    "without": "without the loop",
}
COLOURS = {"loop": "#1b6ca8", "certified": "#2a9d5c", "naive": "#c8553d", "without": "#777777"}
_LEFT, _TOP, _WIDE, _HIGH, _GAP = 56, 34, 300, 220, 76
_NAMED = 10
"""So many turns are named each; of more every fifth one."""


def measured(folder: Path, arm: str) -> dict[str, list[Received]]:
    """Return what an arm's unseen questions received, by the name of the measurement, in order."""
    found = {
        path.stem.removeprefix("unseen-"): msgspec.json.decode(
            path.read_bytes(), type=list[Received]
        )
        for path in (folder / arm).glob("unseen-*.json")
    }
    return dict(sorted(found.items(), key=lambda one: _place(one[0])))


def _place(name: str) -> tuple[int, bool]:
    number, _, before = name.partition("-")
    return int(number), not before


def tables(folder: Path) -> Iterator[str]:
    """Yield the report's lines."""
    plan = json.loads((folder / "plan.json").read_bytes())
    yield f"<!-- {json.dumps(plan)} -->"
    first = measured(folder, "without").get("0")
    yield (
        "| arm | turn | right and sent | wrong and sent | handed off | asked back | drafts right "
        "| right, against no loop | wrong, against no loop | the gate |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for arm in ARMS:
        turned = _by_turn(folder / arm / "turns.jsonl")
        for name, found in measured(folder, arm).items():
            yield _row(folder, (arm, name), found, first, turned.get(name, ""))


def _row(
    folder: Path,
    where: tuple[str, str],
    found: Sequence[Received],
    first: Sequence[Received] | None,
    gate: str,
) -> str:
    arm, name = where
    shares = [
        said(share(found, became)) for became in (Became.RIGHT, Became.WRONG, Became.HANDED_OFF)
    ]
    held = [one for one in found if one.became is Became.HANDED_OFF]
    drafts = sum(one.draft_right for one in held) / max(1, len(held))
    back = sum(one.became is Became.ASKED_BACK for one in found) / len(found)
    base = measured(folder, "without").get(name.partition("-")[0], first)
    beside = ["", ""]
    if base and arm != "without":
        beside = [signed(gained(found, base, b)) for b in (Became.RIGHT, Became.WRONG)]
    cells = [CALLED[arm], name.replace("-", " "), *shares, f"{back:.3f}", f"{drafts:.2f}"]
    return "| " + " | ".join([*cells, *beside, gate]) + " |"


def said(found: Share) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def signed(found: Share) -> str:
    return f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _by_turn(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {str(row["turn"]): row.get("state", "") for row in rows}


def people(folder: Path) -> Iterator[str]:
    """Yield what people did, and what live customers received, by arm and turn."""
    yield "| arm | turn | asked | right | wrong | handed off | desk | reviews | skips | pairs |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for arm in ARMS:
        path = folder / arm / "asked.jsonl"
        if not path.exists():
            continue
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        evenings = folder / arm / "evenings.jsonl"
        did = (
            [json.loads(x) for x in evenings.read_text().splitlines()] if evenings.exists() else []
        )
        for turn in sorted({row["turn"] for row in rows}):
            became = Counter(row["became"] for row in rows if row["turn"] == turn)
            work = [
                str(sum(one[name] for one in did if one["turn"] == turn))
                for name in ("desk", "reviews", "skips", "pairs")
            ]
            shown = [became.total(), *(became[b] for b in ("right", "wrong", "handed_off"))]
            yield f"| {' | '.join([CALLED[arm], str(turn), *map(str, shown), *work])} |"


def look(folder: Path, count: int) -> Iterator[str]:
    """Yield wrong answers of the last measurement of an arm, drawn by their ids: of the open loop,
    else of the first that was measured."""
    found = [*next(filter(None, (measured(folder, arm) for arm in ARMS))).values()][-1]
    wrong = [one for one in found if one.became is Became.WRONG]
    wrong.sort(key=lambda one: uniform("look", one.id))
    for one in wrong[:count]:
        yield f"[{one.about}; {one.source}] {one.question}\n    → {one.answer}"


# --- the plot ------------------------------------------------------------------------------------


def plot(folder: Path, title: str) -> str:
    """Return an SVG image: shares by turn with their intervals, a line an arm."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDE + 2 * _GAP + 40} 350" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    shown = [arm for arm in ARMS if measured(folder, arm)]
    for place, became in enumerate((Became.RIGHT, Became.WRONG)):
        parts += _panel(folder, shown, became, _LEFT + place * (_WIDE + _GAP), title)
    for place, arm in enumerate(shown):
        x, y = _LEFT + (place % 2) * (_WIDE + _GAP), 306 + 20 * (place // 2)
        parts += [
            f'<line x1="{x}" x2="{x + 24}" y1="{y}" y2="{y}" stroke="{COLOURS[arm]}" '
            'stroke-width="2.5"/>',
            f'<text x="{x + 32}" y="{y + 4}">{CALLED[arm]}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _panel(
    folder: Path, arms: Sequence[str], became: Became, left: int, title: str
) -> Iterator[str]:
    points = {
        arm: [(int(n), share(f, became)) for n, f in measured(folder, arm).items() if n.isdigit()]
        for arm in arms
    }
    last = max(turn for line in points.values() for turn, _ in line) or 1
    top = max(one.high for line in points.values() for _, one in line)
    top = next(mark for mark in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if mark >= min(top, 1.0))

    def x(turn: float) -> float:
        return left + _WIDE * turn / last

    def y(value: float) -> float:
        return _TOP + _HIGH * (1 - value / top)

    yield f'<text x="{left}" y="20" font-weight="bold">{title}: {became.value} and sent</text>'
    for mark in range(6):
        value = top * mark / 5
        yield (
            f'<line x1="{left}" x2="{left + _WIDE}" y1="{y(value):.1f}" y2="{y(value):.1f}" '
            'stroke="#dddddd"/>'
            f'<text x="{left - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>'
        )
    for turn in range(0, last + 1, 1 if last <= _NAMED else _NAMED // 2):
        yield (
            f'<text x="{x(turn):.1f}" y="{_TOP + _HIGH + 18}" text-anchor="middle">'
            f"{turn or 'first'}</text>"
        )
    yield f'<text x="{left + _WIDE / 2}" y="{_TOP + _HIGH + 34}" text-anchor="middle">turn</text>'
    for place, arm in enumerate(arms):
        colour, line = COLOURS[arm], points[arm]
        shift = 3 * (place - (len(arms) - 1) / 2)
        path = " ".join(f"{x(turn) + shift:.1f},{y(one.value):.1f}" for turn, one in line)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        for turn, one in line:
            at = x(turn) + shift
            yield (
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y(one.low):.1f}" y2="{y(one.high):.1f}" '
                f'stroke="{colour}"/><circle cx="{at:.1f}" cy="{y(one.value):.1f}" r="3" '
                f'fill="{colour}"/>'
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--title", default="")
    parser.add_argument("--look", type=int, default=0)
    given = parser.parse_args()
    if given.plot:
        given.plot.write_text(plot(given.folder, given.title or given.folder.name), "utf-8")
        return
    lines = look(given.folder, given.look) if given.look else tables(given.folder)
    print("\n".join(lines))
    if not given.look:
        print("\n" + "\n".join(people(given.folder)))


if __name__ == "__main__":
    main()
