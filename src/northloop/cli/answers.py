"""The verbs of answers: ask, trace, forget."""

from __future__ import annotations

import sys
import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, is_meant, opened
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.errors import WrongUsage
from northloop.core.interaction import Interaction, Question
from northloop.core.tenants import DEFAULT_TENANT

if TYPE_CHECKING:
    from northloop.workspace import Workspace


def ask(
    question: Annotated[str, typer.Argument(help="What a customer would ask.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Ask the live release."""
    from northloop.app import answers
    from northloop.cli import present

    asked = Question(interaction_id=uuid.uuid4().hex[:24], messages=(Message("user", question),))
    with opened(dir) as workspace:
        for piece in answers.ask(workspace, team(), asked):
            if isinstance(piece, Interaction):
                kept = piece
            elif not json:
                sys.stdout.write(piece)
                sys.stdout.flush()
        told = answers.evidence(workspace, team(), kept)
    if json:
        present.document(answers.with_evidence(kept, told))
    else:
        present.nobody_waits(kept)
        present.trace(kept)
        present.evidence(told)


def trace(
    name: Annotated[str, typer.Argument(help="An interaction's id, or a row as file:row.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Follow an answer back to the rows it was learnt from, or a row on to what it went into."""
    from northloop.app import answers
    from northloop.cli import present

    with opened(dir) as workspace:
        if ":" in name:
            went = answers.trace_row(workspace, team(), name).artefacts
            if json:
                present.document(went)
            else:
                present.artefacts(f"{name} went into", went)
            return
        found = answers.trace(workspace, team(), name)
    if json:
        present.document(found)
    else:
        present.trace(found.interaction)
        present.evidence(found.evidence)
        present.lineage(found.lineage, found.interaction.treatment)


def forget(
    customer: Annotated[
        str, typer.Argument(help="As their questions named them, or the id that is kept.")
    ],
    tenant: Annotated[str, typer.Option(help="Whose customer it is.")] = DEFAULT_TENANT,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Remove for good all that is kept of a customer; without --yes, show it and ask first."""
    from northloop.app import answers
    from northloop.cli import present

    with opened(dir) as workspace:
        if not yes:
            found = answers.to_forget(workspace, team(), tenant, customer)
            present.err.print(f"Of this customer of tenant {tenant} would go for good:")
            present.err.print(present.counted_records(found.goes) or "nothing")
            present.err.print(present.stays(found.stays))
            _confirmed(workspace, tenant)
        forgotten = answers.forget(workspace, team(), tenant, customer)
    if json:
        present.document(forgotten)
        return
    removed = present.counted_records(forgotten.removed) or "nothing"
    present.out.print(f"Removed for good: {removed}.")
    present.out.print(present.stays(forgotten.stays))


def _confirmed(workspace: Workspace, tenant: str) -> None:
    """Ask whether it is meant; WrongUsage where nobody can be asked."""
    if not sys.stdin.isatty():
        raise WrongUsage(
            "this cannot be undone, and nobody can be asked", where="forget", action="add --yes"
        )
    asked = f"Remove all that is kept of this customer of tenant {tenant}, for good?"
    if not is_meant(workspace, asked):
        typer.echo("Nothing was removed.", err=True)
        raise typer.Exit(1)
