"""STAR's human–human dialogues as a chat export, a knowledge base and outcomes.

STAR (Mosig, Mehri and Kober 2020, arXiv 2010.11853; MIT licence): people play a customer, others
answer as the assistant ("wizard"), choosing standard replies where they can. Here each completed
dialogue becomes one conversation in OpenAI's chat format, whole: what the two said to each other,
in order, with its time. Beside its messages it has

- `intent`, the task with which the customer opens it;
- `created_at` and `closed_at`, the begin and the end of the dialogue, so that it counts once in the
  resolution time;
- no `customer_id`: a hundred workers played the customers, each a new one in every dialogue. A
  dialogue is never split, but the same worker's manner of writing can be on both sides.

The folder is the one that holds `dialogues.jsonl.gz` and `tasks/`. The same folder gives the same
bytes. STAR has no ratings and no reopenings, so neither have the conversations.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from results import drawn

from northloop import Outcome, errors

LICENCE = "MIT"
SMALL_TALK = frozenset(
    ("hello", "goodbye_1", "goodbye_2", "anything_else", "bank_bye", "ride_bye", "trivia_bye")
)
_GREETS = re.compile(r"\W*(?:hello|hallo|hi|hey|good morning)(?: there)?\W*", re.IGNORECASE)
_ASKS_HOW = re.compile(
    r"\W*(?:(?:hi|hello)(?: \w+)?\W+)?(?:how (?:can|may) i help|what can i (?:help|do for))"
    r"(?: you)?(?: with| today)?(?:, \w+)?\W*",
    re.IGNORECASE,
)
"""What begins a talk and answers nothing, unless a mere hello."""
_DEMEANOUR = re.compile(r"stay calm and helpful|did you enjoy|say something about", re.IGNORECASE)
"""Questions to the customer that do not ask whether the task was done."""


class Event(msgspec.Struct, rename="pascal", kw_only=True):
    """One event of a dialogue; the many fields that are not used are left out."""

    agent: str
    action: str
    text: str = ""
    action_label: str = ""
    task: str = ""
    unix_time: int | None = None


class Capability(msgspec.Struct, rename="pascal"):
    """A task the wizard could do in this dialogue."""

    task: str


class Scenario(msgspec.Struct, rename="pascal"):
    """What the two were told to do."""

    wizard_capabilities: list[Capability]


class Answer(msgspec.Struct, rename="pascal"):
    """One answer of the questionnaire at the end."""

    question: str
    answer: bool


class Dialogue(msgspec.Struct, kw_only=True):
    """One dialogue as it is stored."""

    number: int = msgspec.field(name="DialogueID")
    level: str = msgspec.field(name="CompletionLevel")
    events: list[Event] = msgspec.field(name="Events")
    scenario: Scenario = msgspec.field(name="Scenario")
    questionnaire: list[Answer] = msgspec.field(name="UserQuestionnaire")

    @property
    def conversation_id(self) -> str:
        return f"star-{self.number}"

    @property
    def times(self) -> list[int]:
        return [e.unix_time for e in self.events if e.unix_time is not None]


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message of a dialogue."""

    role: str
    content: str
    created_at: str = ""
    label: str = ""
    """The standard reply that was chosen; "" where the wizard wrote freely, and of a customer."""


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """One dialogue of the export."""

    id: str
    created_at: str
    closed_at: str
    intent: str
    messages: list[Said]


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    talks: Path
    documents: Path
    dialogues: int
    messages: int
    outcomes: list[Outcome]
    """Of the dialogues after which the customer was asked."""


def export(folder: Path, target: Path, share: float = 1.0) -> Export:
    """Write `talks.jsonl` and `documents/*.md` into `target` and return what was written.

    `share` of the dialogues, the same ones each time. InputError if the folder is not STAR's.
    """
    chosen = [d for d in completed(folder) if drawn("star", d.conversation_id) < share]
    written = [talk(dialogue) for dialogue in chosen]
    articles = target / "documents"
    articles.mkdir(parents=True, exist_ok=True)
    for document in documents(folder):
        path = articles / f"{document.document_id}.md"
        path.write_text(f"# {document.title}\n\n{document.text}", encoding="utf-8")
    talks = target / "talks.jsonl"
    talks.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in written))
    return Export(
        talks=talks,
        documents=articles,
        dialogues=len(written),
        messages=sum(len(row.messages) for row in written),
        outcomes=[ended for dialogue in chosen if (ended := outcome(dialogue))],
    )


