"""The verbs of the ledger: how conversations ended, and what the assistant changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.intake import columns
from northloop.cli.typed import HERE, Dir, Json, Set, opened
from northloop.core.actor import team
from northloop.core.contact import SETTLED_DAYS
from northloop.core.interaction import Gone

if TYPE_CHECKING:
    from northloop.app.contrasts import Contrast, Effect, Guarded, Side
    from northloop.app.ledger import Reported
    from northloop.app.spent import Spending
    from northloop.core.contact import Lot

_NOBODY = "Nobody is held out, so nothing shows what the assistant changed: "
_NO_PLAN = (
    "that takes an objective on resolution time, first response time, handling time, durable "
    "resolution or CSAT, an imported history, and a share of customers whom people alone answer."
)

_NO_PRICES = (
    "No price is set. With prices.hour, what an hour of generating costs (or prices.million_in and "
    "prices.million_out), and prices.agent_hour, an hour of the people who reply, this says what "
    "an answer and a resolved contact cost."
)

reports = typer.Typer(
    help="What was taken in of how conversations ended: list it, take some of it back.",
    no_args_is_help=True,
)
_GONE = {
    Gone.MERGED: "merged into another, which counts",
    Gone.DELETED: "deleted",
    Gone.SPAM: "spam",
}


def outcomes(
    files: Annotated[
        list[Path],
        typer.Argument(help="Exports of the ticket system, in any form that import takes."),
    ],
    dir: Dir = HERE,
    map: Annotated[
        list[str],
        typer.Option(help='A column that was not understood, as conversation_id="Chat".'),
    ] = [],
    tenant: Annotated[
        str, typer.Option(help="Whose export it is, where several tenants use the same ids.")
    ] = "",
    overrule: Annotated[
        bool,
        typer.Option(
            "--overrule",
            help="What these files say of a conversation counts, whatever was reported of it "
            "before, by this or another ticket: to correct what was taken from a wrong column.",
        ),
    ] = False,
    json: Json = False,
) -> None:
    """Take from exports how conversations ended: closed or open, how long, how rated, and when a
    person first answered; no text."""
    from northloop.app import ledger
    from northloop.app.intake import Terms
    from northloop.cli import present

    with opened(dir) as workspace:
        terms = Terms(mapping=dict(columns(map)))
        found = ledger.look_at_reports(workspace, team(), files, terms, tenant)
        taken = ledger.take_in(workspace, team(), found, overrules=overrule)
    if json:
        present.document(taken)
    else:
        _print_reported(taken, overrule=overrule)


@reports.command("list")
def imports(dir: Dir = HERE, json: Json = False) -> None:
    """List what was taken in of how conversations ended, the newest first."""
    from northloop.app import ledger
    from northloop.cli import present

    with opened(dir) as workspace:
        found = ledger.imports(workspace, team())
    present.many(
        found,
        "Taken in of how conversations ended" if found else "Nothing was taken in by an export yet",
        ("import", "when", "by", "files", "cases", "tickets asked here", "news"),
        [
            (
                *(one.import_id, one.at[:16].replace("T", " "), one.by or "–"),
                ", ".join(one.files) + (" (overruled)" if one.overrules else ""),
                *map(str, (one.cases, one.tickets, one.new)),
            )
            for one in found
        ],
        json,
    )


@reports.command("undo")
def undo(
    import_id: Annotated[str, typer.Argument(help="As northloop reports list shows it.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Take back all that one import said; what others said stays, and what it overruled counts
    again."""
    from northloop.app import ledger
    from northloop.cli import present

    with opened(dir) as workspace:
        undone = ledger.take_back(workspace, team(), import_id)
    said = f"Taken back: what {', '.join(undone.files)} said of {undone.tickets} tickets."
    present.one(undone, f"{said} What others said stays.", json)


