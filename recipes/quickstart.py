"""The whole loop in one file: follow one ticket from the export to the row that a verdict makes.

    python recipes/quickstart.py [FOLDER]

It runs on the sample company with small numbers (about three minutes on two cores) and prints the
way of one ticket. `northloop demo` takes the same steps at full size; `loop/turn.py` is them as one
durable workflow.
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from northloop.cli.present import Bars
from northloop.core.artefacts import Decision
from northloop.core.conversation import Example, Message, Split
from northloop.core.deployment import Pair
from northloop.core.errors import GateNotMet
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Question, ReviewItem, VerdictKind
from northloop.demo.company import make_workspace
from northloop.loop import lineage, promote, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.knowledge import make_material
from northloop.stages.monitoring.review import Judgement, taught
from northloop.workspace import Workspace

SMALL = {"training.max_examples": "60", "evaluation.test_items": "12", "review.share": "0.10"}


def main(folder: Path) -> None:
    make_workspace(folder, rows=400, seed=7)
    with Bars() as bars, closing(Workspace.open(folder, SMALL, bars)) as workspace:
        follow(workspace)


def follow(workspace: Workspace) -> None:
    """Follow one ticket through the stages, printing its way."""
    parts, spec = workspace.parts, workspace.turn_spec()

    # 1. Objective: what is to get better, by how much, until when. It is in northloop.toml.
    print("objective  ", statement_of(workspace))

    # 2. Data: the export becomes a dataset version; our ticket is one of its training rows.
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), None).hash
    ticket = next(row for row in rows(workspace, dataset) if row.split is Split.TRAIN)
    print("ticket     ", ticket.origin[0], "·", ticket.question, "→", ticket.reply)

    # 3. Training: the knowledge that can be cited, then an adapter tuned on rows like ours.
    material = make_material(parts, spec.documents, dataset)
    adapter = steps.make_adapter(parts, spec.tune, spec.recipe, material, None).hash
    print("adapter    ", adapter[:8])

    # 4. Evaluation: both releases answer the same unseen questions; the gate compares them.
    reports = []
    for tuned in (adapter, None):
        release = steps.make_release(parts, spec.recipe, material, tuned, spec.measure)
        pair = Pair(release.hash, material.knowledge)
        reports.append(steps.make_report(parts, pair, dataset, spec.measure))
    made = steps.make_decision(parts, spec.gate, (reports[0], reports[1]), spec.measure)
    decision = read_one(parts.artefacts, made.hash, "decision.json", Decision)
    print("gate       ", decision.reason)

    # 5. Serving: a person promotes what passed the gate; here the recipe plays that person.
    try:
        live = promote.promote(parts.artefacts, parts.records, made.hash).release
    except GateNotMet:  # twelve questions rarely prove an improvement; then the base begins
        base = decision.current or ""
        live = promote.promote_release(parts.artefacts, parts.records, base).release
    print("promoted   ", live[:8], "· by this recipe, in the place of a person")
    answer = asked_until_reviewed(workspace, ticket)
    print("answer     ", answer.answer)
    print("trace      ", " → ".join(f"{step.name} ({step.decision})" for step in answer.trace))

    # 6. Monitoring: the answer was drawn for review; a person's verdict carries a correction.
    item = parts.records.query(ReviewItem, {"interaction_id": answer.interaction_id}).rows[0]
    judgement = Judgement(
        review_id=item.review_id,
        kind=VerdictKind.INCORRECT,
        correction="Thank you for asking! A colleague looks it up and writes to you today.",
        reviewer="quickstart",
    )
    verdict = workspace.live.judge(judgement, datetime.now(UTC).isoformat())
    print("verdict    ", verdict.kind.value, "→", verdict.correction)

    # And round: the next dataset version has learnt it, and its line leads back to the export.
    lessons = taught(parts.records, [verdict])
    second = steps.make_dataset(parts, spec.prepare, spec.sources, lessons, dataset).hash
    row = next(r for r in rows(workspace, second) if f"verdict:{verdict.verdict_id}" in r.origin)
    print("next row   ", ", ".join(row.origin), "·", row.question, "→", row.reply)
    line = lineage.behind(parts.artefacts, parts.records, answer.interaction_id)
    print("made from  ", " ← ".join(f"{a.manifest.kind} {a.hash[:8]}" for a in line.artefacts))


def statement_of(workspace: Workspace) -> str:
    """Return the objective's sentence."""
    objective = workspace.settings.objective
    return objective.statement if objective else "none"


def rows(workspace: Workspace, dataset: Hash) -> list[Example]:
    """Return the rows of a dataset version."""
    return read_lines(workspace.artefacts, dataset, steps.EXAMPLES, Example)


def asked_until_reviewed(workspace: Workspace, ticket: Example) -> Interaction:
    """Let customer after customer ask until an answer is drawn for review, about one in ten."""
    number = 0
    while not workspace.records.count(ReviewItem):
        number += 1
        question = Question(
            interaction_id=f"quickstart-{number}", messages=(Message("user", ticket.question),)
        )
        pieces = workspace.live.answer(question)
        kept = next(piece for piece in pieces if isinstance(piece, Interaction))
    return kept


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("northloop-quickstart"))
