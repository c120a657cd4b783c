"""The whole loop in one file: follow one ticket from the export to the row that a verdict makes.

    python recipes/quickstart.py [FOLDER]

It runs on the sample company with small numbers (about five minutes on two cores) and prints the
way of one ticket. `northloop demo` takes the same steps at full size; docs/library.md says what
each name is for.
"""

from __future__ import annotations

import sys
from pathlib import Path

import northloop as nl

ROWS = 400
WISH = "Reduce average resolution time by 30 % within six months"
SMALL = {
    "training.max_examples": "60",
    "evaluation.test_items": "12",
    "serving.passages": "1",
    "review.share": "0.10",
}


def main(folder: Path) -> None:
    with nl.open(folder, nl.team("quickstart"), SMALL, said) as shop:
        follow(shop, folder)


def follow(shop: nl.Session, folder: Path) -> None:
    """Take one ticket through the stages, printing its way."""
    # 1. Objective: what is to get better, by how much, until when. It goes into northloop.toml.
    objective = shop.set_objective("support", nl.ObjectiveInput(statement=WISH))
    print("objective  ", objective.statement)

    # 2. Data: the export becomes a dataset version; our ticket is one of its training rows. The
    #    articles are what answers may cite.
    tickets = folder / "tickets.csv"
    tickets.write_bytes(nl.sample.generate_export(ROWS, seed=7).tickets_csv)
    for article in nl.sample.documents():
        (folder / "documents" / f"{article.id}.md").write_text(article.text, "utf-8")
    made = shop.commit(shop.preview([tickets]))
    ticket = shop.examples(made.dataset, nl.Split.TRAIN, 1)[0]
    print("ticket     ", ticket.origin[0], "·", ticket.question, "→", ticket.reply)

    # 3. A turn: an adapter is tuned on rows like ours, sealed into a release, and answers unseen
    #    questions beside the untuned base. The gate compares the two.
    turned = shop.carry_out(shop.propose().proposal_id)
    print("adapter    ", turned.state["adapter"][:8])
    print("gate       ", turned.decision.reason)

    # 4. Serving: a person promotes what passed the gate; here the recipe plays that person. A first
    #    release may begin, for nothing it says goes out before people's decisions certify it.
    passed = turned.decision.promote
    live = shop.promote(turned.decision.candidate) if passed else shop.begin_at_once()
    print("promoted   ", live.release[:8], "· by this recipe, in the place of a person")

    # 5. Monitoring: a customer asks, and the draft waits for a person, as all do at first. Their
    #    verdict carries a correction.
    customers = shop.acting(nl.caller("web shop"))
    while not (waiting := shop.queue()):
        customers.answer(nl.question(ticket.question))
    answer = waiting[0].interaction
    print("draft      ", answer.judged)
    print("trace      ", " → ".join(f"{step.name} ({step.decision})" for step in answer.trace))
    judgement = nl.Judgement(
        review_id=waiting[0].item.review_id,
        kind=nl.VerdictKind.INCORRECT,
        correction="Thank you for asking! A colleague looks it up and writes to you today.",
    )
    verdict = shop.judge(judgement).verdict
    print("verdict    ", verdict.kind.value, "→", verdict.correction)

    # And round: the next turn learns it or measures with it, and its row leads back to the verdict.
    again = shop.carry_out(shop.propose().proposal_id)
    both = (nl.Split.TRAIN, nl.Split.TEST)
    rows = [r for split in both for r in shop.examples(again.state["dataset"], split, 1_000)]
    row = next(row for row in rows if f"verdict:{verdict.verdict_id}" in row.origin)
    print("next row   ", row.split.value, *row.origin, "·", row.question, "→", row.reply)
    print("next gate  ", again.decision.reason)
    line = shop.trace(answer.interaction_id).lineage
    print("made from  ", " ← ".join(f"{a.manifest.kind} {a.hash[:8]}" for a in line.artefacts))


def said(task: str, done: int, total: int, note: str = "") -> None:
    """Say on stderr how far long work is."""
    print(f"{task} {done}/{total or '?'} {note}".ljust(78), end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("northloop-quickstart"))