def progress(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Say what the assistant changed, against the customers who are held out."""
    from northloop.app import contrasts
    from northloop.app.intake import unplanned
    from northloop.cli import present

    with opened(dir, set) as workspace:
        found = contrasts.contrast_of(workspace, team())
    if json:
        present.document(found)
    elif found is None:
        agreed = workspace.settings.objective
        tried = agreed is not None and agreed.baseline is not None and agreed.holdout_share != 0
        why = f"{unplanned(agreed)}." if agreed is not None and tried else _NO_PLAN
        present.out.print(f"{_NOBODY}{why}")
    else:
        _print(found)


def costs(
    dir: Dir = HERE,
    days: Annotated[
        int, typer.Option(help="So many days, the last of which the ends are known.")
    ] = 28,
    set: Set = [],
    json: Json = False,
) -> None:
    """Say what answers and resolved contacts cost, by the prices in the settings."""
    from northloop.app import spent
    from northloop.cli import present

    with opened(dir, set) as workspace:
        found = spent.costs(workspace, team(), days)
    if json:
        present.document(found)
    elif found is None:
        present.out.print(_NO_PRICES)
    elif not found.by:
        present.out.print(
            f"No contact was opened in the {days} days that ended {found.ended_days} days ago."
        )
    else:
        rows = [*_spent(found.by)]
        title = f"What {days} days cost that ended {found.ended_days} days ago"
        present.table(title, ("", *(lot.replace("_", " ") for lot in found.by)), rows)
        present.out.print(
            f"Resolved is who was helped within {found.follow_days} days and did not come back "
            f"within {SETTLED_DAYS} more, in either column: later contacts are not counted yet.",
            style="dim",
        )


def _spent(by: Mapping[Lot, Spending]) -> Iterator[tuple[str, ...]]:
    lines = {
        "contacts": "contacts",
        "resolved for good": "resolved",
        "answers": "answers",
        "minutes of people not reported": "untold",
        "closed, and not said when": "untimed",
    }
    for title, name in lines.items():
        yield title, *(str(getattr(one, name)) for one in by.values())
    sums = {
        "generating": "generating",
        "people, as far as reported": "people",
        "an answer": "per_answer",
        "a resolved contact": "per_resolution",
    }
    for title, name in sums.items():
        values = (getattr(one, name) for one in by.values())
        yield title, *("–" if value is None else f"{value:.4g}" for value in values)


def _print_reported(taken: Reported, *, overrule: bool) -> None:
    from northloop.cli import present

    present.out.print(
        f"{taken.cases} cases, in which {taken.contacts} conversations that were asked here: "
        f"{taken.resolved} resolved, {taken.open} open; of {taken.touched} it "
        f"is said when a person first answered, {taken.asked} were asked for a rating and "
        f"{taken.rated} gave one; of {taken.new} that is news."
    )
    if taken.gone:
        said = ", ".join(f"{count} {_GONE[why]}" for why, count in taken.gone.items())
        present.out.print(f"Tickets that are none any more and count for nothing: {said}.")
    if taken.left and (one := taken.example):
        present.out.print(
            f"{taken.left} tickets were left as they are known, by what knew of later things: "
            f"{one.place} says {one.says}, known is {one.known} (told {one.told[:10]}). If this "
            f"file is right, a wrong column corrected for instance: --overrule."
        )
    if taken.beside:
        wrong = "count on. If they came of a wrong column: --overrule, or take that import back"
        counts = "count no more" if overrule else wrong
        present.out.print(
            f"Of {taken.beside} conversations other tickets were reported before, which are not in "
            f"these files: they {counts}."
        )
    if taken.untimed:
        present.out.print(
            f"{taken.untimed} of those resolved have no time at which they were closed: they are "
            f"left out of how long it took, and counted. Export that time, or name its column: "
            f'--map closed_at="<column>".'
        )
    if taken.wrote_again:
        present.out.print(
            f"{taken.wrote_again} of those resolved wrote more than thanks after their ticket was "
            f"closed, so how these ended is not known until their ticket is closed after that."
        )
    if taken.backwards:
        more = ", …" if taken.backwards > len(taken.places) else ""
        present.out.print(
            f"{taken.backwards} cases were closed before they were created, so when they ended is "
            f"not known: {', '.join(taken.places)}{more}. Correct these times, or the columns that "
            f"are taken for them (--map)."
        )
    present.out.print(f"To take this back: northloop reports undo {taken.import_id}", style="dim")


def _print(found: Contrast) -> None:
    from northloop.cli import present

    present.out.print(f"{found.words[0].upper()}{found.words[1:]}.")
    present.table(
        f"{found.metric.replace('_', ' ')}, against customers held out",
        ("contacts", "assisted", "held out"),
        [*_sides(found.assisted, found.held_out)],
    )
    rows = [*_effects(found)]
    if rows:
        present.table("What the assistant changed", ("", "ratio", "95 % at any time"), rows)
    if found.guardrails:
        present.table(
            "What must not suffer",
            ("metric", "may lose", "difference", "standing"),
            [_guarded(rail) for rail in found.guardrails],
        )
    if found.outside:
        present.out.print(
            f"{found.outside} contacts are outside of this: no customer was named, they came "
            f"before the plan, or end after the deadline.",
            style="dim",
        )


def _sides(*sides: Side) -> Iterator[tuple[str, ...]]:
    lines = {
        "customers": "customers",
        "opened": "contacts",
        "not followed to the end yet": "waiting",
        "settled by the assistant alone": "settled",
        "resolved with people": "resolved",
        "of these, no person's answer reported": "unanswered",
        "resolved in time, and for good": "verified",
        "open": "open",
        "end not known": "unknown",
        "of these, closed, and not said when": "untimed",
        "besides, merged into other tickets": "merged",
        "besides, deleted or spam": "removed",
        "asked for a rating": "asked",
        "rated": "rated",
    }
    for title, name in lines.items():
        yield title, *(str(getattr(side, name)) for side in sides)
    yield "of those asked gave a rating", *map(_response, sides)
    touched = [f"{side.touched:.1f}" if side.touched is not None else "–" for side in sides]
    yield "hours until a person, median", *touched


def _response(side: Side) -> str:
    if side.response is None:
        return "nobody reported who was asked"
    low, high = (f"{share:.0%}" for share in side.response)
    return low if low == high else f"{low} to {high}"


def _effects(found: Contrast) -> Iterator[tuple[str, ...]]:
    names = ["mean", "typical contact (geometric mean)"]
    if found.plan.scale == "log":
        names.reverse()
    for name, effect in zip(names, (found.effect, found.beside), strict=True):
        if effect:
            yield f"{name}, as planned" if effect is found.effect else name, *_ratio(effect)
    lately = found.lately
    if lately:
        yield f"{names[0]}, the last {lately.weeks} weeks", *_ratio(lately.effect)
    if found.firsts:
        yield "first contact of each customer", *_ratio(found.firsts)
    for of_it in found.releases:
        yield f"while {of_it.release[:8]} was live", *_ratio(of_it.effect)
    if found.chance is not None:
        yield "probability that the mean is at the target", f"{found.chance:.0%}", ""
    if found.needed is not None:
        yield "further held-out customers until this is proven", str(found.needed), ""


def _ratio(effect: Effect) -> tuple[str, str]:
    ratio = effect.ratio
    if not effect.known:
        return f"{ratio.value:.2f}", "too few"
    return f"{ratio.value:.2f}", f"{ratio.low:.2f} to {ratio.high:.2f}"


def _guarded(rail: Guarded) -> tuple[str, ...]:
    moved = rail.difference
    said = f"{moved.value:+.2f} ({moved.low:+.2f} to {moved.high:+.2f})" if moved else "too few yet"
    return rail.metric.replace("_", " "), f"{rail.margin:g}", said, rail.standing
