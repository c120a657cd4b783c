"""The verbs of storage: move."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team

stores = typer.Typer(help="Where artefacts lie.", no_args_is_help=True)


@stores.command("move")
def move(
    url: Annotated[
        str, typer.Argument(help='s3://bucket/prefix?endpoint=…, or "" for the workspace itself.')
    ],
    source: Annotated[
        str | None,
        typer.Option(help="Copy from there, not from the store in force: what came in late."),
    ] = None,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Copy all artefacts to another store, check every byte there, then write its URL.

    Interrupted, the same command goes on. The old store stays as it is.
    """
    from northloop.app import storage
    from northloop.cli import present

    with opened(dir) as workspace:
        moved = storage.move(workspace, team(), url, source)
    told = (
        f"{moved.artefacts} artefacts are there, every byte as it was; {moved.copied} copied now."
    )
    if moved.switched:
        told += (
            " northloop.toml names the new store. Start again what serves; what it has made "
            'meanwhile comes by the same command with --source and the URL of before ("" for the '
            "workspace)."
        )
    present.one(moved, told, json)
