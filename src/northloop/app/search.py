"""Kept answers found again: by their words, how they came about, when, by whom and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Literal

import msgspec

from northloop.app.rights import sees
from northloop.core.actor import Actor, Role
from northloop.core.errors import InputError
from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Interaction, Source, Verdict
from northloop.loop.journal import PLAYGROUND
from northloop.workspace import Workspace

MOST = 200
"""So many answers at most does one page hold."""

Origin = Literal["", "customer", "playground"]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Which answers are looked for. What is left empty is not asked for."""

    words: str = ""
    """Each of them stands in the question, the answer or what was held back, in any case."""
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
    origin: Origin = ""
    """Who asked: a customer, or the team in the playground and the lessons."""
    after: str = ""
    """The `next` of the page before; "" for the newest."""
    limit: int = 50


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of answers, newest first."""

    items: tuple[Interaction, ...]
    judged: frozenset[str]
    """Ids of those that a reviewer has given a verdict on."""
    next: str
    """Where the next page begins; "" if there are no more."""


def search(workspace: Workspace, actor: Actor, wanted: Search) -> Found:
    """Return the answers that the actor may see and looks for; drafts are for the team alone.

    Answers that come in meanwhile move no page. InputError for a page that there is not.
    """
    actor.must(Role.READ)
    if not 1 <= wanted.limit <= MOST:
        raise InputError(f"a page holds 1 to {MOST} answers", where="limit", action="ask for fewer")
    judged = frozenset(v.interaction_id for v in workspace.records.list(Verdict) if not v.skipped)
    team = Role.TEAM in actor.roles
    fits = _fitting(workspace, wanted, judged, drafts=team)
    seen = (i for i in _newest_first(workspace, wanted.after) if sees(actor, i.tenant) and fits(i))
    found = [*islice(seen, wanted.limit + 1)]
    items = found[: wanted.limit]
    return Found(
        items=tuple(i if team else msgspec.structs.replace(i, draft="") for i in items),
        judged=judged.intersection(i.interaction_id for i in items),
        next=items[-1].interaction_id if len(found) > wanted.limit else "",
    )


def _newest_first(workspace: Workspace, after: str) -> Iterator[Interaction]:
    kept = reversed(workspace.records.list(Interaction))
    if not after:
        return kept
    for interaction in kept:
        if interaction.interaction_id == after:
            return kept
    raise InputError("there is no such page", where="after", action="begin with the newest")


def _fitting(
    workspace: Workspace, wanted: Search, judged: frozenset[str], *, drafts: bool
) -> Callable[[Interaction], bool]:
    words = wanted.words.casefold().split()
    customers = {wanted.customer, workspace.opaque(wanted.customer)}
    conversations = {wanted.conversation, workspace.opaque(wanted.conversation)}
    checks: list[Callable[[Interaction], bool]] = []
    if words:
        checks.append(lambda i: all(word in _text(i, drafts) for word in words))
    if wanted.source is not None:
        checks.append(lambda i: i.source is wanted.source)
    if wanted.handoff is not None:
        checks.append(lambda i: i.handoff is wanted.handoff)
    if wanted.release:
        checks.append(lambda i: i.release.startswith(wanted.release))
    if wanted.judged is not None:
        checks.append(lambda i: (i.interaction_id in judged) is wanted.judged)
    if wanted.since:
        checks.append(lambda i: i.at >= wanted.since)
    if wanted.until:
        checks.append(lambda i: i.at < wanted.until)
    if wanted.tenant:
        checks.append(lambda i: i.tenant == wanted.tenant)
    if wanted.customer:
        checks.append(lambda i: i.customer_id in customers)
    if wanted.conversation:
        checks.append(lambda i: i.conversation_id in conversations)
    if wanted.origin:
        own = wanted.origin == PLAYGROUND
        checks.append(lambda i: (i.tenant == PLAYGROUND) is own)
    return lambda interaction: all(check(interaction) for check in checks)


def _text(interaction: Interaction, drafts: bool) -> str:
    draft = interaction.draft if drafts else ""
    return f"{interaction.question} {interaction.answer} {draft}".casefold()
