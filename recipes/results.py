"""What the recipes on real data share: a workspace from an export, a turn, a table of results."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import northloop as nl

ME = nl.team("recipe")


def new_workspace(folder: Path, objective: str, settings: Mapping[str, object]) -> nl.Session:
    """Return a session in a workspace with the objective and the settings; in the one that is there
    if there is one."""
    shop = nl.open(folder, ME, progress=said)
    if not (folder / "northloop.toml").exists():
        shop.set_objective("support", nl.ObjectiveInput(statement=objective))
        for name, value in settings.items():
            shop.change(name, str(value))
    return shop


def first_turn(shop: nl.Session, export: Path, title: str, licence: str) -> Mapping[str, str]:
    """Import an export, run the first turn, print its results as Markdown on stdout.

    Return what the turn made: name of the step → artefact hash.
    """
    began = time.monotonic()
    made = shop.commit(shop.preview([export], nl.Terms(licence=licence)))
    turned = shop.carry_out(shop.propose().proposal_id)
    decision = turned.decision
    rows = made.card.rows
    print(f"# {title}\n")
    print(
        f"Rows: {rows.rows_in} in = {rows.kept} kept + {rows.merged} merged + "
        f"{rows.quarantined} quarantined; splits {made.card.splits}; "
        f"{len(made.card.intents)} intents.\n"
    )
    baseline = made.objective and made.objective.baseline
    measured = with_interval(baseline) if baseline else f"none {made.no_baseline}".strip()
    print(f"Baseline: {measured}\n")
    found = shop.compared(decision.candidate)
    if found is not None:
        columns = {
            found.current.model[:8]: (*found.current.scores, *found.current_latency),
            found.candidate.model[:8]: (*found.candidate.scores, *found.candidate_latency),
        }
        print(table(columns))
        print(f"\n{ways(found.candidate.contestants)}")
    print(f"\nGate: {decision.reason}")
    if decision.promote:
        print("It waits for a person: northloop release promote", decision.candidate[:8])
    if decision.parity is not None:
        parity = decision.parity
        print(
            f"\nParity of the served and the trained model: {parity.top1_agreement:.1%} of tokens, "
            f"{parity.mean_logprob_gap:.3f} nats apart; {parity.strength:.0%} of the strength, on "
            f"{parity.answers} golden answers."
        )
    print(f"\n{time.monotonic() - began:.0f} seconds.")
    return turned.state


def table(columns: Mapping[str, Sequence[Any]]) -> str:
    """Return a Markdown table of scores: a row for each metric, a column for each model."""
    by_model = {model: {s.metric: s for s in scores} for model, scores in columns.items()}
    metrics = list(dict.fromkeys(metric for scores in by_model.values() for metric in scores))
    rows = [
        [metric, *(with_interval(s[metric]) if metric in s else "–" for s in by_model.values())]
        for metric in metrics
    ]
    lines = [["metric", *columns], ["---"] * (len(columns) + 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def ways(contestants: Sequence[Any]) -> str:
    """Return a Markdown table of what each way to answer would come to by itself, on the same test
    questions, by its own threshold, and if all it says were sent."""
    lines = [["way", "served", "sent and right", "sent and wrong", "right if all were sent"]]
    lines += [["---"] * 5]
    for way in contestants:
        shares = map(with_interval, (way.sent_right, way.sent_wrong, way.right))
        lines.append([way.name, "yes" if way.served else "no", *shares])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def with_interval(found: Any) -> str:
    """Return a value with its interval and the number of items behind it."""
    unit = f" {found.unit}" if hasattr(found, "unit") else ""
    return f"{found.value:.4g}{unit} ({found.low:.4g} to {found.high:.4g}), n {found.n}"


def said(task: str, done: int, total: int, note: str = "") -> None:
    """Say on stderr how far long work is."""
    end = "\n" if done == total else "\r"
    print(f"{task} {done}/{total or '?'} {note}".ljust(78), end=end, file=sys.stderr, flush=True)


def drawn(*parts: str) -> float:
    """Return a number in [0, 1) that follows from `parts` alone, so that every run draws alike."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53
