"""Logs of language models: what was asked of a model and what it answered, a call a record.

Langfuse and LangSmith call the two `input` and `output`, TensorZero too, LiteLLM, Helicone,
OpenPipe and Dialogflow CX `request` (or `messages`) and `response`; spans (OpenInference,
OpenTelemetry, the AI SDK) have them among their attributes. Either is a text, messages, what a
provider's API takes and returns, or, in a table, one of these written as JSON. The calls of a
session are one conversation: each repeats what was said before, or goes on where the last one
ended. What a call is made of (a look-up, a tool, the prompt that a model was given to answer it)
was said to nobody. What those who asked thought of an answer is the case's rating, and what should
have been answered is its answer, where they stand beside the calls (`feedback`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.stages.data.sources.json_rows import Json, as_text, written_out
from northloop.stages.data.sources.shapes.cases import MOST_RECORDS
from northloop.stages.data.sources.shapes.feedback import (
    Feedback,
    feedback_in,
    feedback_of,
    is_feedback,
    ratings,
)
from northloop.stages.data.sources.shapes.fields import Fields, each, found, has, text
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_ASKED = ("input", "inputs", "request", "request_body", "req_payload", "messages",
          "proxy_server_request", "attributes.llm.input_messages",
          "attributes.gen_ai.input.messages", "attributes.gen_ai.prompt", "attributes.ai.prompt",
          "attributes.input.value")  # fmt: skip
_ANSWERED = ("output", "outputs", "response", "response_body", "resp_payload",
             "attributes.llm.output_messages", "attributes.gen_ai.output.messages",
             "attributes.gen_ai.completion", "attributes.ai.response.text",
             "attributes.output.value")  # fmt: skip
_METADATA = ("metadata", "extra.metadata")
_THREADS = ("thread_id", *(f"{of}.{name}" for of in _METADATA for name in
            ("thread_id", "session_id", "conversation_id")))  # fmt: skip
_SESSIONS = ("session_id", *_THREADS, "conversation_id", "episode_id", "conversation_name",
             "request.session", "request_properties.helicone_session_id", "attributes.session.id",
             "attributes.gen_ai.conversation.id", "attributes.ai.telemetry.metadata.session_id",
             "trace_id", "context.trace_id")  # fmt: skip
_OF_LANGSMITH = (*_THREADS, "trace_id")
"""There `session_id` names the project, in which all have asked."""
_CUSTOMERS = ("user_id", "end_user", "customer_id", "metadata.user_id", "extra.metadata.user_id",
              "tags.user_id", "request_user_id", "attributes.user.id",
              "attributes.ai.telemetry.metadata.user_id", "user")  # fmt: skip
_TIMES = ("timestamp", "start_time", "created_at", "requested_at", "created", "request_time",
          "request_created_at", "create_time")  # fmt: skip
_IDS = ("id", "span_id", "context.span_id")
_CALLED = (*_IDS, "inference_id", "request_id", "run_id", "trace_id", "context.trace_id")
"""What feedback names a call by."""
_PARENTS = ("parent_run_id", "parent_observation_id", "parent_id", "parent_span_id")
_KINDS = ("run_type", "attributes.openinference.span.kind", "span_kind", "type")
_STEPS = frozenset({"retriever", "tool", "embedding", "reranker", "guardrail", "evaluator", "event",
                    "prompt", "parser"})  # fmt: skip
"""Kinds of what is recorded beside calls: what was looked up, done, weighed on the way."""
_ROLES = {
    "user": Role.CUSTOMER,
    "human": Role.CUSTOMER,
    "assistant": Role.AGENT,
    "ai": Role.AGENT,
    "model": Role.AGENT,
}
"""Any other (system, developer, tool, function) says nothing to the customer."""
_MESSAGES = ("messages", "contents", "input", "inputs", "prompt", "chat_history", "body")
_QUESTIONS = ("question", "query", "user_input", "user_message", "text", "message", "content",
              "queryInput", "query_input")  # fmt: skip
_ANSWERS = ("choices", "message", "content", "output", "outputs", "generations", "candidates",
            "parts", "kwargs", "answer", "text", "output_text", "response", "result", "completion",
            "value", "body", "messages", "contents", "message_content")  # fmt: skip
"""Where in what a provider or a chain returns the words stand, likeliest first."""
_BLOCKS = ("text", "input_text", "output_text", "message", "human", "ai", "constructor",
           "generation", "chatgeneration", "")  # fmt: skip
"""Kinds of parts that are said; calls of tools, thoughts and pictures are not."""
_HISTORIES = frozenset({"messages", "contents"})
_DEEPEST = 8
_ALIKE_CHARS, _LONG_CHARS, _FEWEST_ALIKE = 30, 50, 10
_IS_A_PROMPT = (
    "its question stands in a prompt, as in others here (export the traces that they belong to, "
    "which hold what was asked); they begin with"
)
_WHY = "each record is a call of a language model: what it was asked, and what it answered"


# --- whose it is -------------------------------------------------------------------------------


def _fits(records: Values) -> str:
    opened = [_opened(record) for record in records]
    some = [record for record in opened if not (_is_step(record) or _calls_a_tool(record))]
    told = [bool(_is_call(record) or _calls_in(record)) for record in some]
    first = [tells for record, tells in zip(some, told, strict=True) if not _parent(record)]
    return _WHY if any(sum(of) > MOST_RECORDS * len(of) for of in (first, told)) else ""


def _is_call(record: Fields) -> bool:
    """Whether a record holds question and answer, and one of them as an API does: two columns of
    plain texts are a table like any other, but for those of a span.
    """
    asked, answered = _sides(record)
    structured = isinstance(asked, dict | list) or isinstance(answered, dict | list)
    if asked is None or _is_step(record) or not (structured or "attributes" in record):
        return False
    return bool(_said_by(Role.CUSTOMER, _messages(asked))) and bool(_answer(answered))


def _part(record: Record) -> Part | None:
    value = _opened(record.value)
    if _is_call(value) or _calls_in(value):
        return Part.CASES
    return Part.BESIDE if is_feedback(value) else None


def _is_step(record: Fields) -> bool:
    return text(record, *_KINDS).lower() in _STEPS


def _calls_a_tool(record: Fields) -> bool:
    """Whether a model was asked and answered as an API does, but not in words."""
    asked, answered = _sides(record)
    return isinstance(answered, dict | list) and bool(_question(asked)) and not _answer(answered)


def _parent(record: Fields) -> str:
    """Return the id of what a record is a part of, "" for none; of LangSmith's bulk export, which
    lists all above it, the trace.
    """
    trace = text(record, "trace_id") if has(record, "run_type") else ""
    return text(record, *_PARENTS) or (trace if trace != text(record, *_IDS) else "")


def _sides(record: Fields) -> tuple[Json, Json]:
    """Return what was asked and what was answered, each from the first place that holds any."""
    asked, answered = (
        next((value for value in map(_value, each(record, paths)) if value), None)
        for paths in (_ASKED, _ANSWERED)
    )
    return asked, answered


def _value(written: Json) -> Json:
    """Return what a cell holds: the JSON that is written into it, or else its text."""
    if not isinstance(written, str) or not written.lstrip().startswith(("{", "[", '"')):
        return written
    try:
        value: Json = msgspec.json.decode(written)
    except msgspec.DecodeError:
        value = written_out(written)
        return written if value is None else value
    return value


def _opened(record: Fields) -> Fields:
    """Return a record with what its cells hold, and the attributes of a span as objects."""
    opened = {key: _value(value) for key, value in record.items()}
    listed = opened.get("attributes")
    if isinstance(listed, list):  # as OTLP writes them
        opened["attributes"] = {text(one, "key"): _plain(found(one, "value")) for one in listed}
    told = {key: opened.pop(key) for key in [*opened] if key.partition(".")[0] == "attributes"}
    return {**opened, **_unfolded(told)} if told else opened


def _plain(value: Json) -> Json:
    """Return what OTLP's `{"stringValue": …}` says."""
    return next(iter(value.values()), None) if isinstance(value, Mapping) else value


