"""The agents' desk: what waits for a person, the person's acts, and how the customer hears of them.

A reply is kept with the act, in one transaction with the verdict that it is. From then on the
tenant's program reads it with the conversation, and the webhook, where one is set, is told of it
until it has taken it (`deliver`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta

import msgspec

from northloop.app import reviews
from northloop.app.rights import require_team, visible
from northloop.app.watching import watching
from northloop.core import clock
from northloop.core.actor import EVERY_TENANT, Actor, Role
from northloop.core.clock import stamp
from northloop.core.conversation import Cited
from northloop.core.desk import (
    ActKind,
    Case,
    CaseState,
    Delivery,
    DeliveryState,
    DeskAct,
    OwnMode,
    case_id_of,
)
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.ids import uniform
from northloop.core.interaction import HandoffReason, Interaction, Origin, Proposal, Verdict
from northloop.core.treatment import Mode, Treatment
from northloop.loop import rewording
from northloop.ports.stores import ALL, Page, Records, TimeSpan, Where, not_kept
from northloop.ports.webhooks import Webhook
from northloop.stages.monitoring import desk, offers, tally
from northloop.stages.monitoring.desk import Said, Wanted
from northloop.stages.monitoring.offers import Offer
from northloop.stages.monitoring.review import names_somebody
from northloop.workspace import Workspace

__all__ = [
    "Acted",
    "Alternative",
    "Conversation",
    "Said",
    "Waiting",
    "alternatives",
    "answer_in",
    "conversation",
    "deliver",
    "delivering",
    "discard",
    "edit",
    "look",
    "queue",
    "send",
    "undelivered",
    "waiting",
]

LOOK_EVERY_S = 1.0
"""So often does a serving process look for replies to be told."""
RETRY_S = (5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400)
"""How long after each failure a reply is told again, give or take a tenth: for two days."""
_CLAIM_S = 120
"""So long does the one who tells a reply have it to itself."""
_AT_ONCE = 20
_UNASSISTED = (HandoffReason.ASKED_FOR_HUMAN.value, HandoffReason.HELD_OUT.value)
_log = logging.getLogger("northloop.desk")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that waits for a person, with all that is needed to reply."""

    interaction_id: str
    """Its newest answer: what an act names."""
    tenant: str
    since: str
    waited_s: float
    reason: str
    """Why it was handed over, a `HandoffReason`."""
    draft: str
    """What can be sent as it is; "" for nothing."""
    lapsed: str
    """A draft that cannot be sent any more, for the customer has written again; "" for none."""
    handed: Interaction
    """The answer that was handed over."""
    said: tuple[Said, ...]
    """The conversation so far, oldest first."""
    cited: tuple[Cited, ...]
    """What the draft rests on, best first, each with its age."""
    mode: Mode | None = None
    """What was said of this conversation (`answer_in`); None for nothing."""
    mode_by: str = ""
    """Who said so, "" where nobody did or they gave no name."""

    @property
    def outdated(self) -> bool:
        """Whether the draft rests on what the documents do not say any more."""
        return bool(self.draft) and not all(one.stands for one in self.cited)


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that might be sent in the place of a draft."""

    text: str
    treatment: Treatment
    sendable: bool
    """It has no placeholders, which a person would have to fill in."""
    cited: tuple[Cited, ...]
    """What it rests on, best first; () for what the team has answered to others."""


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """What an act came to."""

    act: DeskAct
    verdict: Verdict | None
    """What it said of the draft; None for nothing."""
    proposal: Proposal | None = None
    """The turn of the loop that is due now; None while there is none."""


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as the tenant's program reads it."""

    conversation_id: str
    """As it is kept: it says nothing of the name that it was given."""
    state: str
    """A `CaseState`, or "" if it was never handed over."""
    mode: Mode | None
    """What was said of this conversation (`answer_in`); None for nothing."""
    messages: tuple[Said, ...]
    """Oldest first."""


# --- the queue ---------------------------------------------------------------------------------


def queue(
    workspace: Workspace, actor: Actor, after: str = "", limit: int | None = None
) -> Page[Waiting]:
    """Return the conversations that the actor sees and that wait for a person, the one that has
    waited longest first."""
    actor.must(Role.DESK)
    page = desk.queue(workspace.records, after, limit, whose=_whose(actor))
    rows = [found for case in page.rows if (found := _as_it_is(workspace, case)) is not None]
    return Page(rows=rows, last=page.last, more=page.more)


def _as_it_is(workspace: Workspace, case: Case) -> Waiting | None:
    """What waits, None if its customer was forgotten this moment."""
    try:
        return _waiting(workspace, case)
    except NotFound:
        return None


