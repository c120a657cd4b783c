"""Telegram: chats as Telegram Desktop exports them into JSON, one of them or a whole account.

In a personal chat the other person, after whose id the chat is called, is the customer, and the
account that exported it answers. In a group staff are those the user names, who write in the name
of the group or of a channel, who pin messages and change the group, and who answer in many
conversations and open hardly any; whoever else is not the customer of a conversation is left out.
Messages belong to what they reply to, see `channels`. Bots, what was sent by way of one (`via_bot`)
and service messages are nobody's; chats with bots are left out, and so are groups that are called
after staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.answering import who_answers
from northloop.stages.data.sources.messages import in_parts
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.shapes.cases import fitting, in_order
from northloop.stages.data.sources.shapes.channels import (
    AMONG_STAFF,
    Post,
    Talk,
    divided,
    is_among_staff,
)
from northloop.stages.data.sources.shapes.fields import Fields, found, has, items, text
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_BOT_CHATS = ("bot_chat", "saved_messages", "verification_codes", "replies")
_BY_STAFF = ("pin_message", "edit_group_title", "edit_group_photo", "edit_chat_theme",
             "create_group", "create_channel", "topic_created", "topic_edit")  # fmt: skip
"""Service messages that only those cause who run a group."""


class _Chat(msgspec.Struct, frozen=True):
    messages: list[Fields]
    staff: frozenset[str]
    """Ids, as messages have them."""
    is_personal: bool

    def answers(self, message: Fields) -> bool:
        author = text(message, "from_id")
        return author in self.staff or (not self.is_personal and author.startswith("channel"))


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    signed = has(record, "from_id", "actor_id") > 0
    return signed and has(record, "id", "type", "date", "text") > 3


def _chats(record: Fields) -> list[Fields] | None:
    """Return the chats of a record, None if it holds none."""
    listed = [record, *items(record, "chats.list"), *items(record, "left_chats.list")]
    chats = [chat for chat in listed if any(map(_is_message, items(chat, "messages")))]
    return chats or ([] if has(record, "personal_information", "chats") > 1 else None)


def _fits(records: Values) -> str:
    return fitting(
        records,
        _chats,
        "its chats hold messages with a 'from_id'; who answers in a group is told by who writes in "
        "its name, who runs it, who answers in many conversations, or by you",
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    return _read_for(records, frozenset())


def _read_for(
    records: Iterable[Record], agents: frozenset[str]
) -> Iterator[RawConversation | Refused]:
    number = 0
    for record in records:
        chats = _chats(record.value)
        if chats is None:
            yield Refused(record.row, "it holds no chat", sorted(record.value))
        for chat in chats or ():
            if text(chat, "type") != "personal_chat" and is_among_staff(text(chat, "name")):
                yield Refused(record.row, AMONG_STAFF, text(chat, "name"))
                continue
            for talk in _talks(chat, agents):
                number = max(number + 1, record.row)
                yield _conversation(number, chat, talk)


# --- which messages are one conversation -------------------------------------------------------


def _talks(chat: Fields, agents: frozenset[str]) -> Iterator[Talk]:
    messages, kind = items(chat, "messages"), text(chat, "type")
    if kind in _BOT_CHATS:
        return
    customer = f"user{text(chat, 'id')}"
    staff = {text(m, "from_id") for m in messages if agents & _names_of(m)}
    if kind == "personal_chat":
        mine = {text(m, "from_id") for m in messages} - {customer, ""}
        known = _Chat(messages, frozenset(staff or mine), True)
        yield Talk(customer, [_post(m, known) for m in messages])
        return
    known = _Chat(messages, frozenset(staff or _staff(messages)), False)
    yield from divided(_post(m, known) for m in messages if _role_of_kind(m) is None)


def _names_of(message: Fields) -> set[str]:
    author = text(message, "from_id").lower()
    return {author, author.removeprefix("user"), text(message, "from").lower()} - {""}


def _staff(messages: list[Fields]) -> set[str]:
    """Return who runs a group, and who answers in it."""
    running = {text(m, "actor_id") for m in messages if text(m, "action") in _BY_STAFF} - {""}
    nobody = _Chat(messages, frozenset(running), False)
    spoken = [_post(m, nobody) for m in messages if _role_of_kind(m) is None]
    asked = [msgspec.structs.replace(post, is_answer=False) for post in spoken]
    agents, _ = who_answers([p.author for p in talk.posts] for talk in divided(asked))
    return running | agents


def _post(message: Fields, chat: _Chat) -> Post:
    return Post(
        message=message,
        id=text(message, "id"),
        author=text(message, "from_id"),
        is_answer=chat.answers(message),
        at=text(message, "date_unixtime", "date"),
        answers=text(message, "reply_to_message_id"),
    )


# --- a conversation ----------------------------------------------------------------------------


def _conversation(number: int, chat: Fields, talk: Talk) -> RawConversation:
    first = next((p.message for p in talk.posts if p.author == talk.customer), {})
    is_personal = text(chat, "type") == "personal_chat"
    return RawConversation(
        row=number,
        messages=in_order(_message(post, talk.customer) for post in talk.posts),
        ticket_id=text(chat, "id") if is_personal else text(first, "id"),
        customer_id=talk.customer,
        customer_name=text(first, "from"),
        created_at=text(first, "date_unixtime", "date"),
        channel="telegram",
    )


def _message(post: Post, customer: str) -> RawMessage:
    side = Role.CUSTOMER if post.author == customer else Role.SYSTEM
    role = _role_of_kind(post.message) or (Role.AGENT if post.is_answer else side)
    return RawMessage(
        role=role,
        text=in_parts(found(post.message, "text")),
        author=text(post.message, "from"),
        at=post.at,
        visibility=Visibility.PRIVATE if role is Role.SYSTEM else Visibility.PUBLIC,
    )


def _role_of_kind(message: Fields) -> Role | None:
    """Return whose a message is that no person wrote, None for a person's."""
    if text(message, "type").lower() != "message":
        return Role.SYSTEM
    if text(message, "via_bot") or words_of(text(message, "from")).endswith("bot"):
        return Role.BOT
    return None


TELEGRAM = Shape(
    name="Telegram chats",
    says_ends=False,
    documented="https://telegram.org/blog/export-and-more",
    fits=_fits,
    read=_read,
    read_for=_read_for,
)
