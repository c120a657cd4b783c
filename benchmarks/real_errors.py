"""What the untuned base model says of documents, with the right passage before it: to be labelled.

    python benchmarks/real_errors.py ../shared/data > said.jsonl      some twenty minutes

Questions of customers of fourteen English companies (`benchmarks/help_centres`,
`benchmarks/companies`) and of Anthropic's documentation; written for this, some to ABCD's handbook
for agents, and plain ones to the companies in the words of the documents (`real_errors.tsv`:
company, question, what the passage holds); then whether a sentence of a document is right. To
plain ones the model says more often what is true. Passages are looked up as the product does, and
the one that answers is put in the place of the last where it was missed. The prompt is the
product's own for customer service. Prints a line of JSON an answer. What was labelled of it lies in
`real_errors.jsonl`, which `check.py --only "real errors, half b"` judges.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from retrieval import built

from northloop import settings
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Document, Message, Passage
from northloop.core.prompt import compose
from northloop.core.statements import sentences
from northloop.ports.models import Options
from northloop.stages.data.documents import passages, read_folder
from northloop.workspace import Workspace

HERE = Path(__file__).parent
HELP_CENTRES = (
    *("brewline", "cobbles", "dunlow", "hollin", "kontora", "larkbank", "lindqvist", "pellow"),
    *("quillbill", "sorrelvane", "tarnrail", "wrenfold"),
)
SHOPS = ("brookfold", "pinnock")
SEED = 23
DRAWN, EACH = 18, 5
"""Of each company so many questions are drawn, and so many of these asked."""
DRAWN_ECHOES, ECHOES, LEAST, MOST = 5, 3, 40, 140
"""So many sentences of each company's documents are drawn and asked, of so many characters."""
HANDBOOK = {
    "Until when can I return a shirt with a stain? I'm a silver member.": "Return Due to Stain",
    "I bought it as a guest two months ago and it is stained, can it go back?": (
        "Return Due to Stain"
    ),
    "Can you still add jeans to my order? It is in transit, I have gold.": "Manage Create",
    "I ordered two by mistake and it's out for delivery. I'm a guest. What now?": "Manage Cancel",
    "What do you need from me to find out my username?": "Recover Username",
    "I forgot my password, can you tell me what it was?": "Recover Password",
    "I lost my second factor and have no access to my email.": "Reset Two-Factor Auth",
    "My credit card is always rejected in your shop. What can I try?": "Invalid Credit Card",
    "The cart does not update when I add something.": "Cart Not Updating",
    "The search on your site finds nothing at all. What helps?": "Search Not Working",
    "Your website is dreadfully slow, what can I do?": "Website Too Slow",
    "My credit of $40 is missing from the account.": "Status Credit Missing",
    "Refund has not shown up after 5 days and I'm bronze.": "Mistimed Billing Already Returned",
    "My parcel says delivered but it isn't here, I've waited nine days.": "Missing Item",
    "The shipping fee is too much and it's already delivered. Can I have it back?": "Shipping Cost",
    "How much is the premium subscription and can I pay a part?": "Manage Pay Bill",
    "I can't pay my subscription right now, I'm silver and two days late.": "Manage Extension",
    "I was billed $15 too much for my subscription. Silver member.": "Manage Dispute Bill",
}
"""Question → the part of the handbook that answers it."""


class Asked(NamedTuple):
    """A question with what answers it: one of these passages."""

    company: str
    question: str
    right: tuple[Passage, ...]
    known: Sequence[Passage]


def of_a_help_centre(company: str) -> Iterator[Asked]:
    folder = HERE / "help_centres" / company
    known = passages(read_folder(folder / "docs").documents)
    for one in _rows(folder):
        page = [p for p in known if Path(p.document_id).stem == Path(one["page"]).stem]
        if one["kind"] not in ("follow", "unanswerable"):
            yield Asked(company, one["question"], _holding(page, one["gold"]), known)


def of_a_shop(company: str) -> Iterator[Asked]:
    folder = HERE / "companies" / company
    known = passages(read_folder(folder / "documents").documents)
    for one in _rows(folder):
        yield Asked(company, one["question"], _holding(known, one["gold"]), known)