def waiting(workspace: Workspace, actor: Actor) -> int:
    """Return how many conversations wait for a person."""
    require_team(actor)
    return desk.left(workspace.records)


def look(workspace: Workspace, actor: Actor, interaction_id: str) -> Waiting | None:
    """Return what waits in an answer's conversation, None if nothing does; NotFound."""
    actor.must(Role.DESK)
    interaction = workspace.records.get(Interaction, interaction_id)
    if not _replies(actor, interaction):
        raise not_kept(Interaction, interaction_id)
    case = workspace.records.find(Case, desk.case_id(interaction))
    waits = case is not None and case.state is CaseState.WAITING
    return _waiting(workspace, case) if case and waits else None


def alternatives(
    workspace: Workspace, actor: Actor, interaction_id: str
) -> tuple[Alternative, ...]:
    """Return what might be sent in the place of the draft of a conversation that waits, or of none,
    the likeliest first; () where nothing waits, or `interaction_id` is not its newest answer.

    Nor where the customer asked for a person, or is answered by people alone so that the effect of
    the assistant can be told. `edit` sends one in the place of a draft, `discard` where there is
    none. What was offered is kept until somebody acts, so that it counts whether it was taken.
    """
    found = look(workspace, actor, interaction_id)
    if found is None or found.reason in _UNASSISTED:
        return ()
    if {found.interaction_id, found.handed.interaction_id} != {interaction_id}:
        return ()
    offered = workspace.live.alternatives(found.handed, found.draft)
    shown = [
        Offer(text=one.text, treatment=one.treatment, place=place)
        for place, (one, _) in enumerate(offered, 1)
    ]
    offers.show(workspace.records, found.handed, shown)
    return tuple(
        Alternative(
            text=one.text,
            treatment=one.treatment,
            sendable=not names_somebody(one.text),
            cited=tuple(cited),
        )
        for one, cited in offered
    )


def _whose(actor: Actor) -> Where:
    """The condition on cases that the actor may reply in: those of its very tenant.

    A key without a tenant reads what was asked without a key, but so does every other such key.
    """
    return ALL if actor.tenant == EVERY_TENANT else {"tenant": actor.tenant}


def _replies(actor: Actor, interaction: Interaction) -> bool:
    return actor.tenant == EVERY_TENANT or (
        interaction.origin is Origin.CUSTOMER and interaction.tenant == actor.tenant
    )


def _waiting(workspace: Workspace, case: Case) -> Waiting:
    handed = workspace.records.get(Interaction, case.handed_id)
    draft = desk.draft_of(case, handed)
    waited = clock.now() - clock.moment(case.since)
    own = _own(workspace.records, (case.tenant,), case.conversation_id)
    return Waiting(
        interaction_id=case.interaction_id,
        tenant=case.tenant,
        since=case.since,
        waited_s=max(0.0, waited.total_seconds()),
        reason=handed.handoff.value if handed.handoff else "",
        draft=draft,
        lapsed="" if draft else handed.draft,
        handed=handed,
        said=desk.all_said(workspace.records, handed),
        cited=tuple(workspace.live.cited(handed)),
        mode=own.mode if own else None,
        mode_by=own.agent if own else "",
    )


# --- acts --------------------------------------------------------------------------------------


def send(workspace: Workspace, actor: Actor, interaction_id: str) -> Acted:
    """Send the draft as it is, and return the act: it was correct.

    `interaction_id` is the newest answer that the agent saw. NotFound; Overtaken if somebody was
    faster or the customer has written again; InputError for a draft that is none or has
    placeholders in it.
    """
    return _act(workspace, actor, Wanted(interaction_id=interaction_id, kind=ActKind.SENT))


def edit(
    workspace: Workspace,
    actor: Actor,
    interaction_id: str,
    text: str,
    *,
    for_others: bool = True,
    intent: str = "",
) -> Acted:
    """Send the draft as the agent has changed it, and return the act: it was incorrect, and this is
    the correction, unless placeholders were filled in, or a greeting and a sign-off put round it,
    and that is all.

    `for_others` False keeps the correction from others who ask this. `intent` is what the question
    is about, "" leaves that open. Errors as in `send`.
    """
    wanted = Wanted(interaction_id=interaction_id, kind=ActKind.EDITED, text=text, intent=intent)
    return _act(workspace, actor, wanted, for_others)


