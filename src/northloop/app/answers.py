"""Questions and answers: asked, found again, explained, and what people made of them.

An actor of one tenant asks, reads and speaks of that tenant's answers alone; to such an actor what
another tenant has does not exist. The team sees all of them, and what it asks itself is kept apart
from what customers ask.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from uuid import uuid4

import msgspec

from northloop.app import background, tracing
from northloop.app.rights import require_team, sees, visible
from northloop.app.search import AnswersFound, Search, search
from northloop.core.actor import EVERY_TENANT, Actor, Role
from northloop.core.artefacts import Artefact
from northloop.core.clock import moment
from northloop.core.contact import Contact
from northloop.core.conversation import Cited, Message
from northloop.core.errors import NorthloopError, NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import Feedback, Interaction, Origin, Outcome, Question
from northloop.core.tenants import DEFAULT_TENANT
from northloop.loop import lineage
from northloop.loop.lineage import Lineage, Remains
from northloop.loop.pairs import load_release
from northloop.loop.promote import live, nothing_live
from northloop.ports.stores import not_kept
from northloop.stages.monitoring import desk
from northloop.stages.monitoring.desk import Said
from northloop.stages.monitoring.forget import Going, going
from northloop.stages.monitoring.tickets import as_said, replayed
from northloop.stages.serving.asked_question import MAX_QUESTION_CHARS
from northloop.stages.serving.trace import REFUSED
from northloop.workspace import Workspace

_log = logging.getLogger("northloop.answers")
_TRACE = re.compile("[0-9a-f]{32}")
__all__ = [
    "LIVE_MODEL",
    "MAX_QUESTION_CHARS",
    "AnswersFound",
    "Evidence",
    "Forgotten",
    "Health",
    "Lineage",
    "Model",
    "Remains",
    "Search",
    "ToForget",
    "Traced",
    "WayOfRow",
    "add_feedback",
    "add_outcome",
    "answer",
    "as_evidence",
    "ask",
    "cited",
    "evidence",
    "forget",
    "health",
    "interaction",
    "models",
    "nothing_live",
    "question",
    "said_before",
    "search",
    "to_forget",
    "trace",
    "trace_row",
    "with_evidence",
]

LIVE_MODEL = "northloop"
"""The model's name that always means the live release."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """What can be asked, under one of its names."""

    id: str
    created: int
    """Unix time, seconds."""
    owned_by: str = "northloop"
    max_answer_tokens: int = 0
    """So many tokens at most does it generate."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether questions can be answered now, and why not."""

    ready: bool
    detail: str = ""
    release: str = ""
    """Hash of the live release."""
    cache: str = "answers"
    """"unavailable" while the answer cache is down: questions are answered without it."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that an answer rests on, and how old it is."""

    document: str
    """Id of the document."""
    title: str
    """Of the passage: `Document › Heading`."""
    passage: Hash
    """Names what it says."""
    since: str
    """When its document was first seen to say this, UTC, ISO 8601; "" if that is not known."""
    stands: bool
    """The documents in force still say it, word for word."""


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """An answer with where it came from."""

    interaction: Interaction
    evidence: tuple[Evidence, ...]
    lineage: Lineage


class WayOfRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a row of an export, or a verdict, went into."""

    origin: str
    artefacts: tuple[Artefact, ...]
    """Dataset versions and what was made of them, in the order of the loop."""


class ToForget(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a customer: what would go if they were forgotten, and what would stay."""

    tenant: str
    customer: str
    """The id that says nothing of them."""
    goes: dict[str, int]
    """Kind of record → how many would be removed."""
    stays: tuple[Remains, ...]
    """Dataset versions with rows of theirs, newest first: they are sealed."""


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed of a customer."""

    tenant: str
    customer: str
    """The id that says nothing of them."""
    removed: dict[str, int]
    """Kind of record → how many."""
    stays: tuple[Remains, ...] = ()
    """Dataset versions with rows of theirs, newest first: they are sealed."""


# --- asking ------------------------------------------------------------------------------------


def question(
    text: str,
    earlier: Sequence[Message] = (),
    *,
    conversation_id: str = "",
    customer_id: str = "",
) -> Question:
    """Return what somebody asks, under a new id; `earlier` was said before it, oldest first."""
    return Question(
        interaction_id=uuid4().hex[:24],
        messages=(*earlier, Message("user", text)),
        conversation_id=conversation_id,
        customer_id=customer_id,
    )


def ask(
    workspace: Workspace, actor: Actor, question: Question, release: Hash | None = None
) -> Iterator[str | Interaction]:
    """Yield the answer's text piece by piece and at last the Interaction, which is kept before.

    `release` (a hash or a prefix) None is the live one. The question belongs to the actor's tenant,
    whatever it says itself, and is a customer's unless the team asks; ids of people and
    conversations are kept as ids that say nothing of them. An interaction id that is kept already
    is played again to who asks the same; it is an InputError for another question, another tenant,
    and between customers and the team. Between texts come pauses (`core.interaction.Pause`), of
    these WORKING before the answer is generated. Closing the iterator stops the generation.
    NotReady before anything is live; NotFound, RemoteUnavailable.
    """
    actor.must(Role.ANSWER)
    house = actor.tenant == EVERY_TENANT
    asked = msgspec.structs.replace(
        question,
        tenant=DEFAULT_TENANT if house else actor.tenant,
        origin=_asked_by_team(question) if house else Origin.CUSTOMER,
        customer_id=workspace.opaque(question.customer_id),
        conversation_id=workspace.opaque(question.conversation_id),
    )
    asked = tracing.in_trace(workspace, asked)
    pieces = workspace.live.answer(asked, release and workspace.artefacts.get(release).hash)
    return tracing.traced(workspace, asked, pieces)


def answer(
    workspace: Workspace, actor: Actor, question: Question, release: Hash | None = None
) -> Interaction:
    """Return the answer to a question as it is kept, once it is whole; see `ask`.

    NotReady before anything is live; NotFound, RemoteUnavailable.
    """
    *_, kept = ask(workspace, actor, question, release)
    assert isinstance(kept, Interaction)
    return kept


def _asked_by_team(question: Question) -> Origin:
    """What the team asks is no customer's question, whatever it says of itself."""
    return Origin.LESSON if question.origin is Origin.LESSON else Origin.PLAYGROUND


def together(workspace: Workspace) -> AbstractContextManager[None]:
    """Return what several answers are begun in, by one thread, so that each costs less; what goes
    live, is withdrawn or forgotten meanwhile may count for them as it did at the beginning."""
    return workspace.records.looking()


def models(workspace: Workspace, actor: Actor) -> Sequence[Model]:
    """Return what can be asked, the live release first; () before anything is live."""
    actor.must(Role.ANSWER)
    newest = workspace.live.newest()
    if newest is None:
        return ()
    current = newest.release
    remembered = background.of(workspace).remembered
    return remembered.get("models", current, lambda: _models_of(workspace, current))


def _models_of(workspace: Workspace, release: Hash) -> Sequence[Model]:
    created = moment(workspace.artefacts.get(release).created_at)
    limit = load_release(workspace.artefacts, release).max_answer_tokens
    return [
        Model(id=name, created=int(created.timestamp()), max_answer_tokens=limit)
        for name in (LIVE_MODEL, release[:8])
    ]


def health(workspace: Workspace) -> Health:
    """Return whether questions can be answered; quick, and for everybody who asks.

    DiskFull where nothing can be kept for want of space.
    """
    workspace.records.check()
    current = live(workspace.records)
    if current is None:
        return Health(ready=False, detail=str(nothing_live()))
    down = workspace.cache_trouble
    return Health(ready=True, release=current, cache="unavailable" if down else "answers")


# --- kept answers ------------------------------------------------------------------------------


def interaction(workspace: Workspace, actor: Actor, interaction_id: str) -> Interaction:
    """Return a kept answer; NotFound, also for another tenant's. Drafts are for the team alone.

    It goes by the id of the trace in which it was asked, too: then the newest of that trace.
    """
    actor.must(Role.READ)
    return _shown(actor, _kept(workspace, actor, interaction_id))


