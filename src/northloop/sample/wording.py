"""From a template to a sentence: choices, wear, slots.

A template holds choices `[a|b]` and slots `{name}`. Wear (typing errors, lower case, lost
punctuation) is applied before the slots are filled, so that planted strings stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from northloop.sample.records import PlantedSpan

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_SENSITIVE_SLOTS = {
    "order": "order_number",
    "account": "account_number",
    "phone": "phone",
    "email": "email",
    "address": "address",
    "card": "card",
    "iban": "iban",
    "national_id": "national_id",
    "passport": "passport",
    "password": "password",
    "api_key": "api_key",
    "name": "name",
    "other_name": "name",
    "first": "name",
}


def expand(template: str, rng: Random) -> str:
    """The template with one alternative chosen for each `[a|b]`."""
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), template)


def slots_of(template: str) -> frozenset[str]:
    """The names of the slots in a template."""
    return frozenset(_SLOT.findall(template))


def fill(
    template: str, values: Mapping[str, str], field: str
) -> tuple[str, tuple[PlantedSpan, ...]]:
    """The filled template and the sensitive strings that were put into it."""
    filled = template
    while slots_of(filled):  # a value may hold slots itself
        filled = _SLOT.sub(lambda match: values[match[1]], filled)
    spans = [
        PlantedSpan(field, _SENSITIVE_SLOTS[slot], values[slot])
        for slot in _SLOT.findall(template)
        if slot in _SENSITIVE_SLOTS
    ]
    return filled, tuple(dict.fromkeys(spans))


def _misspell(word: str, rng: Random) -> str:
    place = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
        )
    )


def misspell(text: str, count: int, rng: Random) -> str:
    """The text with `count` typing errors in lower-case words; slots and numbers stay."""
    words = text.split(" ")
    able = [i for i, w in enumerate(words) if len(w) > 3 and w.isalpha() and w.islower()]
    for i in rng.sample(able, min(count, len(able))):
        words[i] = _misspell(words[i], rng)
    return " ".join(words)


def wear(template: str, rng: Random) -> str:
    """The template as people in a hurry type it: about a third of the time it changes."""
    if rng.random() < 0.12:
        template = misspell(template, rng.choice((1, 1, 2, 3)), rng)
    if rng.random() < 0.12:
        template = "".join(
            part if part.startswith("{") else part.lower()
            for part in re.split(r"(\{\w+\})", template)
        )
    if rng.random() < 0.10:
        template = re.sub(r"[.?!,](?= |$)", "", template)
    return template