def _unfolded(flat: Mapping[str, Json]) -> dict[str, Json]:
    """Return objects for keys with dots in them: `llm.input_messages.0.message.role`."""
    made: dict[str, Json] = {}
    for key, value in flat.items():
        *above, last = key.split(".")
        into = made
        for name in above:
            under = into.get(name)
            into[name] = into = under if isinstance(under, dict) else {}
        told, known = _inside(_value(value)), into.get(last)
        if isinstance(known, dict) and isinstance(told, dict):
            told = {**known, **told}
        into[last] = told
    return made


def _inside(value: Json) -> Json:
    if isinstance(value, list):
        return [_inside(item) for item in value]
    return _unfolded(value) if isinstance(value, Mapping) else value


# --- one call ----------------------------------------------------------------------------------


def _messages(asked: Json, depth: int = 0) -> list[RawMessage]:
    """Return what a model was shown of a conversation, in its order."""
    asked = _in_order(_value(asked))
    if depth > _DEEPEST or asked is None:
        return []
    if isinstance(asked, str):
        return [RawMessage(role=Role.CUSTOMER, text=asked)] if asked.strip() else []
    if isinstance(asked, list):
        return [said for one in asked for said in _of_list(one, depth)]
    if not isinstance(asked, Mapping):
        return []
    if _role(asked) is not None:
        return _of_list(asked, depth)
    given = {key: _value(asked[key]) for key in _MESSAGES if key in asked}
    told = [m for v in given.values() if not isinstance(v, str) for m in _messages(v, depth + 1)]
    texts = [*(v for v in given.values() if isinstance(v, str)), *map(asked.get, _QUESTIONS)]
    question = next((q for one in texts if (q := _words(one))), "")
    last = _said_by(Role.CUSTOMER, told[-1:])
    goes_on = not _HISTORIES & given.keys() and question not in (m.text for m in last)
    if question and (goes_on or not last):
        return [*told, RawMessage(role=Role.CUSTOMER, text=question)]
    return told


