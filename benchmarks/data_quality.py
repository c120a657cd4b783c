"""How well the data stage cleans and merges duplicates; `sensitive.py` measures the sensitive text.

    python benchmarks/data_quality.py FOLDER

FOLDER holds public data sets in the layout of `../shared/data` (mailgun_forge, gitbugs_duplicates,
endava_it_tickets, bitext_customer_support); what is absent is left out, and the sample company's
generated export is always measured. Prints one Markdown table a question.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from northloop.core.conversation import Split
from northloop.sample import generate_export
from northloop.stages.data import clean, correspondence, duplicates
from northloop.stages.data.prepare import Prepared, PrepareSpec, prepare
from northloop.stages.data.sources import SourceFile

SAMPLE_ROWS, SAMPLE_SEED = 4_000, 11
FORM_ROWS, FORM_SEED = (900, 5_000), 1
_FORM = """Contact form of our shop
Subject of your request: {subject}
Which product is it about? {product}
Do you agree that we use what you entered to answer you, as our privacy notice says? yes
Name: [NAME]
Order number: [ORDER]
Your message: {message}
This message was sent by the form on the website. Please do not reply to it directly but write to
the address that the customer gave."""
_FORM_WORDS = [
    "tent",
    "boots",
    "jacket",
    "stove",
    "lamp",
    "rope",
    "pack",
    "bottle",
    "pole",
    "glove",
    "sock",
    "hat",
    "map",
    "compass",
    "knife",
    "torch",
    "filter",
    "mattress",
    "pillow",
    "towel",
    "blue",
    "red",
    "green",
    "black",
    "broken",
    "late",
    "missing",
    "torn",
    "wet",
    "loud",
    "heavy",
    "zip",
    "strap",
    "sole",
    "buckle",
    "seam",
    "pump",
    "valve",
    "handle",
    "cord",
    "lid",
    "colour",
    "parcel",
    "driver",
    "neighbour",
    "leeds",
    "york",
]


def main(folder: Path) -> None:
    """Measure everything that is there."""
    _if_present(folder / "mailgun_forge" / "emails.jsonl", _signatures)
    _sample_duplicates()
    for path in ("gitbugs_duplicates/hadoop_bugs.csv", "endava_it_tickets/all_tickets_part.csv"):
        _if_present(folder / path, _import)
    for rows in FORM_ROWS:
        _one_form(rows)
    _if_present(folder / "bitext_customer_support/utterances_27k_category.csv", _questions)


def _if_present(path: Path, run: Callable[[Path], None]) -> None:
    if path.exists():
        run(path)
    else:
        print(f"\n(no {path.name}: left out)")


# --- cleaning and duplicates -------------------------------------------------------------------


def _signatures(path: Path) -> None:
    """Compare the lines removed from e-mails with the lines marked as signature."""
    right = wrong = missed = perfect = 0
    mails = [json.loads(line) for line in path.read_text().splitlines()]
    for mail in mails:
        lines = mail["body"].split("\n")
        plain = "\n".join(line.removeprefix("#sig#") for line in lines)
        text = correspondence.without_quotes(clean.tidy_lines(plain))
        removed = _bag(text.split("\n")) - _bag(correspondence.without_signature(text).split("\n"))
        marked = _bag([line.removeprefix("#sig#") for line in lines if line.startswith("#sig#")])
        marked &= _bag(text.split("\n"))
        right += (removed & marked).total()
        wrong += (removed - marked).total()
        missed += (marked - removed).total()
        perfect += removed == marked
    print(f"\n### Signatures in {len(mails)} e-mails\n")
    print(f"lines: precision {right / (right + wrong):.3f}, recall {right / (right + missed):.3f};")
    print(f"e-mails without any error: {perfect}")


def _bag(lines: Sequence[str]) -> Counter[str]:
    return Counter(kept for line in lines if (kept := " ".join(line.split())))


def _sample_duplicates() -> None:
    export = generate_export(SAMPLE_ROWS, SAMPLE_SEED)
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "tickets.csv", Path(folder) / "recent.jsonl"
        old.write_bytes(export.tickets_csv)
        new.write_bytes(export.recent_jsonl)
        started = time.perf_counter()
        made = prepare(PrepareSpec(), [SourceFile(old), SourceFile(new, pin=Split.TEST)])
        seconds = time.perf_counter() - started
    names = {ticket.where: ticket.ticket_id for ticket in made.history}
    group = {names[place]: e.example_id for e in made.examples for place in e.origin}
    planted = [
        (row.ticket_id, row.duplicate_of)
        for row in export.gold
        if row.duplicate_of in group and row.ticket_id in group
    ]
    found = sum(group[a] == group[b] for a, b in planted)
    print(f"\n### The sample company's export: {SAMPLE_ROWS} rows in {seconds:.1f} s\n")
    print(f"planted duplicates found: {found} of {len(planted)}")
    _reconciled(made)


def _one_form(rows: int) -> None:
    """Time the search for duplicates among rows of one contact form."""
    rng = random.Random(FORM_SEED)
    texts = [
        _FORM.format(
            subject=rng.choice(("order", "return", "advice", "payment", "delivery")),
            product=" ".join(rng.sample(_FORM_WORDS, 2)),
            message=" ".join(rng.choices(_FORM_WORDS, k=rng.randint(6, 16))),
        )
        for _ in range(rows)
    ]
    _found(f"{rows} rows of one contact form", texts)


def _questions(path: Path) -> None:
    with path.open(newline="", encoding="utf-8-sig") as file:
        _found(path.name, [row["instruction"] for row in csv.DictReader(file)])


def _found(name: str, texts: Sequence[str]) -> None:
    started = time.perf_counter()
    found = duplicates.find(texts)
    seconds = time.perf_counter() - started
    print(f"\n### Duplicates in {name}: {len(texts)} texts in {seconds:.1f} s\n")
    print(f"{len(texts) - len(found)} merged, {len(found.alike)} pairs alike")


def _import(path: Path) -> None:
    started = time.perf_counter()
    made = prepare(PrepareSpec(max_question_words=5_000), [SourceFile(path)])
    print(f"\n### {path.name} in {time.perf_counter() - started:.1f} s\n")
    _reconciled(made)
    links = path.with_name(f"{path.stem}-combined.csv")
    if links.exists():
        _linked_pairs(made, links)


def _linked_pairs(made: Prepared, links: Path) -> None:
    """Say how many pairs that people linked as duplicates are so in words, too."""
    texts = {t.ticket_id: t.question for t in made.history}
    with links.open(newline="") as file:
        pairs = [
            (row["Issue id"].strip(), other.strip())
            for row in csv.DictReader(file)
            for other in row["Duplicate id"].replace(";", ",").split(",")
        ]
    usable = [(a, b) for a, b in pairs if a in texts and b in texts]
    same = sum(duplicates.Matcher([texts[a]]).same(texts[b]) is not None for a, b in usable)
    alike = sum(duplicates.Matcher([texts[a]]).alike(texts[b]) is not None for a, b in usable)
    print(f"linked by people: {len(usable)} pairs; the same in words: {same}; alike: {alike}")


def _reconciled(made: Prepared) -> None:
    rows = made.card.rows
    print(
        f"{rows.rows_in} rows in = {rows.kept} kept + {rows.merged} merged"
        f" + {rows.quarantined} quarantined {dict(made.card.quarantine_reasons)}"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
