"""The verbs of an installation: demo, serve, doctor, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, Set, opened
from northloop.cli.typed import settings as typed_settings
from northloop.core.actor import team


def demo(
    dir: Annotated[Path, typer.Option("--dir", "-C", help="Folder of the demo.")] = Path(
        "northloop-demo"
    ),
    rows: Annotated[int, typer.Option(help="Rows of the ticket export.", min=200)] = 2000,
    questions: Annotated[
        int, typer.Option(help="Questions that customers ask in it.", min=20)
    ] = 800,
    seed: Annotated[int, typer.Option(help="Same seed, same hashes.")] = 1,
    exit: Annotated[
        bool, typer.Option("--exit", help="End after the table; do not serve.")
    ] = False,
    json: Json = False,
) -> None:
    """Run the whole loop on the sample company, and serve it from its first release on."""
    from northloop.cli import shown
    from northloop.demo.result import Demo

    asked = Demo(rows=rows, questions=questions, seed=seed)
    (shown.demo if exit else shown.demo_beside_server)(dir, asked, json)


def serve(
    dir: Dir = HERE,
    host: Annotated[
        str, typer.Option(help="Address of the API; beyond this machine it takes a key.")
    ] = "",
    port: Annotated[int, typer.Option(help="0 for the configured one.", min=0, max=65_535)] = 0,
    set: Set = [],
) -> None:
    """Serve the OpenAI-compatible API and the console."""
    from northloop.app.lazy_workspace import LazyWorkspace
    from northloop.cli import serving
    from northloop.cli.bars import Bars

    flags = typed_settings(set)
    flags |= {"serving.host": host} if host else {}
    flags |= {"serving.port": str(port)} if port else {}
    with Bars() as bars:
        lazy = LazyWorkspace(dir, flags, bars)
        try:
            serving.serve(lazy)
        finally:
            lazy.close()


def doctor(
    dir: Dir = HERE,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every byte of the artefacts, in S3 too.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the installation, the workspace and each service; say what to do."""
    from northloop.app.doctor import examine
    from northloop.cli import present

    findings = examine(dir, team(), deep)
    if json:
        present.document(findings)
    else:
        present.findings(findings)
    if any(not finding.ok and finding.needed for finding in findings):
        raise typer.Exit(4)


def settings(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Show every setting in force."""
    from northloop.app import configuration
    from northloop.cli import present

    with opened(dir, set) as workspace:
        if json:
            present.document(configuration.values(workspace, team()))
            return
        shown = configuration.settings(workspace, team())
    present.table("Settings in force", ("setting", "value"), [(s.name, s.value) for s in shown])
