"""What every verb takes and how what was typed is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.core.errors import InputError, NotFound, VagueObjective, WrongUsage

if TYPE_CHECKING:
    from northloop.workspace import Workspace

Dir = Annotated[Path, typer.Option("--dir", "-C", help="Workspace folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Set = Annotated[
    list[str], typer.Option("--set", help="A setting for this run, as section.name=value.")
]
HERE = Path()


@contextmanager
def opened(folder: Path, set_: Sequence[str] = ()) -> Iterator[Workspace]:
    """An open workspace with bars for its long work; closed at the end."""
    from northloop.cli.bars import Bars
    from northloop.workspace import Workspace

    flags = settings(set_)
    with Bars() as bars:
        workspace = Workspace.open(folder, flags, bars)
        try:
            yield workspace
        finally:
            workspace.close()


def is_meant(workspace: Workspace, question: str) -> bool:
    """Ask on the terminal, below the bars of what is done, and return whether it was a yes."""
    from northloop.cli.bars import Bars

    if isinstance(workspace.progress, Bars):
        workspace.progress.end()
    return typer.confirm(question, err=True)


@contextmanager
def as_usage() -> Iterator[None]:
    """Raise what is wrong with the flags themselves as wrong usage.

    A vague wish and a name that is not found are none.
    """
    try:
        yield
    except (VagueObjective, NotFound):
        raise
    except InputError as error:
        raise WrongUsage(error.what, where=error.where, action=error.action) from error


def settings(set_: Sequence[str]) -> dict[str, str]:
    """Return what `--set section.name=value` named; WrongUsage."""
    return dict(_setting(text) for text in set_)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not all(name.strip().split(".")):
        raise WrongUsage(
            "a setting is given as section.name=value",
            where=f"--set {text}",
            action="for example --set training.epochs=2",
        )
    return name.strip(), value.strip()
