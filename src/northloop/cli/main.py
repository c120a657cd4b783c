"""The `northloop` command. Each verb parses, calls one function, and presents what comes back.

A verb imports what it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import itertools
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from northloop.cli import document
from northloop.cli.document import Failure
from northloop.core.errors import NorthloopError, WrongUsage

app = typer.Typer(
    name="northloop",
    help="A self-hosted improvement loop for customer-support language models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=True,
    epilog="Begin with northloop demo, or with northloop init in a folder of your own.",
)
loop = typer.Typer(help="Turns of the loop: propose, approve, run.", no_args_is_help=True)
release = typer.Typer(help="Sealed releases: list, promote, roll back.", no_args_is_help=True)
review = typer.Typer(help="Answers that wait for a verdict.", no_args_is_help=True)
approved = typer.Typer(help="Approved answers: list, withdraw, serve again.", no_args_is_help=True)
key = typer.Typer(help="Keys of the API: create, list, revoke.", no_args_is_help=True)
app.add_typer(loop, name="loop")
app.add_typer(release, name="release")
app.add_typer(review, name="review")
app.add_typer(approved, name="approved")
app.add_typer(key, name="key")

Dir = Annotated[Path, typer.Option("--dir", "-C", help="Workspace folder.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Set = Annotated[
    list[str], typer.Option("--set", help="A setting for this run, as section.name=value.")
]
HERE = Path()
INTERRUPTED = 130


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"northloop {version('northloop')}")
        raise typer.Exit


@app.callback()
def _northloop(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a verb."""


@app.command()
def demo(
    dir: Annotated[Path, typer.Option("--dir", "-C", help="Folder of the demo.")] = Path(
        "northloop-demo"
    ),
    rows: Annotated[int, typer.Option(help="Rows of the ticket export.", min=200)] = 2000,
    questions: Annotated[
        int, typer.Option(help="Questions that customers ask in it.", min=20)
    ] = 110,
    seed: Annotated[int, typer.Option(help="Same seed, same hashes.")] = 1,
    exit: Annotated[
        bool, typer.Option("--exit", help="End after the table; do not serve.")
    ] = False,
    json: Json = False,
) -> None:
    """Run the whole loop on the sample company, one more turn, then serve it."""
    from northloop.cli import verbs
    from northloop.demo.run import Demo

    wanted = Demo(folder=dir, rows=rows, questions=questions, seed=seed)
    verbs.demo(wanted, serve_after=not exit, as_json=json)


@app.command()
def init(
    dir: Dir = HERE,
    objective: Annotated[
        str, typer.Option(help='In a sentence: "reduce resolution time by 30 % within six months".')
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
    json: Json = False,
) -> None:
    """Write the objective contract into a new workspace."""
    from northloop.cli import verbs
    from northloop.stages.objective.contract import ObjectiveInput

    given = ObjectiveInput(
        statement=objective,
        metric=metric,
        change=change,
        target=target,
        months=months,
        deadline=deadline,
        guardrails=verbs.guardrails(guardrail),
        whys=tuple(why),
    )
    verbs.init(dir, use_case, given, json)


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, JSON or JSONL exports.")],
    dir: Dir = HERE,
    pin: Annotated[str, typer.Option(help='"test": measure on these rows, never learn them.')] = "",
    licence: Annotated[str, typer.Option(help="Licence of the data, for the data card.")] = "",
    map: Annotated[
        list[str],
        typer.Option(help='A column that was not understood, as reply="Antwort"; reply= for none.'),
    ] = [],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Learn from rows that look misunderstood.")
    ] = False,
    json: Json = False,
) -> None:
    """Add exports to the history: clean, redact, deduplicate, split; compute the baseline."""
    from northloop.cli import verbs

    terms = verbs.Terms(pin=pin, licence=licence, columns=tuple(map), anyway=anyway)
    verbs.import_history(dir, files, terms, json)


