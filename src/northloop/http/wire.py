"""The words of the API: what is asked in requests, and all answers but completions.

What becomes of each parameter of a completion is said in `parameters`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec

from northloop.app.answers import Evidence, as_evidence
from northloop.app.desk import Acted, Alternative, Said, Waiting
from northloop.core import decoding
from northloop.core.alerts import Alert, AlertKind, AlertState
from northloop.core.conversation import Message
from northloop.core.desk import ActKind, Took
from northloop.core.interaction import (
    Gone,
    SkipReason,
    VerdictKind,
)
from northloop.core.side_by_side import SideBySide
from northloop.core.tally import Breakdown, ReviewerError, Scorecard
from northloop.core.treatment import Mode, Treatment
from northloop.http.errors import RequestError

MAX_NAME_CHARS = 200
Right = Literal["first", "second", "both", "neither"]
"""Which of two answers is right, as `side_by_side.Choice` has it."""
Id = Annotated[str, msgspec.Meta(max_length=MAX_NAME_CHARS)]
CHANNEL = "^[a-z0-9][a-z0-9_-]{0,39}$"
Channel = Annotated[str, msgspec.Meta(pattern=f"{CHANNEL}|^$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Minutes = Annotated[float, msgspec.Meta(ge=0, le=10 * 366 * 24 * 60)]
"""Ten years at most."""
MAX_MESSAGES = 200
MAX_REPLY_CHARS = 20_000
SPEAKERS = frozenset(("system", "developer", "user", "assistant"))
"""Whose messages may be read."""
_ROLES = frozenset((*SPEAKERS, "tool", "function"))
_PATH = re.compile(r" - at `\$\.?(.*)`$")
T = TypeVar("T")

# --- requests ----------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True):
    """One part of a message's content."""

    type: str
    text: str = ""
    refusal: str = ""


class ChatMessage(msgspec.Struct, frozen=True):
    """One message as it is sent."""

    role: str
    content: str | list[Part] | None = None
    name: str | None = None
    tool_calls: list[dict[str, object]] | None = None
    function_call: dict[str, object] | None = None


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream is to hold besides the text."""

    include_usage: bool = False


Penalty = Annotated[float, msgspec.Meta(ge=-2, le=2)]
# Of JSON's numbers 7.0 is whole too, which an int does not take.
Count = Annotated[float, msgspec.Meta(ge=1, le=2**31 - 1, multiple_of=1)]
Seed = Annotated[float, msgspec.Meta(ge=-(2**63), le=2**63 - 1, multiple_of=1)]


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The body of `POST /v1/chat/completions`, as far as it is read or its values are checked."""

    messages: Annotated[list[ChatMessage], msgspec.Meta(min_length=1, max_length=MAX_MESSAGES)]
    model: str | None = ""
    """One of `/v1/models`; "" for the live release."""
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    user: Id | None = ""
    safety_identifier: Id | None = ""
    conversation_id: Id | None = ""
    """Northloop's own: names the conversation for outcomes and review."""
    channel: Channel | None = ""
    """Northloop's own: where the customer writes, for the scorecard."""
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    seed: Seed | None = None
    n: Count | None = None
    logprobs: bool | None = None
    stop: str | list[str] | None = None


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """What customers received from a release, as people judged it."""

    scorecard: Scorecard
    apart: Breakdown
    reviewers: ReviewerError


class FeedbackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /v1/feedback`."""

    interaction_id: Id
    rating: Literal[1, -1]
    """1 for good, -1 for bad."""
    comment: Annotated[str, msgspec.Meta(max_length=4_000)] = ""


class OutcomeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /v1/conversations/{id}/outcome`; of several, the newest counts."""

    resolved: bool | None = None
    """Asked for, unless `gone` says that there is nothing to resolve any more."""
    resolution_minutes: Minutes | None = None
    reopened: bool = False
    """It came back after it had been resolved."""
    csat: Annotated[float, msgspec.Meta(ge=1, le=5)] | None = None
    closed_at: Moment | None = None
    """When it was resolved, with its time zone, in place of `resolution_minutes`."""
    first_touch_at: Moment | None = None
    """When a person first answered in it, likewise."""
    handling_minutes: Minutes | None = None
    """How long people worked on it."""
    csat_asked: bool | None = None
    """Whether the customer was asked for a rating, answered or not."""
    gone: Gone | None = None
    """Its ticket is none any more, and counts for nothing: merged into another, which says how it
    went on, deleted or spam."""

    def __post_init__(self) -> None:
        if self.resolved is None and self.gone is None:
            raise ValueError("either `resolved` or `gone` is needed")
        if self.resolved and self.gone is not None:
            raise ValueError("what is `gone` is not `resolved`: leave out one of the two")


class SendRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /v1/desk/{id}/send`."""

    agent: Id = ""
    """Who sends it; "" for the key's name."""


class EditRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/desk/{id}/edit`."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_REPLY_CHARS)]
    """What the customer is to read in place of the draft."""
    for_others: bool = True
    """Whether others who ask this may get it, too."""
    intent: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """What the question is about; "" leaves it open."""
    agent: Id = ""


class RewordRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/desk/{id}/reword`."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_REPLY_CHARS)]
    """What the customer is to read; the draft was right, too."""
    intent: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """What the question is about; "" leaves it open."""
    agent: Id = ""


class DiscardRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/desk/{id}/discard`."""

    text: Annotated[str, msgspec.Meta(max_length=MAX_REPLY_CHARS)] = ""
    """An own reply; "" sends nothing."""
    for_others: bool = False
    intent: Annotated[str, msgspec.Meta(max_length=60)] = ""
    agent: Id = ""


class ModeRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/conversations/{id}/mode`."""

    mode: Literal["draft", "certified"] | None
    """"draft": a person answers it; null lifts what was said before."""
    agent: Id = ""


class ChooseRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/pairs/{id}/choose`."""

    right: Right
    """Which of the two answers is right."""
    reviewer: Id = ""
    """Who says so; "" for the key's name."""


class SkipRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/pairs/{id}/skip`."""

    reason: SkipReason
    """What needs a colleague or another language waits for others; all else is missing for good."""
    reviewer: Id = ""


class UndoRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /v1/pairs/{id}/undo`."""

    reviewer: Id = ""
    """Who takes their own last one back."""


def decoded(body: bytes, type_: type[T]) -> T:
    """Return a request of a type; RequestError names the field that does not fit."""
    try:
        return decoding.decoded(body, type_)
    except msgspec.ValidationError as error:
        text = str(error)
        path = _PATH.search(text)
        raise RequestError(
            _PATH.sub("", text),
            param=path[1] if path else "body",
            action="correct the field and send it again",
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RequestError(
            f"not JSON: {error}", param="body", action="send a JSON object"
        ) from error


def conversation(request: ChatRequest, *, context: bool = False) -> tuple[Message, ...]:
    """Return what customer and assistant said; RequestError for what cannot be answered here.

    With `context` what the caller's program says of it comes with it, as of the role "system".
    """
    for number, message in enumerate(request.messages):
        if message.role not in _ROLES:
            raise RequestError(
                f"unknown role {message.role!r}",
                param=f"messages[{number}].role",
                action="use user or assistant",
            )
    said = {"user": "user", "assistant": "assistant"}
    if context:
        said |= {"system": "system", "developer": "system"}
    spoken = [
        Message(said[message.role], _text(message, number))
        for number, message in enumerate(request.messages)
        if message.role in said
    ]
    # Whoever says nothing goes on asking what they asked before.
    spoken = [message for message in spoken if message.role != "user" or message.content.strip()]
    if not any(message.role == "user" for message in spoken):
        raise RequestError("no message of the user", param="messages", action="add one")
    return tuple(spoken)


def _text(message: ChatMessage, number: int) -> str:
    if message.content is None:
        return ""
    if isinstance(message.content, str):
        return message.content
    for at, part in enumerate(message.content):
        if part.type not in ("text", "refusal"):
            raise RequestError(
                f"content of type {part.type!r} cannot be read",
                param=f"messages[{number}].content[{at}].type",
                action="send text",
            )
    return "\n".join(part.text or part.refusal for part in message.content)


# --- small answers ------------------------------------------------------------------------------


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """One model in OpenAI's words."""

    id: str
    created: int
    owned_by: str
    object: str = "model"


class ModelList(msgspec.Struct, frozen=True):
    """The body of `/v1/models`."""

    data: Sequence[ModelCard]
    object: str = "list"


class Alive(msgspec.Struct, frozen=True):
    """The body of `/healthz`."""

    status: str = "ok"


class Kept(msgspec.Struct, frozen=True):
    """The receipt of a record."""

    id: str


class ModeReply(msgspec.Struct, frozen=True, kw_only=True):
    """What holds in a conversation from the next question on."""

    conversation_id: str
    mode: Mode | None
    """null: what `serving.mode` says."""


