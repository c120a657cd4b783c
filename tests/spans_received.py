"""What a receiver of spans was told: parsed from what came over the wire."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence

import msgspec
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

Got = Sequence[tuple[dict[str, str], bytes]]


class Told(msgspec.Struct, frozen=True):
    """One span as it came."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: str
    failed: bool
    began_ns: int
    ended_ns: int
    attributes: dict[str, object]
    resource: dict[str, object]


def told(got: Got) -> list[Told]:
    """Return the spans of all requests, in the order in which they came."""
    return [span for headers, body in got for span in _of(headers, body)]


def _of(headers: dict[str, str], body: bytes) -> Iterator[Told]:
    packed = headers.get("content-encoding") == "gzip"
    request = ExportTraceServiceRequest.FromString(gzip.decompress(body) if packed else body)
    for of_resource in request.resource_spans:
        resource = {a.key: _value(a.value) for a in of_resource.resource.attributes}
        for scope in of_resource.scope_spans:
            for span in scope.spans:
                yield _told(span, resource)


def _told(span: Span, resource: dict[str, object]) -> Told:
    return Told(
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        failed=span.status.code == 2,
        began_ns=span.start_time_unix_nano,
        ended_ns=span.end_time_unix_nano,
        attributes={a.key: _value(a.value) for a in span.attributes},
        resource=resource,
    )


def _value(value: AnyValue) -> object:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return tuple(_value(one) for one in value.array_value.values)
    return getattr(value, kind)
