"""Mails out of tables that hold one a row, as Outlook exports a folder: who sent it to whom, its
subject and its text. Which of them answer one another is told as of other mails (`mail`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from northloop.stages.data.dates import day_order, to_utc
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.correspondents import addresses_in
from northloop.stages.data.sources.formats import Row
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.keys import Keys, time_of
from northloop.stages.data.sources.mail import RE, Broken, Mail
from northloop.stages.data.sources.mapping import named_as
from northloop.stages.data.sources.messages import TEXT, fields_of
from northloop.stages.data.sources.paths import at_path
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.wording import words

LEAST_ADDRESSES = 0.2
"""Of a column of addresses, so many are some; inside a house other names stand for them."""
LEAST_ANSWERS = 0.1
"""Of the subjects, so many begin as answers do."""
_FROM = words("from sender von absender de expéditeur remitente mittente da remetente van od från")
_TO = words("to recipient recipients an empfänger à destinataire para destinatario a aan do till "
            "cc kopie copie copia kopia")  # fmt: skip


class MailColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Which columns of a table say what of a mail."""

    text: str
    subject: str
    sender: str
    """The address."""
    name: str
    to: tuple[str, ...]
    keys: Keys
    """Those of the fields of a message, for when it was sent."""


def columns_of(
    rows: Sequence[Mapping[str, Json]], values: Mapping[str, Sequence[str]]
) -> MailColumns | None:
    """Return the columns of a table of mails, None for any other table."""
    subject = next(iter(named_as("subject", values)), "")
    sender = max(_led_by(_FROM, values), key=lambda n: _addressed(values[n]), default="")
    to = [n for n in _led_by(_TO, values) if _addressed(values[n])]
    answers = sum(bool(RE.match(v)) for v in values.get(subject, ()))
    if not (sender and to) or answers < max(1, LEAST_ANSWERS * len(rows)):
        return None
    others = [n for n in values if n not in (subject, sender, *to)]
    wordiest = max(others, key=lambda n: sum(map(len, values[n])), default="")
    found = fields_of(rows) or fields_of(rows, {TEXT: wordiest})
    if found is None or min(_addressed(values[n]) for n in (sender, to[0])) < LEAST_ADDRESSES:
        return None
    names = [n for n in _led_by(_FROM, values) if n != sender]
    return MailColumns(
        text=found.keys.text,
        subject=subject,
        sender=sender,
        name=next(iter(names), ""),
        to=tuple(to),
        keys=found.keys,
    )


def _led_by(names: frozenset[str], values: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns that are called so by their first word: `Von: (Adresse)`."""
    return [name for name in values if not names.isdisjoint(words_of(name).split()[:1])]


def _addressed(column: Sequence[str]) -> float:
    """Return how many of the cells of a column that hold something hold an address."""
    present = [v for v in column if not is_missing(v)]
    return sum("@" in v for v in present) / len(present) if present else 0.0


def mails_of(rows: Iterable[Row], columns: MailColumns) -> Iterator[Mail | Broken]:
    """Yield the mails of a table, or why a row is none, numbered from 1."""
    listed = list(rows)
    order = day_order(time_of(row.value, columns.keys) for row in listed)
    domain = _own_domain(at_path(row.value, columns.to[0]) for row in listed)
    for number, row in enumerate(listed, 1):
        sender = next(iter(_addresses(at_path(row.value, columns.sender), domain)), "")
        if row.problem or not sender:
            yield Broken(number, row.problem or "the mail does not say who sent it")
            continue
        yield Mail(
            row=number,
            id=f"<row {number}>",
            parents=(),
            sender=sender,
            name=at_path(row.value, columns.name) if columns.name else "",
            to=tuple(a for c in columns.to for a in _addresses(at_path(row.value, c), domain)),
            subject=at_path(row.value, columns.subject),
            at=to_utc(time_of(row.value, columns.keys), order) or "",
            text=at_path(row.value, columns.text),
            automatic=False,
        )


def _own_domain(written_to: Iterable[str]) -> str:
    """Return the domain that most mails went to: where one is asked, the house's own."""
    domains = Counter(a.rpartition("@")[2] for cell in written_to for a in addresses_in(cell))
    return domains.most_common(1)[0][0] if domains else ""


def _addresses(cell: str, domain: str) -> list[str]:
    """Return the addresses of a cell. A name that Exchange has inside a house, `/O=SHOP/CN=HELP`,
    is one under the house's own domain.
    """
    found = [a for part in cell.split(";") for a in sorted(addresses_in(part))]
    inside = [re.split("[=/]", part)[-1].strip().lower() for part in cell.split(";")]
    return found or [f"{'-'.join(name.split())}@{domain}" for name in inside if name]
