"""What help desks do to text and dates on the way to an export.

Each function takes the clean value and gives back the raw one; the planted sensitive strings
are there again once the mess is cleaned.
"""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from random import Random

from northloop.sample.records import Customer, PlantedSpan

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MISSING = ("", "", "N/A", "-", "null")


def missing(rng: Random) -> str:
    """One of the ways to say that there is no value."""
    return rng.choice(_MISSING)


def raw_date(moment: datetime, rng: Random) -> str:
    """A UTC moment in one of the mixed formats. Slashes always mean day/month/year."""
    day_month_year = f"{moment:%d}/{moment:%m}/{moment.year}"
    spelled = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    local = (moment + timedelta(hours=2)).replace(tzinfo=None).isoformat(timespec="seconds")
    return rng.choice(
        (
            moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds"),
            moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds"),
            f"{day_month_year} {moment:%H:%M}",
            f"{day_month_year} {moment:%H:%M}",
            f"{spelled} {moment:%H:%M}",
            f"{local}+02:00",
        )
    )


def mojibake(text: str) -> str:
    """The text as if its UTF-8 bytes were read as cp1252; unchanged where that cannot be."""
    try:
        return text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text


def as_html(text: str, rng: Random) -> str:
    """The text as the HTML body of a mail program."""
    blocks = [
        html.escape(block).replace("€", "&euro;").replace("\n", "<br>\n")
        for block in text.split("\n\n")
    ]
    glue = rng.choice(("</p><p>", "</p>\n<p>&nbsp;</p>\n<p>", '</p><p class="MsoNormal">'))
    style = rng.choice(
        ("", "", "<style>p{margin:0} .sig{color:#888}</style>", "<style type='text/css'></style>")
    )
    return f"{style}<p>{glue.join(blocks)}</p>"


def name_variant(name: str, rng: Random) -> str:
    """A name as another system writes it: mostly as it is."""
    given, _, family = name.partition(" ")
    if rng.random() < 0.85:
        return name
    return rng.choice((name.upper(), f"{family}, {given}", name.lower(), f" {given}  {family} "))


def customer_signature(customer: Customer, rng: Random) -> tuple[str, tuple[PlantedSpan, ...]]:
    """The signature block of a customer's mail and the sensitive strings in it."""
    field = "description_signature"
    name = PlantedSpan(field, "name", customer.name)
    match rng.randrange(4):
        case 0:
            return f"-- \n{customer.name}\n{customer.phone}", (
                name,
                PlantedSpan(field, "phone", customer.phone),
            )
        case 1:
            return f"--\n{customer.name}\n{customer.address}\nTel. {customer.phone}", (
                name,
                PlantedSpan(field, "address", customer.address),
                PlantedSpan(field, "phone", customer.phone),
            )
        case 2:
            return "Sent from my iPhone", ()
        case _:
            return f"__________\n{customer.name}\nE: {customer.email}", (
                name,
                PlantedSpan(field, "email", customer.email),
            )


def quoted_reply(
    customer: Customer, moment: datetime, rng: Random
) -> tuple[str, tuple[PlantedSpan, ...]]:
    """An earlier message quoted under the question and the sensitive strings in it."""
    field = "description_quoted"
    stamp = moment - timedelta(hours=rng.randrange(3, 90))
    day = f"{stamp.day} {_MONTHS[stamp.month - 1]} {stamp.year}"
    lines = [
        f"Dear {customer.given_name},",
        "thank you for your order. We will let you know as soon as it leaves our warehouse.",
        "Your Larkfell team",
    ]
    given = PlantedSpan(field, "name", customer.given_name)
    if rng.random() < 0.6:
        head = f"On {day} at {stamp:%H:%M}, Larkfell Support <help@larkfell.example> wrote:"
        return "\n".join([head, *(f"> {line}" for line in lines)]), (given,)
    head = (
        "-----Original Message-----\nFrom: Larkfell Support <help@larkfell.example>\n"
        f"Sent: {day} {stamp:%H:%M}\nTo: {customer.name} <{customer.email}>\n"
        "Subject: Your order at Larkfell"
    )
    spans = (
        given,
        PlantedSpan(field, "name", customer.name),
        PlantedSpan(field, "email", customer.email),
    )
    return "\n".join([head, "", *lines]), spans
