"""What `northloop import` takes every file of a folder for, and what it would learn of it.

    python benchmarks/imports.py FOLDER [docs/imports.md]

FOLDER holds data in the layout of `../shared/data`. Each file is imported alone, as it lies there,
into a preview: nothing is written. Prints a Markdown table, one row a file, with the kind of
source, the columns, what comes out, and the first pair or the reason why it is refused; and how
many files came out as EXPECTED says, which was written by eye. With a document, the part of it
between its two marks is replaced by the table.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

import msgspec

from northloop.core.errors import NorthloopError
from northloop.stages.data.doubts import doubts
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sources import Layout, SourceFile, detect, layout, opened

MARKS = ("<!-- the table of benchmarks/imports.py -->", "<!-- its end -->")
KEY = b"aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGU="
_NAMES = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")
NO_EXPORTS = ("LICENSE*", "SOURCE.txt", "README.md")
SHOWN_CHARS = 90

EXPECTED = {
    "abcd_policies/abcd_sample.json": "learnt: three chats as agent and customer wrote them",
    "abcd_policies/*.json": "refused: policies and names, nobody asks and nobody answers",
    "anthropic_docs_rag/docs.json": "refused: passages of documents",
    "anthropic_docs_rag/questions.json": "learnt: question and correct_answer",
    "banking77/*": "refused: questions and their intents without replies; a list of intents",
    "bitext_customer_support/pairs_*": "learnt: the customer's text and the agent's reply",
    "bitext_customer_support/utterances_*": "refused: questions without replies",
    "car_rental_csat/training.json": "refused: comments with a rating of one character",
    "cfpb_complaints/cfpb_train.json": "refused: narratives with a label",
    "cfpb_complaints/consumer_complaints_raw.csv": "refused: the public response is a form letter",
    "clinc150/*": "refused: questions with labels",
    "dstc9_track1_faq/knowledge.json": "refused: an FAQ by hotel, not one row each",
    "endava_it_tickets/*": "refused: tickets without replies",
    "gitbugs_duplicates/*": "refused: reports without replies; pairs of numbers",
    "gptcache_mock/mock_data.json": "refused: sentences and their paraphrases",
    "hwu64/*": "refused: one text a line without a header",
    "insurance_tickets/*": "refused: questions with labels",
    "mailgun_forge/emails.jsonl": "refused: mails without answers",
    "mailgun_forge/*.eml": "refused: one mail alone, nobody answers it",
    "mailgun_forge/*": "refused: pieces of mails",
    "multidogo/*": "refused: the customer's turns alone",
    "natcs_intents/*": "refused: utterances with intents",
    "pii_syn_nano/*": "refused: texts with spans",
    "presidio_pii/*": "refused: texts with spans, templates",
    "sgd_dev/schema.json": "refused: services and their slots",
    "sgd_dev/*": "learnt: the user's turns and the system's answers",
    "stackfaq_paraphrases/*": "refused: paraphrases without a header",
    "star/dialogues.jsonl.gz": "learnt: user and wizard, without what the wizard typed to find a "
    "standard reply",
    "star/*": "refused: interfaces, tasks and their responses",
    "taskmaster/tm4_data_*": "learnt: user and assistant, whole dialogues",
    "taskmaster/tm4_reward_*": "learnt: agent and user of the context; the rated turn is not",
    "wrench_subset/*": "refused: texts with labels",
}
"""Pattern of paths → what should come out, the first that fits."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of one file."""

    path: str
    kind: str
    columns: str
    learnt: int
    told: str
    seconds: float
    expected: str

    @property
    def is_as_expected(self) -> bool:
        return self.expected.startswith("learnt") == bool(self.learnt)


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    outcomes = [_outcome(folder, path) for path in _files(folder)]
    text = "\n".join(_table(outcomes))
    print(text)
    if len(arguments) > 1:
        document = Path(arguments[1])
        before, _, rest = document.read_text().partition(MARKS[0])
        document.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(fnmatch(path.name, pattern) for pattern in NO_EXPORTS):
            yield path


def _outcome(folder: Path, path: Path) -> Outcome:
    name = path.relative_to(folder).as_posix()
    expected = next((said for pattern, said in EXPECTED.items() if fnmatch(name, pattern)), "")
    begun = time.perf_counter()
    made = _tried(path)
    return Outcome(
        path=name,
        kind=made[0],
        columns=made[1],
        learnt=made[2],
        told=made[3],
        seconds=time.perf_counter() - begun,
        expected=expected,
    )


def _tried(path: Path) -> tuple[str, str, int, str]:
    """Return the kind of an export, its columns, how many pairs it teaches, and the first of them
    or why it is refused.
    """
    kind, columns = "", ""
    try:
        (place,) = opened(path).places
        source = SourceFile(place.path, member=place.member, sheet=place.sheet)
        detect(source)
        found = layout(source)
        kind, columns = found.kind, _columns(found)
        if found.unsure:
            return kind, columns, 0, f"{found.unsure} → {found.mend}"
        made = prepare(PrepareSpec(key=KEY), [source])
        reasons = [d for d in doubts(made, {source.label: found}, PrepareSpec()) if not d.is_notice]
        if reasons:
            return kind, columns, 0, f"{reasons[0].what} → {reasons[0].action}"
        counted = made.talks.get(source.label)
        talks = f"{counted.conversations} conversations: " if counted else ""
        first = made.examples[0]
        return kind, columns, len(made.examples), f"{talks}{first.question} ⇒ {first.reply}"
    except NorthloopError as error:
        return kind, columns, 0, f"{error.what} → {error.action}"


def _columns(found: Layout) -> str:
    return ", ".join(f"{field} ← {column}" for field, column in found.mapping.items())


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    right = sum(outcome.is_as_expected for outcome in outcomes)
    yield f"{right} of {len(outcomes)} files came out as expected."
    yield ""
    yield "| file | taken for | pairs | first pair, or why it is refused | expected |"
    yield "|---|---|---|---|---|"
    for same in _together(outcomes):
        first = same[0]
        name = first.path if len(same) == 1 else f"{first.path} and {len(same) - 1} alike"
        taken = f"{first.kind}: {first.columns}" if first.columns else first.kind
        wrong = "" if first.is_as_expected else "**not so** "
        learnt = str(sum(outcome.learnt for outcome in same) or "refused")
        cells = (name, taken, learnt, first.told, f"{wrong}{first.expected}")
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _together(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Return outcomes, those together that are learnt from the same columns, or refused for the
    same reason, whatever names it lists.
    """
    found: dict[tuple[str, str, str], list[Outcome]] = {}
    for outcome in outcomes:
        told = _NAMES.sub("", outcome.told.partition("the file has")[0])
        same = f"{outcome.kind}: {outcome.columns}" if outcome.learnt else ""
        found.setdefault((outcome.expected, same, "" if same else told), []).append(outcome)
    return list(found.values())


def _cell(text: str) -> str:
    line = " ".join(text.split()).replace("|", "\\|")
    limit = 3 * SHOWN_CHARS
    return line if len(line) <= limit else f"{line[:limit]}…"


if __name__ == "__main__":
    main(sys.argv[1:])
