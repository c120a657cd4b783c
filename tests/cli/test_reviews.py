"""Skips, rulings, gold and undo by the command line, as a reviewer types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Cli
from northloop.core.interaction import Interaction, ReviewItem, Source, Verdict
from northloop.workspace import Workspace


@pytest.fixture
def waiting(tmp_path: Path, cli: Cli) -> Path:
    """A workspace in which two answers wait for a verdict."""
    folder = tmp_path / "shop"
    said = cli("init", "-C", folder, "--objective", "reduce resolution time by 30 % in six months")
    assert said.code == 0
    workspace = Workspace.open(folder)
    for name in ("i", "j"):
        kept = Interaction(
            interaction_id=name, conversation_id=name, customer_id="", tenant="default",
            release="f" * 64, at="2026-05-01T10:00:00+00:00", question=f"Is {name} a tent?",
            answer="No.", source=Source.QUOTE, citations=(), confidence=0.5, handoff=None,
            intent="", latency_ms=1.0, trace=(), review_probability=0.1, turn=1,
        )  # fmt: skip
        workspace.records.add(kept)
        item = ReviewItem(
            review_id=f"r{name}", interaction_id=name, at=kept.at, probability=0.1, uniform=True
        )
        workspace.records.add(item)
    workspace.close()
    return folder


def test_what_is_skipped_goes_to_somebody_else_and_can_be_taken_back(
    cli: Cli, waiting: Path
) -> None:
    here = ("-C", waiting)
    first = cli("review", "next", "--reviewer", "ana", *here, "--json").json(dict)
    name = first["review_id"]
    assert first["question"].endswith("a tent?")
    assert "sure" not in first and "confidence" not in first
    refused = cli("review", "skip", name, "tired", "--reviewer", "ana", *here)
    assert refused.code == 2
    assert "cannot_tell, needs_colleague, not_my_language, other" in refused.err
    skipped = cli("review", "skip", name, "not_my_language", "--reviewer", "ana", *here, "--json")
    verdict = skipped.json(Verdict)
    again = cli("review", "next", "--reviewer", "ana", *here)
    assert name not in again.out and "Review r" in again.out
    told = cli("review", "history", first["review_id"][1:], *here).out
    assert "not my language" in told and "nothing follows from it" in told
    assert name in cli("review", "undo", verdict.verdict_id, *here).out
    assert cli("review", "undo", verdict.verdict_id, *here).code == 1


def test_a_disagreement_is_ruled_on_and_becomes_gold(cli: Cli, waiting: Path) -> None:
    here = ("-C", waiting)
    cli("review", "give", "ri", "correct", "--reviewer", "ana", *here)
    cli("review", "give", "ri", "incorrect", "--correction", "Yes.", "--reviewer", "ben", *here)
    assert "ri" in cli("review", "disputes", *here).out
    own = cli("review", "rule", "ri", "correct", "--by", "ben", *here)
    assert own.code == 1
    assert "let somebody else rule" in own.err
    ruling = cli("review", "rule", "ri", "correct", "--by", "dora", *here, "--json").json(Verdict)
    assert ruling.ruling
    told = cli("review", "history", "i", *here).out
    assert "overruled: incorrect" in told and "ruling: correct" in told
    (known,) = cli("review", "gold", "list", *here, "--json").json(list)
    assert (known["gold"]["interaction_id"], known["gold"]["origin"]) == ("i", "ruling")
    assert "ri" in cli("review", "undo", ruling.verdict_id, *here).out
    assert "ri" in cli("review", "disputes", *here).out
    assert cli("review", "gold", "list", *here, "--json").json(list) == []


def test_an_answer_is_marked_and_what_is_lacking_is_said(cli: Cli, waiting: Path) -> None:
    here = ("-C", waiting)
    assert cli("review", "gold", "mark", "i", "wonderful", *here).code == 2
    assert cli("review", "gold", "mark", "nothing", "correct", *here).code == 1
    assert "Gold: incorrect" in cli("review", "gold", "mark", "i", "incorrect", *here).out
    said = cli("review", "agreement", *here)
    assert "15 more reads of right gold answers and 15 of wrong ones" in said.out
    assert cli("review", "agreement", *here, "--json").json(dict)["agreement"] is None
    assert "No gold any more" in cli("review", "gold", "unmark", "i", *here).out
    assert cli("review", "gold", "unmark", "i", *here).code == 1
    assert "reads of right and wrong gold" in cli("scorecard", *here).out
