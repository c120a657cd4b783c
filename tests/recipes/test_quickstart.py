"""The quickstart runs to its end, and a verdict ends in a row; its base is a small one."""

from __future__ import annotations

from pathlib import Path

import pytest
import quickstart

from own_base import write_own_base


@pytest.mark.slow
def test_one_ticket_goes_all_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = quickstart.SMALL | {
        "training.max_examples": "8",
        "training.first_layer": "0",
        "training.base": str(write_own_base(tmp_path / "own.gguf")),
        "evaluation.test_items": "3",
        "evaluation.validation_items": "2",
        "evaluation.golden_items": "1",
        "serving.max_answer_tokens": "16",
    }
    monkeypatch.setattr(quickstart, "SMALL", few)
    monkeypatch.setattr(quickstart, "ROWS", 120)
    quickstart.main(tmp_path / "quick")
    said = {line[:11].strip(): line[12:] for line in capsys.readouterr().out.splitlines()}
    assert "test conversations prove nothing" in said["gate"]
    assert "redact (" in said["trace"]
    ticket = said["ticket"].partition(" → ")[0]
    origin, _, question = ticket.partition(" · ")
    assert said["next row"].startswith(origin) or "verdict:" in said["next row"]
    assert question in said["next row"]
    assert said["next row"].endswith(said["verdict"].partition(" → ")[2])
    assert said["made from"].startswith("release ")
