"""The API described as OpenAPI 3.2, made from the types and tables that it works with.

Bodies are the schemas of the msgspec types; what becomes of each parameter of a chat completion
comes from `parameters`. Only what leads where, and what no type can say, stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from northloop.app.answers import MAX_QUESTION_CHARS, Evidence, Health
from northloop.app.canaries import Trialled
from northloop.app.contrasts import Contrast
from northloop.app.desk import Conversation
from northloop.app.drift import Drift
from northloop.core.actor import Role
from northloop.core.interaction import Interaction
from northloop.http import parameters
from northloop.http.completion import Chunk, Completion
from northloop.http.errors import ErrorEnvelope
from northloop.http.wire import (
    CHANNEL,
    MAX_NAME_CHARS,
    SPEAKERS,
    AlertList,
    Alive,
    ChatRequest,
    ChooseRequest,
    DeskAlternatives,
    DeskItem,
    DeskQueue,
    DeskReply,
    DiscardRequest,
    EditRequest,
    FeedbackRequest,
    Kept,
    ModelCard,
    ModelList,
    ModeReply,
    ModeRequest,
    NextPair,
    OutcomeRequest,
    PairReply,
    Received,
    RewordRequest,
    SendRequest,
    SkipRequest,
    UndoRequest,
)

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"
KeptInteraction = msgspec.defstruct(
    "KeptInteraction",
    [
        (field.name, tuple[Evidence, ...] if field.name == "evidence" else field.type)
        for field in msgspec.structs.fields(Interaction)
    ],
    kw_only=True,
    namespace={"__doc__": "An answer as it is kept, with the passages that it rests on."},
)


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What one method of one address does."""

    name: str
    summary: str
    role: Role | None = None
    """The scope that a key needs; None where none is needed."""
    takes: type | None = None
    gives: type | str
    """A type, or the media type of a text."""
    status: int = 200
    also: Mapping[int, type] = {}
    """Other statuses with a body of their own."""
    refuses: tuple[int, ...] = ()
    headers: tuple[str, ...] = ()
    """Headers of the request that are read."""
    queries: tuple[str, ...] = ()
    """Parameters of the address that are read."""


