"""What hangs on the answer before it: "is that per item?", "why?", "that didn't work".

An answer to it is found like any other, and looks as sure; but what sureness is learnt from are
mostly first questions, and so are most of the decisions that certify what is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from northloop.core.by_itself import asks_by_itself, points_back
from northloop.core.conversation import Message
from northloop.core.question import hangs_on_more
from northloop.stages.serving.quote.parts import follows_up, is_short, telling

FACTOR = 0.5
"""Of the confidence in an answer to it, and the most one can be sure of it."""
_BROUGHT_UP = 0.5
"""More of what is asked, by weight, is what the answer before it has brought up."""


def sureness(
    messages: Sequence[Message], answer: str, weight: Callable[[str], float] = lambda _: 1.0
) -> float:
    """Return the factor of the confidence in an answer: `FACTOR` where the customer's last words
    hang on an answer before them, 1 where they do not or ask the same of another thing, which the
    answer names ("and to Norway?"). `weight` returns how rare a stem is (`parts.telling`)."""
    of_user = [place for place, message in enumerate(messages) if message.role == "user"]
    earlier = messages[: of_user[-1]] if of_user else ()
    before = next((turn.content for turn in reversed(earlier) if turn.role == "assistant"), "")
    if not before:
        return 1.0
    last = messages[of_user[-1]].content
    told = frozenset(
        word for turn in earlier if turn.role == "user" for word in telling(turn.content)
    )
    new = frozenset(telling(last)) - told
    of_another = follows_up(last) and not points_back(last) and new
    if of_another and new.issubset(telling(answer)):
        return 1.0
    return FACTOR if _hangs(last, frozenset(telling(before)) - told, weight) else 1.0


def _hangs(last: str, brought_up: frozenset[str], weight: Callable[[str], float]) -> bool:
    """Whether words hang on the answer before them: by their form, by how little they say, or
    since they are about what that answer has brought up ("when do I get the deposit back?")."""
    if follows_up(last) or (is_short(last) and points_back(last)):
        return True
    if hangs_on_more(last):
        return not asks_by_itself(last)
    asked = {word: weight(word) for word in telling(last)}
    return sum(asked[w] for w in brought_up.intersection(asked)) > _BROUGHT_UP * sum(asked.values())
