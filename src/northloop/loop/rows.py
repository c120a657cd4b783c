"""From an example to what the model reads: the same prompt in training, evaluation and serving."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.conversation import Example, Message
from northloop.core.prompt import Rendered, Template, compose, render_answer
from northloop.core.question import OMITTED, newest_turns
from northloop.ports.retrieval import Index
from northloop.stages.serving.generate import lookup_text
from northloop.stages.training.plan import estimated_tokens

ESTIMATED = 0.85
"""A row is taken to fit where its estimated length is this share of what fits."""


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """How a row is written."""

    prompt: str
    passages: int
    template: Template
    most_tokens: int | None = None
    """Where a row is longer than about this, the oldest turns of its conversation are left out,
    never the question."""


def answer_rows(examples: Sequence[Example], index: Index, writing: Writing) -> list[Rendered]:
    """Return one row an example: system prompt, retrieved passages, conversation → reply."""
    return [_answer_row(example, index, writing) for example in examples]


def answer_messages(example: Example, index: Index, prompt: str, passages: int) -> list[Message]:
    """Return the conversation whose answer is learnt, as the answer path puts it to the model."""
    hits = index.search(lookup_text(example.asked), passages)
    return compose(prompt, [h.passage for h in hits], newest_turns(example.asked))


def _answer_row(example: Example, index: Index, writing: Writing) -> Rendered:
    """Return a row without as many of its oldest turns as it has too many tokens for."""
    messages = answer_messages(example, index, writing.prompt, writing.passages)
    system, *turns = messages
    shorter = (
        [system, *([OMITTED] if start else []), *turns[start:]] for start in range(len(turns))
    )
    rows = (render_answer(said, example.reply, writing.template) for said in shorter)
    bare = [system, turns[-1]] if len(turns) > 1 else messages
    fitting = (row for row in rows if _fits(row, writing.most_tokens))
    return next(fitting, render_answer(bare, example.reply, writing.template))


def _fits(row: Rendered, most_tokens: int | None) -> bool:
    return most_tokens is None or estimated_tokens([row])[0].total <= ESTIMATED * most_tokens
