"""Which passage has answered which question: what the past teaches retrieval.

Customers do not speak the language of the documents. An agent's reply does: searched for, it leads
to the passage it was taken from, and so ties the customer's words to that passage. Indexed together
with the questions it has answered, a passage is found by the next one who asks in such words (the
idea of doc2query, Nogueira et al. 2019, with real questions instead of generated ones). Every
correction that a reviewer writes is one more.

Only rows of the training split may come in here, else the evaluation finds what it was told. And a
training prompt whose passages were looked up in an index that knows its own question shows the
right passage more often than a customer will ever see it. Training does so on purpose: a model that
is used to the right passage keeps to it (measured in docs/log.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from northloop.ports.retrieval import Index

SURE = 0.2
"""Lowest retrieval score of a reply that ties its question to a passage."""


class Exchange(NamedTuple):
    """A redacted question and the reply it got."""

    question: str
    reply: str


def asked_questions(index: Index, exchanges: Iterable[Exchange]) -> Mapping[str, tuple[str, ...]]:
    """Return passage id → the questions it has answered, in order; unclear replies are left out.

    `index` is one over the documents alone. The same exchanges give the same result.
    """
    asked: dict[str, list[str]] = {}
    for exchange in exchanges:
        hits = index.search(exchange.reply, 1)
        if hits and hits[0].score >= SURE:
            asked.setdefault(hits[0].passage.passage_id, []).append(exchange.question)
    return {passage_id: tuple(questions) for passage_id, questions in sorted(asked.items())}
