"""Programs that are killed with SIGKILL while they work: what they acknowledged must be kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def killed_after(acknowledged: int, program: str, *arguments: str) -> list[str]:
    """Run a program until it printed so many lines, kill it, and return every line it printed."""
    command = [sys.executable, "-u", "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(acknowledged)]
        process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -9, "the program ended before it was killed"
    # The pipe may have been cut in the middle of the last line.
    return [line.strip() for line in lines if line.endswith("\n")]


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a Python program to its end, whatever that is."""
    command = [sys.executable, "-u", "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
