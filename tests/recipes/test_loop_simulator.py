"""A small world once through the loop's benchmark: killed in the middle, it goes on as if nothing
had happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import loop_report
import loop_sets
import loop_simulator
import msgspec
import pytest
from worlds.loops import Asked, Became, World

from loop_shop import Shop

ABOUT = {
    "refund": "We refund the amount within 5 days to the account that it was paid from.",
    "invoice": "You find every invoice in your profile, under documents.",
    "password": "Use the link for a new password on the login page.",
    "delivery": "A parcel takes three days, and you can follow it on our tracking page.",
}
ASKS = (
    "How do I get my {}?",
    "I have a question about the {} of last week.",
    "Something is wrong with my {}, what shall I do?",
    "Where can I see the {}?",
    "Tell me about the {} and how that works.",
    "Is there any way to change a {} that I have?",
    "My friend says the {} was easy, is that so?",
    "Nobody told me of a {} when I bought it.",
)
FIRST, SECOND, LAST = slice(0, 4), slice(4, 6), slice(6, 8)
PLAN = loop_simulator.Plan(
    set="made up",
    turns=1,
    live=8,
    days=1,
    error=0.1,
    base="smollm2-135m-instruct",
    more=(
        ("evaluation.test_items", "3"),
        ("evaluation.validation_items", "2"),
        ("training.max_examples", "2"),
        ("gate.pairs", "4"),
        ("review.share", "0.1"),
    ),
)


def _rows(asks: slice, name: str) -> tuple[Asked, ...]:
    return tuple(
        Asked(id=f"{name}-{place}-{about}", question=text.format(about), about=about, reply=reply)
        for place, text in enumerate(ASKS[asks])
        for about, reply in ABOUT.items()
    )


WORLD = World(
    name="made up",
    history=_rows(FIRST, "history"),
    live=_rows(SECOND, "live"),
    held_out=_rows(LAST, "unseen"),
)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class SmallLoop(loop_simulator.Loop):
    opening = Shop.open


def run(folder: Path, kill_at: str) -> None:
    """Run the arm of the loop; die as it says so much."""

    def said(text: str) -> None:
        if kill_at and text.startswith(kill_at):
            os._exit(9)

    SmallLoop(folder, PLAN, WORLD, said).turn(["loop"])


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(msgspec.json.encode(PLAN))
    begun = subprocess.run(
        [sys.executable, __file__, str(tmp_path), "asked 6/8 loop, turn 1, day 1"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
        capture_output=True,
        text=True,
    )
    assert begun.returncode == 9, begun.stderr
    run(tmp_path, "")
    steps = [
        json.loads(line)["step"] for line in (tmp_path / "done.jsonl").read_text().splitlines()
    ]
    assert len(steps) == len(set(steps))
    assert steps[-1] == "loop: measure 1"
    asked = _lines(tmp_path / "loop" / "asked.jsonl")
    assert [row["id"] for row in asked] == [one.id for one in WORLD.live]
    found = loop_report.measured(tmp_path, "loop")
    assert [*found] == ["0", "1-before", "1"]
    assert {one.id for one in found["1"]} == {one.id for one in WORLD.held_out}
    assert all(one.became in Became for one in found["1"])
    table = "\n".join(loop_report.tables(tmp_path))
    assert table.count("Northloop's loop, open mode") == 3
    assert "<polyline" in loop_report.plot(tmp_path, "made up")


def test_the_sample_company_is_judged_by_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_sets, "LARGE", 400)
    world, facts = (
        loop_sets.company(Path(), loop_sets.Size(live=60, held_out=20)),
        loop_sets.Facts(),
    )
    assert (len(world.live), len(world.held_out)) == (60, 20)
    assert {one.question for one in world.live}.isdisjoint(o.question for o in world.held_out)
    for one in (*world.live, *world.held_out):
        assert facts.right(one.reply, one) is bool(one.about), one.question
        assert not facts.right("", one) and not facts.right("We do not know.", one)


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2])
