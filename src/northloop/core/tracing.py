"""Traces: what a caller says of the one it is in, and spans that are told of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from secrets import token_hex
from typing import TypeAlias

import msgspec

Attribute: TypeAlias = str | bool | int | float | tuple[str, ...]

_HEADER = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NOTHING = re.compile("0+")
_SAMPLED = 1


class TraceContext(msgspec.Struct, frozen=True, kw_only=True):
    """The trace that something belongs to, as W3C Trace Context has it."""

    trace_id: str = ""
    """32 hexadecimal digits; "" in no trace."""
    parent_id: str = ""
    """Of the caller's span, 16 hexadecimal digits; "" where nobody called."""
    sampled: bool = True
    """What the caller has decided for all that belongs to the trace."""


NO_TRACE = TraceContext()


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done, from when to when, and what was done in it."""

    name: str
    began_ns: int
    """Nanoseconds since 1970."""
    ended_ns: int
    attributes: Mapping[str, Attribute] = {}
    calls: bool = False
    """Another server did it."""
    failed: bool = False
    children: tuple[Span, ...] = ()

    @property
    def count(self) -> int:
        """How many spans these are together."""
        return 1 + sum(child.count for child in self.children)


class SpanCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the spans of a process since it began."""

    exported: int = 0
    dropped: int = 0
    """Lost: the receiver did not take them, or too many waited for it."""


def caller_trace(traceparent: str) -> TraceContext:
    """Return what the header `traceparent` says; NO_TRACE for none, and for one that is not valid.

    By W3C Trace Context: a version that is not known yet may say more than the four fields, and
    those are read.
    """
    found = _HEADER.fullmatch(traceparent.strip())
    if found is None:
        return NO_TRACE
    version, trace_id, parent_id, flags, more = found.groups()
    is_nothing = _NOTHING.fullmatch(trace_id) or _NOTHING.fullmatch(parent_id)
    if is_nothing or (version == "00" and more):
        return NO_TRACE
    return TraceContext(
        trace_id=trace_id, parent_id=parent_id, sampled=bool(int(flags, 16) & _SAMPLED)
    )


def new_trace() -> TraceContext:
    """Return a trace that begins here."""
    return TraceContext(trace_id=token_hex(16))
