from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.ports.heads import Head
from northloop.stages.serving.memory import learn, load
from stages.serving.memory import desk
from stages.serving.memory.conftest import Desk


def test_the_same_rows_in_any_order_give_the_same_bytes(shop: Desk) -> None:
    rows = desk.history()
    assert learn(rows[::-1], shop.embedder, shop.heads) == shop.files


def test_the_manner_of_the_house_is_learnt(shop: Desk) -> None:
    learnt = msgspec.json.decode(shop.files["learnt.json"])
    assert learnt["manner"]["binding"]
    assert {"kestrel", "mossbed", "skarn"} <= set(learnt["manner"]["names"])


def test_a_common_support_counts_for_more(shop: Desk) -> None:
    rows = [
        desk.row("a", "What is the fee?", "The fee is €5.", count=1),
        desk.row("b", "What is the fee?", "The fee is €7.", count=40),
    ]
    memory = load(learn(rows, shop.embedder), shop.embedder, None)
    found = memory.answer(desk.ask("What is the fee?"))
    assert found is not None
    assert "€7" in found.text


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_few_rows_are_enough(shop: Desk, count: int) -> None:
    files = learn(desk.history()[:count], shop.embedder, shop.heads)
    memory = load(files, shop.embedder, None)
    assert len(memory) == count
    found = memory.answer(desk.ask("How long can I return my jacket?"))
    assert (found is not None) == (count > 0)


def test_rows_without_a_reply_or_an_intent(shop: Desk) -> None:
    rows = [msgspec.structs.replace(r, intent="") for r in desk.history()]
    rows.append(desk.row("empty", "Hello?", "  "))
    memory = load(learn(rows, shop.embedder, shop.heads), shop.embedder, None)
    assert len(memory) == len(rows) - 1
    found = memory.answer(desk.ask("When is the shop open?"))
    assert found is not None
    assert "10:00" in found.text


def test_what_newer_replies_contradict_is_retired(shop: Desk) -> None:
    """Many said 30 days until summer, three say 45 since: 45 it is. One late mistake is none."""
    said = [("30", "2026-01", 9), ("45", "2026-08", 3), ("20", "2026-07", 1)]
    rows, dates = [], {}
    for days, month, count in said:
        for i in range(count):
            name = f"{days}-{i}"
            reply = f"You can return goods within {days} days of delivery."
            rows.append(desk.row(name, "How long can I return things?", reply))
            dates[name] = f"{month}-{i + 1:02}T00:00:00Z"
    memory = load(learn(rows, shop.embedder, None, dates), shop.embedder, None)
    found = memory.answer(desk.ask("How long can I return things?"))
    assert found is not None
    assert "45 days" in found.text
    undated = load(learn(rows, shop.embedder), shop.embedder, None)
    found = undated.answer(desk.ask("How long can I return things?"))
    assert found is not None
    assert "30 days" in found.text


class _Mistaken:
    """A head that takes everything to be about the next matter."""

    def __init__(self, head: Head) -> None:
        self.labels = head.labels
        self._head = head

    def probabilities(
        self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None
    ) -> NDArray[np.float64]:
        return np.roll(self._head.probabilities(texts, vectors), 1, axis=1)


class _MistakenHeads(LinearHeads):
    def load(self, files: Mapping[str, Path] | Mapping[str, bytes]) -> Head:
        return _Mistaken(super().load(files))


@pytest.mark.parametrize(("heads", "follows"), [(LinearHeads, True), (_MistakenHeads, False)])
def test_a_head_is_followed_unless_the_history_shows_that_it_leads_astray(
    shop: Desk, heads: type[LinearHeads], follows: bool
) -> None:
    rows = [
        desk.row(f"{n}-{row.example_id}", f"{row.question} ({n})", row.reply, row.intent)
        for row in desk.history()
        for n in range(4)
    ]
    learnt = msgspec.json.decode(learn(rows, shop.embedder, heads(shop.embedder))["learnt.json"])
    assert learnt["follows_head"] == follows
