"""Telling a tracing system what was done, and how long it took."""

from __future__ import annotations

from typing import Protocol

from northloop.core.tracing import Span, SpanCounts, TraceContext


class Spans(Protocol):
    """One receiver of spans."""

    def tell(self, trace: TraceContext, span: Span) -> None:
        """Take a span with its children, as one: all are told of or none.

        Returns at once, whether the receiver answers or not, and raises nothing.
        """
        ...

    def counts(self) -> SpanCounts:
        """Return what became of the spans so far."""
        ...

    def close(self) -> None:
        """Tell what waits, for at most a few seconds; what is left by then counts as dropped."""
        ...
