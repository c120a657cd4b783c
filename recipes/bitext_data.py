"""Bitext's customer-support pairs and utterances as ticket exports.

Bitext (CDLA-Sharing-1.0): utterances generated from templates, in 27 intents, and replies written
by a language model. Two exports come of the folder:

- `pairs.jsonl`: questions with replies. 300 pairs cover all 27 intents; the 1,344 others cover two
  or three, and take their intent from the utterance list where the very words are in it.
- `utterances.jsonl`: questions with their intent and no reply, for the intents alone.

Slots such as `{{Order Number}}` become what the product itself would put in their place: typed
placeholders for what identifies a person or an order, one value for one slot and row for the rest.
The rows have no dates, customers or conversations: the data have none. Nothing is drawn at random
that is not fixed by the row's id, so the same folder gives the same bytes.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from results import drawn

from northloop import errors

LICENCE = "CDLA-Sharing-1.0"

_PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "order number": "[ORDER]",
        "tracking number": "[ID]",
        "invoice number": "[ID]",
        "person name": "[NAME]",
        "client name": "[NAME]",
        "client first name": "[NAME]",
        "client last name": "[NAME]",
        "username": "[NAME]",
        "email address": "[EMAIL]",
        "customer support email": "[EMAIL]",
        "customer support phone number": "[PHONE]",
        "password": "[SECRET]",
    }
)
_ACCOUNTS = ("freemium", "gold", "platinum", "premium", "pro", "standard")
_ACCOUNT = re.compile(rf"\b(?:{'|'.join(_ACCOUNTS)}|free)\b(?= (?:account|profile|user))", re.I)
_ACCOUNT_SLOTS = frozenset(("account type", "account category", "profile type", "membership type"))
_VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "delivery city": ("Bristol", "Graz", "Lyon", "Utrecht"),
        "delivery country": ("Austria", "France", "Ireland", "the Netherlands"),
        "currency symbol": ("€",),
        "refund amount": ("24.90", "49.90", "80.00", "129.00"),
        "date range": ("the last 30 days", "the last three months"),
        "customer support hours": ("from 9 am to 5 pm on weekdays",),
        "customer assistance hours": ("from 9 am to 5 pm on weekdays",),
        "customer service hours": ("from 9 am to 5 pm on weekdays",),
        "website url": ("our website",),
        "online company portal info": ("our customer portal",),
        "login page url": ("our login page",),
        "account recovery page url": ("our account recovery page",),
        "salutation": ("customer",),
        "eta": ("within three days",),
    }
)
_SLOT = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of an export."""

    id: str
    question: str
    reply: str = ""
    intent: str = ""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    pairs: Path
    utterances: Path
    pair_rows: int
    utterance_rows: int


class _Metadata(msgspec.Struct):
    intent: str


class _PairOfAll(msgspec.Struct):
    id: str
    text: str
    agent_reply: str
    metadata: _Metadata


class _PairOfFew(msgspec.Struct):
    input: str
    output: str


def export(folder: Path, target: Path, per_intent: int = 200) -> Export:
    """Write `pairs.jsonl` and `utterances.jsonl` into `target` and return what was written.

    At most `per_intent` utterances of each intent, always the same. InputError if the folder is
    not Bitext's.
    """
    target.mkdir(parents=True, exist_ok=True)
    pairs, utterances = list(pair_rows(folder)), list(utterance_rows(folder, per_intent))
    return Export(
        pairs=_written(target / "pairs.jsonl", pairs),
        utterances=_written(target / "utterances.jsonl", utterances),
        pair_rows=len(pairs),
        utterance_rows=len(utterances),
    )


def pair_rows(folder: Path) -> Iterator[Row]:
    """Yield the answered questions: first the 300 of all intents, then the others."""
    some = _found(folder / "pairs_300_all_intents.json").read_bytes()
    for pair in msgspec.json.decode(some, type=list[_PairOfAll]):
        yield _row(f"bitext-{pair.id}", (pair.text, pair.agent_reply), pair.metadata.intent)
    intents = dict(_utterances(folder))
    lines = _found(folder / "pairs_val.jsonl").read_bytes().splitlines()
    for number, line in enumerate(lines):
        other = msgspec.json.decode(line, type=_PairOfFew)
        intent = intents.get(other.input, "")
        yield _row(f"bitext-val-{number:04}", (other.input, other.output), intent)


def utterance_rows(folder: Path, per_intent: int) -> Iterator[Row]:
    """Yield at most `per_intent` different utterances of each intent, in the order of the list."""
    by_intent: dict[str, dict[str, str]] = defaultdict(dict)
    for number, (text, intent) in enumerate(_utterances(folder)):
        by_intent[intent].setdefault(text, f"bitext-utterance-{number:05}")
    for intent, ids in by_intent.items():
        kept = frozenset(sorted(ids.values(), key=lambda id_: drawn("bitext", id_))[:per_intent])
        for text, id_ in ids.items():
            if id_ in kept:
                yield _row(id_, (text, ""), intent)


def filled(pair: tuple[str, str], row_id: str) -> tuple[str, str]:
    """Return a question and its reply with their slots filled, the same slot by the same words.

    A kind of account that the texts name ("the gold profile") is what their slots for it get. A
    slot without a value of its own ("{{Settings}}") names a place on the screen: its words stay.
    """
    account = _account(pair, row_id)

    def filling(slot: re.Match[str]) -> str:
        name = " ".join(slot[1].split()).lower()
        if name in _ACCOUNT_SLOTS:
            return account
        values = _VALUES.get(name, (_PLACEHOLDERS.get(name, slot[1]),))
        return values[int(drawn("bitext", row_id, name) * len(values))]

    question, reply = (_filled(text, filling) for text in pair)
    return question, reply


def _filled(text: str, filling: Callable[[re.Match[str]], str]) -> str:
    """Fill the innermost slots until there are none; some stand in one another or do not close."""
    while _SLOT.search(text):
        text = _SLOT.sub(filling, text)
    return " ".join(text.replace("{", "").replace("}", "").split())


def _account(pair: tuple[str, str], row_id: str) -> str:
    """Return the kind of account that is named first, else the one the row has drawn."""
    for text in pair:
        named = _ACCOUNT.search(text)
        if named:
            return named[0]
    return _ACCOUNTS[int(drawn("bitext", row_id, "account") * len(_ACCOUNTS))]


def _row(row_id: str, pair: tuple[str, str], intent: str) -> Row:
    question, reply = filled(pair, row_id)
    return Row(id=row_id, question=question, reply=reply, intent=intent)


def _utterances(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (text, intent) of the utterance list."""
    path = _found(folder / "utterances_27k_intent_derived.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["instruction"], row["intent"]


def _found(path: Path) -> Path:
    if path.is_file():
        return path
    raise errors.InputError(
        "there is no Bitext data set here",
        where=str(path),
        action="give the folder that holds pairs_300_all_intents.json and pairs_val.jsonl",
    )


def _written(path: Path, rows: Iterable[Row]) -> Path:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path
