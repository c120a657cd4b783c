"""The verbs of single answers: ask, trace."""

from __future__ import annotations

import sys
import uuid
from typing import Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.interaction import Interaction, Question


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
        present.out.print("\n")
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
        present.lineage(found.lineage)
