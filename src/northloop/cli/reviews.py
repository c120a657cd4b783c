"""The verbs of the reviewers: the queue, verdicts and skips, approved answers."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.errors import WrongUsage
from northloop.core.ids import short
from northloop.core.interaction import Interaction, Proposal, ProposalState, SkipReason, VerdictKind

if TYPE_CHECKING:
    from northloop.app.reviews import Disagreement, VerdictEffects

E = TypeVar("E", bound=StrEnum)
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
    n = len(waiting)
    present.many(
        waiting,
        f"{n} {'answer waits' if n == 1 else 'answers wait'}" if n else "Answers that wait",
        ("review", "question", "answer"),
        [(w.item.review_id, w.interaction.question, _to_judge(w.interaction)) for w in waiting],
        json,
    )


@review.command("next")
def next_(
    reviewer: Annotated[str, typer.Option(help="Who judges; nobody else gets it meanwhile.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Show the next answer to judge, for one of several reviewers."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        found = reviews.take(workspace, team(reviewer), reviewer or "command line", 1)
        context = reviews.context(workspace, team(), found[0].item.review_id) if found else None
    if json:
        # Neither why it was drawn nor how sure the release was: that would tell what to think.
        shown = context and {
            "review_id": context.item.review_id,
            "said_before": [{"by": said.by, "text": said.content} for said in context.said],
            "question": context.interaction.question,
            "answer": context.interaction.judged,
            "evidence": [cited.passage.text for cited in context.cited],
        }
        present.document(shown)
        return
    if context is None:
        present.out.print("No answer waits for you.")
        return
    rows = [
        *((f"said before, by {said.by}", said.content) for said in context.said),
        ("question", context.interaction.question),
        ("answer", _to_judge(context.interaction)),
        *(("evidence", cited.passage.text) for cited in context.cited),
    ]
    present.table(f"Review {context.item.review_id}", ("", ""), rows)


@review.command("alternatives")
def alternatives(
    review_id: Annotated[str, typer.Argument(help="As northloop review next shows it.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Show what a correction might say, once you have found an answer wrong."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        found = reviews.alternatives(workspace, team(), review_id)
    title = "It might have been" if found else "Nothing else is known to be said here"
    present.many(found, title, ("text",), [(text,) for text in found], json)


@review.command("skip")
def skip(
    review_id: Annotated[str, typer.Argument(help="As northloop review next shows it.")],
    reason: Annotated[
        str, typer.Argument(help="cannot_tell, needs_colleague, not_my_language, other")
    ],
    reviewer: Annotated[str, typer.Option(help="Who skips it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Pass an answer over, for somebody else to judge."""
    from northloop.app import reviews
    from northloop.cli import present

    why = one_of(SkipReason, reason, "no such reason")
    with opened(dir) as workspace:
        skipped = reviews.skip(workspace, team(reviewer), review_id, why)
    present.one(skipped, "Skipped. It goes to somebody else, and not to you again.", json)


@review.command("undo")
def undo(
    verdict_id: Annotated[str, typer.Argument(help="As northloop review history shows it.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Take a verdict, a skip or a ruling back, with all that followed from it."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        undone = reviews.undo(workspace, team(), verdict_id)
    present.one(undone, f"Taken back. Review {undone.review_id} is as it was before.", json)


@review.command("history")
def history(
    interaction_id: Annotated[str, typer.Argument(help="As an answer names it.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Show all that was said of an answer, and what each verdict became."""
    from northloop.app import reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        found = reviews.history(workspace, team(), interaction_id)
    rows = [
        (w.verdict.verdict_id, w.verdict.reviewer or "somebody", _said(w), "; ".join(_became(w)))
        for w in found
    ]
    present.many(found, "Verdicts", ("verdict", "by", "said", "became"), rows, json)


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

    kind = one_of(VerdictKind, verdict, "no such verdict")
    with opened(dir) as workspace:
        given = reviews.Judgement(
            review_id=review_id, kind=kind, correction=correction, intent=intent
        )
        judged = reviews.judge(workspace, team(reviewer), given)
    present.one(judged.verdict, f"Kept: {told(kind)}.", json)
    if judged.disputed:
        present.err.print("Reviewers disagree on this answer: northloop approved list")
    if judged.proposal:
        present.err.print(_follows(judged.proposal))


@approved.command("list")
def approvals(dir: Dir = HERE, json: Json = False) -> None:
    """List the approved answers, and the answers that reviewers judge differently."""
    from northloop.app import quality, reviews
    from northloop.cli import present

    with opened(dir) as workspace:
        listed = reviews.approvals(workspace, team()).rows
        conflicts = quality.disagreements(workspace, team())
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
        present.table("Reviewers disagree", head, [disputed(c) for c in conflicts])


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


def one_of(choices: type[E], said: str, trouble: str) -> E:
    """Return what was typed as one of several choices; WrongUsage names them."""
    try:
        return choices(said)
    except ValueError as error:
        known = ", ".join(choice.value for choice in choices)
        raise WrongUsage(trouble, where=said, action=f"give one of: {known}") from error


def _said(where: VerdictEffects) -> str:
    verdict = where.verdict
    if verdict.skipped:
        return f"skipped: {(verdict.skip or SkipReason.OTHER).value.replace('_', ' ')}"
    word = "ruling: " if verdict.ruling else "overruled: " if verdict.overruled else ""
    return word + told(verdict.kind)


def _became(where: VerdictEffects) -> list[str]:
    """Return what a verdict became, in words."""
    found = [f"approved answer, {a.state.value}" for a in where.approved]
    found += ["taught the memory, goes into the next dataset"] if where.teaches else []
    found += (
        ["taught the memory, is a test question unless something learnt asks the same"]
        if where.measures
        else []
    )
    found += ["what it judged is not said again"] if where.refuses else []
    if where.counts_for:
        found.append(f"counts for the accuracy of release {short(where.counts_for)}")
    if where.certifies:
        found.append(f"a decision on the certificate of {where.certifies}")
    return found or ["nothing follows from it"]


def told(kind: VerdictKind) -> str:
    """Return a verdict as people write it."""
    return kind.value.replace("_", " ")


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


def disputed(found: Disagreement) -> tuple[str, str, str]:
    """Return question, answer and verdicts of a disagreement."""
    said = "; ".join(f"{v.reviewer or 'somebody'}: {v.kind.value}" for v in found.verdicts)
    return found.interaction.question, found.interaction.judged, said
