"""The verbs of the reviewers: the queue, verdicts, approved answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.errors import WrongUsage
from northloop.core.interaction import Interaction, Proposal, ProposalState, VerdictKind

if TYPE_CHECKING:
    from northloop.app.reviews import Disagreement

review = typer.Typer(help="Answers that wait for a verdict.", no_args_is_help=True)
approved = typer.Typer(help="Approved answers: list, withdraw, serve again.", no_args_is_help=True)
Approved = Annotated[str, typer.Argument(help="An id that `approved list` shows.")]


@review.command("list")
def queue(dir: Dir = HERE, json: Json = False) -> None:
    """List the answers that wait for a verdict."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        waiting = reviews.queue(workspace, team())
    if json:
        present.document(waiting)
        return
    n = len(waiting)
    present.table(
        f"{n} {'answer waits' if n == 1 else 'answers wait'}" if n else "Answers that wait",
        ("review", "question", "answer"),
        [(w.item.review_id, w.interaction.question, _to_judge(w.interaction)) for w in waiting],
    )


@review.command("give")
def give(
    review_id: Annotated[str, typer.Argument(help="As northloop review list shows it.")],
    verdict: Annotated[str, typer.Argument(help="correct, incorrect or needs_rephrasing")],
    correction: Annotated[str, typer.Option(help="The answer it should have been.")] = "",
    intent: Annotated[str, typer.Option(help="What the question is about.")] = "",
    reviewer: Annotated[str, typer.Option(help="Who judges.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Give a verdict."""
    from northloop.app import reviews
    from northloop.cli import present

    kind = _kind(verdict)
    with opened(dir) as workspace:
        given = reviews.Judgement(
            review_id=review_id, kind=kind, correction=correction, intent=intent
        )
        judged = reviews.judge(workspace, team(reviewer), given)
    present.one(judged.verdict, f"Kept: {kind.value.replace('_', ' ')}.", json)
    if judged.disputed:
        present.err.print("Reviewers disagree on this answer: northloop approved list")
    if judged.proposal:
        present.err.print(_follows(judged.proposal))


@approved.command("list")
def approvals(dir: Dir = HERE, json: Json = False) -> None:
    """List the approved answers, and the answers that reviewers judge differently."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        listed = reviews.approvals(workspace, team()).rows
        conflicts = reviews.disagreements(workspace, team())
    if json:
        present.document({"approved": listed, "disagreements": conflicts})
        return
    present.table(
        "Approved answers",
        ("approved", "state", "by", "question", "answer"),
        [
            (
                a.answer.approved_id,
                f"{a.state.value}, {len(a.rivals)} other" if a.rivals else a.state.value,
                a.reviewer,
                a.answer.question,
                a.answer.answer,
            )
            for a in listed
        ],
    )
    if conflicts:
        head = ("question", "answer", "verdicts")
        present.table("Reviewers disagree", head, [_disputed(c) for c in conflicts])


@approved.command("withdraw")
def withdraw(
    approved_id: Approved,
    by: Annotated[str, typer.Option(help="Who withdraws it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Serve an approved answer no more."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        done = reviews.withdraw(workspace, team(by), approved_id)
    now = f"Served now: {done.served.answer}" if done.served else "Nothing is served in its place."
    undo = f"northloop approved restore {approved_id}"
    present.one(done.answer, f"Withdrawn. {now} To take it back: {undo}", json)


@approved.command("restore")
def restore(approved_id: Approved, dir: Dir = HERE, json: Json = False) -> None:
    """Serve a withdrawn answer again."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        done = reviews.restore(workspace, team(), approved_id)
    again = done.served is not None and done.served.approved_id == approved_id
    why = "a newer one stands for the question, or it was judged wrong: northloop approved list"
    not_served = f"No more withdrawn, but not served: {why}"
    said = "The approved answer is served again." if again else not_served
    present.one(done.answer, said, json)


def _kind(verdict: str) -> VerdictKind:
    try:
        return VerdictKind(verdict)
    except ValueError as error:
        known = ", ".join(kind.value for kind in VerdictKind)
        raise WrongUsage(
            "no such verdict", where=verdict, action=f"give one of: {known}"
        ) from error


def _follows(proposal: Proposal) -> str:
    """Return what a proposal waits for."""
    if proposal.state is ProposalState.APPROVED:
        return (
            "A turn is approved. A server that runs (northloop serve) carries it out; without one: "
            "northloop loop run"
        )
    return f"A turn is {proposal.state.value}. Carry it out: northloop loop run"


def _to_judge(interaction: Interaction) -> str:
    held = interaction.draft
    return f"(handed off; held back: {held})" if held else interaction.answer


def _disputed(found: Disagreement) -> tuple[str, str, str]:
    said = "; ".join(f"{v.reviewer or 'somebody'}: {v.kind.value}" for v in found.verdicts)
    return found.interaction.question, found.interaction.judged, said
