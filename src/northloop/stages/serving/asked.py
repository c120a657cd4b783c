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

from northloop.core.conversation import Passage
from northloop.ports.retrieval import Index

SURE = 0.2
"""Lowest retrieval score of a reply that ties its question to a passage."""


def taken_from(index: Index, reply: str) -> Passage | None:
    """Return the passage that a reply was taken from; None if that is not clear."""
    hits = index.search(reply, 1)
    return hits[0].passage if hits and hits[0].score >= SURE else None
