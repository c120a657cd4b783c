"""Kept answers found again: by their words, how they came about, when, by whom and for whom."""

from __future__ import annotations

import msgspec

from northloop.app.rights import visible
from northloop.core.actor import Actor, Role
from northloop.core.errors import InputError, NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Interaction, Origin, Source
from northloop.ports.catalogue import TEXT, patterns, searchable
from northloop.ports.stores import Containing, TimeSpan, Where
from northloop.workspace import Workspace

MOST = 200
"""So many answers at most does one page hold."""

_PORTIONS = 20
"""So many portions at most are read for one page where few answers fit."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which answers are looked for. What is left empty is not asked for."""

    words: str = ""
    """Each of them stands in the question, the answer or what was held back, in any case: inside a
    longer one too, or where a word begins if it has one or two letters."""
    source: Source | None = None
    handoff: HandoffReason | None = None
    release: Hash = ""
    judged: bool | None = None
    """Whether a reviewer has given a verdict."""
    since: str = ""
    """ISO date or time, UTC: from then on."""
    until: str = ""
    """ISO date or time, UTC: before then."""
    tenant: str = ""
    customer: str = ""
    """As the customer's system names it, or as it was kept."""
    conversation: str = ""
    """As the customer's system names it, or as it was kept."""
    origin: Origin | None = None
    """Who asked."""
    after: str = ""
    """The `next` of the page before; "" for the newest."""
    limit: int = 50


class AnswersFound(msgspec.Struct, frozen=True, kw_only=True):
    """A page of answers, newest first."""

    items: tuple[Interaction, ...]
    judged: frozenset[str]
    """Ids of those that a reviewer has given a verdict on."""
    next: str
    """Where the next page begins; "" if there are no more."""


def search(workspace: Workspace, actor: Actor, wanted: Search) -> AnswersFound:
    """Return the answers that the actor may see and looks for; drafts are for the team alone.

    Answers that come in meanwhile move no page. InputError for a page that there is not.
    """
    actor.must(Role.READ)
    if not 1 <= wanted.limit <= MOST:
        raise InputError(f"a page holds 1 to {MOST} answers", where="limit", action="ask for fewer")
    where = _condition(workspace, actor, wanted)
    items: list[Interaction] = []
    after, more = wanted.after, True
    for _ in range(_PORTIONS):
        lacking = wanted.limit - len(items)
        page = workspace.records.query(Interaction, where, after=after, limit=lacking, newest=True)
        items += [i for i in page.rows if _may_find(actor, wanted, i)]
        after, more = page.last, page.more
        if not more or len(items) == wanted.limit:
            break
    team = Role.TEAM in actor.roles
    return AnswersFound(
        items=tuple(i if team else msgspec.structs.replace(i, draft="") for i in items),
        judged=frozenset(i.interaction_id for i in items if i.reviewed),
        next=after if more else "",
    )


def _may_find(actor: Actor, wanted: Search, interaction: Interaction) -> bool:
    """Whether the words stand in what the actor may read: drafts are the team's."""
    if Role.TEAM in actor.roles:
        return True
    read = searchable(f"{interaction.question} {interaction.answer}")
    return all(pattern in read for pattern in patterns(wanted.words))


def _condition(workspace: Workspace, actor: Actor, wanted: Search) -> Where:
    """What the store is asked for; a tenant that the actor does not see has nothing."""
    said: dict[str, object] = {
        "source": wanted.source,
        "handoff": wanted.handoff,
        "release": wanted.release and _release(workspace, wanted.release),
        "at": TimeSpan(since=wanted.since, until=wanted.until)
        if wanted.since or wanted.until
        else None,
        "tenant": wanted.tenant,
        "origin": wanted.origin,
        "customer_id": _names(workspace, wanted.customer),
        "conversation_id": _names(workspace, wanted.conversation),
        TEXT: Containing(wanted.words) if wanted.words.split() else None,
    }
    asked = {column: value for column, value in said.items() if value}
    if wanted.judged is not None:
        asked["reviewed"] = wanted.judged
    visible_ = dict(visible(actor))
    both = visible_.keys() & asked.keys()
    none = [name for name in both if asked[name] not in _several(visible_[name])]
    return {**visible_, **asked, **dict.fromkeys(none, ())}


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _names(workspace: Workspace, name: str) -> tuple[str, ...]:
    """A person or conversation as somebody types it, and as it was kept."""
    return (name, workspace.opaque(name)) if name else ()


def _release(workspace: Workspace, prefix: str) -> Hash:
    try:
        return workspace.artefacts.get(prefix).hash
    except NotFound:
        return prefix