class DeskItem(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that waits for a person, with all that is needed to reply."""

    id: str
    """What an act names: the newest answer in the conversation."""
    conversation_id: str
    tenant: str
    since: str
    waited_s: float
    reason: str
    draft: str
    """What can be sent as it is; "" for nothing."""
    lapsed: str
    """A draft from before the customer wrote again; "" for none."""
    messages: tuple[Said, ...]
    evidence: tuple[Evidence, ...]
    """What the draft rests on, best first, each with its age."""
    mode: Mode | None
    """What was said of this conversation; null for nothing."""


class AlertItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is the matter."""

    id: str
    kind: AlertKind
    """As docs/runbook.md has a heading for."""
    state: AlertState
    since: str
    title: str
    text: str
    """In a sentence, without a word of any customer."""
    action: str
    """What to do first."""


class AlertList(msgspec.Struct, frozen=True):
    """The body of `GET /v1/alerts`."""

    data: Sequence[AlertItem]
    object: str = "list"


def alert_item(alert: Alert) -> AlertItem:
    """Return an alert as the API tells it."""
    return AlertItem(
        id=alert.alert_id,
        kind=alert.kind,
        state=alert.state,
        since=alert.at,
        title=alert.title,
        text=alert.text,
        action=alert.action,
    )


class PairItem(msgspec.Struct, frozen=True, kw_only=True):
    """What two releases answer to one question; which is which is not told."""

    id: str
    at: str
    question: str
    first: str
    """An answer, "" where it hands the customer to a person."""
    second: str


class NextPair(msgspec.Struct, frozen=True, kw_only=True):
    """The body of `GET /v1/pairs/next`."""

    pair: PairItem | None
    """None until customers ask something new."""
    waiting: int
    """So many wait, this one too."""


class PairReply(msgspec.Struct, frozen=True, kw_only=True):
    """What an act made of a pair."""

    id: str
    choice: Right | None
    skip: SkipReason | None
    waits: bool
    """It can be judged."""
    decided: bool = False
    """This act has decided which of the releases it is."""


def next_pair(waiting: Sequence[SideBySide]) -> NextPair:
    """Return the first of the pairs that wait."""
    return NextPair(
        pair=next(
            (
                PairItem(
                    id=one.pair_id,
                    at=one.at,
                    question=one.question,
                    first=one.shown[0],
                    second=one.shown[1],
                )
                for one in waiting
            ),
            None,
        ),
        waiting=len(waiting),
    )


def pair_reply(pair: SideBySide, *, decided: bool = False) -> PairReply:
    """Return a pair as it is after an act."""
    return PairReply(
        id=pair.pair_id,
        choice=pair.choice.value if pair.choice else None,
        skip=pair.skip,
        waits=not pair.settled,
        decided=decided,
    )


class DeskQueue(msgspec.Struct, frozen=True):
    """The body of `GET /v1/desk`."""

    data: Sequence[DeskItem]
    next: str
    """For `after`, if others follow; "" if not."""
    object: str = "list"


class DeskAlternative(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that might be sent in the place of a draft."""

    content: str
    treatment: Treatment
    sendable: bool
    """False: it has placeholders, which a person has to fill in."""
    evidence: Sequence[Evidence]
    """What it rests on, best first; [] for what the team has answered to others."""


class DeskAlternatives(msgspec.Struct, frozen=True):
    """The body of `GET /v1/desk/{id}/alternatives`."""

    data: Sequence[DeskAlternative]
    """The likeliest first."""
    object: str = "list"


class DeskReply(msgspec.Struct, frozen=True, kw_only=True):
    """What an act at the desk came to."""

    id: str
    """The message's, as the webhook and the conversation name it."""
    conversation_id: str
    kind: ActKind
    content: str
    """As the customer gets it; "" where nothing was sent."""
    at: str
    verdict: VerdictKind | None
    """What was said of the draft by it."""
    took: Took | None
    """What was sent of what was before the agent, by its words; null for what was done before an
    update that tells it."""


def desk_item(found: Waiting) -> DeskItem:
    """Return what waits as it is written."""
    return DeskItem(
        id=found.interaction_id,
        conversation_id=found.handed.conversation_id,
        tenant=found.tenant,
        since=found.since,
        waited_s=found.waited_s,
        reason=found.reason,
        draft=found.draft,
        lapsed=found.lapsed,
        messages=found.said,
        evidence=as_evidence(found.cited),
        mode=found.mode,
    )


def desk_alternatives(found: Sequence[Alternative]) -> DeskAlternatives:
    """Return what an agent is offered as it is written."""
    return DeskAlternatives(
        [
            DeskAlternative(
                content=one.text,
                treatment=one.treatment,
                sendable=one.sendable,
                evidence=as_evidence(one.cited),
            )
            for one in found
        ]
    )


def desk_reply(done: Acted) -> DeskReply:
    """Return an act as it is written."""
    return DeskReply(
        id=done.act.act_id,
        conversation_id=done.act.conversation_id,
        kind=done.act.kind,
        content=done.act.text,
        at=done.act.at,
        verdict=done.verdict.kind if done.verdict else None,
        took=done.act.taken.what if done.act.taken else None,
    )
