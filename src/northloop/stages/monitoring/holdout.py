"""Who is held out: a share of the customers whom people answer as if there were no assistant.

The draw is by customer and not by question, for what a customer learns from one answer changes
their next question. It needs no store and no clock: it follows from the customer's id, so every
server draws the same, and who was held out once stays held out. With a larger share further
customers join them and nobody leaves.
"""

from __future__ import annotations

from hashlib import sha256

from northloop.core.interaction import Origin, Question

_BITS = 64


def chance(question: Question, share: float) -> float:
    """Return the probability that who asks is held out: `share`, or 0.0 where nothing is drawn.

    Nothing is drawn for the team, nor for a question that names no customer.
    """
    drawn = question.origin is Origin.CUSTOMER and bool(question.customer_id)
    return share if drawn else 0.0


def is_held_out(question: Question, share: float) -> bool:
    """Return whether who asks is held out, of whom `share` (0..1) are.

    The id of a customer is one that says nothing of them (`Workspace.opaque`): nobody outside can
    work out who is drawn.
    """
    name = f"held out\x1f{question.tenant}\x1f{question.customer_id}"
    drawn = int.from_bytes(sha256(name.encode()).digest()[: _BITS // 8])
    return bool(drawn < chance(question, share) * 2.0**_BITS)
