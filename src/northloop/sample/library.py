"""Reads the data files of the sample company, each once, on first use.

It knows the files and their types, not what is made of them.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from northloop.core.decoding import converted, decoded
from northloop.sample.records import (
    Agent,
    Country,
    Culture,
    Document,
    FollowUp,
    IntentSpec,
    Pieces,
    Pool,
    Product,
)

_GROUPS = ("returns", "delivery", "products", "account", "services", "special")


def _text(name: str) -> str:
    return files("northloop.sample").joinpath(name).read_text(encoding="utf-8")


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(f"data/{name}.toml"))


@cache
def documents() -> tuple[Document, ...]:
    """The shop's documents as `(id, title, text)`, ordered by id."""
    found = []
    for entry in files("northloop.sample").joinpath("documents").iterdir():
        if entry.name.endswith(".md"):
            text = entry.read_text(encoding="utf-8")
            title = text.partition("\n")[0].removeprefix("# ")
            found.append(Document(entry.name.removesuffix(".md"), title, text))
    return tuple(sorted(found))


def section_text(document: str, section: str) -> str:
    """The text under one heading of a document; raises KeyError if there is no such section."""
    text = next((d.text for d in documents() if d.id == document), "")
    _, found, rest = text.partition(f"\n## {section}\n")
    if not found:
        raise KeyError(f"no section {section!r} in document {document!r}")
    return rest.partition("\n## ")[0].strip()


@cache
def catalogue() -> tuple[Product, ...]:
    """The products of the shop, ordered by SKU."""
    return decoded(_text("data/catalogue.json"), tuple[Product, ...])


@cache
def products_in(categories: tuple[str, ...]) -> tuple[Product, ...]:
    """The products of these categories; all products if there are none."""
    return tuple(p for p in catalogue() if not categories or p.category in categories)


@cache
def intent_specs() -> dict[str, IntentSpec]:
    """Every intent by name, in the order of the files."""
    return {
        name: converted({**table, "group": group}, IntentSpec)
        for group in _GROUPS
        for name, table in _toml(f"intents/{group}").items()
    }


@cache
def follow_ups() -> dict[str, tuple[FollowUp, ...]]:
    """What customers ask next, by the intent of the question before.

    Where no document answers, the answer is one of those to questions out of scope.
    """
    hand_offs = intent_specs()["out_of_scope"].answers
    return {
        name: tuple(
            converted({"answer": hand_offs[(i + j) % len(hand_offs)], **table}, FollowUp)
            for j, table in enumerate(tables)
        )
        for i, (name, tables) in enumerate(_toml("follow_ups").items())
    }


@cache
def near_misses(pool: Pool) -> tuple[str, ...]:
    """Questions about what the shop does not have, close to what its documents tell.

    There are none in the train pool.
    """
    return converted(_toml("near_misses").get(pool, []), tuple[str, ...])


@cache
def pieces(pool: Pool) -> Pieces:
    """The surroundings of questions for one pool."""
    return converted(_toml("pieces")[pool], Pieces)


@cache
def intent_pairs() -> tuple[tuple[str, str], ...]:
    """Intents that customers put into one message."""
    return converted(_toml("pieces")["pairs"]["list"], tuple[tuple[str, str], ...])


@cache
def slot_values(slot: str) -> tuple[str, ...]:
    """Values of a slot that come from neither the catalogue nor the customer."""
    return converted(_toml("pieces")["slots"][slot], tuple[str, ...])


@cache
def agents() -> tuple[Agent, ...]:
    """The agents of the shop."""
    return converted(_toml("agents")["agents"], tuple[Agent, ...])


@cache
def cultures() -> tuple[Culture, ...]:
    """Names by culture."""
    return tuple(converted(_toml("names")["cultures"], dict[str, Culture]).values())


@cache
def countries() -> dict[str, Country]:
    """Forms of addresses and telephone numbers by country."""
    return converted(_toml("names")["countries"], dict[str, Country])
