"""Spans over the wire to a receiver, and to one that is not there."""

from __future__ import annotations

import logging
import socket
import threading
import time

import pytest

from northloop.adapters.distributed.otlp_spans import OtlpSpans
from northloop.core.tracing import Span, SpanCounts, TraceContext
from receivers import Receiver
from spans_received import told

TRACE = TraceContext(trace_id="4bf92f3577b34da6a3ce929d0e0e4736", parent_id="00f067aa0ba902b7")
QUICK = {"OTEL_BSP_SCHEDULE_DELAY": "20"}
NOW_NS = 1_767_225_600_000_000_000


def answer(name: str = "whole", failed: bool = False) -> Span:
    child = Span(name="step", began_ns=NOW_NS + 1, ended_ns=NOW_NS + 5, calls=True)
    return Span(
        name=name,
        began_ns=NOW_NS,
        ended_ns=NOW_NS + 10,
        attributes={"number": 3, "share": 0.5, "is_so": True, "words": ("a", "b"), "word": "c"},
        failed=failed,
        children=(child, child),
    )


def base(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.server.server_port}"


def test_a_span_comes_with_its_children_below_the_callers(receiver: Receiver) -> None:
    spans = OtlpSpans(base(receiver))
    spans.tell(TRACE, answer())
    spans.close()
    assert spans.counts() == SpanCounts(exported=3)
    whole, *steps = sorted(told(receiver.got), key=lambda span: span.name != "whole")
    assert whole.trace_id == TRACE.trace_id
    assert whole.parent_id == TRACE.parent_id
    assert (whole.kind, whole.failed) == ("INTERNAL", False)
    assert (whole.began_ns, whole.ended_ns) == (NOW_NS, NOW_NS + 10)
    assert whole.attributes == {
        "number": 3,
        "share": 0.5,
        "is_so": True,
        "words": ("a", "b"),
        "word": "c",
    }
    assert whole.resource["service.name"] == "northloop"
    for step in steps:
        assert (step.trace_id, step.parent_id) == (whole.trace_id, whole.span_id)
        assert step.kind == "CLIENT"
    assert len({span.span_id for span in (whole, *steps)}) == 3


def test_a_trace_that_begins_here_keeps_the_id_it_was_given(receiver: Receiver) -> None:
    spans = OtlpSpans(base(receiver))
    names = [f"{number:032x}" for number in range(1, 4)]
    for name in names:
        spans.tell(TraceContext(trace_id=name), answer(failed=True))
    spans.close()
    found = told(receiver.got)
    wholes = [span for span in found if span.name == "whole"]
    assert [span.trace_id for span in wholes] == names
    assert all(span.failed and not span.parent_id for span in wholes)
    assert {span.trace_id for span in found} == {*names}


def test_what_the_caller_does_not_sample_is_not_told(receiver: Receiver) -> None:
    spans = OtlpSpans(base(receiver))
    spans.tell(TraceContext(trace_id="a" * 32, parent_id="b" * 16, sampled=False), answer())
    spans.close()
    assert spans.counts() == SpanCounts()
    assert receiver.got == []


def test_the_environment_says_what_opentelemetrys_users_expect(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", base(receiver))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20of-ours")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "support")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging")
    spans = OtlpSpans("")
    spans.tell(TRACE, answer())
    spans.close()
    ((headers, _),) = receiver.got
    assert headers["authorization"] == "Bearer of-ours"
    assert headers["content-encoding"] == "gzip"
    (resource,) = {tuple(sorted(span.resource.items())) for span in told(receiver.got)}
    assert ("service.name", "support") in resource
    assert ("deployment.environment.name", "staging") in resource


def test_a_sampler_of_the_environment_decides_on_traces_that_begin_here(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    spans = OtlpSpans(base(receiver))
    spans.tell(TraceContext(trace_id="a" * 32), answer("ours"))
    spans.tell(TRACE, answer("theirs"))
    spans.close()
    assert {span.name for span in told(receiver.got)} == {"theirs", "step"}
    assert spans.counts() == SpanCounts(exported=3)


def test_a_path_that_is_given_is_kept(receiver: Receiver) -> None:
    spans = OtlpSpans(receiver.url)
    spans.tell(TRACE, answer())
    spans.close()
    assert spans.counts().exported == 3


def test_spans_go_out_while_the_process_goes_on(receiver: Receiver) -> None:
    spans = OtlpSpans(base(receiver), QUICK)
    spans.tell(TRACE, answer())
    deadline = time.monotonic() + 20
    while not spans.counts().exported and time.monotonic() < deadline:
        time.sleep(0.01)
    assert spans.counts().exported == 3
    spans.close()


def test_a_receiver_that_refuses_costs_the_spans_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver = Receiver(*[401] * 3)
    spans = OtlpSpans(base(receiver), {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "3"})
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            spans.tell(TRACE, answer())
        spans.close()
    receiver.close()
    assert spans.counts() == SpanCounts(exported=6, dropped=9)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "401" in said[0]
    assert said[1] == "the receiver of spans takes them again"


def test_a_receiver_that_hangs_holds_up_nobody_and_the_queue_is_bounded() -> None:
    """It takes connections and never answers; the calls and the end do not wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        spans = OtlpSpans(url, {**QUICK, "OTEL_BSP_MAX_QUEUE_SIZE": "30"})
        threads = [
            threading.Thread(target=lambda: [spans.tell(TRACE, answer()) for _ in range(50)])
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
            assert not thread.is_alive()
        assert spans.counts() == SpanCounts(dropped=200 * 3 - 30)
        closing = threading.Thread(target=spans.close)
        closing.start()
        closing.join(20)
        assert not closing.is_alive()
        spans.tell(TRACE, answer())
        assert spans.counts() == SpanCounts(dropped=200 * 3 + 3)


def test_a_receiver_that_is_away_costs_the_spans_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    spans = OtlpSpans(url, QUICK)
    spans.tell(TRACE, answer())
    spans.close()
    assert spans.counts() == SpanCounts(dropped=3)