def said_before(workspace: Workspace, actor: Actor, interaction: Interaction) -> tuple[Said, ...]:
    """Return what a question follows on, oldest first; () where it began the conversation."""
    actor.must(Role.READ)
    if not sees(actor, interaction):
        raise not_kept(Interaction, interaction.interaction_id)
    return desk.said_before(workspace.records, interaction)


def cited(workspace: Workspace, actor: Actor, interaction: Interaction) -> Sequence[Cited]:
    """Return the passages that an answer rests on, best first, with their texts and their age."""
    actor.must(Role.READ)
    if not sees(actor, interaction):
        raise not_kept(Interaction, interaction.interaction_id)
    return workspace.live.cited(interaction)


def evidence(workspace: Workspace, actor: Actor, interaction: Interaction) -> tuple[Evidence, ...]:
    """Return what an answer that the actor was given this moment rests on, best first."""
    actor.must(Role.ANSWER)
    if not sees(actor, interaction):
        raise not_kept(Interaction, interaction.interaction_id)
    return as_evidence(workspace.live.just_cited(interaction))


def as_evidence(found: Sequence[Cited]) -> tuple[Evidence, ...]:
    """Return cited passages as programs read them: without their texts."""
    return tuple(
        Evidence(
            document=one.passage.document_id,
            title=one.passage.title,
            passage=one.passage.hash,
            since=one.since,
            stands=one.stands,
        )
        for one in found
    )


def with_evidence(interaction: Interaction, found: Sequence[Evidence]) -> dict[str, object]:
    """Return an answer as programs read it: its evidence with document, title and age."""
    return {**msgspec.to_builtins(interaction), "evidence": msgspec.to_builtins(found)}


def trace(workspace: Workspace, actor: Actor, interaction_id: str) -> Traced:
    """Return an answer with the artefacts and rows behind it; NotFound."""
    require_team(actor)
    try:
        found = _kept(workspace, actor, interaction_id)
    except NotFound as error:
        raise NotFound(
            "there is no such answer",
            where=interaction_id,
            action="give an interaction's id, as northloop ask shows it, or a row as file:row",
        ) from error
    behind = lineage.behind(workspace.artefacts, workspace.records, found.interaction_id)
    told = evidence(workspace, actor, found)
    return Traced(interaction=found, evidence=told, lineage=behind)


def trace_row(workspace: Workspace, actor: Actor, origin: str) -> WayOfRow:
    """Return what a row (`file:row`, `file:row#turn` of a conversation, `verdict:id`) went into.

    NotFound says why into nothing.
    """
    require_team(actor)
    kept = workspace.artefacts
    made = {
        found.hash: found
        for dataset in reversed(lineage.datasets_with(kept, origin))
        for found in (kept.get(dataset), *lineage.descendants(kept, dataset))
    }
    if made:
        return WayOfRow(origin=origin, artefacts=tuple(made.values()))
    reason = lineage.why_quarantined(kept, origin)
    raise NotFound(
        f"the row was set aside: {reason}" if reason else "no dataset has this row",
        where=origin,
        action="mend the row and import again"
        if reason
        else "name it as the data card does: file:row (the first row below the header is 1), "
        "file:row#2 for the second exchange of a conversation, or verdict:id",
    )


# --- what people made of them ------------------------------------------------------------------


def add_feedback(workspace: Workspace, actor: Actor, feedback: Feedback) -> None:
    """Keep what somebody thought of an answer, its comment redacted, once per id; NotFound."""
    actor.must(Role.FEEDBACK)
    _kept(workspace, actor, feedback.interaction_id)
    workspace.live.add_feedback(feedback)


