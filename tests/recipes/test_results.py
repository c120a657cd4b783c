"""A recipe's workspace, turn and table, on a small export and with scripted models."""

from __future__ import annotations

from pathlib import Path

import pytest
import results

import northloop as nl
from first_day import script
from northloop.core.artefacts import Measure
from northloop.core.ids import uniform

SETTINGS = {
    "serving.passages": 0,
    "evaluation.test_items": 12,
    "evaluation.validation_items": 4,
    "gate.resampling.draws": 300,
}


def test_a_turn_is_printed_as_markdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script(monkeypatch)
    monkeypatch.delenv("NORTHLOOP_EVALUATION__TEST_ITEMS")  # SETTINGS has its own
    export = tmp_path / "tickets.csv"
    export.write_bytes(nl.sample.generate_export(200, seed=3).tickets_csv)
    with results.new_workspace(tmp_path / "shop", "Raise CSAT to 4.5 in six months", SETTINGS) as s:
        made = results.first_turn(s, export, "A shop", "invented")
    out = capsys.readouterr().out
    assert out.startswith("# A shop\n\nRows: 184 in = ")
    assert "\nBaseline: " in out
    assert "| metric | base |" in out
    assert {"right", "latency_ms"} <= {line.partition(" |")[0][2:] for line in out.splitlines()}
    assert "\nGate: " in out
    assert {"dataset", "release"} <= made.keys()
    with results.new_workspace(tmp_path / "shop", "Something else entirely", {}) as again:
        assert again.releases(), "the workspace that is there is opened"


def test_what_was_not_measured_is_a_dash() -> None:
    found = Measure(value=0.25, low=0.1, high=0.5, n=12, unit="hours")
    assert results.with_interval(found) == "0.25 hours (0.1 to 0.5), n 12"
    assert results.table({"base": [], "tuned": []}).splitlines() == [
        "| metric | base | tuned |",
        "| --- | --- | --- |",
    ]


def test_a_draw_is_that_of_the_product() -> None:
    assert [results.drawn("star", str(i)) for i in range(9)] == [
        uniform("star", str(i)) for i in range(9)
    ]
