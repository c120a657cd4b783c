"""The HTTP API: OpenAI-compatible chat completions, and what Northloop adds to them.

    POST /v1/chat/completions            answer a question, whole or streamed
    GET  /v1/models, /v1/models/{id}     what can be asked
    POST /v1/feedback                    what somebody thought of an answer
    POST /v1/conversations/{id}/outcome  how a conversation ended
    GET  /v1/conversations/{id}          what was said in it, agents' replies too
    POST /v1/conversations/{id}/mode     a person answers it from now on, or the assistant again
    GET  /v1/interactions/{id}           an answer with its trace
    GET  /v1/canary                      how a candidate stands beside what is live
    GET  /v1/desk, /v1/desk/{id}         who waits for a person; one of them, with its draft
    GET  /v1/desk/{id}/alternatives      what might be sent in the place of that draft
    POST /v1/desk/{id}/send|edit|reword|discard   what the person does
    GET  /v1/pairs/next                  two answers side by side, to be judged
    POST /v1/pairs/{id}/choose|skip|undo which of them is right
    GET  /v1/progress                    what the assistant changed
    GET  /v1/drift                       whether customers ask otherwise, and answers got worse
    GET  /v1/alerts                      what is the matter now
    GET  /healthz, /readyz               alive; able to answer
    GET  /metrics                        what goes on, for Prometheus
    GET  /openapi.json                   the description of all this

A shell: it reads the request, calls a use case with the actor whom the key names, and writes what
comes back. While there is no workspace, or nothing is live in it, questions get 503 with the
reason.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import anyio
import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from northloop.app import (
    alerts,
    answers,
    canaries,
    comparisons,
    contrasts,
    desk,
    drift,
    scorecards,
    telemetry,
    tracing,
)
from northloop.app.answers import Health, Model
from northloop.core.actor import Actor, Role
from northloop.core.clock import stamp
from northloop.core.conversation import Message
from northloop.core.costs import Prices
from northloop.core.errors import DiskFull, NorthloopError, NotFound, NotReady
from northloop.core.ids import content_hash, derived_id
from northloop.core.interaction import Feedback, Interaction, Outcome, Question
from northloop.core.outward import without_places
from northloop.core.side_by_side import PairChoice
from northloop.core.tracing import TraceContext
from northloop.core.treatment import Mode
from northloop.http import parameters
from northloop.http.chat import Answer, Capacity
from northloop.http.completion import COMPLETION, Given, speaker
from northloop.http.errors import (
    LastResort,
    RequestError,
    log,
    on_client_gone,
    on_http_exception,
    on_northloop_error,
    request_id,
)
from northloop.http.keys import OPEN, Keyring
from northloop.http.limits import BodyDeadline
from northloop.http.metrics import Measured, Measures
from northloop.http.openapi import document
from northloop.http.origin import CrossOrigin
from northloop.http.parameters import SystemMessages
from northloop.http.rounds import Rounds
from northloop.http.waiting_room import WaitingRoom
from northloop.http.wire import (
    CHANNEL,
    MAX_NAME_CHARS,
    AlertList,
    Alive,
    ChatRequest,
    ChooseRequest,
    DeskQueue,
    DiscardRequest,
    EditRequest,
    FeedbackRequest,
    Kept,
    ModelCard,
    ModelList,
    ModeReply,
    ModeRequest,
    OutcomeRequest,
    Received,
    RewordRequest,
    SendRequest,
    SkipRequest,
    UndoRequest,
    alert_item,
    conversation,
    decoded,
    desk_alternatives,
    desk_item,
    desk_reply,
    next_pair,
    pair_reply,
)
from northloop.workspace import Workspace

T = TypeVar("T")
Opened = Callable[[], Workspace]
_QUICK_THREADS, _SEARCHING_THREADS = 4, 12
_ID_DIGITS, _IDS = 24, 256
_ON_A_PAGE, _MOST_ON_A_PAGE = 25, 100


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of the API."""

    max_body_bytes: int = 256 * 1024
    body_s: float = 30.0
    """Seconds that the body of a request may take to come."""
    running: int = 8
    """Answers generated at the same time."""
    places: int = 32
    """Requests that may generate or wait for it; one more gets 429."""
    system_messages: SystemMessages = "context"
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API from a browser; "*" for all."""
    traced: bool = False
    """Whether spans are told of."""
    prices: Prices = Prices()


_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def create_app(
    opened: Opened,
    settings: HttpSettings | None = None,
    routes: Sequence[BaseRoute] = (),
    keys: Keyring | None = None,
) -> Starlette:
    """Return the API as an ASGI application; `routes` (the console, say) come after its own.

    `opened` returns the workspace; it raises NotReady while there is none. Without `keys` the API
    is open to every program that can reach it.
    """
    settings = settings or HttpSettings()
    api = Api(opened, settings, keys or Keyring(tuple, origins=settings.cors_origins))
    own = api.routes()
    middleware = [
        Middleware(LastResort),
        Middleware(Measured, measures=api.measures, routes=addresses(own)),
        Middleware(BodyDeadline, limit_s=settings.body_s),
    ]
    if settings.cors_origins:
        middleware.insert(1, Middleware(CrossOrigin, origins=settings.cors_origins))
    return Starlette(
        routes=[*own, *routes],
        middleware=middleware,
        exception_handlers={
            NorthloopError: on_northloop_error,
            ClientDisconnect: on_client_gone,
            HTTPException: on_http_exception,
        },
    )


def addresses(routes: Sequence[BaseRoute], below: str = "") -> dict[int, str]:
    """Return the address of each endpoint, by its `id`, as the table of routes writes it."""
    found: dict[int, str] = {}
    for route in routes:
        if isinstance(route, Mount):
            found |= addresses(route.routes, below + route.path)
        elif isinstance(route, Route):
            found[id(route.endpoint)] = below + route.path
    return found


class Api:
    """The endpoints."""

    def __init__(self, opened: Opened, settings: HttpSettings, keys: Keyring) -> None:
        self._opened = opened
        self._keys = keys
        self._max_body_bytes = settings.max_body_bytes
        self._system_messages = settings.system_messages
        self._traced = settings.traced
        self._ids = _ids()
        self._capacity = Capacity(
            room=WaitingRoom(settings.running, settings.places),
            threads=anyio.CapacityLimiter(settings.running),
            rounds=Rounds(self._together),
            searching=anyio.CapacityLimiter(_SEARCHING_THREADS),
            answering=set(),
        )
        self.measures = Measures(lambda: self._capacity.room.inside, settings.prices)
        # Threads of their own for the rest, which must not wait for answers either.
        self._quick = anyio.CapacityLimiter(_QUICK_THREADS)

    def _together(self) -> AbstractContextManager[None]:
        try:
            return answers.together(self._opened())
        except NorthloopError:  # Each is told why by its own call.
            return nullcontext()

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the API."""
        get, post = partial(Route, methods=["GET"]), partial(Route, methods=["POST"])
        return [
            # A mount, so that what is unknown below /v1 is answered in its own error shape
            # whatever else is served beside it.
            Mount(
                "/v1",
                routes=[
                    post("/chat/completions", self.chat),
                    get("/models", self.models),
                    get("/models/{model_id:path}", self.model),
                    post("/feedback", self.feedback),
                    post("/conversations/{conversation_id}/outcome", self.outcome),
                    get("/conversations/{conversation_id}", self.conversation),
                    post("/conversations/{conversation_id}/mode", self.answer_in),
                    get("/interactions/{interaction_id}", self.interaction),
                    get("/canary", self.canary),
                    get("/scorecard", self.scorecard),
                    get("/alerts", self.alerts),
                    get("/progress", self.progress),
                    get("/drift", self.drift),
                    get("/pairs/next", self.pair_next),
                    post("/pairs/{pair_id}/choose", self.pair_choose),
                    post("/pairs/{pair_id}/skip", self.pair_skip),
                    post("/pairs/{pair_id}/undo", self.pair_undo),
                    get("/desk", self.desk_queue),
                    get("/desk/{interaction_id}", self.desk_item),
                    get("/desk/{interaction_id}/alternatives", self.desk_alternatives),
                    post("/desk/{interaction_id}/send", self.desk_send),
                    post("/desk/{interaction_id}/edit", self.desk_edit),
                    post("/desk/{interaction_id}/reword", self.desk_reword),
                    post("/desk/{interaction_id}/discard", self.desk_discard),
                ],
            ),
            get("/healthz", self.healthz),
            get("/readyz", self.readyz),
            get("/metrics", self.metrics),
            get("/openapi.json", self.openapi),
        ]

    async def chat(self, request: Request) -> Answer:
        """Answer a question.

        `Idempotency-Key` (or `X-Request-Id`) names the request: sent again with the same messages
        it gets the same answer again. `X-Customer-Id` (or `user`) names the customer,
        `X-Conversation-Id` (or `conversation_id`) the conversation, `X-Channel` (or `channel`)
        where the customer writes.
        """
        headers = dict(reversed(request.headers.items()))  # of several, the first
        actor = await self._keys.caller(headers, Role.ANSWER)
        body = await self._body(request)
        asked = decoded(body, ChatRequest)
        sent = decoded(body, dict[str, object])
        parameters.refuse_unsupported(sent)
        messages = conversation(asked, context=self._system_messages == "context")
        ignored = parameters.ignored(asked, sent, self._system_messages)
        named, since = _request_name(headers), stamp()
        interaction_id = _interaction_id(named, actor, messages) if named else next(self._ids)
        within = _named(headers, "x-conversation-id", asked.conversation_id or "")
        question = Question(
            interaction_id=interaction_id,
            messages=messages,
            conversation_id=within or interaction_id,
            is_unnamed=not within,
            customer_id=_named(
                headers, "x-customer-id", asked.user or asked.safety_identifier or ""
            ),
            channel=_channel(headers, asked),
            trace=self._trace(headers),
            is_new=not named,
        )
        return Answer(
            self._capacity,
            question,
            lambda: self._asked(actor, asked, question),
            lambda kept: self._given(actor, kept, since),
            speaker(asked, interaction_id, ignored),
            stream=bool(asked.stream),
        )

    def _asked(
        self, actor: Actor, asked: ChatRequest, question: Question
    ) -> Iterator[str | Interaction]:
        """Begin the answer; RequestError, NotFound for what the model asked for cannot."""
        workspace = self._opened()
        limited = asked.max_tokens is not None or asked.max_completion_tokens is not None
        if asked.model or limited:
            models = answers.models(workspace, actor)
            known = [_known(models, asked.model)] if asked.model else models[:1]
            for model in known:
                parameters.refuse_shorter(asked, model.max_answer_tokens)
        return answers.ask(workspace, actor, question)

    def _trace(self, headers: Mapping[str, str]) -> TraceContext:
        """The caller's trace (W3C Trace Context); a new one where spans are told of."""
        found = tracing.caller_trace(headers.get("traceparent", ""))
        return tracing.new_trace() if self._traced and not found.trace_id else found

    def _given(self, actor: Actor, kept: Interaction, since: str) -> Given:
        self.measures.answered(kept, again=kept.at < since)
        return Given(kept, answers.evidence(self._opened(), actor, kept))

    async def models(self, request: Request) -> Response:
        """List what can be asked."""
        models = await self._models(await self._keys.caller(request.headers, Role.ANSWER))
        return _json(ModelList([_card(model) for model in models]))

    async def model(self, request: Request) -> Response:
        """Return one model."""
        actor = await self._keys.caller(request.headers, Role.ANSWER)
        return _json(_card(_known(await self._models(actor), request.path_params["model_id"])))

    async def feedback(self, request: Request) -> Response:
        """Keep what somebody thought of an answer; the same feedback again is kept once."""
        actor = await self._keys.caller(request.headers, Role.FEEDBACK)
        given = decoded(await self._body(request), FeedbackRequest)
        kept = Feedback(
            feedback_id=derived_id("feedback", _request_name(request.headers), content_hash(given)),
            interaction_id=_interaction_named(given.interaction_id),
            at=stamp(),
            rating=given.rating,
            comment=given.comment,
        )
        await self._call(lambda: answers.add_feedback(self._opened(), actor, kept))
        return _json(Kept(kept.feedback_id), 201)

    async def outcome(self, request: Request) -> Response:
        """Keep how a conversation stands; what was reported last is not kept again."""
        actor = await self._keys.caller(request.headers, Role.FEEDBACK)
        given = decoded(await self._body(request), OutcomeRequest)
        conversation_id = request.path_params["conversation_id"]
        _check_name(conversation_id, "conversation_id")
        kept = Outcome(
            outcome_id=derived_id(
                *("outcome", actor.tenant, conversation_id),
                *(_request_name(request.headers), content_hash(given), at := stamp()),
            ),
            conversation_id=conversation_id,
            at=at,
            resolved=bool(given.resolved),
            resolution_minutes=given.resolution_minutes,
            reopened=given.reopened,
            csat=given.csat,
            closed_at=_kept_moment(given.closed_at),
            first_touch_at=_kept_moment(given.first_touch_at),
            handling_minutes=given.handling_minutes,
            csat_asked=given.csat_asked,
            gone=given.gone,
        )
        await self._call(lambda: answers.add_outcome(self._opened(), actor, kept))
        return _json(Kept(kept.outcome_id), 201)

    async def conversation(self, request: Request) -> Response:
        """Return what was said in a conversation of the caller's tenant, by agents too."""
        actor = await self._keys.caller(request.headers, Role.READ)
        wanted = request.path_params["conversation_id"]
        _check_name(wanted, "conversation_id")
        return _json(await self._call(lambda: desk.conversation(self._opened(), actor, wanted)))

    async def answer_in(self, request: Request) -> Response:
        """Let a person answer a conversation of the caller's tenant, or the assistant again."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        asked = decoded(await self._body(request), ModeRequest)
        wanted, who = request.path_params["conversation_id"], _as(actor, asked.agent)
        _check_name(wanted, "conversation_id")
        mode = Mode(asked.mode) if asked.mode else None
        await self._call(lambda: desk.answer_in(self._opened(), who, wanted, mode))
        return _json(ModeReply(conversation_id=wanted, mode=mode))

    async def interaction(self, request: Request) -> Response:
        """Return an answer of the caller's tenant with its trace and the age of its sources."""
        actor = await self._keys.caller(request.headers, Role.READ)
        wanted = _interaction_named(request.path_params["interaction_id"])
        return _json(await self._call(lambda: self._kept(actor, wanted)))

    def _kept(self, actor: Actor, interaction_id: str) -> dict[str, object]:
        workspace = self._opened()
        found = answers.interaction(workspace, actor, interaction_id)
        cited = answers.cited(workspace, actor, found)
        return answers.with_evidence(found, answers.as_evidence(cited))

    async def canary(self, request: Request) -> Response:
        """Return the newest trial of a candidate, as it stands or as it ended."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        return _json(await self._call(lambda: canaries.status(self._opened(), actor)))

    async def scorecard(self, request: Request) -> Response:
        """Return what customers received from a release, by default the live one."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        release = _release(request)
        return _json(await self._call(lambda: self._received(actor, release)))

    def _received(self, actor: Actor, release: str) -> Received:
        workspace = self._opened()
        return Received(
            scorecard=scorecards.scorecard(workspace, actor, release),
            apart=scorecards.breakdown(workspace, actor, release),
            reviewers=scorecards.reviewer_error(workspace, actor),
        )

    async def alerts(self, request: Request) -> Response:
        """List the alerts that are not over, graver kinds first."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        found = await self._call(lambda: alerts.alerts(self._opened(), actor))
        return _json(AlertList([alert_item(one) for one in found]))

    async def progress(self, request: Request) -> Response:
        """Return what the assistant changed, against the customers who are held out."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        found = await self._call(lambda: contrasts.latest_contrast(self._opened(), actor))
        if found is None:
            raise NotFound(
                "nobody is held out, so nothing shows what the assistant changed",
                where="progress",
                action="agree on an objective, and import a history: northloop init",
            )
        return _json(found)

    async def drift(self, request: Request) -> Response:
        """Return whether customers ask otherwise than before, and whether answers got worse."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        return _json(await self._call(lambda: drift.drift(self._opened(), actor)))

    async def pair_next(self, request: Request) -> Response:
        """Return two answers to a question of the caller's tenant, to be judged."""
        actor = await self._keys.caller(request.headers, Role.REVIEW)
        who = _as(actor, _reviewer(request))
        return _json(next_pair(await self._call(lambda: comparisons.waiting(self._opened(), who))))

    async def pair_choose(self, request: Request) -> Response:
        """Keep which of two answers is right."""
        actor = await self._keys.caller(request.headers, Role.REVIEW)
        asked = decoded(await self._body(request), ChooseRequest)
        who, pair = _as(actor, asked.reviewer), _interaction_named(request.path_params["pair_id"])
        done = await self._call(
            lambda: comparisons.choose(self._opened(), who, pair, PairChoice(asked.right))
        )
        return _json(pair_reply(done.pair, decided=done.decided))

    async def pair_skip(self, request: Request) -> Response:
        """Pass two answers over."""
        actor = await self._keys.caller(request.headers, Role.REVIEW)
        asked = decoded(await self._body(request), SkipRequest)
        who, pair = _as(actor, asked.reviewer), _interaction_named(request.path_params["pair_id"])
        done = await self._call(lambda: comparisons.skip(self._opened(), who, pair, asked.reason))
        return _json(pair_reply(done.pair, decided=done.decided))

    async def pair_undo(self, request: Request) -> Response:
        """Take the last choice of a person, or what they passed over last, back."""
        actor = await self._keys.caller(request.headers, Role.REVIEW)
        asked = decoded(await self._body(request), UndoRequest)
        who, pair = _as(actor, asked.reviewer), _interaction_named(request.path_params["pair_id"])
        undone = await self._call(lambda: comparisons.undo(self._opened(), who, pair))
        return _json(pair_reply(undone))

    async def desk_queue(self, request: Request) -> Response:
        """List the conversations of the caller's tenant that wait for a person."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        after, limit = request.query_params.get("after", ""), _limit(request)
        page = await self._call(lambda: desk.queue(self._opened(), actor, after, limit))
        listed = [desk_item(one) for one in page.rows]
        return _json(DeskQueue(listed, page.last if page.more else ""))

    async def desk_item(self, request: Request) -> Response:
        """Return one conversation that waits, as it is now."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        wanted = _waiting(request)
        found = await self._call(lambda: desk.look(self._opened(), actor, wanted))
        if found is None:
            raise NotFound(
                "nobody waits in this conversation any more",
                where=wanted,
                action="look who waits: GET /v1/desk",
            )
        return _json(desk_item(found))

    async def desk_alternatives(self, request: Request) -> Response:
        """List what might be sent in the place of the draft of a conversation that waits."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        wanted = _waiting(request)
        found = await self._call(lambda: desk.alternatives(self._opened(), actor, wanted))
        return _json(desk_alternatives(found))

    async def desk_send(self, request: Request) -> Response:
        """Send the draft as it is."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        asked = decoded(await self._body(request), SendRequest)
        who, one = _as(actor, asked.agent), _waiting(request)
        return await self._acted(lambda: desk.send(self._opened(), who, one))

    async def desk_edit(self, request: Request) -> Response:
        """Send the draft as the agent has changed it."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        asked = decoded(await self._body(request), EditRequest)
        who, one, others = _as(actor, asked.agent), _waiting(request), asked.for_others
        return await self._acted(
            lambda: desk.edit(
                self._opened(), who, one, asked.text, for_others=others, intent=asked.intent
            )
        )

    async def desk_reword(self, request: Request) -> Response:
        """Send the draft, which was right, in the agent's words."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        asked = decoded(await self._body(request), RewordRequest)
        who, one = _as(actor, asked.agent), _waiting(request)
        return await self._acted(
            lambda: desk.reword(self._opened(), who, one, asked.text, intent=asked.intent)
        )

    async def desk_discard(self, request: Request) -> Response:
        """Send a reply of the agent's own, or nothing."""
        actor = await self._keys.caller(request.headers, Role.DESK)
        asked = decoded(await self._body(request), DiscardRequest)
        who, one, others = _as(actor, asked.agent), _waiting(request), asked.for_others
        return await self._acted(
            lambda: desk.discard(
                self._opened(), who, one, asked.text, for_others=others, intent=asked.intent
            )
        )

    async def _acted(self, act: Callable[[], desk.Acted]) -> Response:
        return _json(desk_reply(await self._call(act)))

    async def healthz(self, _: Request) -> Response:
        """Say that the process is alive."""
        return _json(Alive())

    async def readyz(self, _: Request) -> Response:
        """Say whether questions can be answered now."""
        health = await self._call(self._health)
        return _json(health, 200 if health.ready else 503)

    async def metrics(self, request: Request) -> Response:
        """Return what is counted and measured, also where the records cannot be read."""
        actor = await self._keys.caller(request.headers, Role.METRICS)
        try:
            found = await self._call(lambda: telemetry.counts(self._opened(), actor))
        except NorthloopError as error:
            log(error, request_id(request.scope))
            found = None
        text, media_type = self.measures.text(found, request.headers.get("accept", ""))
        return Response(text, headers={"content-type": media_type})

    async def openapi(self, _: Request) -> Response:
        """Describe the API as it is now."""
        return _json(await self._call(self._described))

    def _described(self) -> dict[str, object]:
        try:
            limit = answers.models(self._opened(), OPEN)[0].max_answer_tokens
        except (NorthloopError, IndexError):
            limit = 1
        return document(limit)

    def _health(self) -> Health:
        try:
            return answers.health(self._opened())
        except (DiskFull, NotReady) as error:
            return Health(ready=False, detail=without_places(str(error)))

    async def _body(self, request: Request) -> bytes:
        """Return the body; HTTPException 413 as soon as it proves too large."""
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_body_bytes:
            raise _too_large()
        chunks: list[bytes] = []
        left = self._max_body_bytes
        async for chunk in request.stream():
            chunks.append(chunk)
            left -= len(chunk)
            if left < 0:
                raise _too_large()
        return b"".join(chunks)

    async def _models(self, actor: Actor) -> Sequence[Model]:
        return await self._call(lambda: answers.models(self._opened(), actor))

    async def _call(self, function: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(function, limiter=self._quick)


def _known(models: Sequence[Model], name: str) -> Model:
    """Return the model of a name; NotFound names those there are, NotReady if there is none."""
    for model in models:
        if model.id == name:
            return model
    if not models:
        raise answers.nothing_live()
    names = ", ".join(model.id for model in models)
    raise NotFound("there is no such model", where=name, action=f"use one of: {names}")


def _too_large() -> HTTPException:
    # The rest of the body would be taken for the next request.
    return HTTPException(413, headers={"connection": "close"})


def _ids() -> Iterator[str]:
    """Yield ids that nobody can guess; the system is asked for many at once."""
    while True:
        some = secrets.token_hex(_IDS * _ID_DIGITS // 2)
        yield from (some[at : at + _ID_DIGITS] for at in range(0, len(some), _ID_DIGITS))


def _interaction_id(name: str, actor: Actor, messages: tuple[Message, ...]) -> str:
    return derived_id("interaction", actor.tenant, name, content_hash(messages))


def _waiting(request: Request) -> str:
    return _interaction_named(request.path_params["interaction_id"])


def _as(actor: Actor, agent: str) -> Actor:
    """Return the caller under the name of the person who acts through it, if it gives one.

    Behind the key's own: a program's word for a person is not one of the house.
    """
    if not agent.strip():
        return actor
    name = "/".join(filter(None, (actor.name, agent.strip())))
    return msgspec.structs.replace(actor, name=name, declared=True)


def _reviewer(request: Request) -> str:
    """Return who is to judge, as the address names them; RequestError."""
    for name in request.query_params:
        if name != "reviewer":
            raise RequestError("no such parameter", param=name[:MAX_NAME_CHARS], action="leave out")
    named = request.query_params.get("reviewer", "")
    _check_name(named, "reviewer")
    return named


def _limit(request: Request) -> int:
    """Return how many are asked for at once; RequestError."""
    for name in request.query_params:
        if name not in ("after", "limit"):
            raise RequestError("no such parameter", param=name[:MAX_NAME_CHARS], action="leave out")
    text = request.query_params.get("limit", str(_ON_A_PAGE))
    limit = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 0
    if not 1 <= limit <= _MOST_ON_A_PAGE:
        raise RequestError(
            f"not from 1 to {_MOST_ON_A_PAGE}", param="limit", action="ask for fewer at once"
        )
    return limit


def _channel(headers: Mapping[str, str], asked: ChatRequest) -> str:
    channel = headers.get("x-channel", "").strip() or asked.channel or ""
    if channel and not re.match(CHANNEL, channel):
        raise RequestError(
            "no name of a channel",
            param="x-channel",
            action='write it as "email": at most 40 small letters, digits, "-" and "_"',
        )
    return channel


def _release(request: Request) -> str:
    for name in request.query_params:
        if name != "release":
            raise RequestError("no such parameter", param=name[:MAX_NAME_CHARS], action="leave out")
    release = request.query_params.get("release", "")
    if release and not re.fullmatch("[0-9a-f]{4,64}", release):
        raise RequestError(
            "no hash of a release", param="release", action="give 4 to 64 digits of it"
        )
    return release


def _interaction_named(name: str) -> str:
    """Return the id of an interaction, also where it is called by its completion's id.

    None has a NUL, which not every store could look up.
    """
    return name.removeprefix(COMPLETION).replace("\0", "\ufffd")


def _kept_moment(at: datetime | None) -> str:
    """Return a time as it is kept; one of no year of ours is the nearest that is."""
    return stamp(min(max(at, _EARLIEST), _LATEST)) if at else ""


def _request_name(headers: Mapping[str, str]) -> str:
    """Return what the client calls this request, so that it can be sent again; "" for nothing."""
    return _named(headers, "idempotency-key", "") or _named(headers, "x-request-id", "")


def _named(headers: Mapping[str, str], header: str, otherwise: str) -> str:
    name = headers.get(header, "").strip()
    with suppress(UnicodeError):  # Headers are read as Latin-1, and mostly written in UTF-8.
        name = name.encode("latin-1").decode()
    _check_name(name, header)
    return name or otherwise


def _check_name(name: str, param: str) -> None:
    if len(name) > MAX_NAME_CHARS:
        raise RequestError(
            f"longer than {MAX_NAME_CHARS} characters", param=param, action="shorten it"
        )


def _card(model: Model) -> ModelCard:
    return ModelCard(id=model.id, created=model.created, owned_by=model.owned_by)


def _json(body: msgspec.Struct | Mapping[str, object], status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
