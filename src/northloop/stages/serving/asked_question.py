"""What a customer asks, as the answer path takes it: the conversation, redacted, and what holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import msgspec

from northloop.core.conversation import Message
from northloop.core.errors import InputError
from northloop.core.interaction import Asking, Question
from northloop.core.question import asked_before, in_view, name_of
from northloop.core.treatment import Mode, Treatment
from northloop.stages.serving.path_parts import PathParts
from northloop.stages.serving.redaction import Redacted, Redaction, merged
from northloop.stages.serving.trace import Trace

MAX_QUESTION_CHARS = 4_000
MAX_BACKGROUND_CHARS = 4_000


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The redacted conversation."""

    messages: tuple[Message, ...]
    """Customer and assistant in turn."""
    originals: Mapping[str, str]
    """Placeholder → real value, to be said to this customer and kept nowhere."""
    intent: str
    asking: Asking
    favoured: Callable[[Treatment], bool | None]
    """As `PathParts`, looked up once for an answer."""
    mode: Mode
    """What may go out here without a person."""
    taken_over: bool
    """A person answers the conversation."""
    background: str
    """What the caller's program says of the conversation, redacted: the model reads it, and nothing
    else does."""
    turn: int
    """Place of the question among the customer's that it may depend on, 1 for the first."""

    @property
    def text(self) -> str:
        return next(m.content for m in reversed(self.messages) if m.role == "user")


def asked_of(question: Question, parts: PathParts, trace: Trace) -> Asked:
    """Return a question with all that it may depend on, redacted.

    InputError if it is empty, or it or what the caller's program says is too long.
    """
    if not question.text.strip():
        raise InputError("there is no question", where="messages", action="ask something")
    if len(question.text) > MAX_QUESTION_CHARS:
        raise InputError(
            f"the question has {len(question.text)} characters",
            where="messages",
            action=f"ask in at most {MAX_QUESTION_CHARS}",
        )
    said = _background(question)
    background: Redaction = parts.redact(said) if said else Redacted("")
    spoken = _conversation(question)
    redactions = [
        parts.redact(message.content, asked)
        for message, asked in zip(spoken, asked_before(spoken), strict=True)
    ]
    originals = merged([*redactions, background])
    turns = tuple(Message(m.role, r.text) for m, r in zip(spoken, redactions, strict=True))
    changed = sum(turn.content != m.content for turn, m in zip(turns, spoken, strict=True))
    trace.add(
        "redact",
        "redacted" if changed else "nothing sensitive",
        {"turns": len(turns), "changed": changed, **_length(background.text)},
    )
    question_text = next(turn.content for turn in reversed(turns) if turn.role == "user")
    own = parts.own_mode(question)
    return Asked(
        messages=turns,
        originals=originals,
        intent=parts.intent(question.bound_as, question_text),
        asking=Asking(name_of(turns), question_text, question.bound_as),
        background=background.text,
        favoured=cache(parts.favoured),
        mode=parts.mode().no_laxer_than(own),
        taken_over=own is Mode.DRAFT,
        turn=1 if len(turns) == 1 else max(2, sum(turn.role == "user" for turn in turns)),
    )


def _conversation(question: Question) -> tuple[Message, ...]:
    """Return what the customer's last message may depend on, and it (see `question.in_view`)."""
    spoken = [m for m in question.messages if m.role in ("user", "assistant")]
    while spoken[-1].role != "user":
        spoken.pop()
    return in_view(spoken)


def _background(question: Question) -> str:
    """Return what the caller's program says of the conversation; InputError if it is too long."""
    said = "\n".join(m.content for m in question.messages if m.role == "system").strip()
    if len(said) > MAX_BACKGROUND_CHARS:
        raise InputError(
            f"the system messages have {len(said)} characters",
            where="messages",
            action=f"say in at most {MAX_BACKGROUND_CHARS} what the conversation is about",
        )
    return said


def _length(background: str) -> dict[str, float]:
    return {"background_chars": len(background)} if background else {}
