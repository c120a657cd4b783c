"""The one way a prompt is put together, in training, evaluation and serving alike.

Parity between the trained and the served model starts here: both see the same characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.conversation import Message, Passage

INTENT_SYSTEM = "Name the intent of the customer's message. Answer with the label only."


class Rendered(msgspec.Struct, frozen=True):
    """A prompt and the completion to learn; only the completion is supervised."""

    prompt: str
    completion: str


def compose(system: str, passages: Sequence[Passage], messages: Sequence[Message]) -> list[Message]:
    """Return system message (with the passages as numbered evidence), then the conversation."""
    evidence = "\n".join(f"[{i}] {p.title}: {p.text}" for i, p in enumerate(passages, 1))
    content = f"{system}\n\n{evidence}" if evidence else system
    return [Message("system", content), *messages]


def chatml(messages: Sequence[Message]) -> str:
    """Return the ChatML text that ends where the assistant begins to speak.

    Control markers inside a message are defused, so that a customer cannot open a new turn.
    """
    turns = "".join(f"<|im_start|>{m.role}\n{_defused(m.content)}<|im_end|>\n" for m in messages)
    return f"{turns}<|im_start|>assistant\n"


def render_answer(messages: Sequence[Message], reply: str) -> Rendered:
    """Return the training text of an answer."""
    return Rendered(chatml(messages), f"{_defused(reply)}<|im_end|>")


def render_intent(question: str, intent: str) -> Rendered:
    """Return the training text of an intent; `intent` may be "" where only the prompt is wanted."""
    messages = [Message("system", INTENT_SYSTEM), Message("user", question)]
    return Rendered(chatml(messages), f"{intent}<|im_end|>")


def intent_grammar(intents: Sequence[str]) -> str:
    """Return the GBNF grammar that admits exactly the given labels."""
    quoted = (label.replace("\\", r"\\").replace('"', r"\"") for label in intents)
    labels = " | ".join(f'"{label}"' for label in quoted)
    return f"root ::= {labels}"


def _defused(text: str) -> str:
    return text.replace("<|", "< |").replace("|>", "| >")
