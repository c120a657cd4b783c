"""The verbs of a canary: start, status, stop, promote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.ids import short

if TYPE_CHECKING:
    from northloop.app.canaries import Standing, Trialled

canary = typer.Typer(
    help="A candidate beside what is live: start, status, stop, promote.", no_args_is_help=True
)


@canary.command("start")
def start(
    hash: Annotated[str, typer.Argument(help="A release that passed the gate.")],
    share: Annotated[
        float | None,
        typer.Option(help="Of the customers; default: the setting canary.share."),
    ] = None,
    shadow: Annotated[
        bool,
        typer.Option("--shadow", help="For the team alone, after customers got their answer."),
    ] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Let a release answer a share of the customers (exit 3 if the gate did not pass it)."""
    from northloop.app import canaries
    from northloop.cli import present

    with opened(dir) as workspace:
        begun = canaries.start(workspace, team(), hash, share, shadow=shadow)
    whom = "questions, for the team alone," if shadow else "customers"
    said = (
        f"Release {short(begun.candidate)} answers {begun.terms.share:.0%} of the {whom} beside "
        f"{short(begun.against)}. How it stands: northloop canary status"
    )
    present.one(begun, said, json)


@canary.command("status")
def status(dir: Dir = HERE, json: Json = False) -> None:
    """Say how the candidate stands, or how the last trial ended."""
    from northloop.app import canaries
    from northloop.cli import present

    with opened(dir) as workspace:
        found = canaries.status(workspace, team())
    if json:
        present.document(found)
        return
    present.out.print(_said(found))
    if found.standing is not None:
        _print(found.standing)
    if found.shadowed is not None:
        came = found.shadowed
        present.out.print(
            f"{came.answers} answers in the shadow, {came.alike} alike, {came.handed_over} handed "
            f"over. Of {came.judged} pairs judged the candidate was right in "
            f"{came.candidate_right}, what is live in {came.current_right}; {came.skipped} were "
            f"passed over, {came.waiting} wait: northloop pairs next"
        )


@canary.command("stop")
def stop(dir: Dir = HERE, json: Json = False) -> None:
    """End the trial: what is live answers everybody."""
    from northloop.app import canaries
    from northloop.cli import present

    with opened(dir) as workspace:
        done = canaries.stop(workspace, team())
    present.one(done, f"Stopped: release {short(done.release)} answers everybody.", json)


@canary.command("promote")
def promote(dir: Dir = HERE, json: Json = False) -> None:
    """Make the candidate live that is found no worse (exit 3 while that is not proven)."""
    from northloop.app import canaries
    from northloop.cli import present

    with opened(dir) as workspace:
        done = canaries.promote(workspace, team())
    present.one(done, f"Release {short(done.release)} is live.", json)


def _said(found: Trialled) -> str:
    trial = found.trial
    both = f"{short(trial.candidate)} beside {short(trial.against)}"
    if found.ended is not None:
        because = f": {found.ended.why}" if found.ended.why else ""
        live = short(found.ended.release)
        return f"Ended ({both}); {live} was live from then on{because}."
    why = found.standing.why if found.standing else "its answers are for the team alone"
    return f"Release {both} since {trial.at[:16]}: {why}."


def _print(found: Standing) -> None:
    from northloop.cli import present

    ours, theirs = found.customers
    present.table(
        f"{ours} customers of the candidate, {theirs} of what is live",
        ("figure", "candidate", "live", "customers", "no worse, so many to 1", "needed"),
        [
            (
                figure.name,
                *("–" if v is None else f"{v:.1%}" for v in (figure.candidate, figure.current)),
                str(sum(figure.counted)),
                f"{figure.proven:.1f}",
                f"{figure.needed:.0f}",
            )
            for figure in found.figures
        ],
    )
    for harm in found.harms:
        present.out.print(
            f"Harm ({' or '.join(harm.names)}): {harm.found:.1f} to 1, {harm.needed:.0f} roll back."
        )
    if found.reviews:
        present.out.print(
            f"{found.reviews} drawn answers wait for a verdict; nobody counts who came after the "
            f"first: northloop review list"
        )
