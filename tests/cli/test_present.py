"""What stands on the terminal and what goes into a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

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