def add_outcome(workspace: Workspace, actor: Actor, outcome: Outcome) -> None:
    """Keep how a conversation of the actor's tenant stands, unless it was said last; NotFound."""
    actor.must(Role.FEEDBACK)
    conversation = workspace.opaque(outcome.conversation_id)
    said = {**visible(actor), "conversation_id": conversation}
    if not workspace.records.query(Interaction, said, limit=1).rows:
        raise NotFound(
            "there is no such conversation",
            where=outcome.conversation_id,
            action="name the conversation as its questions did",
        )
    tenant = outcome.tenant if actor.tenant == EVERY_TENANT else actor.tenant
    kept = msgspec.structs.replace(outcome, conversation_id=conversation, tenant=tenant)
    talk = {"tenant": tenant, "conversation_id": conversation}
    contacts = workspace.records.query(Contact, talk, limit=1).rows
    begun = contacts[0].opened_at if contacts else kept.at
    told = workspace.records.query(Outcome, talk).rows
    before = next(reversed(replayed(told, moment(begun))), None)
    if before is None or before.ticket or as_said(before) != as_said(kept):
        workspace.live.add_outcome(kept)


# --- forgetting --------------------------------------------------------------------------------


def to_forget(workspace: Workspace, actor: Actor, tenant: str, customer: str) -> ToForget:
    """Return what `forget` would remove of a customer, and what would stay; NotFound for neither.

    `customer` is as in `forget`. Nothing is changed.
    """
    require_team(actor)
    names = _names_of(workspace, customer)
    goes = going(workspace.records, tenant, *names)
    stays = _stays(workspace, names, goes)
    if not goes.counts and not stays:
        raise _nobody_known(tenant)
    return ToForget(tenant=tenant, customer=names[0], goes=goes.counts, stays=stays)


def forget(workspace: Workspace, actor: Actor, tenant: str, customer: str) -> Forgotten:
    """Remove what is kept of a customer, all or nothing, and return it with what stays.

    NotFound where there is neither; of somebody who stands in exports alone nothing is removed.

    `customer` is what the tenant's program called them, or the id that says nothing of them.
    Removed are their questions and answers, what was said of these, and the approved and cached
    answers that came of them; from then on no server gives these, and seconds later none holds them
    in its memory.
    Artefacts stay as they are: dataset versions and adapters that are made already keep what they
    learnt, the next dataset version is made without it, but for what an export says.
    """
    require_team(actor)
    names = _names_of(workspace, customer)
    stays = _stays(workspace, names, going(workspace.records, tenant, *names))
    removed = workspace.live.forget(tenant, *names)
    workspace.forget_rows()
    if not removed and not stays:
        raise _nobody_known(tenant)
    try:
        background.of(workspace).let_go(workspace)
    except NorthloopError as error:  # forgotten they are; a serving process tries again
        _log.warning("what memory holds of a forgotten customer was not dropped: %s", error)
    return Forgotten(tenant=tenant, customer=names[0], removed=removed, stays=stays)


def _names_of(workspace: Workspace, customer: str) -> tuple[str, ...]:
    """The ids of a customer; records of an earlier version may say who it was."""
    return tuple(dict.fromkeys((workspace.opaque(customer), customer)))


def _stays(workspace: Workspace, names: Sequence[str], goes: Going) -> tuple[Remains, ...]:
    verdicts = {verdict.verdict_id for verdict in goes.verdicts}
    return tuple(lineage.remains(workspace.artefacts, {*names}, verdicts))


def _nobody_known(tenant: str) -> NotFound:
    return NotFound(
        "nothing is kept of this customer",
        where=f"tenant {tenant}",
        action="name the customer as their questions did, and the tenant that they asked",
    )


def _kept(workspace: Workspace, actor: Actor, interaction_id: str) -> Interaction:
    found = workspace.records.find(Interaction, interaction_id)
    if found is None and _TRACE.fullmatch(interaction_id):
        where = {**visible(actor), "trace_id": interaction_id}
        page = workspace.records.query(Interaction, where, limit=1, newest=True)
        found = next(iter(page.rows), None)
    if found is None or not sees(actor, found):
        # The words of the records: whether another tenant has it must not show.
        raise not_kept(Interaction, interaction_id)
    return found


def _shown(actor: Actor, found: Interaction) -> Interaction:
    """Whoever asks for customers gets what customers get; drafts are the team's, and so are the
    sentences that the check refused."""
    if Role.TEAM in actor.roles:
        return found
    trace = tuple(
        msgspec.structs.replace(
            step, evidence={name: said for name, said in step.evidence.items() if name != REFUSED}
        )
        for step in found.trace
    )
    return msgspec.structs.replace(found, draft="", trace=trace)
