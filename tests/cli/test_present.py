"""What stands on the terminal and what goes into a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from northloop.cli import present
from northloop.core.artefacts import Objective
from northloop.core.ids import Hash
from northloop.demo.run import DemoResult, Latencies, Latency, Quality, ReleaseRow, ReviewRow

PROGRAM = """
from northloop.cli.present import Bars, document
with Bars() as bars:
    bars("training", 1, 2, "loss 1.5")
    document({"done": True})
"""


def test_a_document_goes_to_its_file_while_bars_stand_on_the_terminal() -> None:
    terminal, drawn_on = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            stdout=subprocess.PIPE, stderr=drawn_on, check=True,
            env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
        drawn = os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(drawn_on)
    assert json.loads(done.stdout) == {"done": True}
    assert "training" in drawn
    assert "1/2" in drawn


def test_the_demo_says_of_what_texts_its_figures_are(capsys: pytest.CaptureFixture[str]) -> None:
    base = ReleaseRow(
        hash=Hash("0" * 64), kind="base", perplexity=1.0, bleu=0.0, rouge_l=0.0, intent_f1=0.0,
        answered=1.0, latency_ms=1.0, gate="",
    )  # fmt: skip
    latency = Latency(mean=1.0, p95=1.0, n=1)
    present.demo(
        DemoResult(
            objective=Objective(
                metric="m", statement="s", change=0.0, deadline="2027-01-01", window_days=90
            ),
            rows={"in": 1, "kept": 1, "merged": 0, "quarantined": 0},
            sensitive=Quality(recall=0.997, precision=1.0),
            duplicates=Quality(recall=0.994, precision=0.741),
            releases=(base,),
            datasets=(),
            latency_ms=Latencies(transformers=latency, generated=latency, served=latency),
            stream={},
            review=ReviewRow(
                share=0.1, accuracy=1.0, low=0.9, high=1.0, answers=1, reviewed=1, waiting=0
            ),
            seconds={},
        )
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("on the sample's generated texts") == 2
