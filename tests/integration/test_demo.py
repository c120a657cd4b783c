"""The demo, killed in every stage: it goes on, and ends where an uninterrupted one ends.

Its base is a Llama of two layers, so that nine demos take the time of one: the engine, the trainer
and the conversion are the product's. What they make of the demo's own base, `test_loop` says.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forked import Forked, northloop
from own_base import write_own_base

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
FEW = {
    "NORTHLOOP_SERVING__QUOTES": "true",
    "NORTHLOOP_TRAINING__MAX_EXAMPLES": "8",
    "NORTHLOOP_TRAINING__FIRST_LAYER": "0",
    "NORTHLOOP_TRAINING__CHECKPOINT_STEPS": "1",
    "NORTHLOOP_EVALUATION__TEST_ITEMS": "3",
    "NORTHLOOP_EVALUATION__VALIDATION_ITEMS": "2",
    "NORTHLOOP_EVALUATION__GOLDEN_ITEMS": "1",
    "NORTHLOOP_SERVING__MAX_ANSWER_TOKENS": "8",
}
QUESTIONS = 40
STAGES = (
    *("clean", "treatments", "serving", "desk", "correction"),
    *("training", "calibration", "evaluation", "latency"),
)
KEYS = {
    "objective": {"statement", "metric", "baseline", "target"},
    "rows": {"in", "kept", "merged", "quarantined"},
    "sensitive": {"recall", "precision"},
    "duplicates": {"recall", "precision"},
    "latency_ms": {"transformers", "generated", "served"},
    "review": {"share", "accuracy", "low", "high"},
    "seconds": {"begin", "data", "training", "evaluation", "serving", "latency"},
}


def demo(folder: Path) -> Forked:
    """Start a small demo, with the base beside its folder, in a process of its own."""
    # Of so few questions few are reviewed; with this seed there is something to correct.
    size = ("--rows", "200", "--questions", str(QUESTIONS), "--seed", "3")
    base = {"NORTHLOOP_TRAINING__BASE": str(folder.with_name("base.gguf"))}
    given = ("demo", "--dir", str(folder), *size, "--exit", "--json")
    return northloop(*given, env={**FEW, **base, "NO_COLOR": "1"})


def killed_in(stage: str, folder: Path) -> None:
    """Run the demo until it says that it is in a stage, then kill it with SIGKILL."""
    said = []
    with demo(folder) as process:
        for line in process.stderr:
            said.append(line)
            if line.startswith(stage):
                process.kill()
                break
    assert process.returncode == -9, f"it never came to {stage}: {''.join(said)}"


def finished(folder: Path) -> dict[str, object]:
    """Run the demo to its end and return its document."""
    with demo(folder) as process:
        out, err = process.printed()
    assert process.returncode == 0, err
    result: dict[str, object] = json.loads(out)
    return result


def _lasting(value: object) -> object:
    """Without what a clock measured."""
    if isinstance(value, list):
        return [_lasting(item) for item in value]
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if name != "latency_ms"}
    return value


def test_a_demo_killed_in_every_stage_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    write_own_base(tmp_path / "base.gguf")
    whole = finished(tmp_path / "whole")
    killed = tmp_path / "killed"
    for stage in STAGES:
        killed_in(stage, killed)
    taken_up = finished(killed)
    for name in (
        "datasets",
        "releases",
        "ways",
        "certified",
        "days",
        "corrected",
        "rows",
        "sensitive",
        "duplicates",
        "desk",
        "review",
    ):
        assert _lasting(taken_up[name]) == _lasting(whole[name]), name

    for name, keys in KEYS.items():
        assert keys <= set(whole[name]), name  # type: ignore[call-overload]
    corrected, stream = whole["corrected"], whole["stream"]
    assert isinstance(corrected, dict) and isinstance(stream, dict)
    assert corrected["said_now"] == corrected["correction"]
    desk = whole["desk"]
    assert isinstance(desk, dict) and desk["edited"] > 0 and 0 < desk["waiting"] <= QUESTIONS // 5
    assert sum(stream.values()) == QUESTIONS, "the team's own question is no customer's"
    releases = whole["releases"]
    assert isinstance(releases, list)
    assert [row["kind"] for row in releases] == ["begun", "tuned"]
    assert len({row["hash"] for row in releases}) == 2
    for row in releases:
        assert {
            "hash", "kind", "questions", "received", "right", "wrong", "handed_off", "answered",
            "perplexity", "bleu", "rouge_l", "intent_f1", "latency_ms", "gate", "promoted",
        } == set(row)  # fmt: skip
