"""Which records there are, in which table each lies, and by which of its fields it can be found.

The records of the product have a table each (`TABLES`); a field named there is a column, everything
else lies in the record's body. A new column or table needs a migration (`adapters/migrations`).
Small records that only one module knows (a measurement, who holds a turn) share one table: such a
type says so with `@note`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

import msgspec

from northloop.core.artefacts import Timing
from northloop.core.canary import ShadowAnswer, Trial, Unit
from northloop.core.contact import Contact
from northloop.core.conversation import FirstSeen
from northloop.core.deployment import Deployment
from northloop.core.desk import Case, Delivery, DeskAct, OwnMode
from northloop.core.errors import InputError
from northloop.core.grounds import Vouched
from northloop.core.interaction import (
    ApprovedAnswer,
    Claim,
    Dispute,
    Feedback,
    Interaction,
    Outcome,
    OutcomeImport,
    Promotion,
    Proposal,
    Rejection,
    ReviewItem,
    Verdict,
    Withdrawal,
)
from northloop.core.keys import ApiKey, KeyUse
from northloop.core.side_by_side import SideBySide
from northloop.core.tally import ClusterSums

T = TypeVar("T", bound=msgspec.Struct)
Value = str | int | float

NOTES = "northloop_note"
"""The table of the small records; its columns are kind, id, subject, at."""
TEXT = "text"
"""A column that no field has: the texts of a record as `searchable` writes them."""

_LONG = 3
"""Shorter words are looked for where words begin only."""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of scripts that write no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""
_AFTER_A_MARK = re.compile(r"(?<=[^\w\s])(?=\w)")
_PRIVATE, _PLACES = 0xE000, 2_100
"""Three of the letters that no script uses stand for a value of a column, each of its own range."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Where the records of one type are kept, and by what they are found."""

    type_: type[msgspec.Struct]
    table: str
    columns: tuple[str, ...] = ()
    """Fields that are columns, in text unless in `numbers`; each can stand in a condition."""
    numbers: tuple[str, ...] = ()
    """Fields that are columns of whole numbers; a flag is 0 or 1."""
    indexes: tuple[tuple[str, ...], ...] = ()
    """Each is continued by the order of adding; of several that fit, the first finds the fewest."""
    seldom: tuple[str, ...] = ()
    """Columns of which a value stands in few records."""
    searched: tuple[str, ...] = ()
    """Fields whose words can be searched for, together, as TEXT."""
    facets: tuple[str, ...] = ()
    """Columns whose values are noted in TEXT too, so that an index of it alone finds by both; what
    changes in the life of a record is none."""
    subject: str = ""
    """Of a note: the field that stands in the column of this name."""

    @property
    def name(self) -> str:
        return self.type_.__name__

    @property
    def is_note(self) -> bool:
        return self.table == NOTES

    def column(self, name: str) -> str:
        """Return the column that a condition means by a name; InputError if there is none."""
        if self.is_note:
            known = {"id": "id", "at": "at", self.subject: "subject"}
        else:
            named = ("id", *self.columns, *self.numbers, *((TEXT,) if self.searched else ()))
            known = {column: column for column in named}
        if not name or name not in known:
            raise InputError(
                f"{self.name} cannot be found by {name!r}",
                where="records",
                action=f"find it by one of: {', '.join(filter(None, known))}",
            )
        return known[name]

    def leading(self, where: Mapping[str, object]) -> tuple[str, ...]:
        """Return the columns by whose index a query finds best, () for the order of adding."""
        found = [name for name in ("id", *self.seldom) if name in where]
        alone = [name for (name, *_) in self.indexes if is_value(where.get(name, ()))]
        return tuple((found or alone)[:1])

    def columns_of(self, record: msgspec.Struct) -> dict[str, Value]:
        """Return what stands in the columns of a record, without its id and body."""
        if self.is_note:
            found_by = getattr(record, self.subject) if self.subject else ""
            return {"subject": plain(found_by), "at": getattr(record, "at", "")}
        row = {name: plain(getattr(record, name)) for name in (*self.columns, *self.numbers)}
        if self.searched:
            said = searchable(" ".join(getattr(record, name) for name in self.searched))
            row[TEXT] = said + "".join(facet(name, row[name]) for name in self.facets)
        return row


