"""The three use cases the loop can be set up for: what to say to the model, and where to begin.

All three run the same loop; a template only chooses the system prompt and the starting values,
which `northloop.toml` may override. The base model is small: every word of a system prompt is
paid for in each answer, so they are short and say what to do, not what to be.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from northloop.core.errors import InputError


class UseCase(msgspec.Struct, frozen=True, kw_only=True):
    """A template: the system prompt of its releases, and its starting values."""

    name: str
    title: str
    system_prompt: str
    settings: Mapping[str, int]
    """Where `serving` begins, by dotted name; what is not named begins at the defaults."""
    needs: tuple[str, ...]
    """What to import before it can work well."""
    hints: tuple[str, ...]
    """What to know before starting."""


_SUPPORT = UseCase(
    name="support",
    title="Customer service",
    system_prompt=(
        "You answer customers of the shop. Use only the numbered evidence below. Be friendly and "
        "concise: at most three sentences. If the evidence does not answer the question, say so "
        "and offer to pass it to a colleague."
    ),
    settings={},
    needs=(
        "a ticket export with the customers' questions and the agents' replies",
        "the policies, FAQs and manuals that the agents answer from",
    ),
    hints=(
        "500 answered tickets are enough to begin; what they lack, the review queue brings.",
        "Tickets need created_at and closed_at, or there is no baseline for resolution time.",
        "A wrong policy document gives wrong answers: mend the document, not the model.",
    ),
)

_KNOWLEDGE = UseCase(
    name="knowledge",
    title="Internal knowledge search",
    system_prompt=(
        "You answer colleagues from the numbered evidence below. Give the answer first, then the "
        "steps. Quote names and numbers exactly. If the evidence does not answer the question, "
        "say what is missing."
    ),
    settings={
        "serving.passages": 4,
        "serving.max_answer_tokens": 160,
        "serving.cache_ttl_s": 3600,
    },
    needs=(
        "the documents that people search today, one topic a file, with headings",
        "questions that people really asked, with the document that answered them if known",
    ),
    hints=(
        "Retrieval comes first: measure whether the right passage is found before tuning anything.",
        "Headings make passages; a document without headings is found less often.",
        "The cache lives an hour, for documents change more often than policies.",
    ),
)

_DRAFTING = UseCase(
    name="drafting",
    title="Content drafting",
    system_prompt=(
        "You draft texts from a brief. Keep to the facts in the brief and in the numbered "
        "evidence, in the tone of the examples. Leave a gap in [brackets] where a fact is missing."
    ),
    settings={
        "serving.passages": 3,
        "serving.max_answer_tokens": 320,
        "serving.cache_ttl_s": 0,
    },
    needs=(
        "briefs with the texts that were published for them",
        "the style guide and the facts that texts may use",
    ),
    hints=(
        "Nothing is cached: two drafts of one brief may differ.",
        "Agents' edits of the drafts are the best training rows; have drafts sent through the API.",
        "A person sends each draft; the objective measures the time it saves.",
    ),
)

USE_CASES: Mapping[str, UseCase] = MappingProxyType(
    {use_case.name: use_case for use_case in (_SUPPORT, _KNOWLEDGE, _DRAFTING)}
)


def use_case_named(name: str) -> UseCase:
    """Return a template by its name; InputError names the nearest known one."""
    key = name.strip().lower()
    if key in USE_CASES:
        return USE_CASES[key]
    near = difflib.get_close_matches(key, USE_CASES, n=1, cutoff=0.5)
    guess = f"did you mean {near[0]!r}? " if near else ""
    raise InputError(
        f"unknown use case {name!r}",
        where="use_case",
        action=f"{guess}choose one of {', '.join(USE_CASES)}",
    )
