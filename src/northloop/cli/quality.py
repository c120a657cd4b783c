"""The verbs that say what reviews are worth: rulings, answers whose verdict is known, agreement."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.reviews import disputed, one_of, review, told
from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.interaction import VerdictKind
from northloop.core.tally import Measured, Share

gold = typer.Typer(
    help="Answers whose verdict is known: they tell how reviewers err.", no_args_is_help=True
)
Interaction = Annotated[str, typer.Argument(help="The answer, as northloop trace names it.")]
By = Annotated[str, typer.Option(help="Who says so.")]


@review.command("disputes")
def disputes(dir: Dir = HERE, json: Json = False) -> None:
    """List the answers that reviewers judge differently."""
    from northloop.app import quality
    from northloop.cli import present

    with opened(dir) as workspace:
        found = quality.disagreements(workspace, team())
    rows = [(one.verdicts[0].review_id, *disputed(one)) for one in found]
    head = ("review", "question", "answer", "verdicts")
    present.many(found, "Reviewers disagree", head, rows, json)


@review.command("rule")
def rule(
    review_id: Annotated[str, typer.Argument(help="As northloop review disputes shows it.")],
    verdict: Annotated[str, typer.Argument(help="correct, incorrect or needs_rephrasing")],
    correction: Annotated[str, typer.Option(help="The answer it should have been.")] = "",
    by: By = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Rule where reviewers disagree: the ruling stands in the place of their verdicts."""
    from northloop.app import quality
    from northloop.app.reviews import Judgement
    from northloop.cli import present

    kind = one_of(VerdictKind, verdict, "no such verdict")
    with opened(dir) as workspace:
        given = Judgement(review_id=review_id, kind=kind, correction=correction)
        ruled = quality.rule(workspace, team(by), given).verdict
    undo = f"northloop review undo {ruled.verdict_id}"
    present.one(ruled, f"Ruled: {told(kind)}. To take it back: {undo}", json)


@review.command("agreement")
def agreement(dir: Dir = HERE, json: Json = False) -> None:
    """Show how far reviewers agree who read the same answers blind, and how they err."""
    from northloop.app import quality, scorecards
    from northloop.cli import present

    with opened(dir) as workspace:
        found = quality.agreement(workspace, team())
        error = scorecards.reviewer_error(workspace, team())
    if json:
        present.document({"agreement": found, "error": error})
        return
    right, wrong = error.lacking
    lacking = f"{right} more reads of right gold answers and {wrong} of wrong ones are needed"
    rows = [
        (
            "agree on right or not",
            _words(found.agreed if found else None),
            f"{found.pairs if found else 0} pairs",
        ),
        ("Cohen's kappa", _words(found.kappa if found else None), "right or not"),
        ("Krippendorff's alpha", _words(found.alpha if found else None), "the three verdicts"),
        ("right ones called right", _words(error.sensitivity), f"{error.right} reads of gold"),
        ("wrong ones called wrong", _words(error.specificity), f"{error.wrong} reads of gold"),
    ]
    present.table("Reviewers", ("", "", ""), rows)
    if right or wrong:
        present.out.print(f"Accuracy is not corrected yet: {lacking}.")


@gold.command("list")
def known(dir: Dir = HERE, json: Json = False) -> None:
    """List the answers whose verdict is known."""
    from northloop.app import quality
    from northloop.cli import present

    with opened(dir) as workspace:
        found = quality.known(workspace, team())
    rows = [
        (one.gold.interaction_id, told(one.gold.kind), one.gold.origin.value, str(one.reads))
        for one in found
    ]
    head = ("answer", "verdict", "known by", "reads")
    present.many(found, "Gold answers", head, rows, json)


@gold.command("mark")
def mark(
    interaction_id: Interaction,
    verdict: Annotated[str, typer.Argument(help="correct, incorrect or needs_rephrasing")],
    by: By = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Say what the right verdict on an answer is: reviewers get it blind, among the rest."""
    from northloop.app import quality
    from northloop.cli import present

    kind = one_of(VerdictKind, verdict, "no such verdict")
    with opened(dir) as workspace:
        marked = quality.mark(workspace, team(by), interaction_id, kind)
    present.one(marked, f"Gold: {told(kind)}.", json)


@gold.command("unmark")
def unmark(interaction_id: Interaction, dir: Dir = HERE, json: Json = False) -> None:
    """Take it back: what reviewers said of the answer counts no more."""
    from northloop.app import quality
    from northloop.cli import present

    with opened(dir) as workspace:
        present.one(quality.unmark(workspace, team(), interaction_id), "No gold any more.", json)


def _words(found: Share | Measured | None) -> str:
    """Return a figure with its interval."""
    if found is None:
        return "not known yet"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
