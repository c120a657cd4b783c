"""How well the data stage cleans, finds sensitive text and merges duplicates.

    python benchmarks/data_quality.py FOLDER

FOLDER holds public data sets in the layout of `../shared/data` (presidio_pii, multidogo,
mailgun_forge, gitbugs_duplicates, endava_it_tickets); what is absent is left out, and the sample
company's generated export is always measured. Prints one Markdown table a question.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from northloop.core.conversation import Split
from northloop.sample import generate_export
from northloop.stages.data import clean, correspondence, duplicates
from northloop.stages.data.prepare import Prepared, PrepareSpec, prepare
from northloop.stages.data.sensitive import Sensitive, Span, detect
from northloop.stages.data.sensitive.measure import Labelled, located, measure
from northloop.stages.data.sources import SourceFile

SAMPLE_ROWS, SAMPLE_SEED = 4_000, 11
_SAMPLE_TYPES = {
    "name": Sensitive.NAME,
    "address": Sensitive.ADDRESS,
    "email": Sensitive.EMAIL,
    "phone": Sensitive.PHONE,
    "card": Sensitive.CARD,
    "iban": Sensitive.IBAN,
    "national_id": Sensitive.ID,
    "passport": Sensitive.ID,
    "password": Sensitive.SECRET,
    "api_key": Sensitive.SECRET,
    "order_number": Sensitive.ORDER,
    "account_number": Sensitive.ACCOUNT,
}
_PRESIDIO_TYPES = {
    "PERSON": Sensitive.NAME,
    "ADDRESS": Sensitive.ADDRESS,
    "PHONE_NUMBER": Sensitive.PHONE,
    "CREDIT_CARD": Sensitive.CARD,
    "IBAN_CODE": Sensitive.IBAN,
    "US_SSN": Sensitive.ID,
    "US_DRIVER_LICENSE": Sensitive.ID,
    "EMAIL_ADDRESS": Sensitive.EMAIL,
}
_MULTIDOGO_TYPES = {
    "name": Sensitive.NAME,
    "address": Sensitive.ADDRESS,
    "ssn": Sensitive.ID,
    "email_address": Sensitive.EMAIL,
    "card_number": Sensitive.CARD,
    "phone_number": Sensitive.PHONE,
    "phonenumber": Sensitive.PHONE,
    "account_number": Sensitive.ACCOUNT,
    "policyid": Sensitive.ACCOUNT,
    "claimid": Sensitive.ACCOUNT,
    "booking_confirmation_number": Sensitive.ORDER,
}


def main(folder: Path) -> None:
    """Measure everything that is there."""
    _sensitive("sample company", _sample_texts())
    for name, texts in (("presidio_pii", _presidio), ("multidogo", _multidogo)):
        _if_present(folder / name, lambda path, n=name, t=texts: _sensitive(n, list(t(path))))
    _if_present(folder / "mailgun_forge" / "emails.jsonl", _signatures)
    _sample_duplicates()
    for path in ("gitbugs_duplicates/hadoop_bugs.csv", "endava_it_tickets/all_tickets_part.csv"):
        _if_present(folder / path, _import)


def _if_present(path: Path, run: Callable[[Path], None]) -> None:
    if path.exists():
        run(path)
    else:
        print(f"\n(no {path.name}: left out)")


# --- sensitive text ----------------------------------------------------------------------------


def _sample_texts() -> list[Labelled]:
    gold = generate_export(SAMPLE_ROWS, SAMPLE_SEED).gold
    return [
        Labelled(
            text=row.question,
            gold=located(
                row.question,
                [(_SAMPLE_TYPES[s.type], s.text) for s in row.spans if s.field == "description"],
            ),
        )
        for row in gold
        if not row.malformed
    ]


def _presidio(folder: Path) -> Iterator[Labelled]:
    for row in json.loads((folder / "generated_large.json").read_text()):
        text = row["full_text"]
        spans = [
            Span(s["start_position"], s["end_position"], _PRESIDIO_TYPES[s["entity_type"]], "")
            for s in row["spans"]
            if s["entity_type"] in _PRESIDIO_TYPES
        ]
        gold = tuple(Span(s.start, s.end, s.type, text[s.start : s.end]) for s in spans)
        yield Labelled(text=text, gold=gold)


def _multidogo(folder: Path) -> Iterator[Labelled]:
    """Yield the turns of the development files; labels are given word by word.

    Lines that a line break cut in two are left out, and so are those whose labels do not fit.
    """
    for path in sorted(folder.glob("*/dev.tsv")):
        for line in path.read_text().split("\n")[1:]:
            cells = line.split("\t")
            labels = cells[-2].split(" ") if len(cells) >= 6 else []
            if labels and len(cells[3].split(" ")) == len(labels):
                yield Labelled(text=cells[3], gold=tuple(_word_spans(cells[3], labels)))


def _word_spans(text: str, labels: Sequence[str]) -> Iterator[Span]:
    start = end = 0
    previous = ""
    position = 0
    for word, label in zip([*text.split(" "), ""], [*labels, ""], strict=True):
        if label != previous:
            if previous in _MULTIDOGO_TYPES:
                yield Span(start, end, _MULTIDOGO_TYPES[previous], text[start:end])
            start, previous = position, label
        end = position + len(word)
        position = end + 1


def _sensitive(name: str, texts: Sequence[Labelled]) -> None:
    started = time.perf_counter()
    for labelled in texts:
        detect(labelled.text)
    rate = len(texts) / (time.perf_counter() - started)
    chars = sum(len(t.text) for t in texts) / len(texts)
    print(f"\n### Sensitive text in {name}: {len(texts)} texts of {chars:.0f} characters")
    print(f"\n{rate:.0f} texts a second on one core\n")
    print("| type | gold | recall | of its own type | detected | precision |")
    print("|---|---|---|---|---|---|")
    for type_, found in measure(texts).items():
        own = found.typed / found.gold if found.gold else 1.0
        print(
            f"| {type_} | {found.gold} | {found.recall:.3f} | {own:.3f} | {found.detected} "
            f"| {found.precision:.3f} |"
        )


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
