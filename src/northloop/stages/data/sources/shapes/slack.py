"""Slack: the messages of a channel, as an export of the workspace has them, a file a day.

A thread is a conversation, and so is a message that nobody answered in one. An export does not say
who answers: where the user says it neither, and no list of users in the file has guests, whoever
opened a thread is taken for the customer and the others for agents. In a thread that a bot opened
nobody is known, and nothing is learnt of it. Apps are bots; joins and the like are the system's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.cases import fitting, held, in_order
from northloop.stages.data.sources.shapes.fields import Fields, has, inner, items, text, told
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_SPOKEN = ("", "thread_broadcast", "reply_broadcast", "me_message", "file_share")
"""Subtypes of what people write."""
_BOTS = ("bot_message", "assistant_app_thread")
_TIME = re.compile(r"\d{9,10}\.\d{3,6}$")
_MARK = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
"""A mention (`<@U1>`), a channel, a call to many, or an address: its label is shown."""
_GUESTS = ("is_restricted", "is_ultra_restricted", "is_stranger")
_SLACKBOT = "USLACKBOT"


class _Thread(msgspec.Struct, frozen=True):
    row: int
    messages: list[Fields]


class _People(msgspec.Struct, frozen=True):
    names: dict[str, str]
    """Id of a user → name."""
    agents: frozenset[str]
    """Who answers, by name, id or address in lower case; none to go by who opened a thread."""
    known: dict[str, set[str]]
    """Id of a user → what else it may be named by, in lower case."""
    guests: set[str]
    """Users from outside, as a list of users in the file tells."""

    @property
    def tell_sides(self) -> bool:
        """Whether it is known who answers, without going by who opened a thread."""
        return bool(self.agents or self.guests)

    def answers(self, user: str) -> bool:
        if not self.agents:
            return user not in self.guests
        return bool(self.agents & ({user.lower()} | self.known.get(user, set())))


def _is_message(record: Fields) -> bool:
    written = has(record, "text", "blocks", "files") > 0
    signed = has(record, "user", "bot_id", "username", "subtype", "user_profile") > 0
    return bool(_TIME.match(text(record, "ts")) and written and signed)


def _messages(record: Fields) -> list[Fields] | None:
    """Return the messages of a record, None if it holds nothing of Slack's."""
    if _is_message(record):
        return [record]
    channels = items(record, "channels", "conversations")
    listed = held(record, _is_message)[1] or [
        m for channel in channels for m in items(channel, "messages") if _is_message(m)
    ]
    replies = [r for m in listed for r in items(m, "slackdump_thread_replies", "thread_replies")]
    return [*listed, *replies] or ([] if _users(record) else None)


def _users(record: Fields) -> list[Fields]:
    itself = [record] if has(record, "profile", "team_id", "is_bot", "deleted") > 2 else []
    return itself or [u for u in items(record, "users", "members") if inner(u, "profile")]


