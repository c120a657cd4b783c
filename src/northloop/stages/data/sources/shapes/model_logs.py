"""Logs of language models: what was asked of a model and what it answered, a call a record.

Langfuse and LangSmith call the two `input` and `output`, TensorZero too, LiteLLM, Helicone and
OpenPipe `request` (or `messages`) and `response`. Either is a text, messages, what a provider's API
takes and returns, or, in a table, one of these written as JSON. The calls of a session are one
conversation: each repeats what was said before, or goes on where the last one ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.shapes.cases import MOST_RECORDS, held
from northloop.stages.data.sources.shapes.fields import Fields, found, text
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_ASKED = ("input", "inputs", "request", "request_body", "req_payload", "messages")
_ANSWERED = ("output", "outputs", "response", "response_body", "resp_payload")
_SESSIONS = ("session_id", "thread_id", "conversation_id", "episode_id", "metadata.session_id",
             "metadata.thread_id", "metadata.conversation_id", "trace_id")  # fmt: skip
_CUSTOMERS = ("user_id", "end_user", "customer_id", "metadata.user_id", "user")
_TIMES = ("timestamp", "start_time", "created_at", "requested_at", "created")
_ROLES = {
    "user": Role.CUSTOMER,
    "human": Role.CUSTOMER,
    "assistant": Role.AGENT,
    "ai": Role.AGENT,
    "model": Role.AGENT,
}
"""Any other (system, developer, tool, function) says nothing to the customer."""
_MESSAGES = ("messages", "contents", "input", "inputs", "prompt", "chat_history", "body")
_QUESTIONS = ("question", "query", "user_input", "user_message", "text", "message", "content")
_ANSWERS = ("choices", "message", "content", "output", "outputs", "generations", "candidates",
            "parts", "kwargs", "answer", "text", "output_text", "response", "result", "completion",
            "value", "body", "messages")  # fmt: skip
"""Where in what a provider or a chain returns the words stand, likeliest first."""
_BLOCKS = ("text", "input_text", "output_text", "message", "human", "ai", "constructor",
           "generation", "chatgeneration", "")  # fmt: skip
"""Kinds of parts that are said; calls of tools, thoughts and pictures are not."""
_DEEPEST = 8


# --- whose it is -------------------------------------------------------------------------------


def _fits(records: Values) -> str:
    calls = [record for record in records if _is_call(record) or held(record, _is_call)[1]]
    if len(calls) <= MOST_RECORDS * len(records):
        return ""
    return "each record is a call of a language model: what it was asked, and what it answered"


def _is_call(record: Fields) -> bool:
    """Whether a record holds question and answer, and one of them as an API does: two columns of
    plain texts are a table like any other.
    """
    asked, answered = _sides(record)
    if asked is None or not (isinstance(asked, dict | list) or isinstance(answered, dict | list)):
        return False
    return bool(_said_by(Role.CUSTOMER, _messages(asked))) and bool(_answer(answered))


def _sides(record: Fields) -> tuple[Json, Json]:
    return _value(found(record, *_ASKED)), _value(found(record, *_ANSWERED))


def _value(written: Json) -> Json:
    """Return what a cell holds: the JSON that is written into it, or else its text."""
    if not isinstance(written, str) or not written.lstrip().startswith(("{", "[", '"')):
        return written
    try:
        value: Json = msgspec.json.decode(written)
    except msgspec.DecodeError:
        return written
    return value


# --- one call ----------------------------------------------------------------------------------


def _messages(asked: Json, depth: int = 0) -> list[RawMessage]:
    """Return what a model was shown of a conversation, in its order."""
    asked = _value(asked)
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
    told = [m for key in _MESSAGES if key in asked for m in _messages(asked[key], depth + 1)]
    question = next((q for key in _QUESTIONS if (q := _words(asked.get(key)))), "")
    if question and not _said_by(Role.CUSTOMER, told[-1:]):
        return [*told, RawMessage(role=Role.CUSTOMER, text=question)]
    return told


def _of_list(one: Json, depth: int) -> list[RawMessage]:
    if isinstance(one, list):
        return _messages(one, depth + 1)
    if not isinstance(one, Mapping) or (role := _role(one)) is None:
        return []
    said = RawMessage(role=role, text=_words(one.get("content", one)))
    return [said] if said.text.strip() else []


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
    value = _value(value)
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
    answered = _value(answered)
    if isinstance(answered, Mapping):
        for key in ("messages", "choices", "candidates"):
            if isinstance(several := answered.get(key), list) and several:
                return _answer(several if key == "messages" else several[:1])
    if isinstance(answered, list) and any(
        isinstance(one, Mapping) and _role(one) for one in answered
    ):
        said = [m for m in _messages(answered) if m.role is Role.AGENT]
        return said[-1].text if said else ""
    return _words(answered)


def _said_by(role: Role, messages: list[RawMessage]) -> list[RawMessage]:
    return [message for message in messages if message.role is role]


# --- conversations -----------------------------------------------------------------------------


class _Call(msgspec.Struct, frozen=True):
    row: int
    value: Fields
    before: tuple[RawMessage, ...]
    pair: tuple[RawMessage, RawMessage]
    """The question and the answer."""

    @property
    def at(self) -> str:
        return text(self.value, *_TIMES)


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    sessions: dict[str, list[_Call]] = {}
    for record in records:
        for value in [record.value] if _is_call(record.value) else _held(record.value):
            call = _call(record.row, value)
            if isinstance(call, Refused):
                yield call
                continue
            name = text(value, *_SESSIONS) or f"call {len(sessions)} of {record.row}"
            sessions.setdefault(name, []).append(call)
    for calls in sessions.values():
        yield _conversation(sorted(calls, key=lambda call: call.at))


def _held(value: Fields) -> list[Fields]:
    """Return the calls on a page of them, or else the record, which is refused."""
    return held(value, _is_call)[1] or [value]


def _call(row: int, value: Fields) -> _Call | Refused:
    asked, answered = _sides(value)
    answer, messages = _answer(answered), _messages(asked)
    while messages and messages[-1].role is not Role.CUSTOMER:
        messages.pop()
    if not (messages and answer):
        lacking = "what a customer asked" if answer else "an answer in words"
        return Refused(row, f"this call of a model does not hold {lacking}", value)
    at = text(value, *_TIMES)
    question = RawMessage(role=Role.CUSTOMER, text=messages[-1].text, at=at)
    said = RawMessage(role=Role.AGENT, text=answer, at=text(value, "end_time") or at)
    return _Call(row, value, tuple(messages[:-1]), (question, said))


def _conversation(calls: list[_Call]) -> RawConversation:
    first = calls[0]
    messages = [*first.before, *first.pair]
    for call in calls[1:]:
        asked = _said_by(Role.CUSTOMER, messages)[-1].text
        known = [place for place, m in enumerate(call.before) if m.text == asked]
        if [m.text for m in messages[-2:]] != [m.text for m in call.pair]:
            messages += [*_after_reply(call.before[known[-1] :] if known else ()), *call.pair]
    return RawConversation(
        row=min(call.row for call in calls),
        ticket_id=text(first.value, *_SESSIONS, "id"),
        customer_id=text(first.value, *_CUSTOMERS),
        created_at=first.at,
        messages=tuple(messages),
    )


def _after_reply(messages: tuple[RawMessage, ...]) -> list[RawMessage]:
    """Return what a call's history tells after the question that is known last and its reply."""
    later = (n for n, m in enumerate(messages[1:], 1) if m.role is Role.CUSTOMER)
    return list(messages[next(later, len(messages)) :])


MODEL_LOGS = Shape(
    name="Logs of a language model",
    documented="https://langfuse.com/docs/observability/data-model",
    fits=_fits,
    read=_read,
    in_tables=True,
)
