"""A very small shop: its passages, its release, and how to ask its answer path."""

from __future__ import annotations

import re

from northloop.core.artefacts import Release, Thresholds
from northloop.core.conversation import Message, Passage
from northloop.core.interaction import Interaction, Question
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.redaction import Redacted

PASSAGES = (
    Passage(
        "returns#1", "returns", "Returns", "You can return any tent within 45 days of delivery."
    ),
    Passage("returns#2", "returns", "Return label", "Print the return label from your account."),
    Passage("costs#1", "costs", "Delivery costs", "Standard delivery costs €5.50 in Germany."),
    Passage("stoves#1", "stoves", "Stoves", "Gas stoves work down to minus 10 degrees."),
)
RELEASE = Release(
    base="scripted",
    base_file="0" * 64,
    adapter="a" * 64,
    prompt="You help customers of a shop.",
    passages=2,
    max_answer_tokens=40,
    thresholds=Thresholds(retrieval=0.1, confidence=0.3),
    cache_ttl_s=60,
)
_ORDER = re.compile(r"\bLF-\d+\b")


def redact(text: str, asked: str = "") -> Redacted:
    """Replace order numbers, which is all that these tests need."""
    found = _ORDER.findall(text)
    originals = {"[ORDER]": found[0]} if len(set(found)) == 1 else {}
    return Redacted(_ORDER.sub("[ORDER]", text), originals)


def question(*turns: str, interaction_id: str = "i1", tenant: str = "default") -> Question:
    """A conversation in which customer and assistant take turns."""
    roles = ("user", "assistant")
    messages = tuple(Message(roles[n % 2], text) for n, text in enumerate(turns))
    return Question(
        interaction_id=interaction_id, messages=messages, conversation_id="c1", tenant=tenant
    )


def ask(path: AnswerPath, asked: Question) -> tuple[str, Interaction]:
    """Return the text that the customer reads, and the interaction."""
    *said, interaction = path.answer(asked)
    assert isinstance(interaction, Interaction)
    texts = [piece for piece in said if isinstance(piece, str)]
    assert len(texts) == len(said)
    return "".join(texts), interaction
