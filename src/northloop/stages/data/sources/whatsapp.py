"""Chats as WhatsApp exports them: a text file, a line for each message, dated as the phone does.

A line that begins with a date and a time begins a message, any other goes on with the one before.
What WhatsApp itself says has no sender, or a mark that no keyboard writes. A silence of more than a
day ends a conversation, as it ends the window in which a business may answer. The file does not say
who answers; one that is named after the customer does. Else, of two, who is called as a business
is, or whom the other begins to talk with and asks.

The variants of the format are described at
https://whatstk.readthedocs.io/en/latest/source/getting_started/hformat.html.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice, permutations

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.core.patterns import lazy
from northloop.stages.data.dates import DateOrder, day_order, to_utc
from northloop.stages.data.sources.firms import is_firm
from northloop.stages.data.sources.sides import ASKING, LEAST_ASKING, MORE_ASKING

NAME = "WhatsApp chat"
"""As people know such a file."""
SILENCE = timedelta(hours=24)
SAMPLE_LINES = 40
MOST_NAME_CHARS = 60
FEWEST_ASKED = 2
"""So many questions tell that somebody asks."""
MOST_OPENED = 0.8
"""Who asks begins so many of the conversations."""
_BLANKS = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x200F: None, 0x202A: None, 0x202C: None,
           0xFEFF: None}  # fmt: skip
_MARK = "\u200e"
"""Stands before what WhatsApp wrote, on iPhones."""
_DATE = r"(?P<date>\d{1,4}(?P<sep>[./-])\d{1,2}(?P=sep)\d{1,4}|\d{4}\. \d{1,2}\. \d{1,2})\.?"
_HALF = r"[ap]\. ?m\.|[ap]m|上午|下午|午前|午後|오전|오후"
_TIME = (
    rf"(?P<before>(?:{_HALF}) ?)?(?P<clock>\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?)"
    rf"(?: ?(?P<after>{_HALF})| Uhr)?"
)
_HEAD = lazy(
    rf"{_MARK}?(?:\[{_DATE},? (?:à |a las |um |at )?{_TIME}\] ?|"
    rf"{_DATE.replace('date', 'date2').replace('sep', 'sep2')},? (?:à |a las |um |at )?"
    rf"{_TIME.replace('before', 'before2').replace('clock', 'clock2').replace('after', 'after2')}"
    r"(?: [-–] |: ))",
    re.I,
)
_SENDER = lazy(rf"(?P<name>[^:\"“”„«»]{{1,{MOST_NAME_CHARS}}}?) ?:(?: |$)")
_AFTERNOON = ("p", "下午", "午後", "오후")
_LEFT_OUT = lazy(r"<[^<>]{3,60}>$|null$|[^\s<>]+\.\w{2,5} \([^()]+\)$")
"""What stands for a picture or a file: `<Media omitted>`, `IMG-1.jpg (file attached)`."""
_EDITED = lazy(r"\s*<(?:(?:[^<>\s]+ ){2,}[^<>]+|mensagem editada|[\u3040-\u9fff]{5,25})>$", re.I)
_DELETED = frozenset(
    phrase.strip()
    for phrase in """
    this message was deleted
    you deleted this message
    diese nachricht wurde gelöscht
    du hast diese nachricht gelöscht
    ce message a été supprimé
    vous avez supprimé ce message
    se eliminó este mensaje
    eliminaste este mensaje
    questo messaggio è stato eliminato
    hai eliminato questo messaggio
    mensagem apagada
    essa mensagem foi apagada
    você apagou essa mensagem
    dit bericht is verwijderd
    je hebt dit bericht verwijderd
    ta wiadomość została usunięta
    usunięto tę wiadomość
    det här meddelandet togs bort
    du tog bort det här meddelandet
    このメッセージは削除されました
    此消息已被删除
    您删除了此消息
    """.strip().split("\n")
)


class Line(msgspec.Struct, frozen=True):
    """One message as the file has it, or what WhatsApp said in between."""

    row: int
    """Number of the message in the file, counting from 1."""
    at: datetime | None
    sender: str
    """The name or the number it was written under, "" for what WhatsApp said."""
    text: str
    """"" for a picture, a file, what was deleted."""


class Answering(msgspec.Struct, frozen=True):
    """Who answers in a chat, in lower case, and why; nobody where it is not sure."""

    agents: frozenset[str]
    why: str


def is_chat(lines: Iterable[str]) -> bool:
    """Whether a text begins as an exported chat does: with messages, each under a name."""
    first = [line for line in islice(lines, SAMPLE_LINES) if line.strip()]
    heads = [found for line in first if (found := _HEAD.match(_plain(line)))]
    begins = bool(first) and _HEAD.match(_plain(first[0])) is not None
    return begins and any(_SENDER.match(found.string[found.end() :]) for found in heads)


def messages(lines: Iterable[str]) -> list[Line]:
    """Return the messages of a chat in their order. Their times are the phone's, without a zone."""
    heads: list[tuple[re.Match[str], list[str]]] = []
    for line in map(_plain, lines):
        if head := _HEAD.match(line):
            heads.append((head, [line[head.end() :]]))
        elif heads:
            heads[-1][1].append(line)
    order = day_order([_date(head) for head, _ in heads])
    return [
        _line(row, _moment(head, order), "\n".join(said))
        for row, (head, said) in enumerate(heads, 1)
    ]


