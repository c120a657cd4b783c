"""The verbs of the objective and of the history: init, import, plan."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, Set, as_usage, is_meant, opened
from northloop.core.actor import team
from northloop.core.artefacts import Guardrail
from northloop.core.conversation import PINS, Split
from northloop.core.errors import NorthloopError, WrongUsage

_AGENTS = "agents"
_LEFT = (
    "Nothing was imported. Where a column is taken for something else than it is, name it and give "
    'the command again: --map reply="<column>", --map reply= for none, --map agents="Anna, 12" for '
    "who answers."
)
"""What is said where somebody has seen what an import would make, and does not want it."""


def init(
    dir: Dir = HERE,
    objective: Annotated[
        str,
        typer.Option(
            help='In a sentence: "reduce resolution time by 30 % within six months". In English, '
            "German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Japanese or "
            "Chinese."
        ),
    ] = "",
    metric: Annotated[str, typer.Option(help="What is to change, e.g. resolution_time.")] = "",
    change: Annotated[float | None, typer.Option(help="By how much: -0.3 is 30 % less.")] = None,
    target: Annotated[
        float | None, typer.Option(help="A value to reach, in place of --change.")
    ] = None,
    months: Annotated[int | None, typer.Option(help="Time to get there.")] = None,
    deadline: Annotated[str, typer.Option(help="A date, in place of --months: 2027-06-30.")] = "",
    use_case: Annotated[str, typer.Option(help="support, knowledge or drafting.")] = "support",
    why: Annotated[list[str], typer.Option(help="An answer to a why, up to five times.")] = [],
    guardrail: Annotated[list[str], typer.Option(help="metric=margin, e.g. csat=0.1")] = [],
    holdout: Annotated[
        float | None,
        typer.Option(
            help="Share of customers whom people alone answer, so that the effect shows: 0.1; 0 "
            "for none. Left out, the imported history says how many it takes."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Write the objective contract into a new workspace."""
    from northloop.app import doctor, intake
    from northloop.cli import present

    guardrails = tuple(_guardrail(text) for text in guardrail) or None
    if not (objective or metric):
        objective = _asked("What is to change, by how much, until when?")
    given = intake.ObjectiveInput(
        statement=objective,
        metric=metric,
        change=change,
        target=target,
        months=months,
        deadline=deadline,
        guardrails=guardrails,
        holdout_share=holdout,
        whys=tuple(why or _whys(objective)),
    )
    with as_usage():
        intake.contract(team(), use_case, given)
    started = intake.start(dir, team(), use_case, given)
    if json:
        present.document(started.objective)
        return
    present.objective(started.objective)
    present.out.print(f"{started.use_case.title} needs:")
    for need in started.use_case.needs:
        present.out.print(f"  · {need}")
    for hint in started.use_case.hints:
        present.out.print(hint, style="dim")
    present.out.print(f"\nWritten to {started.file}. Articles go into {dir / 'documents'}.")
    present.out.print(f"Next: northloop import <your ticket export>{doctor.there(dir)}")


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Exports: CSV, TSV, JSON(L), XLSX, Parquet, mbox, .eml or a folder of them; "
            "gzip and zip too."
        ),
    ],
    dir: Dir = HERE,
    pin: Annotated[str, typer.Option(help='"test": measure on these rows, never learn them.')] = "",
    licence: Annotated[str, typer.Option(help="Licence of the data, for the data card.")] = "",
    map: Annotated[
        list[str],
        typer.Option(
            help='A column that was not understood, as reply="Antwort"; reply= for none; '
            'agents="Anna, 12" for who answers.'
        ),
    ] = [],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask; without a terminal nobody is asked.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Learn from rows that look misunderstood.")
    ] = False,
    json: Json = False,
) -> None:
    """Add exports to the history: clean, redact, deduplicate, split; compute the baseline."""
    from northloop.app import doctor, intake, releases
    from northloop.app.lazy_workspace import AT_ONCE
    from northloop.cli import present

    mapping = {field: column for field, column in columns(map) if field != _AGENTS}
    terms = intake.Terms(
        pin=_split(pin), licence=licence, mapping=mapping, agents=tuple(_agents(map))
    )
    with _left_as_it_was(dir), opened(dir) as workspace:
        shown = intake.preview(workspace, team(), files, terms)
        present.preview(shown)
        refused = shown.refusal is not None and not anyway
        asks = not (yes or json or refused) and sys.stdin.isatty()
        if asks or refused:
            present.pairs(shown.pairs, sum(shown.card.splits.values()), into=present.err)
        if asks and not is_meant(workspace, "Import this?"):
            typer.echo(_LEFT, err=True)
            raise typer.Exit(1)
        made = intake.commit(workspace, team(), shown, anyway=anyway)
        is_new = not releases.ever_live(workspace, team())
    present.notices(made.notices)
    if made.no_baseline:
        present.err.print(f"no baseline yet: {made.no_baseline}")
    if json:
        present.document(made)
        return
    present.card(made.dataset, made.card)
    if not asks:
        present.pairs(made.pairs, sum(made.card.splits.values()))
    if made.objective is not None:
        present.objective(made.objective)
    if is_new:
        present.out.print(f"\nNext: {AT_ONCE}{doctor.there(dir)}")


