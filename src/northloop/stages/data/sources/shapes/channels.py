"""Channels in which many people write at once: which of their messages are one conversation, and
which channels are among colleagues.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.shapes.fields import Fields
from northloop.stages.data.wording import words

GOES_ON = timedelta(hours=1)
"""So long after its last message somebody may go on in a conversation without naming it."""

AMONG_STAFF = "by its name the channel is among colleagues"
_STAFF = words(
    """
    staff mod mods moderator moderators moderation admin admins backoffice
    internal intern interne interner internes interno interna wewnętrzny wewnętrzna
    """
)
_STAFF_PARTS = ("社内", "内部", "內部", "非公開")
_ASKING = words("ask contact report help support apply application applications talk question")
"""Where these stand beside staff, others write to them: `ask-staff`."""


def is_among_staff(*names: str) -> bool:
    """Whether a channel, or what it lies in, is called after staff or what is internal."""
    return any(map(_is_staffs, names))


def _is_staffs(name: str) -> bool:
    said = set(words_of(name).split())
    inside = {word for word in said & _STAFF if word.startswith(("intern", "wewn"))}
    of_staff = bool(inside) or (bool(_STAFF & said) and not _ASKING & said)
    return of_staff or any(part in name for part in _STAFF_PARTS)


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a channel, as far as it tells whose conversation it is of."""

    message: Fields
    id: str
    author: str
    is_answer: bool
    """Whether somebody wrote it who answers."""
    at: str = ""
    answers: str = ""
    """Id of the message that it answers, "" where it names none."""
    mentions: frozenset[str] = frozenset()
    """Ids of those it is written to."""


class Talk(msgspec.Struct, frozen=True):
    """A conversation of a channel."""

    customer: str
    posts: list[Post]

    def goes_on(self, at: datetime | None) -> bool:
        last = _moment(self.posts[-1])
        return bool(at and last and at - last <= GOES_ON)


def divided(posts: Iterable[Post]) -> list[Talk]:
    """Return the conversations of a channel, each with the customer who opens it.

    A message belongs where what it answers does. One that names nothing goes on with what its
    author, or whom it mentions, wrote within the hour; an answer that names nobody with the one
    conversation that was going on. Answers that fit nowhere are left out.
    """
    found: list[Talk] = []
    of_post: dict[str, Talk] = {}
    for post in posts:
        talk = of_post.get(post.answers) or (None if post.answers else _going_on(found, post))
        if talk is None and not post.is_answer:
            talk = Talk(post.author, [])
            found.append(talk)
        if talk is not None:
            talk.posts.append(post)
            of_post[post.id] = talk
    return found


def _going_on(found: Sequence[Talk], post: Post) -> Talk | None:
    at = _moment(post)
    recent = [talk for talk in found if talk.goes_on(at)]
    whose = post.mentions if post.is_answer else {post.author}
    meant = [talk for talk in recent if talk.customer in whose]
    alone = recent if post.is_answer and not whose and len(recent) == 1 else []
    return next(reversed(meant or alone), None)


def _moment(post: Post) -> datetime | None:
    moment = to_utc(post.at, DateOrder.ISO)
    return datetime.fromisoformat(moment) if moment else None
