"""From an example to what the model reads: the same prompt in training, evaluation and serving."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.core.conversation import Example, Message
from northloop.core.prompt import Rendered, Template, compose, render_answer, render_intent
from northloop.ports.retrieval import Index


def answer_rows(
    examples: Sequence[Example], index: Index, prompt: str, passages: int, template: Template
) -> list[Rendered]:
    """Return one row an example: system prompt, retrieved passages, question → reply."""
    return [
        render_answer(answer_messages(e, index, prompt, passages), e.reply, template)
        for e in examples
    ]


def intent_rows(examples: Sequence[Example], template: Template) -> list[Rendered]:
    """Return the intents to learn, one row an example that has one."""
    return [render_intent(e.question, e.intent, template) for e in examples if e.intent]


def answer_messages(example: Example, index: Index, prompt: str, passages: int) -> list[Message]:
    """Return the conversation whose answer is learnt."""
    hits = index.search(example.question, passages)
    return compose(prompt, [h.passage for h in hits], [Message("user", example.question)])
