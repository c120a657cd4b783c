"""The report of lines counts every file of the source once."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]
lines = runpy.run_path(str(ROOT / "benchmarks" / "lines.py"))


def test_every_module_is_in_a_storey() -> None:
    names = {*lines["storeys"]()}
    package = ROOT / "src" / "northloop"
    modules = {
        p.stem for p in package.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert modules - names == {"__init__", "__main__"} & modules
    assert names <= modules
    counted = sum(lines["by_storey"]().values())
    top = sum(lines["lines"](package / f"{name}.py") for name in modules - names)
    assert counted + top == lines["lines"](package) > 10_000


def test_the_report_ends_with_the_tests_beside_the_source() -> None:
    found = lines["report"]()
    assert found.startswith("shells ")
    ratio = lines["lines"](ROOT / "tests") / lines["lines"](ROOT / "src" / "northloop")
    assert found.splitlines()[-1].split() == ["tests", "/", "source", f"{ratio:.2f}"]
