"""A harmful candidate of a spoilt export, small: the product rolls it back by itself, and everybody
who asks meanwhile is answered."""

from __future__ import annotations

from pathlib import Path

import loop_planted
import pytest
from worlds.loops import Asked, World

from loop_shop import Shop
from northloop import sample
from on_trial import let_through

PLAN = loop_planted.Plan(
    set="made up",
    plant="harmful",
    intents=22,
    history=500,
    decided=30,
    a_day=60,
    live=480,
    base="smollm2-135m-instruct",
    more=(
        ("evaluation.validation_items", "2"),
        ("training.max_examples", "2"),
        ("canary.alpha_rollback", "0.2"),
    ),
)


def _world() -> World:
    """Customers of the sample company; a right answer is one that is given to its intent."""
    rows = {
        row.question: Asked(
            id=row.ticket_id, question=row.question, about=row.intent, reply=row.answer
        )
        for row in sample.generate_export(1_300, 7).gold
        if row.documents and not row.malformed
    }
    asked = [*rows.values()]
    last = PLAN.history + PLAN.decided + PLAN.live
    return World(
        name="sample",
        history=tuple(asked[: PLAN.history]),
        live=tuple(asked[PLAN.history : last]),
        held_out=tuple(asked[last : last + 30]),
        also_said=tuple((row.reply, row.about) for row in asked),
    )


class Small(loop_planted.Planted):
    """One whose gate lets everything through: so few test questions prove nothing."""

    opening = Shop.open

    def _candidate(self) -> None:
        super()._candidate()
        with self.opened(loop_planted.ARM) as workspace:
            found = self._releases(workspace)
            let_through(workspace.artefacts, found["candidate"], found["live"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_harmful_candidate_is_rolled_back_and_no_request_is_dropped(tmp_path: Path) -> None:
    world = _world()
    came = Small(tmp_path, PLAN, world, lambda _: None).run()
    assert came.before["right"][0] < -0.1, "it says less that is right"
    assert (came.decision, came.failed, came.switched) == ("rolled back", 0, 0)
    assert "worse" in came.why
    assert came.received[""], "who asked on that day after it was rolled back is answered, too"
    assert came.received["canary"]["wrong, draft or sent"] > 0
    assert came.conversations < PLAN.live
    again = Small(tmp_path, PLAN, world, lambda _: None).run()
    assert again == came, "taken up again, nothing is done twice"
