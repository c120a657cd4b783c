"""What becomes of each parameter of a chat completion: honoured, refused, or named as ignored.

Nothing is dropped without a word. What would change the meaning or the shape of the answer and
cannot be had is refused by name (400). What only tunes how another model would have sampled or
been billed has no effect here; the answer names it, in `northloop.ignored` and in the header
`x-northloop-ignored`. The table for people is docs/api.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from northloop.core.decoding import converted
from northloop.http.errors import RequestError
from northloop.http.wire import ChatMessage, ChatRequest, Part, StreamOptions

SystemMessages = Literal["context", "refuse", "ignore"]
"""What becomes of the caller's own system and developer messages."""

_SENT_NAME = re.compile(r"[\w.\[\]-]{1,64}", re.ASCII)
_MOST_NAMES = 40
Body = Mapping[str, object]
"""The request as it was sent."""

_ABOUT_TOOLS = "answers call no tools: leave it out, or send tool_choice none"
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "audio": "answers are text: leave it out",
        "function_call": _ABOUT_TOOLS,
        "functions": _ABOUT_TOOLS,
        "logit_bias": "no words can be forced or forbidden here: leave it out",
        "logprobs": "answers come without the probabilities of their tokens: leave it out",
        "modalities": "answers are text: leave it out",
        "moderation": "answers come without a moderation's result: leave it out",
        "n": "there is one answer to a question: leave it out",
        "response_format": "answers are plain text, as a person wrote or checked them or in the "
        "words of a document: leave it out, and put `choices[0].message.content` into your own "
        "JSON",
        "stop": "an answer ends where the release ends it: leave it out, and cut the text yourself",
        "tool_choice": _ABOUT_TOOLS,
        "tools": _ABOUT_TOOLS,
        "top_logprobs": "answers come without the probabilities of their tokens: leave it out",
        "web_search_options": "answers come from the documents of the team alone: leave it out",
    }
)
"""Parameter → what to do instead, where it is refused unless its value asks for nothing."""
_GREEDY = "a release always takes the likeliest token, as it was measured"
_ONE_MODEL = "it is a matter of OpenAI's own models"
WITHOUT_EFFECT: Mapping[str, str] = MappingProxyType(
    {
        "temperature": _GREEDY,
        "top_p": _GREEDY,
        "frequency_penalty": _GREEDY,
        "presence_penalty": _GREEDY,
        "metadata": "nothing is kept of a request but the question, redacted",
        "prediction": "it would change the speed alone",
        "prompt_cache_key": "there is one cache for each tenant",
        "prompt_cache_options": "how long answers are cached is a setting of the server",
        "prompt_cache_retention": "how long answers are cached is a setting of the server",
        "reasoning_effort": _ONE_MODEL,
        "verbosity": _ONE_MODEL,
        "service_tier": "there is one service",
        "store": "every answer is kept, redacted: review and audit rest on it",
    }
)
"""Parameter → why it is named as ignored, unless its value asks for what happens anyway. So is
every parameter that nobody here knows."""
WHY: Mapping[str, str] = MappingProxyType(
    {
        "model": "`northloop`, the live release, or another of `/v1/models`.",
        "stream": "Whether the answer comes as server-sent events.",
        "stream_options": "`include_usage`: a last chunk with the usage.",
        "user": "Who asks; kept as an id that says nothing.",
        "safety_identifier": "Who asks, where `user` does not say.",
        "conversation_id": "Northloop's own: what outcomes and review belong to.",
        "channel": "Northloop's own: where the customer writes, for the scorecard.",
        "max_tokens": "At least what the release was measured with.",
        "max_completion_tokens": "At least what the release was measured with.",
        "seed": "The same release says the same whatever the seed.",
        "parallel_tool_calls": "No answer calls a tool.",
    }
)
"""Parameter → what it does, where it is honoured."""
_HARMLESS: Mapping[str, tuple[object, ...]] = MappingProxyType(
    {
        "top_p": (1,),
        "service_tier": ("auto", "default"),
        "n": (1,),
        "modalities": (["text"],),
        "response_format": ({"type": "text"},),
        "tool_choice": ("auto", "none"),
        "function_call": ("auto", "none"),
        # Every answer is kept, redacted.
        "store": (True,),
    }
)
"""Parameter → values that ask for nothing but what happens here anyway, besides the empty ones and
0: temperature 0 is what a release is."""
_EMPTY: tuple[object, ...] = (None, False, 0, "", [], {})
_READ = frozenset(("messages", *WHY))


