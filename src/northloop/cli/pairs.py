"""The verbs of an undecided release: the next pair of answers, and which of them is right."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.reviews import one_of
from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.ids import short
from northloop.core.interaction import ProposalState, SkipReason
from northloop.core.side_by_side import PairChoice

pairs = typer.Typer(
    help="Answers of two releases side by side, where test questions do not decide, or a release "
    "that passed waits.",
    no_args_is_help=True,
)
_HANDED_OVER = "(hands the customer to a person)"


@pairs.command("next")
def following(dir: Dir = HERE, json: Json = False) -> None:
    """Show the next pair of answers to judge; customers' new questions make more."""
    from northloop.app import comparisons
    from northloop.app import waiting as waits
    from northloop.cli import present

    with opened(dir) as workspace:
        comparisons.prepare(workspace, team())
        waiting = comparisons.waiting(workspace, team())
        undecided = comparisons.undecided(workspace, team())
        ready = waits.waiting(workspace, team())
    if json:
        shown = [
            {"pair": p.pair_id, "question": p.question, "first": p.shown[0], "second": p.shown[1]}
            for p in waiting[:1]
        ]
        held = [{"release": one.proposal.release, "stands": one.words} for one in ready]
        present.document({"next": shown, "undecided": undecided, "waiting": held})
        return
    for one in ready:
        present.out.print(f"Release {short(one.proposal.release)}: {one.words}.")
    if not waiting and ready and not undecided:
        present.out.print("Nothing of it is left to judge.")
        return
    if not waiting:
        far = "; ".join(f"{one.judged} judged of about {one.expected}" for one in undecided)
        wait = f"Nothing to judge until customers ask something new ({far})."
        decided = "What both answer alike has decided it: northloop loop status"
        present.out.print(wait if undecided else decided)
        return
    found = waiting[0]
    first, second = found.shown
    present.table(
        f"Pair {found.pair_id}",
        ("", "text"),
        [
            ("question", found.question),
            ("first", first or _HANDED_OVER),
            ("second", second or _HANDED_OVER),
        ],
    )
    choices = "|".join(choice.value for choice in PairChoice)
    present.out.print(f"Which is right? northloop pairs judge {found.pair_id} {choices}")
    reasons = "|".join(reason.value for reason in SkipReason)
    present.out.print(f"Or pass it over: northloop pairs skip {found.pair_id} {reasons}")


@pairs.command("judge")
def judge(
    pair_id: Annotated[str, typer.Argument(help="As northloop pairs next shows it.")],
    right: Annotated[str, typer.Argument(help="first, second, both or neither")],
    reviewer: Annotated[str, typer.Option(help="Who judges.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Say which of two answers is right."""
    from northloop.app import comparisons
    from northloop.cli import present

    choice = one_of(PairChoice, right, "no such choice")
    with opened(dir) as workspace:
        chosen = comparisons.choose(workspace, team(reviewer), pair_id, choice)
    proposal = chosen.proposal
    release = short(proposal.release) if proposal else ""
    state = proposal.state if proposal else ProposalState.UNDECIDED
    said = {
        ProposalState.READY: f"Decided: it passed. northloop release promote {release}",
        ProposalState.REFUSED: "Decided: it is not shown to be better. The live release stays.",
    }.get(state, f"The release is {state.value} by now.")
    said = said if chosen.decided else "Next: northloop pairs next"
    # Whose answer was whose is not told.
    kept = {"pair": pair_id, "choice": chosen.pair.choice, "release": release, "state": state}
    present.one(kept, f"Kept. {said}", json)


@pairs.command("skip")
def skip(
    pair_id: Annotated[str, typer.Argument(help="As northloop pairs next shows it.")],
    reason: Annotated[
        str, typer.Argument(help="cannot_tell, needs_colleague, not_my_language, other")
    ],
    reviewer: Annotated[str, typer.Option(help="Who skips it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Pass a pair over: for a colleague or another language, or for good, which proves nothing."""
    from northloop.app import comparisons
    from northloop.cli import present

    why = one_of(SkipReason, reason, "no such reason")
    with opened(dir) as workspace:
        came = comparisons.skip(workspace, team(reviewer), pair_id, why)
    left = came.pair.skip is None
    state = came.proposal.state if came.proposal else ProposalState.UNDECIDED
    skipped = {"pair": pair_id, "skip": why, "waits": left, "state": state}
    said = (
        "It waits for somebody else, and comes to you last."
        if left
        else ("It is missing now, and counts as the worst that it could be for either release.")
    )
    present.one(skipped, f"Skipped. {said}", json)


@pairs.command("undo")
def undo(
    pair_id: Annotated[str, typer.Argument(help="The last one that you chose or skipped.")],
    reviewer: Annotated[str, typer.Option(help="Who takes it back.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Take your last choice, or skip, back; it can be judged again."""
    from northloop.app import comparisons
    from northloop.cli import present

    with opened(dir) as workspace:
        comparisons.undo(workspace, team(reviewer), pair_id)
    said = f"Taken back. northloop pairs judge {pair_id} first|second|both|neither"
    present.one({"pair": pair_id, "waits": True}, said, json)
