"""Records as they are usually kept, for tests to which a few of their fields matter."""

from __future__ import annotations

from northloop.core.interaction import Interaction, Source

_INTERACTION = {
    "interaction_id": "i",
    "conversation_id": "c",
    "customer_id": "",
    "tenant": "default",
    "release": "r",
    "at": "2026-01-01T00:00:00Z",
    "question": "q",
    "answer": "a",
    "source": Source.GENERATED,
    "citations": (),
    "confidence": 0.8,
    "handoff": None,
    "intent": "",
    "latency_ms": 1.0,
    "trace": (),
}


def usual_interaction(**fields: object) -> Interaction:
    """Return an answer that was generated, with these fields."""
    return Interaction(**{**_INTERACTION, **fields})  # type: ignore[arg-type]
