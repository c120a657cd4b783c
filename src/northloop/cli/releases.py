"""The verbs of the releases: begin, list, promote, roll back."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.turns import evidence
from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.ids import short
from northloop.core.tally import AtTheDesk, ReviewerError, Share

release = typer.Typer(
    help="Sealed releases: begin, list, promote, roll back.", no_args_is_help=True
)


@release.command()
def begin(dir: Dir = HERE, json: Json = False) -> None:
    """Begin at once: serve what history and documents say, before anything is trained."""
    from northloop.app import knowledge, releases
    from northloop.cli import present

    with opened(dir) as workspace:
        done = releases.begin_at_once(workspace, team())
        said = releases.going_out(workspace, team())
        problems = knowledge.problems(workspace, team())
    present.one(done, f"Release {short(done.release)} is live. {said.words if said else ''}", json)
    for problem in () if json else problems:
        present.err.print(problem)


@release.command("list")
def list_(dir: Dir = HERE, json: Json = False) -> None:
    """List the releases with what the gate said."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        found = releases.releases(workspace, team())
    names = ("artefact", "decision", "live", "ready")
    present.many(
        [{name: getattr(sealed, name) for name in names} for sealed in found],
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
        json,
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
        release = found.decision.candidate
        standings = releases.standings(workspace, team(), release)
        favour = releases.favour(workspace, team(), release)
        mode = workspace.settings.serving.mode
    ways = found.candidate.contestants
    if json:
        told = {"release": release, "ways": ways, "favour": favour, "standings": standings}
        present.document(told)
        return
    present.received(found)
    present.ways(ways)
    if favour and mode != "open":
        present.out.print(f'In the mode "open" (now it is "{mode.value}"):')
    for one in favour:
        present.out.print(f"{one.treatment.value}: {one.words}")
    for standing in standings:
        present.out.print(f"{standing.treatment.value}: {standing.words}")


def scorecard(
    hash: Annotated[str, typer.Argument(help="The release; by default the live one.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Show what customers received: right, wrong and held back, told from the reviewed answers."""
    from northloop.app import scorecards
    from northloop.cli import present

    with opened(dir) as workspace:
        card = scorecards.scorecard(workspace, team(), hash)
        apart = scorecards.breakdown(workspace, team(), hash)
        error = scorecards.reviewer_error(workspace, team())
        reused = scorecards.reused(workspace, team(), hash)
    if json:
        found = {"scorecard": card, "apart": apart, "reviewers": error, "semantic_cache": reused}
        present.document(found)
        return
    rows = [
        ("right and sent", _words(card.right_sent), f"of {card.questions} questions"),
        ("wrong and sent", _words(card.wrong_sent), ""),
        ("right, but held back", _words(card.right_held), ""),
        ("right of drafts decided on", _words(card.decided), ""),
        ("right of what was sent", _words(card.accuracy), f"of {card.sent} answers"),
        ("– corrected for reviewers' errors", _words(card.corrected), _lacking(error)),
        ("sent of what was right", _words(card.recall), ""),
        ("F1 of the decision to send", _words(card.f1), ""),
    ]
    seen = f"{card.reviewed} answers and {card.held_reviewed} drafts reviewed"
    if card.skipped or card.held_skipped:
        seen += f", {card.skipped} and {card.held_skipped} skipped"
    name = short(card.release) if card.release else "nothing live"
    present.table(f"Scorecard of {name}: {seen}", ("", "share", ""), rows)
    if card.desk:
        _at_the_desk(card.desk)
    for one in reused:
        where = f"{one.tenant}, {one.language or 'language unknown'}"
        present.out.print(f"Semantic cache ({where}): {one.words}.")
    for kind, slices in apart.by.items():
        told = [
            (
                s.name or "unknown",
                str(s.questions),
                str(s.sent),
                str(s.reviewed),
                _words(s.accuracy),
            )
            for s in slices[:20]
        ]
        present.table(f"By {kind}", (kind, "questions", "sent", "reviewed", "right"), told)


def _at_the_desk(found: AtTheDesk) -> None:
    from northloop.cli import present

    rows = [
        (part.what.value, str(part.count), present.with_interval(part.share)) for part in found.sent
    ]
    offered = f"to {found.offered} of them other answers than the draft had been offered"
    present.table(f"Agents dealt with {found.decided}; {offered}", ("sent", "", "share"), rows)
    if found.bare:
        present.out.print(f"Besides, {found.bare} with neither a draft nor anything offered.")


def _words(share: Share | None) -> str:
    """Return a share in words, with its interval."""
    from northloop.cli.present import with_interval

    if share is None:
        return "not known yet"
    known = with_interval(share)
    if share.bounds is None:
        return known
    low, high = share.bounds
    return f"{known}; whatever the skipped are, {low:.0%} to {high:.0%}"


def _lacking(error: ReviewerError) -> str:
    right, wrong = error.lacking
    return f"needs {right} + {wrong} more reads of right and wrong gold" if right or wrong else ""


@release.command("promote")
def promote(
    hash: str,
    dir: Dir = HERE,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="Also where people's decisions would let fewer answers out at first."
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Make a release live that passed the gate beside the live one (exit 3 if it did not)."""
    from northloop.app import releases
    from northloop.cli import present

    with opened(dir) as workspace:
        done = releases.promote(workspace, team(), hash, anyway=anyway)
        said = releases.going_out(workspace, team())
        if not json:
            evidence(workspace, [done.release])
    present.one(done, f"Release {short(done.release)} is live. {said.words if said else ''}", json)


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
