"""From an example to what the model reads: the same prompt in training, evaluation and serving."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.core.conversation import Example, Message
from northloop.core.prompt import Rendered, compose, render_answer, render_intent
from northloop.core.question import OMITTED, newest_turns
from northloop.ports.retrieval import Index
from northloop.stages.serving.generate import lookup_text
from northloop.stages.training.plan import estimated_tokens

ESTIMATED = 0.85
"""A row is taken to fit where its estimated length is this share of what fits."""


def answer_rows(
    examples: Sequence[Example],
    index: Index,
    prompt: str,
    passages: int,
    most_tokens: int | None = None,
) -> list[Rendered]:
    """Return one row an example: system prompt, retrieved passages, conversation → reply.

    Where that is longer than about `most_tokens`, the oldest turns of the conversation are left
    out, never the question.
    """
    asked = [answer_messages(example, index, prompt, passages) for example in examples]
    return [
        render_answer(_within(messages, example.reply, most_tokens), example.reply)
        for messages, example in zip(asked, examples, strict=True)
    ]


def intent_rows(examples: Sequence[Example]) -> list[Rendered]:
    """Return the intents to learn, one row an example that has one and begins a conversation."""
    return [render_intent(e.question, e.intent) for e in examples if names_an_intent(e)]


def names_an_intent(example: Example) -> bool:
    """Whether an example teaches an intent: what is asked later continues what was begun."""
    return bool(example.intent) and not example.context


def answer_messages(example: Example, index: Index, prompt: str, passages: int) -> list[Message]:
    """Return the conversation whose answer is learnt, as the answer path puts it to the model."""
    hits = index.search(lookup_text(example.asked), passages)
    return compose(prompt, [h.passage for h in hits], newest_turns(example.asked))


def _within(messages: list[Message], reply: str, most_tokens: int | None) -> list[Message]:
    """Return a conversation without as many of its oldest turns as it has too many tokens for."""
    system, *turns = messages
    shorter = (
        [system, *([OMITTED] if start else []), *turns[start:]] for start in range(len(turns))
    )
    if most_tokens is None or len(turns) == 1:
        return messages
    return next((m for m in shorter if _fits(m, reply, most_tokens)), [system, turns[-1]])


def _fits(messages: Sequence[Message], reply: str, most_tokens: int) -> bool:
    (row,) = estimated_tokens([render_answer(messages, reply)])
    return row.total <= ESTIMATED * most_tokens
