"""The verbs of measurements on one's own data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, Set, settings
from northloop.core.actor import team

if TYPE_CHECKING:
    from northloop.app.benches import Replayed, RuleOutcome

bench = typer.Typer(help="Measure on data of your own.", no_args_is_help=True)


@bench.command("cache")
def cache(
    stream: Annotated[
        Path,
        typer.Option(
            help='JSON lines in the order asked: {"question": …, "answer": …} or "label" '
            "for what has the same answer."
        ),
    ],
    wrong: Annotated[
        float,
        typer.Option(help="Tolerated share of wrong answers among served.", min=0.001, max=0.3),
    ] = 0.02,
    audit: Annotated[
        float, typer.Option(help="Share of requests that are audited.", min=0.01, max=1.0)
    ] = 0.1,
    settled: Annotated[
        float,
        typer.Option(help="The share once 500 audits bear a certificate.", min=0.005, max=1.0),
    ] = 0.03,
    tuning: Annotated[
        float, typer.Option(help="First part that tunes the static threshold.", min=0.1, max=0.9)
    ] = 0.5,
    set: Set = [],
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Replay a stream of questions through answer caches: exact, static, vCache, audited, oracle.

    Reported is what comes after the tuning part. --set serving.embedder=sentences tells more apart.
    """
    from northloop.app import benches
    from northloop.cli import present
    from northloop.cli.bars import Bars

    spec = benches.replay_spec(wrong, (audit, settled), tuning)
    with Bars() as bars:
        found = benches.replay_cache(dir, team(), stream, spec, settings(set), bars)
    if json:
        present.document(found)
        return
    present.table(
        "Answer caches",
        ("rule", "requests", "served", "share", "wrong", "wrong per served (95 %)", "of the gap"),
        [_row(outcome) for outcome in found.outcomes],
    )
    for sentence in _said(found, wrong):
        present.out.print(sentence)


def _row(outcome: RuleOutcome) -> tuple[str, ...]:
    share = outcome.wrong_per_hit
    return (
        outcome.rule,
        f"{outcome.requests:,}",
        f"{outcome.hits:,}",
        f"{100 * outcome.hit_rate:.1f} %",
        f"{outcome.wrong:,}",
        f"{100 * share.value:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f})"
        if outcome.hits
        else "nothing served",
        "" if outcome.of_gap is None else f"{100 * outcome.of_gap:.0f} %",
    )


def _said(found: Replayed, wrong: float) -> list[str]:
    said = [
        f"{found.rows:,} rows with {found.answers:,} answers; {found.repeats:,} repeat another's "
        "words, and are left to the exact cache.",
        f"The static threshold was tuned to {found.static_threshold:.2f}."
        if found.static_threshold <= 1
        else f"No static threshold kept to {100 * wrong:.1f} % wrong on the first part.",
    ]
    certificate = found.certificate
    audits = f"{found.audits:,} audits, {found.audited_hits:,} of them in place of a served answer"
    if certificate is None:
        said.append(
            f"Audited: no certificate at the end; {audits}. A first one takes at least "
            f"{found.fewest:,} audits of the surest answers without an error."
        )
    else:
        said.append(
            f"Audited: certified on {certificate.answered:,} audits with {certificate.wrong:,} "
            f"wrong; {audits}."
        )
    if found.blown:
        said.append(f"Its fuse blew {found.blown} times.")
    return said