@app.command()
def plan(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Say what a training would take, before it starts."""
    from northloop.cli import verbs

    verbs.plan(dir, set, json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What a customer would ask.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Ask the live release."""
    from northloop.cli import verbs

    verbs.ask(dir, question, json)


@app.command()
def serve(
    dir: Dir = HERE,
    host: Annotated[
        str, typer.Option(help="Address of the API; beyond this machine it takes a key.")
    ] = "",
    port: Annotated[int, typer.Option(help="0 for the configured one.", min=0, max=65_535)] = 0,
    set: Set = [],
) -> None:
    """Serve the OpenAI-compatible API and the console."""
    from northloop.cli import verbs

    verbs.serve(dir, host, port, set)


@app.command()
def trace(
    name: Annotated[str, typer.Argument(help="An interaction's id, or a row as file:row.")],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Follow an answer back to the rows it was learnt from, or a row on to what it went into."""
    from northloop.cli import verbs

    verbs.trace(dir, name, json)


@app.command()
def doctor(dir: Dir = HERE, json: Json = False) -> None:
    """Check the installation, the workspace and each service; say what to do."""
    from northloop.cli import verbs

    verbs.doctor(dir, json)


@app.command()
def settings(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Show every setting in force."""
    from northloop.cli import verbs

    verbs.settings(dir, set, json)


@key.command("create")
def key_create(
    name: Annotated[str, typer.Option(help="What it is for: web shop.")] = "",
    tenant: Annotated[
        str, typer.Option(help="Whose answers it sees. Default: a tenant of its own.")
    ] = "",
    scope: Annotated[
        list[str], typer.Option(help="answer, feedback or read; once for each. Default: all.")
    ] = [],
    expires: Annotated[
        str, typer.Option(help="Last day as 2027-06-30, a time with its zone, or 90d.")
    ] = "",
    replaces: Annotated[
        str, typer.Option(help="Id of a key whose tenant and scopes it takes over.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who makes it.")] = "",
    print: Annotated[
        bool, typer.Option("--print", help="Keep nothing; print the line for northloop.toml.")
    ] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Make a key, shown once; it works at once, in every running server."""
    from northloop.app.keys import WantedKey
    from northloop.cli import verbs

    wanted = WantedKey(
        name=name, tenant=tenant, roles=verbs.scopes(scope), expires=expires, replaces=replaces
    )
    if print:
        verbs.key_print(wanted, json)
    else:
        verbs.key_create(dir, wanted, by, json)


@key.command("list")
def key_list(dir: Dir = HERE, json: Json = False) -> None:
    """List the keys, those of northloop.toml too, with their state."""
    from northloop.cli import verbs

    verbs.key_list(dir, json)


@key.command("revoke")
def key_revoke(
    key_id: Annotated[str, typer.Argument(help="As northloop key list shows it.")],
    by: Annotated[str, typer.Option(help="Who revokes it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Let a key work no more, within a second in every running server."""
    from northloop.cli import verbs

    verbs.key_revoke(dir, key_id, by, json)


@loop.command("run")
def loop_run(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Propose, approve and carry out a turn now; what passes the gate waits to be promoted."""
    from northloop.cli import verbs

    verbs.loop_run(dir, set, json)


@loop.command("status")
def loop_status(dir: Dir = HERE, json: Json = False) -> None:
    """Say where the loop stands and why."""
    from northloop.cli import verbs

    verbs.loop_status(dir, json)


@loop.command("approve")
def loop_approve(proposal: str, dir: Dir = HERE, json: Json = False) -> None:
    """Approve an open proposal and carry it out, or carry on with one that was interrupted."""
    from northloop.cli import verbs

    verbs.loop_approve(dir, proposal, json)


@loop.command("reject")
def loop_reject(proposal: str, dir: Dir = HERE, json: Json = False) -> None:
    """Close a proposal, or decide against a ready release; its verdicts stay for the next."""
    from northloop.cli import verbs

    verbs.loop_reject(dir, proposal, json)


@release.command("list")
def release_list(dir: Dir = HERE, json: Json = False) -> None:
    """List the releases with what the gate said."""
    from northloop.cli import verbs

    verbs.release_list(dir, json)


@release.command("promote")
def release_promote(hash: str, dir: Dir = HERE, json: Json = False) -> None:
    """Make a release live that passed the gate beside the live one (exit 3 if it did not)."""
    from northloop.cli import verbs

    verbs.release_promote(dir, hash, json)


@release.command("rollback")
def release_rollback(
    hash: Annotated[str, typer.Argument(help="Default: the one before.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Make an earlier release live again."""
    from northloop.cli import verbs

    verbs.release_rollback(dir, hash, json)


@review.command("list")
def review_list(dir: Dir = HERE, json: Json = False) -> None:
    """List the answers that wait for a verdict."""
    from northloop.cli import verbs

    verbs.review_list(dir, json)


@review.command("give")
def review_give(
    review_id: Annotated[str, typer.Argument(help="As northloop review list shows it.")],
    verdict: Annotated[str, typer.Argument(help="correct, incorrect or needs_rephrasing")],
    correction: Annotated[str, typer.Option(help="The answer it should have been.")] = "",
    reviewer: Annotated[str, typer.Option(help="Who judges.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Give a verdict."""
    from northloop.cli import verbs

    verbs.review_give(dir, verbs.Opinion(review_id, verdict, correction, reviewer), json)


Approved = Annotated[str, typer.Argument(help="An id that `approved list` shows.")]


@approved.command("list")
def approved_list(dir: Dir = HERE, json: Json = False) -> None:
    """List the approved answers, and the answers that reviewers judge differently."""
    from northloop.cli import verbs

    verbs.approved_list(dir, json)


@approved.command("withdraw")
def approved_withdraw(
    approved_id: Approved,
    by: Annotated[str, typer.Option(help="Who withdraws it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Serve an approved answer no more."""
    from northloop.cli import verbs

    verbs.approved_withdraw(dir, approved_id, by, json)


@approved.command("restore")
def approved_restore(approved_id: Approved, dir: Dir = HERE, json: Json = False) -> None:
    """Serve a withdrawn answer again."""
    from northloop.cli import verbs

    verbs.approved_restore(dir, approved_id, json)


_MENDS = {
    errno.ENOSPC: "free some space; the same command goes on where it stood",
    errno.EACCES: "allow this user to read and write there",
    errno.EPERM: "allow this user to read and write there",
    errno.EROFS: "choose a folder that can be written to",
}


def _refuse_broken_text(arguments: list[str]) -> None:
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise WrongUsage(
                "this is not UTF-8", where=repr(argument), action="type it in UTF-8"
            ) from error


def main() -> None:
    """Run the command line; an error with a cause people can mend becomes a sentence and a code.

    With `--json` it is the one document on stdout as well. What is wrong with the flags and
    arguments themselves, whatever the workspace holds, ends with 2.
    """
    document.begin()
    typed = itertools.takewhile(lambda argument: argument != "--", sys.argv)
    raise SystemExit(_run(as_json="--json" in typed))


def _run(as_json: bool) -> int:
    """Run what was typed and return the exit code."""
    try:
        _refuse_broken_text(sys.argv)
        code = int(app(standalone_mode=False, prog_name="northloop") or 0)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
    except NorthloopError as error:
        failure = Failure(
            code=error.code, message=error.what, where=error.where, action=error.action
        )
        code = _failed(failure, error.exit_code, str(error), as_json)
    except TyperException as error:
        code = _failed(_explained(error), error.exit_code, "", as_json)
    except OSError as error:
        mend = _MENDS.get(error.errno or 0, "check the path, then give the same command again")
        what, place = error.strerror or str(error), str(error.filename or "")
        failure = Failure(code="system", message=what, where=place, action=mend)
        code = _failed(failure, 1, f"{place}{': ' if place else ''}{what} → {mend}", as_json)
    except (KeyboardInterrupt, typer.Abort):
        what, action = "interrupted", "the same command goes on where it stood"
        failure = Failure(code=what, message=what, action=action)
        code = _failed(failure, INTERRUPTED, f"{what}; {action}", as_json)
    except Exception as error:
        if as_json:
            what, action = type(error).__name__, "the traceback is on stderr: please report it"
            document.write_failure(Failure(code="internal", message=what, action=action))
        raise
    return code


def _explained(error: TyperException) -> Failure:
    """Print what was typed wrongly, above it how the command is used, and return it."""
    from typer import rich_utils

    rich_utils.rich_format_error(error)  # type: ignore[arg-type]
    context = getattr(error, "ctx", None)
    action = f"{context.command_path} --help" if context else ""
    return Failure(code=WrongUsage.code, message=error.format_message(), action=action)


def _failed(failure: Failure, code: int, sentence: str, as_json: bool) -> int:
    if sentence:
        sys.stderr.write(f"northloop: {sentence}\n")
    if as_json:
        document.write_failure(failure)
    return code
