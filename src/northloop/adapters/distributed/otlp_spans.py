"""Spans by OTLP over HTTP to any OpenTelemetry receiver: a collector, Jaeger, Tempo.

Whoever tells of a span leaves it in a queue; a thread makes OpenTelemetry's spans of it and sends
them. A queue that is full takes no more, so that a receiver that is away costs memory and time of
nobody. OpenTelemetry's environment variables say the rest: OTEL_EXPORTER_OTLP_HEADERS, …_TIMEOUT,
…_COMPRESSION, …_CERTIFICATE (also as OTEL_EXPORTER_OTLP_TRACES_…), OTEL_SERVICE_NAME,
OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, and OTEL_BSP_SCHEDULE_DELAY, …_MAX_QUEUE_SIZE and
…_MAX_EXPORT_BATCH_SIZE. No global tracer is set.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from northloop.core.tracing import Span, SpanCounts, TraceContext

_log = logging.getLogger("northloop.spans")
_EXPORTERS_LOG = logging.getLogger(OTLPSpanExporter.__module__)
_PATH = "v1/traces"
_LONGEST_S = 60.0
_CLOSING_S = 2.0
"""So long does the end of a process wait for a receiver."""
_GIVING_UP_S = 0.5


class OtlpSpans:
    """Implements `ports.spans.Spans`; safe for threads."""

    def __init__(self, url: str, environment: Mapping[str, str] = os.environ) -> None:
        """`url` is http(s)://host:port of the receiver, or with the path that takes spans; "" for
        the one that the environment names."""
        self._exporter = OTLPSpanExporter(endpoint=_endpoint(url) or None)
        self._most = _whole(environment, "OTEL_BSP_MAX_QUEUE_SIZE", 2_048)
        self._batch = min(self._most, _whole(environment, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512))
        self._delay_s = min(_LONGEST_S, _whole(environment, "OTEL_BSP_SCHEDULE_DELAY", 5_000) / 1e3)
        self._ids = _Ids()
        self._made = _Ended()
        provider = TracerProvider(
            resource=_resource(), id_generator=self._ids, shutdown_on_exit=False
        )
        provider.add_span_processor(self._made)
        self._tracer = provider.get_tracer("northloop", version("northloop"))
        self._once = _Once()
        _EXPORTERS_LOG.addFilter(self._once)
        self._changed = threading.Condition()
        self._told: deque[tuple[TraceContext, Span]] = deque()
        self._waiting = self._exported = self._dropped = 0
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="spans", daemon=True)
        self._thread.start()

    def tell(self, trace: TraceContext, span: Span) -> None:
        """See `ports.spans.Spans`."""
        if not trace.sampled:
            return
        with self._changed:
            if self._closing or self._waiting + span.count > self._most:
                self._dropped += span.count
                return
            self._told.append((trace, span))
            self._waiting += span.count
            if self._waiting >= self._batch:
                self._changed.notify()

    def counts(self) -> SpanCounts:
        """See `ports.spans.Spans`."""
        with self._changed:
            return SpanCounts(exported=self._exported, dropped=self._dropped)

    def close(self) -> None:
        """See `ports.spans.Spans`."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            self._changed.notify()
        self._thread.join(_CLOSING_S)
        # What is being tried again is given up; a call that hangs ends with its own time limit.
        self._exporter.shutdown()
        self._thread.join(_GIVING_UP_S)
        with self._changed:
            self._dropped += self._waiting
            self._waiting = 0
            self._told.clear()
        _EXPORTERS_LOG.removeFilter(self._once)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._closing or self._waiting >= self._batch, self._delay_s
                )
                is_last = self._closing
            while self._send():
                pass
            if is_last:
                return

    def _send(self) -> bool:
        """Send about a batch of what waits; False if nothing did."""
        with self._changed:
            some, count = [], 0
            while self._told and count < self._batch:
                some.append(self._told.popleft())
                count += some[-1][1].count
        if not some:
            return False
        made = self._made_of(some)
        is_taken = self._is_taken(made)
        with self._changed:
            if not self._waiting:
                return False  # they were given up meanwhile
            self._waiting -= count
            if is_taken:
                self._exported += len(made)
            else:
                self._dropped += len(made)
        return True

    def _made_of(self, some: Sequence[tuple[TraceContext, Span]]) -> list[ReadableSpan]:
        for trace, span in some:
            try:
                self._make(trace, span)
            except Exception:  # noqa: BLE001 (the thread goes on, whatever a span says)
                _log.exception("a span could not be made: %s", span.name)
        return self._made.taken()

    def _is_taken(self, made: Sequence[ReadableSpan]) -> bool:
        if not made:
            return True
        try:
            is_taken = self._exporter.export(made) is SpanExportResult.SUCCESS
        except Exception:  # noqa: BLE001 (the thread goes on; they count as dropped)
            _log.exception("spans could not be sent")
            return False
        if is_taken and self._once.said:
            self._once.said = False
            _log.warning("the receiver of spans takes them again")
        return is_taken

    def _make(self, trace: TraceContext, span: Span) -> None:
        """Make OpenTelemetry's spans: below the caller's, or the first of the trace."""
        within = Context()
        if trace.parent_id:
            caller = SpanContext(
                trace_id=int(trace.trace_id, 16),
                span_id=int(trace.parent_id, 16),
                is_remote=True,
                trace_flags=TraceFlags(TraceFlags.SAMPLED),
            )
            within = set_span_in_context(NonRecordingSpan(caller), within)
        self._ids.next_trace_id = int(trace.trace_id, 16)
        _ended(self._tracer, span, within)


def _ended(tracer: Tracer, span: Span, within: Context) -> None:
    made = tracer.start_span(
        span.name,
        context=within,
        kind=SpanKind.CLIENT if span.calls else SpanKind.INTERNAL,
        attributes=dict(span.attributes),
        start_time=span.began_ns,
    )
    for child in span.children:
        _ended(tracer, child, set_span_in_context(made, within))
    if span.failed:
        made.set_status(Status(StatusCode.ERROR))
    made.end(span.ended_ns)


class _Ids(RandomIdGenerator):  # type: ignore[misc]
    """Gives a trace that begins here the id that it was given before."""

    next_trace_id = 0

    def generate_trace_id(self) -> int:
        return self.next_trace_id


class _Once(logging.Filter):
    """Lets through why spans cannot be sent, once until they can be sent again."""

    said = False

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002
        first, self.said = not self.said, True
        return first


class _Ended(SpanProcessor):  # type: ignore[misc]
    """Collects the spans that are to be sent."""

    def __init__(self) -> None:
        self._ended: list[ReadableSpan] = []

    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        if context is not None and context.trace_flags.sampled:
            self._ended.append(span)

    def taken(self) -> list[ReadableSpan]:
        taken, self._ended = self._ended, []
        return taken


def _resource() -> Resource:
    """Return who tells of the spans: what the environment says, else this product."""
    found = Resource.create()
    if str(found.attributes[SERVICE_NAME]).startswith("unknown_service"):
        named = {SERVICE_NAME: "northloop", SERVICE_VERSION: version("northloop")}
        return found.merge(Resource(named))
    return found


def _endpoint(url: str) -> str:
    """Return where spans are sent to: a receiver's address without a path has a usual one."""
    if url and urlsplit(url).path in ("", "/"):
        return f"{url.rstrip('/')}/{_PATH}"
    return url


def _whole(environment: Mapping[str, str], name: str, otherwise: int) -> int:
    text = environment.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and int(text) else otherwise