def reword(
    workspace: Workspace, actor: Actor, interaction_id: str, text: str, *, intent: str = ""
) -> Acted:
    """Send the draft as the agent words it for this customer, and return the act: it was correct.

    InputError where the text leaves out a figure, an address or a code that the draft states.
    `intent` as in `edit`, errors as in `send`.
    """
    wanted = Wanted(
        interaction_id=interaction_id,
        kind=ActKind.EDITED,
        text=text,
        was_right=True,
        intent=intent,
    )
    return _act(workspace, actor, wanted)


def discard(
    workspace: Workspace,
    actor: Actor,
    interaction_id: str,
    reply: str = "",
    *,
    for_others: bool = False,
    intent: str = "",
) -> Acted:
    """Send an own reply or, without one, nothing, and return the act: a draft was incorrect.

    `for_others` True lets others who ask this get the reply; `intent` as in `edit`, errors as in
    `send`.
    """
    kind = ActKind.WRITTEN if reply.strip() else ActKind.CLOSED
    wanted = Wanted(interaction_id=interaction_id, kind=kind, text=reply, intent=intent)
    return _act(workspace, actor, wanted, for_others)


def _act(workspace: Workspace, actor: Actor, wanted: Wanted, for_others: bool = False) -> Acted:
    actor.must(Role.DESK)
    kept = workspace.records.find(Interaction, wanted.interaction_id)
    if kept is not None and not _replies(actor, kept):
        raise desk.no_case(wanted.interaction_id)
    correction = workspace.redact(wanted.text).text if for_others else ""
    bare = rewording.bare(wanted.text)
    wanted = msgspec.structs.replace(wanted, correction=correction, bare=bare, agent=actor.name)
    tell = bool(workspace.settings.serving.webhook.url)
    tally.catch_up(workspace.records)
    done = desk.act(workspace.records, wanted, stamp(), tell=tell, same=rewording.says_the_same)
    if done.verdict is None:
        return Acted(act=done.act, verdict=None)
    workspace.live.follow(done.verdict)
    proposal = reviews.judged(workspace, done.verdict).proposal
    return Acted(act=done.act, verdict=done.verdict, proposal=proposal)


# --- what customers' programs get --------------------------------------------------------------


def conversation(workspace: Workspace, actor: Actor, conversation_id: str) -> Conversation:
    """Return a conversation of the actor's tenant, with what agents sent; NotFound.

    `conversation_id` is the name that its questions gave it, or the id that it is kept under.
    Customers' words are redacted, as they are kept; who of the team replied is not told.
    """
    actor.must(Role.READ)
    records, name = workspace.records, workspace.opaque(conversation_id)
    seen = {**visible(actor), "conversation_id": name}
    interactions = records.query(Interaction, seen).rows if name else []
    if not interactions:
        raise NotFound(
            "there is no such conversation",
            where=conversation_id,
            action="name the conversation as its questions did",
        )
    tenants = sorted({interaction.tenant for interaction in interactions})
    acts = records.query(DeskAct, {"conversation_id": name, "tenant": tenants}).rows
    cases = records.get_all(Case, (case_id_of(tenant, name, "") for tenant in tenants))
    states = {case.state for case in cases.values()}
    said, own = desk.conversation(interactions, acts), _own(records, tenants, name)
    return Conversation(
        conversation_id=name,
        state=next((state.value for state in CaseState if state in states), ""),
        mode=own.mode if own else None,
        messages=tuple(msgspec.structs.replace(one, agent="") for one in said),
    )


# --- who answers in a conversation ---------------------------------------------------------------


def answer_in(
    workspace: Workspace, actor: Actor, conversation_id: str, mode: Mode | None
) -> tuple[OwnMode, ...]:
    """Let less go out without a person in a conversation from now on: DRAFT, a person answers it,
    what is being answered this moment too, CERTIFIED, nothing uncertified does from the next
    question on; None lifts what was said before.

    `conversation_id` is the name that its questions give it, which may be said before the first of
    them, the id that it is kept under, or one of its answers. What is kept comes back, () for
    nothing. Another tenant's is left as it is. InputError for OPEN, for no conversation is laxer
    than `serving.mode`, for no name, and where the house names one that several tenants have;
    NotFound where the house names a conversation that nobody has begun.
    """
    actor.must(Role.DESK)
    if mode is Mode.OPEN:
        raise InputError(
            "a conversation is never laxer than serving.mode",
            where="field mode",
            action="say draft or certified, or nothing",
        )
    records = workspace.records
    tenant, name = _meant(workspace, actor, conversation_id)
    if not name:
        raise InputError(
            "which conversation?",
            where="field conversation_id",
            action="name it as its questions do",
        )
    said = OwnMode(
        mode_id=case_id_of(tenant, name, ""),
        tenant=tenant,
        conversation_id=name,
        at=stamp(),
        mode=mode or Mode.OPEN,
        agent=actor.name,
    )
    if mode is not None:
        records.replace(said)
        return (said,)
    records.remove(OwnMode, said.mode_id)
    return ()