def harmless(name: str) -> Iterator[object]:
    """Yield the values that a parameter may have although it is refused."""
    for value in (*_EMPTY, *_HARMLESS.get(name, ())):
        try:
            converted({"messages": [{"role": "user"}], name: value}, ChatRequest)
        except msgspec.ValidationError:
            continue
        yield value


def refuse_unsupported(body: Body) -> None:
    """Raise RequestError for a parameter that asks for what cannot be had."""
    for name, instead in REFUSED.items():
        if name in body and _asks_for_something(body, name):
            raise RequestError(
                f"`{name}` is not supported with this value", param=name, action=instead
            )


def refuse_shorter(request: ChatRequest, release_limit: int) -> None:
    """Raise RequestError for a limit below the one that the release was measured with (tokens)."""
    limits = {
        "max_tokens": request.max_tokens,
        "max_completion_tokens": request.max_completion_tokens,
    }
    for name, limit in limits.items():
        if limit is not None and limit < release_limit:
            raise RequestError(
                f"the release ends its answers at {release_limit} tokens and cannot be told to end "
                "them earlier",
                param=name,
                action=f"leave it out, or send at least {release_limit}",
            )


def ignored(request: ChatRequest, body: Body, system_messages: SystemMessages) -> tuple[str, ...]:
    """Return what was sent and has no effect, by name.

    RequestError for messages that cannot be taken as they are meant: the calls and results of
    tools, and instructions where `system_messages` refuses them.
    """
    names = [
        name
        for name in body
        if name not in _READ and name not in REFUSED and _asks_for_something(body, name)
    ]
    for number, message in enumerate(request.messages):
        names += _ignored_of(message, f"messages[{number}]", system_messages)
    names += _unread(body)
    shown = [name if _SENT_NAME.fullmatch(name) else ascii(name)[1:65] for name in names]
    return tuple(shown[:_MOST_NAMES])


def _unread(body: Body) -> Iterator[str]:
    """Yield what stands deeper in the request and is not read."""
    yield from _others(body.get("stream_options"), StreamOptions, "stream_options")
    messages = body["messages"]
    for number, message in enumerate(messages if isinstance(messages, list) else ()):
        where = f"messages[{number}]"
        yield from _others(message, ChatMessage, where)
        content = message.get("content")
        for at, part in enumerate(content if isinstance(content, list) else ()):
            yield from _others(part, Part, f"{where}.content[{at}]")


def _others(sent: object, type_: type[msgspec.Struct], where: str) -> Iterator[str]:
    if isinstance(sent, Mapping):
        known = type_.__struct_fields__
        yield from (
            f"{where}.{name}" for name, value in sent.items() if value and name not in known
        )


def header(names: tuple[str, ...]) -> str:
    """Return names as they may stand in a header: a name of other characters is left out."""
    return ", ".join(name for name in names if _SENT_NAME.fullmatch(name))


def _asks_for_something(body: Body, name: str) -> bool:
    value = body[name]
    if not value:
        # Here nothing is the default, and 0 or false asks for something.
        return (name == "store" and value is False) or (name == "top_p" and value is not None)
    if value in _HARMLESS.get(name, ()):
        return False
    # Tools that must not be called are as good as none.
    choice = {"tools": "tool_choice", "functions": "function_call"}.get(name)
    return choice is None or body.get(choice) != "none"


def _ignored_of(message: ChatMessage, where: str, system_messages: SystemMessages) -> Iterator[str]:
    if message.role in ("tool", "function"):
        raise RequestError(
            "the results of tools cannot be read",
            param=f"{where}.role",
            action="send what user and assistant said",
        )
    for name in ("tool_calls", "function_call"):
        if getattr(message, name):
            raise RequestError(
                "calls of tools cannot be read",
                param=f"{where}.{name}",
                action="send what user and assistant said",
            )
    if message.role in ("system", "developer") and message.content:
        if system_messages == "refuse":
            raise RequestError(
                "a release answers under the prompt it was measured with, so your own instructions "
                "cannot be followed",
                param=where,
                action='leave the message out, or have serving.system_messages = "context" set on '
                "the server",
            )
        if system_messages == "ignore":
            yield where
    if message.name:
        yield f"{where}.name"