def completed(folder: Path) -> Iterator[Dialogue]:
    """Yield the dialogues that both sides brought to an end, in the order of the file."""
    path = folder / "dialogues.jsonl.gz"
    if not path.is_file():
        raise errors.InputError(
            "there is no STAR data set here",
            where=str(path),
            action="give the folder that holds dialogues.jsonl.gz and tasks/",
        )
    decoder = msgspec.json.Decoder(Dialogue)
    with gzip.open(path) as lines:
        for line in lines:
            dialogue = decoder.decode(line)
            if dialogue.level == "Complete":
                yield dialogue


def talk(dialogue: Dialogue) -> Talk:
    """Return what customer and wizard said to each other, with what is known of it."""
    return Talk(
        id=dialogue.conversation_id,
        created_at=_utc(min(dialogue.times)),
        closed_at=_utc(max(dialogue.times)),
        intent=dialogue.scenario.wizard_capabilities[0].task,
        messages=[
            _said(event) for event in dialogue.events if event.text.strip() and _is_said(event)
        ],
    )


def _is_said(event: Event) -> bool:
    if event.agent == "User":
        return event.action == "utter"
    return event.agent == "Wizard" and event.action in ("utter", "pick_suggestion")


def _said(event: Event) -> Said:
    return Said(
        role="user" if event.agent == "User" else "assistant",
        content=_line(event.text),
        created_at=_utc(event.unix_time) if event.unix_time is not None else "",
        label=event.action_label if event.agent == "Wizard" else "",
    )


def labels(row: Talk) -> list[str]:
    """Return the standard reply that was chosen first in each exchange, as these are learnt.

    A wizard who only greets and asks how to help has not answered yet.
    """
    found: list[str] = []
    greets, answered = True, True
    for message in row.messages:
        if message.role == "user":
            if answered:
                found.append("")
                greets, answered = True, False
            greets = greets and bool(_GREETS.fullmatch(message.content))
        elif not answered and (greets or not _ASKS_HOW.fullmatch(message.content)):
            found[-1], answered = message.label, True
    return found


def outcome(dialogue: Dialogue) -> Outcome | None:
    """Return whether the customer's task was done, None where nobody was asked.

    Done means that every question about the task was answered with yes.
    """
    asked = [a.answer for a in dialogue.questionnaire if not _DEMEANOUR.search(a.question)]
    if not asked:
        return None
    start, end = min(dialogue.times), max(dialogue.times)
    return Outcome(
        outcome_id=f"{dialogue.conversation_id}-outcome",
        conversation_id=dialogue.conversation_id,
        at=_utc(end),
        resolved=all(asked),
        resolution_minutes=(end - start) / 60,
    )


class Section(msgspec.Struct, frozen=True):
    """One standard reply as a section of its task's article."""

    label: str
    title: str
    text: str


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """A task's standard replies as an article of a knowledge base."""

    document_id: str
    title: str
    text: str


def documents(folder: Path) -> list[Article]:
    """Return one article per task: the standard replies that the wizards had, step by step.

    Steps that every task has in the same words (greeting, goodbye) and the gaps of a reply
    ("{balance:d}") are left as they are understood: without the former, the latter in words.
    """
    return [
        Article(
            document_id=task,
            title=_words(task),
            text="\n\n".join(f"## {s.title}\n\n{s.text}" for s in sections) + "\n",
        )
        for task, sections in _articles(folder)
    ]


def passage_titles(folder: Path) -> dict[str, set[str]]:
    """Return for the label of each standard reply the titles of the passages that hold it."""
    titles: dict[str, set[str]] = {}
    for task, sections in _articles(folder):
        for section in sections:
            titles.setdefault(section.label, set()).add(f"{_words(task)} › {section.title}")
    return titles


def _articles(folder: Path) -> Iterator[tuple[str, list[Section]]]:
    for path in sorted((folder / "tasks").glob("*/responses.json")):
        task = path.parent.name
        replies: dict[str, str] = msgspec.json.decode(path.read_bytes())
        yield (
            task,
            [
                Section(label, _step_title(task, label), _line(_gaps_in_words(reply)))
                for label, reply in replies.items()
                if label not in SMALL_TALK
            ],
        )


def _gaps_in_words(reply: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda gap: f"({_words(gap[1]).lower()})", str(reply))


def _step_title(task: str, label: str) -> str:
    """Return the words of a label without the domain in front, "bank_ask_pin" → "Ask pin"."""
    return _words(label.removeprefix(f"{task.split('_')[0]}_"))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _line(text: str) -> str:
    return " ".join(text.split())


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
