"""Composes customers' questions: a core phrasing in its surroundings, all from one pool."""

from __future__ import annotations

from random import Random

import msgspec

from northloop.sample import identifiers
from northloop.sample.library import (
    countries,
    intent_pairs,
    intent_specs,
    pieces,
    products_in,
    slot_values,
)
from northloop.sample.people import customer_at, order_at
from northloop.sample.records import Customer, IntentSpec, PlantedSpan, Pool
from northloop.sample.wording import expand, fill, slots_of, wear

OUT_OF_SCOPE, TALK_TO_HUMAN = "out_of_scope", "talk_to_human"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Scene(msgspec.Struct, frozen=True):
    """Who asks, in whose words and how tersely."""

    pool: Pool
    customer: Customer
    order_number: str
    terse: bool


class Question(msgspec.Struct, frozen=True):
    """A composed question, with all that an answer to it needs."""

    text: str
    intents: tuple[str, ...]
    documents: tuple[str, ...]
    facts: tuple[str, ...]
    values: dict[str, str]
    mentioned: frozenset[str]
    """The slots that the question names, so an answer may name them too."""
    spans: tuple[PlantedSpan, ...]
    template: str
    worn: bool
    """Whether typing errors and the like were put into the wording."""


def scene(pool: Pool, customer_index: int, seed: int, rng: Random) -> Scene:
    """A scene with this customer and one of their orders."""
    order = order_at(customer_index * 2 + rng.randrange(2), seed)
    return Scene(pool, customer_at(customer_index, seed), order.number, rng.random() < 0.25)


def draw_intents(rng: Random, pair_share: float) -> tuple[str, ...]:
    """One intent by weight, or two that go together, or one of the two special ones."""
    roll = rng.random()
    if roll < 0.03:
        return (OUT_OF_SCOPE,)
    if roll < 0.06:
        return (TALK_TO_HUMAN,)
    if roll < 0.06 + pair_share:
        pair = rng.choice(intent_pairs())
        return pair if rng.random() < 0.7 else (pair[1], pair[0])
    specs = intent_specs()
    return (rng.choices(list(specs), [spec.weight for spec in specs.values()])[0],)


def _date(rng: Random) -> str:
    day = rng.randrange(1, 29)
    suffix = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}.get(day, "th")
    return rng.choice((f"the {day}{suffix}", rng.choice(_DAYS)))


def _sku(sku: str, rng: Random) -> str:
    return rng.choice((sku, sku, sku.lower(), sku.replace("-", " "), sku.replace("-", "")))


def _values(scene: Scene, spec: IntentSpec, rng: Random) -> dict[str, str]:
    product = rng.choice(products_in(spec.categories))
    sizes = product.sizes if len(product.sizes) > 2 else ("S", "M", "L", "XL")
    size, size2 = rng.sample(sizes, 2)
    customer = scene.customer
    other = rng.choice(("Weber", "Janssens", "Murray", "Rossi", "Duarte", "Ahmed", "Olsen"))
    return {
        "product": product.name,
        "sku": _sku(product.sku, rng),
        "size": size,
        "size2": size2,
        "date": _date(rng),
        "city": rng.choice(slot_values("cities")),
        "country": rng.choice([c for c in countries() if c != "Germany"]),
        "rental": rng.choice(slot_values("rental")),
        "basket": rng.choice(slot_values("basket")),
        "points": rng.choice(slot_values("points")),
        "order": scene.order_number,
        "name": customer.name,
        "first": customer.given_name,
        "other_name": f"{rng.choice(('Ms', 'Mr'))} {other}",
        "email": customer.email,
        "phone": customer.phone,
        "address": customer.address,
        "account": customer.account_number,
        "card": identifiers.card_number(rng),
        "iban": identifiers.iban(customer.country, rng),
        "national_id": identifiers.national_id(customer.country, rng),
        "passport": identifiers.passport(rng),
        "password": identifiers.password(rng),
        "api_key": identifiers.api_key(rng),
    }


def _template(scene: Scene, cores: list[str], rng: Random) -> str:
    around = pieces(scene.pool)
    before, after = rng.sample(around.sensitive, 2)
    chance = 0.35 if scene.terse else 1.0
    parts = []
    if rng.random() < 0.65 * chance:
        parts.append(rng.choice(around.openings))
    if rng.random() < 0.45 * chance:
        parts.append(rng.choice(around.contexts))
    if rng.random() < 0.12 * chance:
        parts.append(before)
    parts.append(cores[0])
    for core in cores[1:]:
        parts += [rng.choice(around.connectors), core]
    if rng.random() < 0.22 * chance:
        parts.append(after)
    if rng.random() < 0.2 * chance:
        parts.append(rng.choice(around.moods))
    if rng.random() < 0.05:
        parts.append(rng.choice(around.emoji))
    if rng.random() < 0.5 * chance:
        parts.append(rng.choice(around.closings))
    return " ".join(expand(part, rng) for part in parts)


def compose(scene: Scene, intents: tuple[str, ...], rng: Random, core: str = "") -> Question:
    """A question about these intents, in the words of `core` if there are any, else in those of
    the scene's pool. The same `rng` state gives the same question."""
    specs = [intent_specs()[name] for name in intents]
    cases = [rng.choice(spec.cases) for spec in specs]
    values = _values(scene, specs[0], rng)
    for case in cases:
        values.update(case)
    cores = [expand(core or rng.choice(s.phrasings(scene.pool)), rng) for s in specs]
    whole = _template(scene, cores, rng)
    template = wear(whole, rng)
    text, spans = fill(template, values, "description")
    documents = [case.get("document", s.document) for s, case in zip(specs, cases, strict=True)]
    facts = [fill(fact, values, "")[0] for spec in specs for fact in spec.facts]
    return Question(
        text=text[0].upper() + text[1:] if text[0].isalpha() and rng.random() < 0.8 else text,
        intents=intents,
        documents=tuple(dict.fromkeys(d for d in documents if d)),
        facts=tuple(dict.fromkeys(facts)),
        values=values,
        mentioned=frozenset().union(*(slots_of(core) for core in cores)),
        spans=spans,
        template=template,
        worn=template != whole,
    )