TABLES: tuple[Kept, ...] = (
    Kept(
        type_=Interaction,
        table="northloop_interaction",
        columns=(
            *("tenant", "customer_id", "conversation_id", "at"),
            *("release", "source", "handoff", "origin", "trace_id"),
        ),
        numbers=("reviewed",),
        indexes=(
            ("conversation_id",),
            ("customer_id",),
            ("handoff",),
            ("reviewed",),
            ("source",),
            ("tenant",),
            ("release",),
            ("origin",),
            ("at",),
            ("trace_id",),
        ),
        seldom=("conversation_id", "customer_id", "trace_id"),
        searched=("question", "answer", "draft"),
        facets=(
            *("origin", "source", "handoff", "release"),
            *("tenant", "customer_id", "conversation_id"),
        ),
    ),
    Kept(
        type_=Feedback,
        table="northloop_feedback",
        columns=("interaction_id", "at"),
        numbers=("rating",),
        indexes=(("interaction_id",),),
    ),
    Kept(
        type_=Outcome,
        table="northloop_outcome",
        columns=("tenant", "conversation_id", "at"),
        indexes=(("conversation_id",),),
    ),
    Kept(
        type_=ReviewItem,
        table="northloop_review",
        columns=("interaction_id", "at"),
        numbers=("uniform", "judged"),
        indexes=(("interaction_id",), ("judged",)),
    ),
    Kept(
        type_=Verdict,
        table="northloop_verdict",
        columns=("review_id", "interaction_id", "at", "kind", "said"),
        numbers=("skipped", "teaches", "corrects"),
        indexes=(
            ("review_id",),
            ("interaction_id",),
            ("said",),
            ("kind",),
            ("teaches",),
            ("corrects",),
        ),
    ),
    Kept(
        type_=Dispute,
        table="northloop_dispute",
        columns=("at",),
    ),
    Kept(
        type_=ApprovedAnswer,
        table="northloop_approved",
        columns=("origin", "words", "tenant", "at"),
        indexes=(("origin",), ("words",)),
    ),
    Kept(
        type_=Withdrawal,
        table="northloop_withdrawal",
        columns=("at",),
    ),
    Kept(
        type_=Rejection,
        table="northloop_rejection",
        columns=("words", "verdict_id", "tenant", "at"),
        indexes=(("words",), ("verdict_id",)),
    ),
    Kept(
        type_=Promotion,
        table="northloop_promotion",
        columns=("release", "decision", "at"),
        indexes=(("release",), ("decision",)),
    ),
    Kept(
        type_=Deployment,
        table="northloop_deployment",
        columns=("tenant", "at"),
        numbers=("version",),
        indexes=(("tenant", "version"),),
    ),
    Kept(
        type_=Proposal,
        table="northloop_proposal",
        columns=("state", "decision", "release", "at"),
        indexes=(("state",), ("decision",)),
    ),
    Kept(
        type_=ClusterSums,
        table="northloop_cluster",
    ),
    Kept(
        type_=Contact,
        table="northloop_contact",
        columns=("tenant", "customer_id", "conversation_id", "lot", "opened_at"),
        indexes=(("customer_id",), ("conversation_id",)),
        seldom=("customer_id", "conversation_id"),
    ),
    Kept(
        type_=Unit,
        table="northloop_canary_unit",
        columns=(
            *("trial_id", "tenant", "customer_id", "conversation_id"),
            *("state", "closes_at"),
        ),
        indexes=(("trial_id", "state"), ("customer_id",), ("conversation_id",)),
        seldom=("customer_id", "conversation_id"),
    ),
    Kept(
        type_=Case,
        table="northloop_case",
        columns=("tenant", "conversation_id", "state", "since", "interaction_id"),
        indexes=(("conversation_id",), ("state",), ("interaction_id",)),
    ),
    Kept(
        type_=DeskAct,
        table="northloop_desk_act",
        columns=("tenant", "conversation_id", "interaction_id", "at", "kind"),
        indexes=(("conversation_id",), ("interaction_id",)),
    ),
    Kept(
        type_=Delivery,
        table="northloop_delivery",
        columns=("act_id", "state", "due"),
        indexes=(("act_id",), ("state",)),
    ),
)

_by_type: dict[type[msgspec.Struct], Kept] = {kept.type_: kept for kept in TABLES}


def note(found_by: str = "") -> Callable[[type[T]], type[T]]:
    """Declare a small record of one module; `found_by` is the field that conditions may name."""

    def declared(type_: type[T]) -> type[T]:
        _by_type[type_] = Kept(type_=type_, table=NOTES, subject=found_by)
        return type_

    return declared


note()(Claim)
note()(Timing)
note()(ApiKey)
note()(KeyUse)
note()(FirstSeen)
note()(Trial)
note()(OutcomeImport)
note("conversation_id")(OwnMode)
note("trial_id")(ShadowAnswer)
note("approved_id")(Vouched)
note("proposal_id")(SideBySide)


def kept_as(type_: type[msgspec.Struct]) -> Kept:
    """Return where the records of a type are kept; InputError for one that is not declared."""
    found = _by_type.get(type_)
    if found is None:
        raise InputError(
            f"{type_.__name__} is no record",
            where=f"{type_.__module__}.{type_.__qualname__}",
            action="declare it in northloop/ports/catalogue.py, or with @note where it is small",
        )
    return found


def id_of(record: msgspec.Struct) -> str:
    """Return the id of a record: its first field."""
    value: str = getattr(record, record.__struct_fields__[0])
    return value


def is_value(wanted: object) -> bool:
    """Return whether a condition names one value of a column."""
    return wanted is None or isinstance(wanted, str | int | float | Enum)


def plain(value: object) -> Value:
    """Return a field's value as it stands in a column: None as "", a flag as 0 or 1."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (str, int, float)):
        return value
    raise InputError(
        f"{value!r} cannot stand in a column",
        where="records",
        action="only texts, numbers and flags can be found by",
    )


def searchable(text: str) -> str:
    """Return a text as words are looked for in it: case folded, two spaces before each word.

    A word begins after a space or a mark; a letter of a script without spaces is a word.
    """
    plain_ = _AFTER_A_MARK.sub(" ", text.replace("\0", " ").casefold())
    spaced = _UNSPACED.sub(r" \g<0> ", plain_)
    return "".join(f"  {word}" for word in spaced.split())


def patterns(words: str) -> list[str]:
    """Return what of the words stands in a `searchable` text that has them, each ≥ 3 letters.

    A word is found inside a longer one too. One of a letter or two is found where a word begins; in
    scripts that write no spaces, a word of any length is found anywhere.
    """
    return [*dict.fromkeys(map(_pattern, words.replace("\0", " ").split()))]


def _pattern(word: str) -> str:
    written = searchable(word)
    whole = len(word.casefold()) >= _LONG and not _UNSPACED.match(word)
    return written.lstrip() if whole else written


@lru_cache(4_096)
def facet(column: str, value: Value) -> str:
    """Return the three letters that a value of a column is noted as; seldom those of another."""
    number = int.from_bytes(sha256(f"{column} {value}".encode()).digest()[:8])
    return "".join(
        chr(_PRIVATE + place * _PLACES + number // _PLACES**place % _PLACES) for place in range(3)
    )
