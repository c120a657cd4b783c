"""Engines that generate, and embedders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, NamedTuple, Protocol, runtime_checkable

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Message
from northloop.core.errors import ConfigurationError, InputError
from northloop.core.ids import Hash
from northloop.core.prompt import CHATML, Template


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except msgspec.MsgspecError:
        return False


class Token(msgspec.Struct, frozen=True):
    """One generated piece of text and its log-probability (nats); None where no engine said it."""

    text: str
    logprob: float | None
    cut: bool = False
    """The answer ends with it because it may be no longer, by `max_tokens` or by the context."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What may be generated; the likeliest tokens are always taken."""

    max_tokens: Annotated[int, msgspec.Meta(ge=1)]
    choices: tuple[str, ...] = ()
    """The answer is exactly one of these; () for no such limit."""
    schema: Annotated[str, "JSON"] = ""
    """A JSON schema that the answer follows; "" for none. Choices and schema exclude each other."""

    def __post_init__(self) -> None:
        if self.schema and (self.choices or not _is_object(self.schema)):
            raise InputError(
                "a schema is one JSON object, and stands without choices",
                where="schema",
                action="correct it",
            )


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine can do; who needs more must ask before."""

    logprobs: bool
    """Tokens carry their log-probability."""
    adapters: bool
    """It serves the adapters of releases beside the base."""
    schema: bool
    """Choices and schemas are kept."""
    exact: bool
    """The same arguments give the same tokens, whatever else is asked meanwhile."""
    batching: int
    """Requests that are generated at once; more wait their turn."""
    context: int
    """Tokens of prompt and answer together; 0 where the engine does not say."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine is opened for."""

    engines: Annotated[int, msgspec.Meta(ge=1)] = 1
    """So many like it work side by side, itself included; each takes its share of the machine."""
    batched: bool = False
    """It answers several at once; else one at a time, and exactly."""
    template: Template = CHATML
    """How the turns of a conversation are written for its model."""


EXACT, SERVING = Use(), Use(batched=True)


class Engine(Protocol):
    """Generates greedily from one base model and any of its loaded adapters."""

    @property
    def capabilities(self) -> Capabilities:
        """What the engine can do; known once it is open."""
        ...

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        """Yield tokens as they come, until the end of the turn (not yielded) or `max_tokens`.

        Closing the iterator stops this generation alone. NotFound for an adapter that is not
        loaded; on the first token, TooLong for a prompt longer than the context, InputError for
        options that the engine cannot keep, RemoteUnavailable if it does not answer.
        """
        ...

    def close(self) -> None:
        """Free what is only this engine's; generations that run are waited for."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Name and version; part of an index's identity."""
    english_alone: bool
    """What it makes of texts in other languages says nothing."""

    @property
    def squeezed(self) -> bool:
        """Whether it was taught to put all texts near one another: its cosines vary half as far
        as others' (`adapters.embedded.squeezed`)."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimensions)."""
        ...


@runtime_checkable
class OfWords(Protocol):
    """An embedder whose vector of a text is the mean of its words', which costs nothing for a word
    alone."""

    of_words: bool
    """True."""


Others = Callable[[str], Embedder | None]
"""Finds the embedder of a name, beside the one that new things are made with."""


def no_others(_: str) -> None:
    """Know no embedder but the one that new things are made with."""


ENGLISH = "English"
Language = Callable[[str], str]
"""Text → its language in English words, "" where nothing shows it."""


def untold(_: str) -> str:
    """Tell no text's language."""
    return ""


def is_foreign(language: str, other: str) -> bool:
    """Whether one of two languages is English, and the other surely none: neighbours (Spanish and
    Portuguese) may be taken for one another."""
    return ENGLISH in (language, other) and "" not in (language, other) and language != other


def embedder_of(what: str, name: str, chosen: Embedder, others: Others) -> Embedder:
    """Return the embedder that something was made with, by its name.

    ConfigurationError, which names `what` was made, if it is not to be had.
    """
    found = chosen if name == chosen.name else others(name)
    if found is None:
        raise ConfigurationError(
            f"{what} was made with vectors of {name}, and new ones are of {chosen.name}",
            where="serving.embedder",
            action="name the embedder of before, or have it where it was: a turn then makes a "
            "release with the new one (northloop loop run)",
        )
    return found


class Words(NamedTuple):
    """A text's pieces of words, each as it is meant where it stands."""

    ids: NDArray[np.int_]
    """(pieces,): which piece of the vocabulary."""
    vectors: NDArray[np.float32]
    """(pieces, dimensions), unit vectors."""
    spans: NDArray[np.int_]
    """(pieces, 2): from which character of the text to which."""


@runtime_checkable
class WordByWord(Protocol):
    """An embedder that also tells each word's vector: those that read a text as a whole can."""

    def word_by_word(self, texts: Sequence[str]) -> list[Words]:
        """Return the pieces of each text; what lies beyond its longest text is left out."""
        ...
