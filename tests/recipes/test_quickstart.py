"""The quickstart runs to its end, and a verdict ends in a row."""

from __future__ import annotations

from pathlib import Path

import pytest
import quickstart


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.xdist_group("models")
@pytest.mark.usefixtures("base_gguf")
def test_one_ticket_goes_all_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = quickstart.SMALL | {
        "training.max_examples": "8",
        "training.first_layer": "26",
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
