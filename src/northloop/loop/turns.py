"""Who may generate: a shell can ask for an answer on the condition that it needs no generation.

Generations are what a machine has few of at a time, so whoever serves many callers hands out turns
for them; an answer that is approved, cached or handed off unseen needs none. Where nothing is said
(evaluation, the playground), everything may be generated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from northloop.core.ids import Hash
from northloop.ports.models import Engine, Token

_may_generate: ContextVar[bool] = ContextVar("may_generate", default=True)


class TurnNeeded(Exception):
    """This answer has to be generated; ask for it again when a turn is to be had.

    Nothing was said and nothing was kept.
    """


@contextmanager
def without_generating() -> Iterator[None]:
    """Let engines raise TurnNeeded in this context, and in the threads started from it."""
    token = _may_generate.set(False)
    try:
        yield
    finally:
        _may_generate.reset(token)


def take_turn() -> None:
    """Raise TurnNeeded where generating was ruled out."""
    if not _may_generate.get():
        raise TurnNeeded


class TurnEngine:
    """Implements `ports.models.Engine`: the engine within, for those who may generate."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def generate(
        self, prompt: str, *, adapter: Hash | None, max_tokens: int, grammar: str = ""
    ) -> Iterator[Token]:
        take_turn()
        return self._engine.generate(
            prompt, adapter=adapter, max_tokens=max_tokens, grammar=grammar
        )

    def close(self) -> None:
        self._engine.close()
