"""What stands beside logs of language models: ratings by those who asked, and corrected answers.

Langfuse calls them scores, LangSmith feedback, TensorZero feedback (a metric) and demonstrations
(what should have been answered), Phoenix annotations; Helicone writes a rating into the call. Each
names the call, or the session, that it is of. Only what people who asked gave is a rating: the name
says so (`user-feedback`, `thumbs_up`, `csat`), and no model gave it. Comments are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from northloop.stages.data.clean import number, rating
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.shapes.fields import Fields, each, found, has, text
from northloop.stages.data.wording import words

CALLS = ("observation_id", "inference_id", "target_id", "run_id", "span_id", "request_id",
         "trace_id", "context.span_id", "context.trace_id")  # fmt: skip
SESSIONS = ("session_id", "episode_id", "thread_id")
_NAMES = ("metric_name", "key", "name", "score_name", "feedback_key", "annotation_name")
_VALUES = ("string_value", "value", "score", "result.score", "result.label", "avg")
_CORRECTIONS = ("correction", "long_string_value", "string_value", "value")
_IN_CALLS = ("scores", "feedback", "feedbacks", "annotations", "feedback_stats", "metrics")
"""Where a call holds what was given to it."""
_RATES = words(
    """
    feedback rating csat satisfaction thumb thumbs thumbsup thumbsdown stars like liked likes
    helpful vote upvote
    """
)
"""A name with one of these is of a rating by who asked; that of a score too, with `user`."""
_WHO_ASKED = words("user customer")
_SAYS_MORE = words(
    """
    comment comments text reason id ids at time date created updated type count by name email
    intent model cost tokens latency language sentiment toxicity
    """
)
_MADE_BY_MODELS = frozenset(("eval", "llm", "model", "auto eval", "code", "annotation", "app"))
"""Who gave it, where that is said: no customer. Langfuse's `ANNOTATION` is a colleague's."""
_GIVERS = ("source", "annotator_kind", "feedback_source.type", "result.annotator_kind")
_GOOD, _BAD = 5.0, 1.0
_BY_WORDS = {
    **dict.fromkeys(
        ("true", "yes", "positive", "thumbs up", "thumbsup", "up", "upvote", "like", "liked",
         "helpful", "👍"), _GOOD),
    **dict.fromkeys(
        ("false", "no", "negative", "thumbs down", "thumbsdown", "down", "downvote", "dislike",
         "disliked", "unhelpful", "not helpful", "👎"), _BAD),
}  # fmt: skip


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody gave to a call or to a session."""

    calls: tuple[str, ...] = ()
    """What it names, the nearest first; () where it stands in its call."""
    sessions: tuple[str, ...] = ()
    name: str = ""
    given: str = ""
    """As it was written; "" for none."""
    correction: Json = None
    """What should have been answered; None for none."""


def is_feedback(record: Fields) -> bool:
    """Whether a record is one by itself: it names a call or session, and holds what was given."""
    return any(True for _ in each(record, (*CALLS, *SESSIONS))) and _held(record) is not None


def feedback_of(record: Fields) -> Feedback | None:
    """Return what a record of its own gives to a call, None for what is no rating or correction."""
    given = _given(record)
    if given is None:
        return None
    calls = tuple(dict.fromkeys(as_text(value) for value in each(record, CALLS)))
    sessions = () if has(record, "run_id") else tuple(map(as_text, each(record, SESSIONS)))
    return msgspec.structs.replace(given, calls=calls, sessions=sessions)


def feedback_in(call: Fields) -> Iterator[Feedback]:
    """Yield what stands in a call itself."""
    for held in each(call, _IN_CALLS):
        if isinstance(held, Mapping):
            listed: list[Json] = [
                {"name": name, **(value if isinstance(value, Mapping) else {"value": value})}
                for name, value in held.items()
            ]
        else:
            listed = list(held) if isinstance(held, list) else []
        for one in listed:
            if given := _given(_object(one)):
                yield given
    for name, value in {**_object(found(call, "metadata")), **call}.items():
        plain = not isinstance(value, Mapping | list) and as_text(value).strip()
        if plain and _is_given(name, {}) and not _RATES.isdisjoint(words_of(name).split()):
            yield Feedback(name=name, given=as_text(value))


def ratings(given: Iterable[Feedback]) -> Mapping[str, Mapping[str, float]]:
    """Return name → what was given under it → how many of five that is, by all that was given."""
    by_name: dict[str, set[str]] = {}
    for one in given:
        if one.given:
            by_name.setdefault(one.name, set()).add(one.given)
    return {name: dict(_rated(name, values)) for name, values in by_name.items()}


def _given(record: Fields) -> Feedback | None:
    """Return the rating by who asked and the correction that a record holds, None for neither."""
    held = _held(record)
    if held and held.given and not _is_given(held.name, record):
        held = msgspec.structs.replace(held, given="")
    return held if held and (held.given or held.correction) else None


def _held(record: Fields) -> Feedback | None:
    """Return what a record gives under any name."""
    name = text(record, *_NAMES)
    is_correction = text(record, "data_type").lower() == "correction"
    shown = has(record, "inference_id", "value") == 2 and not name  # TensorZero's demonstrations
    if is_correction or shown:
        return Feedback(name=name, correction=found(record, *_CORRECTIONS))
    given, correction = text(record, *_VALUES), found(record, "correction")
    return Feedback(name=name, given=given, correction=correction) if name and given else None


def _is_given(name: str, record: Fields) -> bool:
    said = words_of(name).split()
    by = words_of(text(record, *_GIVERS))
    named = not (_RATES | _WHO_ASKED).isdisjoint(said) and _SAYS_MORE.isdisjoint(said)
    return named and by not in _MADE_BY_MODELS


def _object(value: Json) -> Fields:
    return value if isinstance(value, dict) else {}


def _rated(name: str, values: set[str]) -> Iterator[tuple[str, float]]:
    numbers = {value: told for value in values if (told := number(value)) is not None}
    top = max(numbers.values(), default=0.0)
    is_told = min(numbers.values(), default=1.0) < 1 or "thumb" in name.lower()
    for value in values:
        told = numbers.get(value)
        if told is None:
            stars = _BY_WORDS.get(words_of(value) or value.strip(), rating(value))
        elif min(numbers.values()) < 0:
            stars = 3 + 2 * told if top <= 1 and min(numbers.values()) >= -1 else None
        elif top <= 1:  # of ones alone nobody knows whether they are the best
            stars = 1 + 4 * told if is_told else None
        else:
            stars = rating(value if top <= 5 else f"{value}/{10 if top <= 10 else 100}")
        if stars is not None:
            yield value, stars
