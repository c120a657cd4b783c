"""The `northloop` command. Each verb parses, calls one function, and presents what comes back.

A verb imports what it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import errno
import itertools
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from northloop.cli import alerts, answers, document, installation, intake, ledger, releases
from northloop.cli.bench import bench
from northloop.cli.canary import canary
from northloop.cli.desk import verbs as desk
from northloop.cli.document import Failure
from northloop.cli.keys import key
from northloop.cli.knowledge import documents
from northloop.cli.pairs import pairs
from northloop.cli.quality import gold
from northloop.cli.reviews import approved, review
from northloop.cli.storage import stores
from northloop.cli.turns import loop
from northloop.core.errors import NorthloopError, WrongUsage

app = typer.Typer(
    name="northloop",
    help="A self-hosted improvement loop for customer-support language models.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=True,
    epilog="Begin with northloop demo, or with northloop init in a folder of your own.",
)
app.command()(installation.demo)
app.command()(intake.init)
app.command("import")(intake.import_)
app.command()(intake.plan)
app.command()(ledger.outcomes)
app.command()(ledger.progress)
app.command()(ledger.costs)
app.command()(releases.compare)
app.command()(releases.scorecard)
app.command()(alerts.drift)
app.command()(answers.ask)
app.command()(installation.serve)
app.command()(answers.trace)
app.command()(answers.forget)
app.command()(installation.doctor)
app.command()(installation.settings)
app.add_typer(loop, name="loop")
app.add_typer(releases.release, name="release")
app.add_typer(canary, name="canary")
app.add_typer(documents, name="knowledge")
app.add_typer(desk, name="desk")
review.add_typer(gold, name="gold")
app.add_typer(review, name="review")
app.add_typer(alerts.verbs, name="alerts")
app.add_typer(pairs, name="pairs")
app.add_typer(ledger.reports, name="reports")
app.add_typer(approved, name="approved")
app.add_typer(key, name="key")
app.add_typer(stores, name="storage")
app.add_typer(bench, name="bench")

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


_MENDS = {
    errno.ENOSPC: "free some space; the same command goes on where it stood",
    errno.EDQUOT: "free some space; the same command goes on where it stood",
    errno.EFBIG: "let this user write larger files (ulimit -f), or free some space",
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
    said, action = error.format_message(), ""
    if context := getattr(error, "ctx", None):
        action = f"{context.command_path} --help"
        if "extra argument" in said and any("--dir" in one.opts for one in context.command.params):
            action = f"{context.command_path} --dir FOLDER, if that is the workspace's folder"
            sys.stderr.write(f"northloop: {action}\n")
    return Failure(code=WrongUsage.code, message=said, action=action)


def _failed(failure: Failure, code: int, sentence: str, as_json: bool) -> int:
    if sentence:
        sys.stderr.write(f"northloop: {sentence}\n")
    if as_json:
        document.write_failure(failure)
    return code
