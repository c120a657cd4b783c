"""The verbs of whoever is on call: alerts, and whether customers ask otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.alerts import Alert

verbs = typer.Typer(help="What is worth waking somebody for.", no_args_is_help=True)


@verbs.command("list")
def list_(
    all: Annotated[bool, typer.Option("--all", help="Also what is over.")] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """List the alerts that are not over, with what to do first."""
    from northloop.app import alerts
    from northloop.cli import present

    with opened(dir) as workspace:
        found = alerts.alerts(workspace, team(), ever=all)
    if json:
        present.document(found)
        return
    if not found:
        present.out.print("Nothing is the matter.")
        return
    present.table(
        "Alerts",
        ("alert", "since", "state", "what", "what to do", "told"),
        [
            (a.alert_id, a.at[:16], _state(a), f"{a.title}. {a.text}", a.action, _told(a))
            for a in found
        ],
    )


@verbs.command("acknowledge")
def acknowledge(
    alert: Annotated[str, typer.Argument(help="As northloop alerts list shows it.")],
    by: Annotated[str, typer.Option(help="Who takes it on.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Take an alert on: it is not told again until it is over."""
    from northloop.app import alerts
    from northloop.cli import present

    with opened(dir) as workspace:
        done = alerts.acknowledge(workspace, team(by), alert)
    present.one(done, f"{done.title}: taken on{f' by {done.by}' if done.by else ''}.", json)


@verbs.command("test")
def test(dir: Dir = HERE, json: Json = False) -> None:
    """Send a trial message through every channel that is set (exit 5 if one does not take it)."""
    from northloop.app import alerts
    from northloop.cli import present

    with opened(dir) as workspace:
        tried = alerts.test(workspace, team())
    rows = [(one.channel, one.trouble or "taken") for one in tried]
    present.many(tried, "A trial message", ("channel", "what came of it"), rows, json)
    if any(one.trouble for one in tried):
        raise typer.Exit(5)


def drift(
    window: Annotated[
        int | None, typer.Option(min=0, help="Which to explain. Default: the clearest.")
    ] = None,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Show whether customers ask otherwise than before, and in which questions it shows."""
    from northloop.app import drift
    from northloop.cli import present

    with opened(dir) as workspace:
        found = drift.drift(workspace, team())
        told = drift.explain(workspace, team(), window) if found.windows else None
    if json:
        present.document({"drift": found, "explanation": told})
        return
    for sentence in drift.sentences(found):
        present.out.print(sentence)
    if found.windows:
        present.table(
            "Windows",
            ("window", "from", "to", "compared", "evidence", *drift.TESTS),
            [
                (
                    *(str(w.number), w.since[:10], w.at[:10], str(w.compared), f"{w.evidence:.3g}"),
                    *(f"{w.p_values[t]:.2g}" if w.p_values else "–" for t in drift.TESTS),
                )
                for w in found.windows
            ],
        )
    if told and told.questions:
        present.table(
            "Least like what was asked before",
            ("question", "intent"),
            [(asked.question, asked.intent) for asked in told.questions],
        )


def _state(alert: Alert) -> str:
    return f"{alert.state.value} by {alert.by}" if alert.by else alert.state.value


def _told(alert: Alert) -> str:
    told = (f"{t.channel}: {t.trouble or t.state.value}" for t in alert.tellings)
    return "; ".join(told) or "nobody"
