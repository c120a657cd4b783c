"""`northloop bench cache` on a stream of one's own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cli.conftest import Cli
from northloop.app.benches import Replayed

ASKED = {
    "track": ("Where is my {}?", "Has the {} been sent?", "When does my {} arrive?"),
    "return": ("May I send the {} back?", "How do I return a {}?", "I want to return my {}"),
    "price": ("What does a {} cost?", "How much is the {}?", "Tell me the price of the {}"),
}
THINGS = (
    *("tent", "lamp", "kayak", "jacket", "rope", "stove", "mat", "bag"),
    *("boot", "map", "knife", "pan", "cup", "hat", "sock", "pole"),
)


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """240 questions, of which each follows from its number."""
    rows = [
        {"question": forms[i % 3].format(THINGS[(i * 7 + j) % 16]) + " " * (i % 2), "label": label}
        for i in range(80)
        for j, (label, forms) in enumerate(ASKED.items())
    ]
    path = tmp_path / "asked.jsonl"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    return path


def test_a_stream_is_replayed_without_a_workspace(cli: Cli, stream: Path, tmp_path: Path) -> None:
    said = cli("bench", "cache", "--stream", stream, "-C", tmp_path)
    assert said.code == 0
    for rule in ("exact", "static", "vCache", "audited", "oracle"):
        assert rule in said.out
    assert "240 rows with 3 answers" in said.out
    assert "no certificate at the end" in said.out and "at least 183 audits" in said.out
    found = cli("bench", "cache", "--stream", stream, "-C", tmp_path, "--json").json(Replayed)
    assert [outcome.rule for outcome in found.outcomes][-1] == "oracle"
    assert not (tmp_path / ".northloop").exists()


def test_a_row_that_cannot_be_used_is_named(cli: Cli, stream: Path, tmp_path: Path) -> None:
    stream.write_bytes(stream.read_bytes() + b'\n{"question": "Why?"}')
    said = cli("bench", "cache", "--stream", stream, "-C", tmp_path)
    assert said.code == 1
    assert "asked.jsonl, row 241: there is neither an answer nor a label → give one" in said.err
    missing = cli("bench", "cache", "--stream", tmp_path / "none.jsonl", "-C", tmp_path)
    assert missing.code == 1 and "there is no such file" in missing.err


def test_shares_out_of_range_are_wrong_usage(cli: Cli, stream: Path) -> None:
    assert cli("bench", "cache", "--stream", stream, "--wrong", "0.9").code == 2
    assert cli("bench", "cache").code == 2
