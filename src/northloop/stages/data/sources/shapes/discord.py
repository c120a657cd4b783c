"""Discord: channels and threads as DiscordChatExporter writes them into JSON, a file for each.

Staff are told by what their roles are called, or by the user; who opens a thread, or writes what
others answer, is the customer, and whoever else is no staff is left out. A thread is a
conversation, and so is a channel in which but one customer writes. In any other channel the answers
name by `reference` what they answer, or by a mention whom; what names neither belongs to the one
conversation that was going on within the hour. Bots are bots; pins and joins are the system's.
Channels that are called after staff, or lie in a category that is, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.shapes.cases import fitting, in_order
from northloop.stages.data.sources.shapes.channels import (
    AMONG_STAFF,
    Post,
    divided,
    is_among_staff,
)
from northloop.stages.data.sources.shapes.fields import Fields, has, inner, items, text, told
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values
from northloop.stages.data.wording import words

_SPOKEN = ("", "default", "reply", "0", "19")
_STAFF = words(
    """
    staff support moderator moderators mod mods admin admins administrator administrators helper
    helpers agent agents employee employees helpdesk mitarbeiter equipe équipe soporte suporte
    """
)
"""What a role of staff is called by one of its words."""
_STAFF_PARTS = ("スタッフ", "運営", "サポート", "客服", "管理员", "管理員")


class _Talk(msgspec.Struct, frozen=True):
    customer: str
    messages: list[Fields]


Answers = Callable[[Fields], bool]
"""Message → whether one of the staff wrote it."""


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    signed = has(inner(record, "author"), "is_bot", "discriminator", "nickname") > 1
    return signed and has(record, "content", "timestamp", "type") > 2


def _messages(record: Fields) -> list[Fields] | None:
    """Return the messages of a channel, None if a record holds no channel."""
    listed = [m for m in items(record, "messages") if _is_message(m)]
    is_channel = has(record, "guild", "channel", "messages") > 2
    return listed if listed or is_channel else None


def _fits(records: Values) -> str:
    return fitting(
        records,
        _messages,
        "its channels hold messages whose authors have 'isBot' and 'roles'; who answers is told by "
        "roles called support, staff, moderator or the like, or by you",
    )


def _part(record: Record) -> Part | None:
    return Part.CASES if _messages(record.value) is not None else None


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return _read_for(records, frozenset())


def _read_for(
    records: Iterable[Record], agents: frozenset[str]
) -> Iterator[RawConversation | Refused]:
    def answers(message: Fields) -> bool:
        author = inner(message, "author")
        if agents:
            named = (text(author, key).lower() for key in ("id", "name", "nickname"))
            return not agents.isdisjoint(named)
        return any(_is_staff(text(role, "name")) for role in items(author, "roles"))

    number = 0
    for record in records:
        said = _messages(record.value)
        if said is None:
            yield Refused(record.row, "it holds no channel", sorted(record.value))
        channel = inner(record.value, "channel")
        if is_among_staff(text(channel, "name"), text(channel, "category")):
            yield Refused(record.row, AMONG_STAFF, text(channel, "name"))
            continue
        for talk in _talks(channel, said or [], answers):
            number = max(number + 1, record.row)
            yield _conversation(number, channel, talk, answers)


def _is_staff(role: str) -> bool:
    said = words_of(role).split()
    named = bool(_STAFF & set(said)) or said[-1:] == ["team"] or role_of(role) is Role.AGENT
    return named or any(part in role for part in _STAFF_PARTS)


# --- which messages are one conversation -------------------------------------------------------


def _talks(channel: Fields, said: list[Fields], answers: Answers) -> Iterator[_Talk]:
    asking = (m for m in said if _is_human(m) and not answers(m))
    customers = list(dict.fromkeys(map(_author, asking)))
    if customers and (len(customers) == 1 or _is_thread(channel)):
        yield _Talk(customers[0], said)
        return
    for talk in divided(_post(m, answers) for m in said if _is_human(m)):
        yield _Talk(talk.customer, [post.message for post in talk.posts])


def _post(message: Fields, answers: Answers) -> Post:
    return Post(
        message=message,
        id=text(message, "id"),
        author=_author(message),
        is_answer=answers(message),
        at=text(message, "timestamp"),
        answers=text(message, "reference.message_id"),
        mentions=frozenset(text(one, "id") for one in items(message, "mentions")),
    )


def _is_thread(channel: Fields) -> bool:
    return "thread" in text(channel, "type").lower()


def _author(message: Fields) -> str:
    return text(message, "author.id") or text(message, "author.name")


def _is_human(message: Fields) -> bool:
    return _is_spoken(message) and told(message, "author.is_bot") is False


def _is_spoken(message: Fields) -> bool:
    return text(message, "type").lower() in _SPOKEN


# --- a conversation ----------------------------------------------------------------------------


def _conversation(number: int, channel: Fields, talk: _Talk, answers: Answers) -> RawConversation:
    first = next((m for m in talk.messages if _author(m) == talk.customer), {})
    named = _is_thread(channel)
    return RawConversation(
        row=number,
        messages=in_order(_message(m, talk.customer, answers) for m in talk.messages),
        ticket_id=text(channel, "id") if named else text(first, "id"),
        subject=text(channel, "name") if named else "",
        customer_id=talk.customer,
        customer_name=_name(first),
        created_at=text(first, "timestamp"),
        channel="discord",
    )


def _message(message: Fields, customer: str, answers: Answers) -> RawMessage:
    role = _role(message, customer, answers)
    return RawMessage(
        role=role,
        text=text(message, "content"),
        author=_name(message),
        at=text(message, "timestamp"),
        visibility=Visibility.PRIVATE if role is Role.SYSTEM else Visibility.PUBLIC,
    )


def _role(message: Fields, customer: str, answers: Answers) -> Role:
    if not _is_spoken(message):
        return Role.SYSTEM
    if not _is_human(message):
        return Role.BOT
    if answers(message):
        return Role.AGENT
    return Role.CUSTOMER if _author(message) == customer else Role.SYSTEM


def _name(message: Fields) -> str:
    return text(message, "author.nickname") or text(message, "author.name")


DISCORD = Shape(
    name="Discord channels",
    says_ends=False,
    documented="https://github.com/Tyrrrz/DiscordChatExporter/blob/master/"
    "DiscordChatExporter.Core/Exporting/JsonMessageWriter.cs",
    fits=_fits,
    read=_read,
    read_for=_read_for,
    part=_part,
    is_divided=True,
)
