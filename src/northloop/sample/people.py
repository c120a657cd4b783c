"""Customers and their orders, each made from the seed and its own index alone.

So `customers(10, s)` is the beginning of `customers(1000, s)`, and a ticket, an order and a
customer of the same seed agree with each other.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from random import Random

from northloop.sample.identifiers import digits
from northloop.sample.library import catalogue, countries, cultures
from northloop.sample.records import Customer, Order, OrderLine

_DOMAINS = ("mail.example", "post.example", "example.com", "example.org", "inbox.example")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "ı": "i", "Ø": "o", "Ł": "l", "đ": "d"})
_CARRIERS = (
    ("Nordpost", "NP##########"),
    ("Bergkurier", "BK-####-####"),
    ("Trippel", "3PL#########"),
)
_STATUSES = ("Received", "Picking", "Packed", "Shipped", "Delivered", "Returned", "Cancelled")
_STATUS_WEIGHTS = (4, 3, 3, 14, 66, 7, 3)


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore")
    return "".join(c for c in plain.decode().lower() if c.isalnum())


def customer_at(index: int, seed: int) -> Customer:
    """The customer with this index (from 0)."""
    rng = Random(f"{seed}/customer/{index}")
    culture = rng.choice(cultures())
    given, family = rng.choice(culture.given), rng.choice(culture.family)
    country = rng.choice(culture.countries)
    form = countries()[country]
    address = form.address.format(
        n=rng.randrange(1, 140),
        street=rng.choice(form.streets),
        postcode=form.postcode,
        city=rng.choice(form.cities),
    )
    local = rng.choice(("{g}.{f}{i}", "{f}.{g}{i}", "{g}{i}.{f}", "{f}{i}"))
    email = local.format(g=_ascii(given), f=_ascii(family), i=index + 1)
    return Customer(
        customer_id=f"C-{index + 1:06d}",
        account_number=f"K-{(index * 104_729 + 37_000_001) % 90_000_000 + 10_000_000}",
        given_name=given,
        name=f"{given} {family}",
        email=f"{email}@{rng.choice(_DOMAINS)}",
        phone=digits(rng.choice(form.phone), rng),
        address=digits(address, rng),
        country=country,
    )


def order_at(index: int, seed: int) -> Order:
    """The order with this index (from 0); it belongs to the customer at `index // 2`."""
    rng = Random(f"{seed}/order/{index}")
    carrier, tracking = rng.choice(_CARRIERS)
    products = rng.sample(catalogue(), rng.choice((1, 1, 2, 3)))
    lines = tuple(OrderLine(p.sku, rng.choice(p.sizes), rng.choice((1, 1, 1, 2))) for p in products)
    total = sum(p.price_eur * line.quantity for p, line in zip(products, lines, strict=True))
    status = rng.choices(_STATUSES, _STATUS_WEIGHTS)[0]
    sent = status in ("Shipped", "Delivered", "Returned")
    return Order(
        number=f"LO-{(index * 7919 + 123_457) % 9_000_000 + 1_000_000}",
        customer_id=f"C-{index // 2 + 1:06d}",
        placed_on=(date(2025, 10, 15) + timedelta(days=rng.randrange(380))).isoformat(),
        status=status,
        carrier=carrier if sent else "",
        tracking=digits(tracking, rng) if sent else "",
        lines=lines,
        total_eur=round(total, 2),
    )


def customers(count: int, seed: int) -> tuple[Customer, ...]:
    """The first `count` customers of the sample company."""
    return tuple(customer_at(i, seed) for i in range(count))


def orders(count: int, seed: int) -> tuple[Order, ...]:
    """The first `count` orders, two for each customer of `customers(…, seed)`."""
    return tuple(order_at(i, seed) for i in range(count))