def _of_list(one: Json, depth: int) -> list[RawMessage]:
    if isinstance(one, list):
        return _messages(one, depth + 1)
    one = _unwrapped(one)
    if not isinstance(one, Mapping) or (role := _role(one)) is None:
        return []
    said = RawMessage(role=role, text=_words(one.get("content", one)))
    return [said] if said.text.strip() else []


def _in_order(value: Json) -> Json:
    """Return a list for an object by number: `{"0": {…}, "1": {…}}`."""
    if isinstance(value, Mapping) and value and all(key.isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def _unwrapped(one: Json) -> Json:
    """Return the message that an item holds, as OpenInference has it, or the item."""
    inside = one.get("message") if isinstance(one, Mapping) and "role" not in one else None
    return inside if isinstance(inside, Mapping) and "role" in inside else one


def _role(message: Fields) -> Role | None:
    """Return whose a message is by its role, or as LangChain writes it; None for no message."""
    chained = found(message, "kwargs.type", "type") if "role" not in message else message["role"]
    name = as_text(chained).lower() if isinstance(chained, str) else ""
    if "role" in message:
        return _ROLES.get(name, Role.SYSTEM)
    says = found(message, "content", "kwargs.content") is not None
    return _ROLES.get(name, Role.SYSTEM if name in ("system", "tool") else None) if says else None


def _words(value: Json, depth: int = 0) -> str:
    """Return what stands in a text, in the parts of one, or in what an API returned."""
    value = _in_order(_value(value))
    if isinstance(value, str) or value is None or depth > _DEEPEST:
        return value.strip() if isinstance(value, str) else ""
    if isinstance(value, list):
        return "\n".join(filter(None, (_words(one, depth + 1) for one in value)))
    if not isinstance(value, Mapping) or as_text(value.get("type") or "").lower() not in _BLOCKS:
        return ""
    return next((said for key in _ANSWERS if (said := _words(value.get(key), depth + 1))), "")


def _answer(answered: Json) -> str:
    """Return what a model answered: of messages or of choices the last, for a call that was made
    again after a tool's answer lists them all.
    """
    answered = _in_order(_value(answered))
    if isinstance(answered, Mapping):
        if (result := found(answered, "query_result")) is not None:  # its `text` is the question
            return _words(found(result, "response_messages", "fulfillment_text"))
        for key in ("messages", "choices", "candidates"):
            if isinstance(several := answered.get(key), list) and several:
                return _answer(several if key == "messages" else several[:1])
    listed = [_unwrapped(one) for one in answered] if isinstance(answered, list) else []
    if any(isinstance(one, Mapping) and _role(one) for one in listed):
        said = [m for m in _messages(listed) if m.role is Role.AGENT]
        return said[-1].text if said else ""
    return _words(answered)


def _question(asked: Json) -> str:
    """Return what a customer said last, "" for nothing."""
    return next((m.text for m in _said_by(Role.CUSTOMER, _messages(asked))[::-1]), "")


def _said_by(role: Role, messages: list[RawMessage]) -> list[RawMessage]:
    return [message for message in messages if message.role is role]


# --- conversations -----------------------------------------------------------------------------


class _Call(msgspec.Struct, frozen=True):
    row: int
    value: Fields
    before: tuple[RawMessage, ...]
    pair: tuple[RawMessage, RawMessage]
    """The question and the answer."""
    given: tuple[Feedback, ...] = ()

    @property
    def at(self) -> str:
        return _time(self.value)


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    recorded: list[tuple[int, Fields]] = []
    apart: list[Feedback] = []
    for record in records:
        opened = _opened(record.value)
        beside = [] if _is_call(opened) else _feedback_on(opened)
        apart += filter(None, map(feedback_of, beside))
        if not any(one is opened for one in beside):
            recorded += [(record.row, value) for value in _recorded(opened)]
    outer = _outer([value for _, value in recorded])
    kept = [(row, v) for row, v in recorded if outer[id(v)] is v and not _is_step(v)]
    given = _given(kept, _named(recorded, outer), apart)
    told = [(_session(value), _call(row, value, given.get(id(value), ()))) for row, value in kept]
    calls = [(session, call) for session, call in told if isinstance(call, _Call)]
    answered = {(session, call.pair[0].text) for session, call in calls if session}
    prompts = _prompts({call.pair[0].text for _, call in calls})
    sessions: dict[str, list[_Call]] = {}
    for session, call in told:
        if isinstance(call, Refused):
            if (session, _question(_sides(_fields(call.value))[0])) not in answered:
                yield call
        elif begins := next((p for p in prompts if call.pair[0].text.startswith(p)), ""):
            yield Refused(call.row, f"{_IS_A_PROMPT} {begins!r}", call.value)
        else:
            name = session or f"call {len(sessions)} of {call.row}"
            sessions.setdefault(name, []).append(call)
    of_session: dict[str, list[Feedback]] = {}
    for one in apart:
        for name in {*one.calls, *one.sessions}:
            of_session.setdefault(name, []).append(one)
    rates = ratings([*apart, *(one for every in given.values() for one in every)])
    for name, of_it in sessions.items():
        yield _conversation(sorted(of_it, key=lambda c: c.at), of_session.get(name, []), rates)


def _feedback_on(page: Json, depth: int = 0) -> list[Fields]:
    """Return the feedback that a record is, or that stands on a page beside calls."""
    if isinstance(page, dict) and is_feedback(page):
        return [page]
    inside = page.values() if isinstance(page, dict) else page if isinstance(page, list) else ()
    if depth > _DEEPEST or (isinstance(page, dict) and _is_call(page)):
        return []
    return [o for v in inside if isinstance(v, dict | list) for o in _feedback_on(v, depth + 1)]


def _named(
    recorded: Iterable[tuple[int, Fields]], outer: Mapping[int, Fields]
) -> Mapping[str, list[int]]:
    """Return the calls, by identity, that feedback means by an id."""
    named: dict[str, list[int]] = {}
    for _, value in recorded:
        for name in map(as_text, each(value, _CALLED)):
            owners = named.setdefault(name, [])
            owner = id(outer[id(value)])
            owners += [] if owner in owners else [owner]
    return named


def _given(
    kept: Iterable[tuple[int, Fields]], named: Mapping[str, list[int]], apart: Iterable[Feedback]
) -> dict[int, tuple[Feedback, ...]]:
    """Return what was given to each call, by identity: in it, and apart where that names it; of
    several calls of a name the last is rated, and none corrected.
    """
    found = {id(value): tuple(feedback_in(value)) for _, value in kept}
    for one in apart:
        owners = next((named[name] for name in one.calls if name in named), [])
        if owners and (len(owners) == 1 or not one.correction):
            found[owners[-1]] = (*found.get(owners[-1], ()), one)
    return found


def _fields(value: Json) -> Fields:
    return value if isinstance(value, dict) else {}


def _prompts(questions: Collection[str]) -> list[str]:
    """Return with what questions begin that were written into a prompt: so many customers do not
    begin alike, or not with so many words.
    """
    found = []
    for chars, least in ((_ALIKE_CHARS, MOST_RECORDS * len(questions)), (_LONG_CHARS, 0.0)):
        begun = Counter(question[:chars] for question in questions if len(question) > chars)
        found += [p for p, n in begun.items() if n >= _FEWEST_ALIKE and n > least]
    return found


def _time(value: Fields) -> str:
    return text(value, *_TIMES) or text(value, "start_time_unix_nano")[:-9]


def _session(value: Fields) -> str:
    return text(value, *(_OF_LANGSMITH if has(value, "run_type") else _SESSIONS))


def _recorded(value: Fields) -> list[Fields]:
    """Return a record, or all that it is a page of."""
    return [value] if _is_call(value) else _calls_in(value) or [value]


def _calls_in(value: Json, depth: int = 0) -> list[Fields]:
    """Return the calls on a page of them, wherever they stand; where a trace stands beside what was
    recorded in it, the trace."""
    inside = [*value.values()] if isinstance(value, Mapping) else value
    if depth > _DEEPEST or not isinstance(inside, list):
        return []
    objects = [_opened(one) for one in inside if isinstance(one, Mapping)]
    if any(map(_is_call, objects)):
        return [one for one in objects if _is_call(one) or _parent(one)]
    return [call for one in inside for call in _calls_in(one, depth + 1)]


def _outer(values: list[Fields]) -> dict[int, Fields]:
    """Return for each record, by identity, the call that it is a part of, itself for no other."""
    above = {name: value for value in values if (name := text(value, *_IDS))}
    return {id(value): _around(value, above) for value in values}


def _around(value: Fields, above: Mapping[str, Fields]) -> Fields:
    around, seen = value, {text(value, *_IDS)}
    while (parent := _parent(value) or text(value, "trace_id")) in above and parent not in seen:
        seen.add(parent)
        value = above[parent]
        around = value if _is_call(value) else around
    return around


def _call(row: int, value: Fields, given: tuple[Feedback, ...]) -> _Call | Refused:
    asked, answered = _sides(value)
    corrected = (_answer(one.correction) for one in given if one.correction)
    answer = next(filter(None, corrected), "") or _answer(answered)
    messages = _messages(asked)
    while messages and messages[-1].role is not Role.CUSTOMER:
        messages.pop()
    if not (messages and answer):
        lacking = "what a customer asked" if answer else "an answer in words"
        return Refused(row, f"this call of a model does not hold {lacking}", value)
    at = _time(value)
    question = RawMessage(role=Role.CUSTOMER, text=messages[-1].text, at=at)
    said = RawMessage(role=Role.AGENT, text=answer, at=text(value, "end_time") or at)
    return _Call(row, value, tuple(messages[:-1]), (question, said), given)


def _conversation(
    calls: list[_Call], of_session: list[Feedback], rates: Mapping[str, Mapping[str, float]]
) -> RawConversation:
    first = calls[0]
    messages = [*first.before, *first.pair]
    for call in calls[1:]:
        asked = _said_by(Role.CUSTOMER, messages)[-1].text
        known = [place for place, m in enumerate(call.before) if m.text == asked]
        if [m.text for m in messages[-2:]] != [m.text for m in call.pair]:
            messages += [*_after_reply(call.before[known[-1] :] if known else ()), *call.pair]
    return RawConversation(
        row=min(call.row for call in calls),
        ticket_id=_session(first.value) or text(first.value, *_IDS),
        customer_id=text(first.value, *_CUSTOMERS),
        created_at=first.at,
        messages=tuple(messages),
        csat=_last_rating([*(one for call in calls for one in call.given), *of_session], rates),
    )


def _last_rating(given: list[Feedback], rates: Mapping[str, Mapping[str, float]]) -> str:
    stars = [rates.get(one.name, {}).get(one.given) for one in given]
    return next((f"{told:g}" for told in reversed(stars) if told is not None), "")


def _after_reply(messages: tuple[RawMessage, ...]) -> list[RawMessage]:
    """Return what a call's history tells after the question that is known last and its reply."""
    later = (n for n, m in enumerate(messages[1:], 1) if m.role is Role.CUSTOMER)
    return list(messages[next(later, len(messages)) :])


MODEL_LOGS = Shape(
    name="Logs of a language model",
    says_ends=False,
    documented="https://langfuse.com/docs/observability/data-model",
    fits=_fits,
    read=_read,
    part=_part,
    apart="pack it with the traces that it names into one ZIP archive and import that",
    in_tables=True,
)