def of_anthropic(folder: Path) -> Iterator[Asked]:
    docs = json.loads((folder / "anthropic_docs_rag" / "docs.json").read_text())
    known = passages([Document(d["chunk_link"], d["chunk_heading"], d["text"]) for d in docs])
    for one in json.loads((folder / "anthropic_docs_rag" / "questions.json").read_text()):
        right = tuple(p for p in known if p.document_id in one["correct_chunks"])
        yield Asked("anthropic", one["question"], right, known)


def of_abcd(folder: Path) -> Iterator[Asked]:
    held = json.loads((folder / "abcd_policies" / "guidelines.json").read_text())
    parts = [_part(*named) for flow in held.values() for named in flow["subflows"].items()]
    known = passages(parts)
    for question, name in HANDBOOK.items():
        right = tuple(p for p in known if p.document_id == name)
        yield Asked("abcd", question, right, known)


def _part(name: str, part: Mapping[str, Any]) -> Document:
    lines = [part["instructions"][0]]
    for action in part["actions"]:
        lines += [action["text"], *(f"- {text}" for text in action["subtext"])]
    return Document(name, name, "\n".join([*lines, *part["instructions"][1:]]))


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]


def _holding(known: Sequence[Passage], gold: Sequence[str]) -> tuple[Passage, ...]:
    """Return the passages that hold all that a right answer does; none for no gold."""
    return tuple(
        p
        for p in known
        if gold and all(any(s.casefold() in p.text.casefold() for s in g.split("|")) for g in gold)
    )


def chosen(data: Path) -> list[Asked]:
    """Return the questions, a company after the other and round again."""
    rng = random.Random(SEED)
    asked = [
        *map(of_a_help_centre, HELP_CENTRES),
        *map(of_a_shop, SHOPS),
        of_anthropic(data),
        of_abcd(data),
    ]
    usable = [[one for one in each if one.right] for each in asked]
    drawn = [rng.sample(each, min(DRAWN, len(each)))[:EACH] for each in usable]
    of = {each[0].company: each[0] for each in usable}
    return [
        one
        for each in (drawn, _plain(of), [[*_echoes(one, rng)] for one in of.values()])
        for one in chain.from_iterable(zip_longest(*each))
        if one is not None
    ]


def _plain(of: Mapping[str, Asked]) -> list[list[Asked]]:
    """Return the plain questions of each company."""
    found = {company: list[Asked]() for company in of}
    for line in HERE.joinpath("real_errors.tsv").read_text().splitlines():
        company, question, holds = line.split("\t")
        right = tuple(p for p in of[company].known if holds in p.text)
        assert right, line
        found[company].append(of[company]._replace(question=question, right=right))
    return list(found.values())


def _echoes(of: Asked, rng: random.Random) -> Iterator[Asked]:
    """Yield questions whether something is right that is."""
    said = [
        (sentence.strip(), passage)
        for passage in of.known
        for sentence in sentences(passage.text)
        if LEAST <= len(sentence) <= MOST and re.match(r"[A-Z](?!.*[|>])", sentence)
    ]
    for sentence, passage in rng.sample(said, min(DRAWN_ECHOES, len(said)))[:ECHOES]:
        asks = f"Is it right that {sentence[0].lower()}{sentence[1:].rstrip('.')}?"
        yield of._replace(question=asks, right=(passage,))


def main() -> None:
    """Print what the model answers."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="holds anthropic_docs_rag and abcd_policies")
    parser.add_argument("--skip", type=int, default=0, help="answers that are there already")
    given = parser.parse_args()
    embedder = WordEmbedder()
    indices = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), settings.Settings())
        base, serving = workspace.served_base, workspace.settings.serving
        engine = workspace.engine(base, {})
        for one in chosen(given.data)[given.skip :]:
            if one.company not in indices:
                indices[one.company] = built(one.known, embedder)
            found = [h.passage for h in indices[one.company].search(one.question, serving.passages)]
            if not set(found) & set(one.right):
                found[-1] = one.right[0]
            prompt = compose(workspace.prompt, found, [Message("user", one.question)])
            options = Options(max_tokens=serving.max_answer_tokens)
            tokens = list(engine.generate(prompt, options, adapter=None))
            said = {
                "company": one.company,
                "question": one.question,
                "answer": "".join(token.text for token in tokens).strip(),
                "is_cut": len(tokens) >= serving.max_answer_tokens or any(t.cut for t in tokens),
                "evidence": [f"{p.title}\n{p.text}" for p in found],
            }
            print(json.dumps(said, ensure_ascii=False), flush=True)
        engine.close()
        workspace.close()


if __name__ == "__main__":
    main()
