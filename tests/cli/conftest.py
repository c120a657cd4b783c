"""The command line in this process, as its users see it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
import typer.main

from northloop.cli.main import main
from seeded_fixtures import seeded_folder, shop

__all__ = ["seeded_folder", "shop"]

T = TypeVar("T")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self, type_: type[T]) -> T:
        """Return the one JSON document that is all of stdout."""
        return msgspec.json.decode(self.out, type=type_)


Cli = Callable[..., Said]
_command = cache(typer.main.get_command)
"""The verbs and their flags are the same for all command lines of a process."""


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """Run `northloop` with arguments; nobody's own configuration is in the way."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(typer.main, "get_command", _command)

    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["northloop", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        return Said(code=code if isinstance(code, int) else int(bool(code)), out=said.out,
                    err=said.err)  # fmt: skip

    return run