_NAMES = ("Idempotency-Key", "X-Request-Id")
"""Each names the request."""
_BODY = (400, 408, 413)
_QUERIES: Mapping[str, Json] = MappingProxyType(
    {
        "after": {"type": "string", "pattern": "^[0-9]{0,18}$"},
        "release": {"type": "string", "pattern": "^([0-9a-f]{4,64})?$"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
    }
)
_HEADERS: Mapping[str, Json] = MappingProxyType(
    {"X-Channel": {"type": "string", "pattern": f"^$|{CHANNEL}"}}
)
_ENDLESS = ("ArmMean", "Effect", "Interval", "Level")
"""Types with numbers that JSON cannot write."""
_KEY = (401, 403)
_WAIT = (409, 429)
"""Of questions: what may be tried again."""
_ACT = (404, 409, 422, 503)
OPERATIONS: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("POST", "/v1/chat/completions"): Operation(
            name="createChatCompletion",
            summary="Answer a question, whole or streamed",
            role=Role.ANSWER,
            takes=ChatRequest,
            gives=Completion,
            refuses=(*_BODY, 404, 422, *_WAIT, 503),
            headers=(*_NAMES, "X-Customer-Id", "X-Conversation-Id", "X-Channel"),
        ),
        ("GET", "/v1/models"): Operation(
            name="listModels",
            summary="List what can be asked",
            role=Role.ANSWER,
            gives=ModelList,
            refuses=(503,),
        ),
        ("GET", "/v1/models/{model_id}"): Operation(
            name="retrieveModel",
            summary="Return one model",
            role=Role.ANSWER,
            gives=ModelCard,
            refuses=(404, 503),
        ),
        ("POST", "/v1/feedback"): Operation(
            name="createFeedback",
            summary="Keep what somebody thought of an answer",
            role=Role.FEEDBACK,
            takes=FeedbackRequest,
            gives=Kept,
            status=201,
            refuses=(*_BODY, 404, 503),
            headers=_NAMES,
        ),
        ("POST", "/v1/conversations/{conversation_id}/outcome"): Operation(
            name="createOutcome",
            summary="Keep how a conversation ended",
            role=Role.FEEDBACK,
            takes=OutcomeRequest,
            gives=Kept,
            status=201,
            refuses=(*_BODY, 404, 503),
            headers=_NAMES,
        ),
        ("POST", "/v1/conversations/{conversation_id}/mode"): Operation(
            name="answerIn",
            summary="Let a person answer a conversation from now on, or the assistant again",
            role=Role.DESK,
            takes=ModeRequest,
            gives=ModeReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("GET", "/v1/conversations/{conversation_id}"): Operation(
            name="retrieveConversation",
            summary="Return what was said in a conversation, by agents too",
            role=Role.READ,
            gives=Conversation,
            refuses=(400, 404, 503),
        ),
        ("GET", "/v1/interactions/{interaction_id}"): Operation(
            name="retrieveInteraction",
            summary="Return a kept answer with its trace",
            role=Role.READ,
            gives=KeptInteraction,
            refuses=(404, 503),
        ),
        ("GET", "/v1/canary"): Operation(
            name="retrieveCanary",
            summary="Return how a candidate stands beside what is live",
            role=Role.METRICS,
            gives=Trialled,
            refuses=(404, 503),
        ),
        ("GET", "/v1/alerts"): Operation(
            name="listAlerts",
            summary="List the alerts that are not over",
            role=Role.METRICS,
            gives=AlertList,
            refuses=(503,),
        ),
        ("GET", "/v1/progress"): Operation(
            name="retrieveProgress",
            summary="Return what the assistant changed, against customers held out",
            role=Role.METRICS,
            gives=Contrast,
            refuses=(404, 503),
        ),
        ("GET", "/v1/drift"): Operation(
            name="retrieveDrift",
            summary="Return whether customers ask otherwise, and whether answers got worse",
            role=Role.METRICS,
            gives=Drift,
            refuses=(503,),
        ),
        ("GET", "/v1/pairs/next"): Operation(
            name="retrieveNextPair",
            summary="Return two answers to one question, to be judged blind",
            role=Role.REVIEW,
            gives=NextPair,
            refuses=(400, 503),
            queries=("reviewer",),
        ),
        ("POST", "/v1/pairs/{pair_id}/choose"): Operation(
            name="choosePair",
            summary="Keep which of two answers is right",
            role=Role.REVIEW,
            takes=ChooseRequest,
            gives=PairReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("POST", "/v1/pairs/{pair_id}/skip"): Operation(
            name="skipPair",
            summary="Pass two answers over",
            role=Role.REVIEW,
            takes=SkipRequest,
            gives=PairReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("POST", "/v1/pairs/{pair_id}/undo"): Operation(
            name="undoPair",
            summary="Take a person's last choice back",
            role=Role.REVIEW,
            takes=UndoRequest,
            gives=PairReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("GET", "/v1/desk"): Operation(
            name="listDesk",
            summary="List the conversations that wait for a person",
            role=Role.DESK,
            gives=DeskQueue,
            refuses=(400, 422, 503),
            queries=("after", "limit"),
        ),
        ("GET", "/v1/desk/{interaction_id}"): Operation(
            name="retrieveDeskItem",
            summary="Return one conversation that waits, as it is now",
            role=Role.DESK,
            gives=DeskItem,
            refuses=(404, 503),
        ),
        ("GET", "/v1/desk/{interaction_id}/alternatives"): Operation(
            name="listAlternatives",
            summary="List what might be sent in the place of the draft",
            role=Role.DESK,
            gives=DeskAlternatives,
            refuses=(404, 503),
        ),
        ("POST", "/v1/desk/{interaction_id}/send"): Operation(
            name="sendDraft",
            summary="Send the draft as it is",
            role=Role.DESK,
            takes=SendRequest,
            gives=DeskReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("POST", "/v1/desk/{interaction_id}/edit"): Operation(
            name="editDraft",
            summary="Send the draft as a person has changed it",
            role=Role.DESK,
            takes=EditRequest,
            gives=DeskReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("POST", "/v1/desk/{interaction_id}/reword"): Operation(
            name="rewordDraft",
            summary="Send the draft, which was right, in a person's words",
            role=Role.DESK,
            takes=RewordRequest,
            gives=DeskReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("POST", "/v1/desk/{interaction_id}/discard"): Operation(
            name="discardDraft",
            summary="Send a reply of one's own, or nothing",
            role=Role.DESK,
            takes=DiscardRequest,
            gives=DeskReply,
            refuses=(*_BODY, *_ACT),
        ),
        ("GET", "/v1/scorecard"): Operation(
            name="retrieveScorecard",
            summary="Return what customers received from a release, as people judged it",
            role=Role.METRICS,
            gives=Received,
            refuses=(400, 404, 503),
            queries=("release",),
        ),
        ("GET", "/healthz"): Operation(
            name="isAlive", summary="Say that the process is alive", gives=Alive
        ),
        ("GET", "/readyz"): Operation(
            name="isReady",
            summary="Say whether questions can be answered now",
            gives=Health,
            also={503: Health},
        ),
        ("GET", "/metrics"): Operation(
            name="readMetrics",
            summary="Return counters and measurements for Prometheus",
            role=Role.METRICS,
            gives="text/plain",
        ),
        ("GET", "/openapi.json"): Operation(
            name="describe", summary="Return this document", gives=dict[str, object]
        ),
    }
)
"""Method and path → what is done there. A test holds it against the table of routes."""
_CHUNK = {
    "contentMediaType": "application/json",
    "contentSchema": {"anyOf": [{"$ref": _REF.format(name=n)} for n in ("Chunk", "ErrorEnvelope")]},
}
_EITHER = {
    "anyOf": [
        {
            "required": ["resolved"],
            "properties": {"resolved": {"type": "boolean"}, "gone": {"type": "null"}},
        },
        {
            "required": ["gone"],
            "properties": {"gone": {"type": "string"}, "resolved": {"enum": [False, None]}},
        },
    ]
}
"""What an outcome says: whether it is resolved, or that there is nothing to resolve any more."""
_DATA = {"type": "string", "anyOf": [{"const": "[DONE]"}, _CHUNK]}
_STREAMED = {"itemSchema": {"type": "object", "properties": {"data": _DATA}, "required": ["data"]}}
"""What `stream` asks for: server-sent events."""
_TEXT = {"type": "string", "pattern": r"\S", "maxLength": MAX_QUESTION_CHARS}
"""A question that can be answered."""
_SAID: Mapping[str, str] = MappingProxyType(
    {
        "x-request-id": "Names the request in the server's log",
        "x-northloop-interaction": "Names the kept answer",
        "x-northloop-source": "Which step of the answer path gave the answer",
        "x-northloop-ignored": "What the request asked for without effect",
        "x-northloop-trace": "The trace that the answer is in, if it is in one",
        "retry-after": "Seconds until another try may succeed",
    }
)


def document(least_tokens: int = 1) -> Json:
    """Return the document; `least_tokens` is the lowest limit that the live release takes."""
    types = _types()
    _, schemas = msgspec.json.schema_components(types, schema_hook=_anything, ref_template=_REF)
    schemas["ChatRequest"] = _chat(schemas["ChatRequest"], least_tokens)
    schemas["ChatMessage"] = _message(schemas["ChatMessage"])
    schemas["OutcomeRequest"] = schemas["OutcomeRequest"] | _EITHER
    schemas["Part"]["properties"]["type"] = {"enum": ["text", "refusal"]}
    for name in _ENDLESS:
        schemas[name] = _with_null(schemas[name])
    paths: dict[str, Json] = {}
    for (method, path), operation in OPERATIONS.items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, operation)
    return {
        "openapi": "3.2.0",
        "info": {
            "title": "Northloop",
            "version": "1",
            "description": "OpenAI's chat completions, answered by what is live in a workspace.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _types() -> list[type]:
    """Every type that a body has; those inside come with them."""
    found: list[object] = [ErrorEnvelope, Chunk]
    for operation in OPERATIONS.values():
        found += [operation.takes, operation.gives, *operation.also.values()]
    structs = [t for t in found if isinstance(t, type) and issubclass(t, msgspec.Struct)]
    return list(dict.fromkeys(structs))


def _anything(_: type) -> Json:
    # An empty one msgspec takes for none.
    return {"description": "anything"}


def _chat(made: Json, least_tokens: int) -> Json:
    """Say of a request for a completion what its type cannot."""
    properties = {
        name: {**schema, "description": parameters.WHY[name]} if name in parameters.WHY else schema
        for name, schema in made["properties"].items()
    }
    for name in parameters.REFUSED:
        properties[name] = {
            "enum": list(parameters.harmless(name)),
            "description": f"Refused with other values: {parameters.REFUSED[name]}.",
        }
    for name in parameters.WITHOUT_EFFECT:
        why = f"No effect: {parameters.WITHOUT_EFFECT[name]}."
        properties[name] = {**properties.get(name, {}), "description": why}
    for name in ("seed", "max_tokens", "max_completion_tokens"):
        whole = {**properties[name]["anyOf"][0], "type": "integer"}
        del whole["multipleOf"]
        if name != "seed":
            whole["minimum"] = least_tokens
        properties[name] = {**properties[name], "anyOf": [whole, {"type": "null"}]}
    part = {"type": {"const": "text"}, "text": _TEXT}
    parts = {"type": "array", "contains": {"properties": part, "required": ["type", "text"]}}
    asked = {"role": {"const": "user"}, "content": {"anyOf": [_TEXT, parts]}}
    properties["messages"] = {
        **properties["messages"],
        "contains": {"properties": asked, "required": ["role", "content"]},
        "description": "What customer and assistant said, the question last.",
    }
    return {**made, "properties": properties}


def _with_null(made: Json) -> Json:
    """Say of a type that its numbers may be null: what has no end has no figure."""
    return {
        **made,
        "properties": {
            name: {**told, "type": ["number", "null"]} if told.get("type") == "number" else told
            for name, told in made["properties"].items()
        },
    }


def _message(made: Json) -> Json:
    properties = made["properties"] | {
        "role": {"enum": sorted(SPEAKERS)},
        "tool_calls": {"type": ["array", "null"], "maxItems": 0},
        "function_call": {"type": ["object", "null"], "maxProperties": 0},
    }
    return {**made, "properties": properties}


def _operation(path: str, operation: Operation) -> Json:
    refused = (*(_KEY if operation.role else ()), *operation.refuses, 500)
    responses = {str(operation.status): _response(operation)}
    for status, type_ in operation.also.items():
        responses[str(status)] = {"description": "Not now", "content": _content(type_)}
    waits = _WAIT if 429 in operation.refuses else ()
    for status in refused:
        responses[str(status)] = {
            "description": "Refused" if status < 500 else "Went wrong",
            "headers": _told("x-request-id", *(("retry-after",) if status in waits else ())),
            "content": _content(ErrorEnvelope),
        }
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": responses,
        "security": [{"key": []}] if operation.role else [],
    }
    if operation.role:
        described["description"] = f"A key needs the scope `{operation.role.value}`."
    read = [
        *(_parameter(name, "header") for name in operation.headers),
        *(_parameter(name, "query") for name in operation.queries),
    ]
    if asked := [*_in_path(path), *read]:
        described["parameters"] = asked
    if operation.takes:
        described["requestBody"] = {"required": True, "content": _content(operation.takes)}
    return described


def _response(operation: Operation) -> Json:
    content = _content(operation.gives)
    told = ["x-request-id"]
    if operation.gives is Completion:
        content["text/event-stream"] = _STREAMED
        told += [name for name in _SAID if name.startswith("x-northloop-")]
    return {"description": operation.summary, "headers": _told(*told), "content": content}


def _content(type_: type | str) -> Json:
    if isinstance(type_, str):
        return {type_: {"schema": {"type": "string"}}}
    (schema,), _ = msgspec.json.schema_components([type_], schema_hook=_anything, ref_template=_REF)
    return {"application/json": {"schema": schema}}


def _in_path(path: str) -> Sequence[Json]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{**_parameter(name, "path"), "required": True} for name in names]


def _parameter(name: str, place: str) -> Json:
    schema: Json = {"type": "string", "maxLength": MAX_NAME_CHARS}
    if place == "path":
        schema["minLength"] = 1
    schema = {"query": _QUERIES, "header": _HEADERS}.get(place, {}).get(name, schema)
    return {"name": name, "in": place, "schema": schema}


def _told(*names: str) -> Json:
    return {name: {"description": _SAID[name], "schema": {"type": "string"}} for name in names}
