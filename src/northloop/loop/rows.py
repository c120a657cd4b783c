"""From an example to what the model reads: the same prompt in training, evaluation and serving."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.core.conversation import Example, Message
from northloop.core.prompt import Rendered, compose, render_answer, render_intent
from northloop.ports.retrieval import Index


def answer_rows(
    examples: Sequence[Example], index: Index, prompt: str, passages: int
) -> list[Rendered]:
    """Return one row an example: system prompt, retrieved passages, question → reply."""
    return [_answer_row(example, index, prompt, passages) for example in examples]


def intent_rows(examples: Sequence[Example]) -> list[Rendered]:
    """Return the intents to learn, one row an example that has one."""
    return [render_intent(e.question, e.intent) for e in examples if e.intent]


def answer_messages(example: Example, index: Index, prompt: str, passages: int) -> list[Message]:
    """Return the conversation whose answer is learnt."""
    hits = index.search(example.question, passages)
    return compose(prompt, [h.passage for h in hits], [Message("user", example.question)])


def _answer_row(example: Example, index: Index, prompt: str, passages: int) -> Rendered:
    return render_answer(answer_messages(example, index, prompt, passages), example.reply)