def plan(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Say what a training would take, before it starts."""
    from northloop.app import intake
    from northloop.cli import present

    with opened(dir, set) as workspace:
        planned = intake.plan(workspace, team())
    present.one(planned, planned.text(), json)


@contextmanager
def _left_as_it_was(folder: Path) -> Iterator[None]:
    """Leave no state folder behind where there was none and what was to be done is refused."""
    from northloop.workspace import STATE

    state = folder / STATE
    there = state.exists()
    try:
        yield
    except NorthloopError:
        if not there:
            with suppress(OSError):  # not empty: somebody else works in it
                state.rmdir()
        raise


# --- reading what was typed --------------------------------------------------------------------


def columns(map_: Sequence[str]) -> list[tuple[str, str]]:
    """Return what `--map field=column` named; WrongUsage."""
    return [_column(text) for text in map_]


def _agents(map_: Sequence[str]) -> Iterator[str]:
    """Yield who answers, by --map agents=…: several by commas, or the flag several times."""
    for field, named in columns(map_):
        if field == _AGENTS:
            yield from (name.strip() for name in named.split(";" if ";" in named else ","))


def _column(text: str) -> tuple[str, str]:
    from northloop.app.intake import FIELDS

    field, equals, column = text.partition("=")
    if not equals or field.strip() not in (*FIELDS, _AGENTS):
        known = ", ".join((*FIELDS, _AGENTS))
        raise WrongUsage(
            f'give a field and its column, as reply="Antwort"; fields are {known}',
            where=f"--map {text}",
            action="correct it and give the command again",
        )
    return field.strip(), column.strip()


def _guardrail(text: str) -> Guardrail:
    name, _, value = text.partition("=")
    try:
        return Guardrail(name.strip(), float(value))
    except ValueError as error:
        raise WrongUsage(
            "a guardrail is given as metric=margin",
            where=f"--guardrail {text}",
            action="for example --guardrail csat=0.1",
        ) from error


def _split(pin: str) -> Split | None:
    if not pin:
        return None
    if pin not in PINS:
        raise WrongUsage(
            f"there is no split {pin!r}", where="--pin", action="use test, validation or train"
        )
    return Split(pin)


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise WrongUsage(
            "no objective was given",
            where="init",
            action='northloop init --objective "reduce resolution time by 30 % within six months"',
        )
    return str(typer.prompt(question))


def _whys(sentence: str) -> Iterator[str]:
    """Ask why until there is nothing left to ask, or the answer is empty."""
    from northloop.app.intake import next_why

    answers: list[str] = []
    while sys.stdin.isatty() and (question := next_why(sentence, answers)):
        answer = str(typer.prompt(question, default="", show_default=False))
        if not answer:
            return
        answers.append(answer)
        yield answer