def _meant(workspace: Workspace, actor: Actor, named: str) -> tuple[str, str]:
    """The tenant and the id of the conversation that an actor names."""
    answer = workspace.records.find(Interaction, named)
    if answer is not None and _replies(actor, answer):
        return answer.tenant, answer.conversation_id
    name = workspace.opaque(named)
    if actor.tenant != EVERY_TENANT or not name:
        return actor.tenant, name
    begun = workspace.records.query(Interaction, {"conversation_id": name}).rows
    tenants = sorted({one.tenant for one in begun})
    if not tenants:
        raise NotFound(
            "there is no such conversation",
            where=named,
            action="name the conversation as its questions did, or one of its answers",
        )
    if len(tenants) > 1:
        raise InputError(
            f"{len(tenants)} tenants have a conversation of this name",
            where=named,
            action="name one of its answers, as northloop desk list shows them",
        )
    return tenants[0], name


def _own(records: Records, tenants: Sequence[str], name: str) -> OwnMode | None:
    kept = records.get_all(OwnMode, (case_id_of(tenant, name, "") for tenant in tenants))
    return next((one for one in kept.values() if name), None)


# --- telling the webhook -----------------------------------------------------------------------


def undelivered(workspace: Workspace, actor: Actor, limit: int | None = None) -> Sequence[Delivery]:
    """Return what the webhook has refused so far, oldest first; at most `limit`."""
    require_team(actor)
    waits = {"state": [DeliveryState.WAITING, DeliveryState.GIVEN_UP]}
    found = workspace.records.query(Delivery, waits, limit=limit).rows
    return [one for one in found if one.trouble]


def deliver(workspace: Workspace) -> int:
    """Tell the webhook of the replies that are due, and return how many it has taken.

    Each is claimed before it is sent, so that of several servers one sends it; a claim of a process
    that died lapses, and the reply is sent again under the same id. What is refused is tried again
    after `RETRY_S`, then given up.
    """
    records = workspace.records
    due = {"state": DeliveryState.WAITING, "due": TimeSpan(until=stamp())}
    waiting_ = records.query(Delivery, due, limit=_AT_ONCE).rows
    webhook = workspace.webhook() if waiting_ else None
    if webhook is None:
        return 0
    taken = 0
    with closing(webhook):
        for delivery in waiting_:
            lapses = clock.now() + timedelta(seconds=_CLAIM_S)
            claimed = msgspec.structs.replace(delivery, due=stamp(lapses), tries=delivery.tries + 1)
            if records.replace(claimed, expected=delivery):
                after = _told(records, webhook, claimed)
                records.replace(after, expected=claimed)
                taken += after.state is DeliveryState.DELIVERED
    return taken


def _told(records: Records, webhook: Webhook, claimed: Delivery) -> Delivery:
    """A delivery after it was tried once."""
    try:
        body = _body(records.get(DeskAct, claimed.act_id))
        webhook.tell(claimed.delivery_id, clock.now(), body)
    except NorthloopError as error:
        _log.warning("%s was not told to the webhook: %s", claimed.delivery_id, error)
        if claimed.tries > len(RETRY_S):
            return msgspec.structs.replace(
                claimed, state=DeliveryState.GIVEN_UP, trouble=str(error)
            )
        wait_s = RETRY_S[claimed.tries - 1] * (
            0.9 + 0.2 * uniform(claimed.delivery_id, str(claimed.tries))
        )
        due = stamp(clock.now() + timedelta(seconds=wait_s))
        return msgspec.structs.replace(claimed, due=due, trouble=str(error))
    return msgspec.structs.replace(claimed, state=DeliveryState.DELIVERED, trouble="")


def _body(act: DeskAct) -> bytes:
    """What the webhook is told of a reply, the same each time."""
    said = {
        "type": "conversation.replied",
        "timestamp": act.at,
        "data": {
            "tenant": act.tenant,
            "conversation_id": act.conversation_id,
            "interaction_id": act.interaction_id,
            "message_id": act.act_id,
            "content": act.text,
        },
    }
    return msgspec.json.encode(said)


@contextmanager
def delivering(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Tell the webhook what is due for as long as the body runs.

    `opened` returns the workspace, or raises NotReady while there is none.
    """
    with watching("replies to be told", LOOK_EVERY_S, lambda: deliver(opened())):
        yield
