"""The inner answerer: retrieve, generate, check. Serving and evaluation use this one.

It knows no cache, no approved answers and no customer: redacted text in, redacted text out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.artefacts import Release, Unmeasured
from northloop.core.conversation import Message
from northloop.core.interaction import HandoffReason
from northloop.core.prompt import compose
from northloop.core.question import hangs_on_more, newest_turns
from northloop.ports.models import Engine, Options, Token
from northloop.ports.retrieval import Hit, Index
from northloop.stages.serving.asking_back import answered
from northloop.stages.serving.confidence import Signals, confidence, signals


class Answerer(msgspec.Struct, frozen=True, kw_only=True):
    """A release with the engine and the index that it names."""

    release: Release
    engine: Engine
    index: Index


class Generated(msgspec.Struct, frozen=True, kw_only=True):
    """An answer and what is known of it."""

    answer: str
    hits: tuple[Hit, ...]
    """The passages in the prompt, best first."""
    signals: Signals
    confidence: float
    """0..1."""
    handoff: HandoffReason | None
    """Why the release would not let this answer stand alone; None if it would."""
    first_text_ms: float
    """From the call of the engine to its first visible text; 0 if there was none."""
    generation_ms: float
    prompt_chars: int = 0
    """Characters of what the engine was given."""

    @property
    def retrieval(self) -> float:
        """Fused score of the best passage, 0..1; 0 if none was found."""
        return self.signals.retrieval


def generate_answer(answerer: Answerer, messages: Sequence[Message]) -> Generated:
    """Return the answer to a redacted conversation, also where the release would hand off."""
    hits = retrieve(answerer, messages)
    return next(
        piece for piece in generate(answerer, messages, hits) if isinstance(piece, Generated)
    )


def retrieve(answerer: Answerer, messages: Sequence[Message]) -> tuple[Hit, ...]:
    """Return as many passages as the release wants in its prompt, best first."""
    return tuple(answerer.index.search(lookup_text(messages), answerer.release.passages))


def lookup_text(messages: Sequence[Message]) -> str:
    """Return what to search for: the last question, with the one before it if it is very short.

    A reply to a question back says what was asked first more clearly.
    """
    back = answered(messages)
    if back is not None:
        return f"{lookup_text(back.before)} {back.words}"
    asked = [message.content for message in messages if message.role == "user"]
    last = asked[-1] if asked else ""
    return " ".join(asked[-2:]) if hangs_on_more(last) else last


def evidence(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return what the company wrote of the matter, as the model sees it: titles and texts."""
    return tuple(f"{hit.passage.title}\n{hit.passage.text}" for hit in hits)


def best_score(hits: Sequence[Hit]) -> float:
    """Return the fused score of the best hit, 0 for none."""
    return max((hit.score for hit in hits), default=0.0)


def generate(
    answerer: Answerer, messages: Sequence[Message], hits: Sequence[Hit], background: str = ""
) -> Iterator[str | Generated]:
    """Yield the answer's text piece by piece as it is generated, at last the Generated.

    The pieces together are the answer; white space at its ends is left out. `background` is read by
    the model alone: nothing is looked up by it, and it vouches for nothing.
    """
    release = answerer.release
    recent = newest_turns(messages)
    prompt = compose(release.prompt, [hit.passage for hit in hits], recent, background)
    started_s = time.perf_counter()
    first_s = 0.0
    tokens: list[Token] = []
    said: list[str] = []
    for text in _spoken(
        answerer.engine.generate(
            prompt, Options(max_tokens=release.max_answer_tokens), adapter=release.adapter
        ),
        tokens,
    ):
        first_s = first_s or time.perf_counter() - started_s
        said.append(text)
        yield text
    seen = signals(
        tokens,
        evidence(hits),
        retrieval=best_score(hits),
        truncated=len(tokens) >= release.max_answer_tokens or any(token.cut for token in tokens),
        asked=[message.content for message in recent if message.role == "user"],
    )
    yield Generated(
        answer="".join(said),
        hits=tuple(hits),
        signals=seen,
        confidence=confidence(seen),
        handoff=handoff_reason(release, seen) if said else HandoffReason.NOT_CONFIDENT,
        first_text_ms=first_s * 1e3,
        generation_ms=(time.perf_counter() - started_s) * 1e3,
        prompt_chars=sum(len(message.content) for message in prompt),
    )


def _spoken(tokens: Iterator[Token], heard: list[Token]) -> Iterator[str]:
    """Yield the text of tokens without white space at its ends; append each token to `heard`."""
    space = ""
    begun = False
    for token in tokens:
        heard.append(token)
        text = space + token.text
        body = (text if begun else text.lstrip()).rstrip()
        space = text[len(text.rstrip()) :]
        if body:
            begun = True
            yield body


def handoff_reason(release: Release, seen: Signals) -> HandoffReason | None:
    """Return why a person should take over, by the release's thresholds; None if nobody need."""
    if seen.retrieval < release.thresholds.retrieval:
        return HandoffReason.NOTHING_RETRIEVED
    if not seen.grounded:
        return HandoffReason.NOT_GROUNDED
    if not seen.measured and release.unmeasured is Unmeasured.DRAFT:
        return HandoffReason.NOT_CONFIDENT
    if seen.tokens == 0 or confidence(seen) < release.thresholds.confidence:
        return HandoffReason.NOT_CONFIDENT
    return None
