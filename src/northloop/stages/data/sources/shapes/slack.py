"""Slack: the messages of channels, as an export of the workspace has them, a file a day.

The days of an archive are read together with its `users.json`, `channels.json`, `groups.json`,
`dms.json` and `mpims.json`. A thread is a conversation, and so is a message that nobody answered in
one. An export does not say who answers: where the user says it neither, and neither a list of users
nor the workspace that a message was written from tells guests, whoever opened a thread is taken for
the customer and the others for agents. In a thread that a bot opened nobody is known, and nothing
is learnt of it. Apps are bots; joins and the like are the system's. What is written in private
channels and direct messages is among colleagues, unless a guest writes there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.cases import fitting, held, in_order
from northloop.stages.data.sources.shapes.fields import Fields, has, inner, items, text, told
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_SPOKEN = ("", "thread_broadcast", "reply_broadcast", "me_message", "file_share")
"""Subtypes of what people write."""
_BOTS = ("bot_message", "assistant_app_thread")
_TIME = re.compile(r"\d{9,10}\.\d{3,6}$")
_MARK = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
"""A mention (`<@U1>`), a channel, a call to many, or an address: its label is shown."""
_GUESTS = ("is_restricted", "is_ultra_restricted", "is_stranger")
_BOT_MARKS = ("is_bot", "is_workflow_bot")
_SLACKBOT = "USLACKBOT"
_LISTS_OF_CHANNELS = ("channels", "groups", "dms", "mpims")
_CLOSED = ("groups", "dms", "mpims")
"""Files that list private channels, direct messages, and those of several."""
_DIRECT = re.compile(r"D[A-Z0-9]{7,}|mpdm-.+")
"""What folders of direct messages are called, whatever lists there are."""
_AMONG_COLLEAGUES = (
    "a private channel or direct message in which nobody from outside writes: it is left out"
)


class _Thread(msgspec.Struct, frozen=True):
    row: int
    messages: list[Fields]
    channel: str = ""
    """Folder of an archive that it stands in."""

    @property
    def opened(self) -> str:
        first = self.messages[0]
        return text(first, "thread_ts") or text(first, "ts")


class _People(msgspec.Struct, frozen=True):
    names: dict[str, str]
    """Id of a user → name."""
    agents: frozenset[str]
    """Who answers, by name, id or address in lower case; none to go by who opened a thread."""
    known: dict[str, set[str]]
    """Id of a user → what else it may be named by, in lower case."""
    guests: set[str]
    """Users from outside, as a list of users in the file tells, or where they write from."""
    bots: set[str]
    teams: dict[str, str]
    """Id of a user → the workspace that it belongs to, as a list of users tells."""

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


def _part(record: Record) -> Part | None:
    """Return what a file of an archive holds: days, or what its name lists."""
    if PurePosixPath(record.file).stem.lower() in _LISTS_OF_CHANNELS:
        return Part.BESIDE if has(record.value, "members", "created") else None
    if _users(record.value):
        return Part.BESIDE
    return Part.CASES if _messages(record.value) else None


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
    people = _People({}, agents, {}, set(), set(), {})
    threads: dict[tuple[str, str], _Thread] = {}
    closed: set[str] = set()
    for record in records:
        file = PurePosixPath(record.file)
        if record.file and file.stem.lower() in _LISTS_OF_CHANNELS:
            named = {text(record.value, key) for key in ("id", "name")} - {""}
            closed |= named if file.stem.lower() in _CLOSED else set()
            continue
        listed = _messages(record.value)
        if listed is None:
            yield Refused(record.row, "it holds no message", sorted(record.value))
        for user in _users(record.value):
            _enter(people, user)
        channel = file.parent.name
        for message in listed or ():
            profile = inner(message, "user_profile")
            _meet(people, text(message, "user"), profile, profile)
            opened = text(message, "thread_ts") or text(message, "ts")
            place = (channel, opened)
            threads.setdefault(place, _Thread(record.row, [], channel)).messages.append(message)
    _find_guests(people, threads.values())
    among = _among_colleagues(threads.values(), people, closed)
    for channel, row in among.items():
        yield Refused(row, _AMONG_COLLEAGUES, {"channel": channel})
    shown = {place: thread for place, thread in threads.items() if thread.channel not in among}
    yield from _conversations(_with_talk(shown, people), people)


def _enter(people: _People, user: Fields) -> None:
    """Note what a list of users tells of one."""
    user_id = text(user, "id")
    _meet(people, user_id, user, inner(user, "profile"))
    if any(told(user, mark) for mark in _GUESTS):
        people.guests.add(user_id)
    if any(told(user, mark) for mark in _BOT_MARKS):
        people.bots.add(user_id)
    if team := text(user, "team_id"):
        people.teams[user_id] = "" if inner(user, "enterprise_user") else team


def _find_guests(people: _People, threads: Iterable[_Thread]) -> None:
    """Note as guests who write from another workspace than most of the list of users belong to.

    Of an organisation with several workspaces that says nothing.
    """
    if "" in people.teams.values() or not people.teams:
        return
    home = Counter(people.teams.values()).most_common(1)[0][0]
    for thread in threads:
        for message in thread.messages:
            team, user = text(message, "user_team", "source_team"), text(message, "user")
            if user and team and team != home and people.teams.get(user) != home:
                people.guests.add(user)


def _among_colleagues(
    threads: Iterable[_Thread], people: _People, closed: set[str]
) -> dict[str, int]:
    """Return the closed channels in which no guest writes, and the first row of each."""
    rows: dict[str, int] = {}
    with_guests: set[str] = set()
    for thread in threads:
        if thread.channel in closed or _DIRECT.fullmatch(thread.channel):
            rows.setdefault(thread.channel, thread.row)
            if any(text(m, "user") in people.guests for m in thread.messages):
                with_guests.add(thread.channel)
    return {channel: row for channel, row in rows.items() if channel not in with_guests}


def _meet(people: _People, user: str, *told_of: Fields) -> None:
    keys = ("real_name", "display_name", "name", "email", "real_name_normalized")
    named = [name for one in told_of for key in keys if (name := text(one, key))]
    if user and named:
        people.names.setdefault(user, named[0])
        people.known.setdefault(user, set()).update(name.lower() for name in named)


def _with_talk(threads: dict[tuple[str, str], _Thread], people: _People) -> list[_Thread]:
    """Return threads, with the messages of a channel in none as one where agents talk with but one
    customer there.
    """
    kept = dict(threads)
    for places in _alone(threads).values() if people.tell_sides else ():
        messages = [m for place in places for m in threads[place].messages]
        users = {text(m, "user") for m in messages if _is_human(m, people)}
        if sum(not people.answers(user) for user in users) == 1:
            first = threads[places[0]]
            kept[places[0]] = _Thread(first.row, messages, first.channel)
            for place in places[1:]:
                del kept[place]
    return list(kept.values())


def _alone(threads: dict[tuple[str, str], _Thread]) -> dict[str, list[tuple[str, str]]]:
    """Return by channel the messages that stand in no thread."""
    found: dict[str, list[tuple[str, str]]] = {}
    for place, thread in threads.items():
        if not any(text(message, "thread_ts") for message in thread.messages):
            found.setdefault(thread.channel, []).append(place)
    return found


def _conversations(threads: list[_Thread], people: _People) -> Iterator[RawConversation]:
    """Yield threads in which people wrote, in the order they begin in the file.

    They are numbered on where a page holds several.
    """
    number = 0
    for thread in threads:
        opened = thread.opened
        if not any(_is_human(message, people) for message in thread.messages):
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
        users = (text(m, "user") for m in messages if _is_human(m, people))
        return next((user for user in users if not people.answers(user)), "")
    first = next((m for m in messages if text(m, "ts") == opened), None)
    if first is not None:
        return text(first, "user") if _is_human(first, people) else ""
    return next(filter(None, (text(m, "parent_user_id") for m in messages)), "")


def _is_human(message: Fields, people: _People) -> bool:
    return _role_of_kind(message, people) is None and bool(text(message, "user"))


def _role_of_kind(message: Fields, people: _People) -> Role | None:
    """Return whose a message is that no person wrote, None for a person's."""
    kind, by_bot = text(message, "subtype").lower(), text(message, "user") in people.bots
    if kind in _BOTS or (kind in _SPOKEN and (by_bot or text(message, "bot_id"))):
        return Role.BOT
    hidden = told(message, "hidden") or told(message, "is_ephemeral")
    system = hidden or kind not in _SPOKEN or text(message, "user") == _SLACKBOT
    return Role.SYSTEM if system else None


def _message(message: Fields, customer: str, people: _People) -> RawMessage:
    user = text(message, "user")
    role = _role_of_kind(message, people) or _side(user, customer, people)
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
    says_ends=False,
    documented="https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports",
    fits=_fits,
    read=_read,
    read_for=_read_for,
    part=_part,
    is_divided=True,
)
