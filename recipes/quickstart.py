"""The whole loop in one file: follow one ticket from the export to the row that a verdict makes.

    python recipes/quickstart.py [FOLDER]

It runs on the sample company with small numbers (about three minutes on two cores) and prints the
way of one question. `northloop demo` runs the same steps at full size.
"""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from northloop.cli.present import Bars
from northloop.core.conversation import Example, Message
from northloop.core.interaction import Interaction, Question, ReviewItem, VerdictKind
from northloop.demo.company import make_workspace
from northloop.loop import lineage, promote, propose, steps
from northloop.loop.bundles import read_lines
from northloop.stages.monitoring.review import Judgement, taught
from northloop.workspace import Workspace

SMALL = {"training.max_examples": "60", "evaluation.test_items": "12", "review.share": "0.10"}


def main(folder: Path) -> None:
    # 1. Objective and sources: northloop.toml, made here by the sample company.
    make_workspace(folder, rows=400, seed=7)
    with Bars() as bars, closing(Workspace.open(folder, SMALL, bars)) as workspace:
        follow(workspace)


def follow(workspace: Workspace) -> None:
    """Follow one ticket through the stages, printing its way."""
    print("objective:", workspace.settings.objective and workspace.settings.objective.statement)

    # 2.-4. The first turn: dataset → index → adapter → release → report → decision → live.
    proposal = propose.propose_first(workspace.records)
    if proposal.state == "open":
        propose.approve(workspace.records, proposal.proposal_id)
    state = propose.carry_out(workspace.parts, workspace.turn_spec(), proposal.proposal_id)
    row = read_lines(workspace.artefacts, state["dataset"], steps.EXAMPLES, Example)[0]
    print("a ticket became a row:", row.origin, "→", row.split, row.intent, "·", row.question)

    if promote.live(workspace.records) is None:
        # Twelve questions rarely prove an improvement; then the untuned base begins.
        promote.promote_release(workspace.artefacts, workspace.records, state["current"])

    # 5. Somebody asks the live release, until one of the answers is drawn for review.
    service = workspace.live
    number = 0
    while not workspace.records.count(ReviewItem):
        number += 1
        question = Question(
            interaction_id=f"quickstart-{number}",
            messages=(Message("user", f"Hi, how long do I have to send back {number} tents?"),),
        )
        kept = next(p for p in service.answer(question) if isinstance(p, Interaction))
    print("asked:", kept.question, "\nanswered:", kept.answer)
    print("by:", " → ".join(f"{step.name} {step.ms:.0f} ms" for step in kept.trace))

    # 6. A person judges it; the verdict becomes the next dataset version's row.
    item = workspace.records.list(ReviewItem)[0]
    verdict = service.judge(
        Judgement(
            review_id=item.review_id,
            kind=VerdictKind.NEEDS_REPHRASING,
            correction="You can send tents back within 40 days, unused and in their bag.",
            reviewer="quickstart",
        ),
        datetime.now(UTC).isoformat(),
    )
    print("the verdict teaches:", taught(workspace.records, [verdict])[0].origin)

    # And the way back: from the answer to the rows it was learnt from.
    line = lineage.behind(workspace.artefacts, workspace.records, item.interaction_id)
    print("made from:", " ← ".join(f"{a.manifest.kind} {a.hash[:8]}" for a in line.artefacts))
    print("the next turn takes it in:", propose.explain(workspace.records, minimum=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("northloop-quickstart"))