def _fits(records: Values) -> str:
    return fitting(
        records,
        _messages,
        "its messages have a 'ts' and threads a 'thread_ts'; who answers it does not say: unless "
        "you do, who opens a thread is taken for the customer, the others for agents",
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return _read_for(records, frozenset())


def _read_for(
    records: Iterable[Record], agents: frozenset[str]
) -> Iterator[RawConversation | Refused]:
    people = _People({}, agents, {}, set())
    threads: dict[str, _Thread] = {}
    for record in records:
        listed = _messages(record.value)
        if listed is None:
            yield Refused(record.row, "it holds no message", sorted(record.value))
        for user in _users(record.value):
            _meet(people, text(user, "id"), user, inner(user, "profile"))
            if any(told(user, mark) for mark in _GUESTS):
                people.guests.add(text(user, "id"))
        for message in listed or ():
            profile = inner(message, "user_profile")
            _meet(people, text(message, "user"), profile, profile)
            opened = text(message, "thread_ts") or text(message, "ts")
            threads.setdefault(opened, _Thread(record.row, [])).messages.append(message)
    yield from _conversations(_with_talk(threads, people), people)


def _meet(people: _People, user: str, *told_of: Fields) -> None:
    keys = ("real_name", "display_name", "name", "email", "real_name_normalized")
    named = [name for one in told_of for key in keys if (name := text(one, key))]
    if user and named:
        people.names.setdefault(user, named[0])
        people.known.setdefault(user, set()).update(name.lower() for name in named)


def _with_talk(threads: dict[str, _Thread], people: _People) -> dict[str, _Thread]:
    """Return threads, with the messages in none as one where agents talk with but one customer."""
    alone = [t for t in threads.values() if not any(text(m, "thread_ts") for m in t.messages)]
    messages = [m for thread in alone for m in thread.messages]
    users = {text(m, "user") for m in messages if _is_human(m)}
    if not people.tell_sides or sum(not people.answers(user) for user in users) != 1:
        return threads
    begun, *rest = (text(thread.messages[0], "ts") for thread in alone)
    together = {begun: _Thread(alone[0].row, messages)}
    return {key: together.get(key, thread) for key, thread in threads.items() if key not in rest}


def _conversations(threads: dict[str, _Thread], people: _People) -> Iterator[RawConversation]:
    """Yield threads in which people wrote, in the order they begin in the file.

    They are numbered on where a page holds several.
    """
    number = 0
    for opened, thread in threads.items():
        if not any(map(_is_human, thread.messages)):
            continue
        number = max(number + 1, thread.row)
        customer = _customer(opened, thread.messages, people)
        yield RawConversation(
            row=number,
            messages=in_order(_message(m, customer, people) for m in _once(thread.messages)),
            ticket_id=opened,
            customer_id=customer,
            customer_name=people.names.get(customer, ""),
            created_at=opened,
            channel="slack",
        )


def _once(messages: list[Fields]) -> list[Fields]:
    """Return messages once each: what was sent to the channel too may stand in it twice."""
    return list({text(message, "ts"): message for message in messages}.values())


def _customer(opened: str, messages: list[Fields], people: _People) -> str:
    """Return the user who asks in a thread: its opener, or the first who is no agent; "" for none.

    Of a thread that began on another day, replies name who opened it.
    """
    if people.tell_sides:
        users = (text(m, "user") for m in messages if _is_human(m))
        return next((user for user in users if not people.answers(user)), "")
    first = next((m for m in messages if text(m, "ts") == opened), None)
    if first is not None:
        return text(first, "user") if _is_human(first) else ""
    return next(filter(None, (text(m, "parent_user_id") for m in messages)), "")


def _is_human(message: Fields) -> bool:
    return _role_of_kind(message) is None and bool(text(message, "user"))


def _role_of_kind(message: Fields) -> Role | None:
    """Return whose a message is that no person wrote, None for a person's."""
    kind = text(message, "subtype").lower()
    if kind in _BOTS or (kind in _SPOKEN and text(message, "bot_id")):
        return Role.BOT
    hidden = told(message, "hidden") or told(message, "is_ephemeral")
    system = hidden or kind not in _SPOKEN or text(message, "user") == _SLACKBOT
    return Role.SYSTEM if system else None


def _message(message: Fields, customer: str, people: _People) -> RawMessage:
    user = text(message, "user")
    role = _role_of_kind(message) or _side(user, customer, people)
    public = role is not None and role is not Role.SYSTEM
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_MARK.sub(lambda mark: _shown(mark, people), text(message, "text")),
        author=people.names.get(user, "") or text(message, "username"),
        at=text(message, "ts"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _side(user: str, customer: str, people: _People) -> Role | None:
    """Return on which side a person is, None if it is not known."""
    if not user:
        return None
    if people.tell_sides:
        return Role.AGENT if people.answers(user) else Role.CUSTOMER
    if not customer:
        return None
    return Role.CUSTOMER if user == customer else Role.AGENT


def _shown(mark: re.Match[str], people: _People) -> str:
    kind, target, label = mark[1], mark[2], mark[3] or ""
    if kind == "@":
        name = label or people.names.get(target, "")
        return f"@{name}" if name else ""
    if kind == "#":
        return f"#{label}" if label else ""
    if kind == "!":
        return label
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if label in address:
        return label or address
    return f"{label} ({address})"


SLACK = Shape(
    name="Slack messages",
    documented="https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports",
    fits=_fits,
    read=_read,
    read_for=_read_for,
)
