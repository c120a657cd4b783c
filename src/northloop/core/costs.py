"""What answers cost: tokens of a server that is paid by them, hours of a machine and of people."""

from __future__ import annotations

from typing import Annotated

import msgspec

from northloop.core.interaction import Interaction

CHARS_PER_TOKEN = 4
"""Of a prompt, about; no engine says how many tokens it made of one."""
NoLess = Annotated[float, msgspec.Meta(ge=0)]


class Prices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What answering costs, in one currency; nothing is reckoned where all are 0."""

    million_in: NoLess = 0.0
    """A million tokens of prompts."""
    million_out: NoLess = 0.0
    """A million generated tokens."""
    hour: NoLess = 0.0
    """An hour in which an answer is generated: of this machine, or of the engine's."""
    agent_hour: NoLess = 0.0
    """An hour of the people who answer what is handed over."""

    @property
    def are_set(self) -> bool:
        """Whether generating costs anything."""
        return bool(self.million_in or self.million_out or self.hour)

    def of(self, kept: Interaction) -> float:
        """Return what an answer cost; 0 for one that was not generated.

        The prompt's tokens are told by its characters, and hours as if one answer at a time were
        made: with several at once a machine costs less.
        """
        spent = spent_on(kept)
        tokens = spent.tokens_in * self.million_in + spent.tokens_out * self.million_out
        return tokens / 1e6 + self.hour * spent.seconds / 3_600


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """What it took to generate an answer; zeros where nothing was generated."""

    tokens_in: int = 0
    """About."""
    tokens_out: int = 0
    seconds: float = 0.0


def tokens_of(chars: int) -> int:
    """Return about how many tokens a text of so many characters has."""
    return -(-chars // CHARS_PER_TOKEN)


def spent_on(kept: Interaction) -> Spent:
    """Return what its trace says an answer took."""
    for step in kept.trace:
        if step.name == "generate":
            told = [step.evidence.get(name, 0) for name in ("prompt_chars", "tokens")]
            chars, tokens = (int(n) if isinstance(n, int | float) else 0 for n in told)
            return Spent(tokens_in=tokens_of(chars), tokens_out=tokens, seconds=step.ms / 1e3)
    return Spent()
