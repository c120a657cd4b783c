"""How large the house is: lines of Python by storey, and the tests beside it.

    python benchmarks/lines.py

The storeys are those of ARCHITECTURE.md, read from the layers that import-linter holds the source
to. Lines are counted as they stand, blank ones and docstrings too; the tests' kit in
`northloop.testing` is source, for third parties build on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE, TESTS = ROOT / "src" / "northloop", ROOT / "tests"
SHELLS = frozenset({"cli", "console", "http", "demo", "library"})


def storeys() -> Iterator[str]:
    """Yield the storeys, the uppermost first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    for layer in layers:
        for module in layer.split("|"):
            yield module.strip().removeprefix("northloop.")


def lines(place: Path) -> int:
    """Return the lines of Python in a file or below a folder; 0 where there is neither."""
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    return sum(len(file.read_text("utf-8").splitlines()) for file in files if file.is_file())


def by_storey() -> Mapping[str, int]:
    """Return the lines of each storey, the shells as one first."""
    names = [*storeys()]
    shells = sum(lines(SOURCE / name) for name in names if name in SHELLS)
    return {"shells": shells} | {n: lines(SOURCE / n) for n in names if n not in SHELLS}


def report() -> str:
    """Return the table."""
    found = by_storey()
    source, tests = lines(SOURCE), lines(TESTS)
    rows = [*found.items(), ("source in all", source), ("tests", tests)]
    table = [f"{name:<14}{count:>8,}{count / source:>7.0%}" for name, count in rows]
    return "\n".join([*table, f"{'tests / source':<14}{tests / source:>8.2f}"])


if __name__ == "__main__":
    print(report())
