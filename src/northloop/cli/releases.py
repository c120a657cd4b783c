"""The verbs of the releases: list, promote, roll back."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.turns import evidence
from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.ids import short

release = typer.Typer(help="Sealed releases: list, promote, roll back.", no_args_is_help=True)


@release.command("list")
def list_(dir: Dir = HERE, json: Json = False) -> None:
    """List the releases with what the gate said."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        found = releases.releases(workspace, team())
    if json:
        names = ("artefact", "decision", "live", "ready")
        present.document([{name: getattr(sealed, name) for name in names} for sealed in found])
        return
    present.table(
        "Releases",
        ("release", "kind", "sealed", "state", "gate"),
        [
            (
                short(sealed.artefact.hash),
                sealed.artefact.manifest.meta["kind"],
                sealed.artefact.created_at[:16],
                "live" if sealed.live else "ready" if sealed.ready else "",
                sealed.decision.reason if sealed.decision else "not judged",
            )
            for sealed in found
        ],
    )


def compare(
    hash: Annotated[str, typer.Argument(help="Default: the newest that was judged.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Compare all ways to answer on the test questions, with the simple ones to be beaten."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        found = releases.contest(workspace, team(), hash)
    if json:
        report = found.candidate
        present.document({"release": found.decision.candidate, "ways": report.contestants})
        return
    present.received(found)
    present.ways(found.candidate.contestants)


@release.command("promote")
def promote(hash: str, dir: Dir = HERE, json: Json = False) -> None:
    """Make a release live that passed the gate beside the live one (exit 3 if it did not)."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        done = releases.promote(workspace, team(), hash)
        if not json:
            evidence(workspace, [done.release])
    present.one(done, f"Release {short(done.release)} is live.", json)


@release.command("rollback")
def rollback(
    hash: Annotated[str, typer.Argument(help="Default: the one before.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Make an earlier release live again."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        done = releases.roll_back(workspace, team(), hash)
    present.one(done, f"Rolled back: release {short(done.release)} is live.", json)