def who_answers(
    senders: Iterable[str], named: frozenset[str] = frozenset(), file_name: str = ""
) -> Answering:
    """Return who of the senders answers: those named (in lower case); else, of two, the one that
    the file, or the folder or archive around it, is not called after: `WhatsApp Chat with Jo.txt`.
    """
    found = list(dict.fromkeys(sender.strip().lower() for sender in senders if sender.strip()))
    if named:
        return Answering(frozenset(named).intersection(found), "as you said")
    parts = unicodedata.normalize("NFC", _plain(file_name)).lower().split("/")
    stems = [s.strip() for part in parts for s in (part, part.rpartition(".")[0])]
    customers = [n for n in found if any(s == n or s.endswith(f" {n}") for s in stems)]
    if len(found) != 2 or len(customers) != 1:
        return Answering(frozenset(), "")
    return Answering(
        frozenset(found) - set(customers),
        f"the file is named after the other, {customers[0]!r}, as the chat is on your own phone",
    )


def who_seems_to_answer(chat: Sequence[Line]) -> Answering:
    """Return who of two in a chat answers: who alone is called as a business is, if the other asks
    no less often; else whom the other asks and begins to talk with. Nobody where it is not sure.
    """
    senders = list(dict.fromkeys(line.sender for line in chat if line.sender and line.text))
    if len(senders) != 2:
        return Answering(frozenset(), "")
    asked = {sender: _asked(chat, sender) for sender in senders}
    firms = [sender for sender in senders if is_firm(sender)]
    opened = [talk[0].sender for talk in _divided(chat)]
    for other, sender in permutations(senders):
        (times, rate), (_, less) = asked[other], asked[sender]
        found = frozenset({sender.strip().lower()})
        if firms == [sender] and rate >= less:
            return Answering(found, f"{sender!r} is called as a business is, {other!r} is not")
        asks = times >= FEWEST_ASKED and rate >= LEAST_ASKING and rate > MORE_ASKING * less
        if not firms and asks and opened.count(other) >= MOST_OPENED * len(opened):
            return Answering(found, f"{other!r} begins the conversations and asks, {sender!r} not")
    return Answering(frozenset(), "")


def _asked(chat: Iterable[Line], sender: str) -> tuple[int, float]:
    """Return how many messages of a sender ask, and their share."""
    said = [line.text for line in chat if line.sender == sender and line.text]
    asks = sum(any(mark in text for mark in ASKING) for text in said)
    return asks, asks / len(said)


def conversations(
    chat: Sequence[Line], agents: frozenset[str], name: str, channel: str = "whatsapp"
) -> Iterator[RawConversation]:
    """Yield the conversations of a chat, told who answers (in lower case) and the chat's name."""
    for number, lines in enumerate(_divided(chat), 1):
        asker = next((line.sender for line in lines if line.sender.lower() not in agents), "")
        yield RawConversation(
            row=lines[0].row,
            messages=tuple(_message(line, agents) for line in lines),
            ticket_id=f"{name}#{number}",
            customer_id=asker,
            customer_name="" if asker.startswith("+") else asker,
            created_at=_told(lines[0].at),
            channel=channel,
        )


def _message(line: Line, agents: frozenset[str]) -> RawMessage:
    answers = line.sender.lower() in agents
    return RawMessage(
        role=Role.AGENT if answers else Role.CUSTOMER,
        text=line.text,
        author=line.sender,
        at=_told(line.at),
    )


def _divided(chat: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the stretches of a chat without a silence in them, of what people said."""
    stretch: list[Line] = []
    for line in chat:
        if not line.sender or not line.text:
            continue
        before = stretch[-1].at if stretch else None
        if before and line.at and line.at - before > SILENCE:
            yield stretch
            stretch = []
        stretch.append(line)
    if stretch:
        yield stretch


def _plain(line: str) -> str:
    return line.rstrip("\r\n").translate(_BLANKS)


def _line(row: int, at: datetime | None, rest: str) -> Line:
    found = _SENDER.match(rest)
    if found is None or rest.startswith(_MARK):
        return Line(row, at, "", "")
    said = rest[found.end() :]
    return Line(row, at, found["name"].strip(" ~\u200e\u2068\u2069"), _said(said))


def _said(text: str) -> str:
    """Return what somebody wrote, without what WhatsApp put in its place or behind it."""
    by_itself, _, rest = text.partition("\n")
    if by_itself.startswith(_MARK) or _LEFT_OUT.match(by_itself.strip().replace(_MARK, "")):
        return rest.strip()
    written = _EDITED.sub("", text.replace(_MARK, "")).strip()
    return "" if written.lower().rstrip(".。") in _DELETED else written


def _date(head: re.Match[str]) -> str:
    return (head["date"] or head["date2"]).replace(". ", ".")


def _moment(head: re.Match[str], order: DateOrder) -> datetime | None:
    half = (head["before"] or head["before2"] or head["after"] or head["after2"] or "").lower()
    clock = (head["clock"] or head["clock2"]).replace(".", ":")
    marked = f" {'PM' if half.startswith(_AFTERNOON) else 'AM'}" if half else ""
    at = to_utc(f"{_date(head)} {clock}{marked}", order)
    return datetime.fromisoformat(at.removesuffix("Z")) if at else None


def _told(at: datetime | None) -> str:
    return at.isoformat() if at else ""
