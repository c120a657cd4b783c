"""The header that says which trace a request is in."""

from __future__ import annotations

import pytest

from northloop.core.tracing import NO_TRACE, TraceContext, caller_trace, new_trace

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "sampled"),
    [
        (f"00-{TRACE}-{CALLER}-01", True),
        (f"00-{TRACE}-{CALLER}-00", False),
        (f"00-{TRACE}-{CALLER}-03", True),
        (f" 00-{TRACE}-{CALLER}-01\t", True),
        (f"cc-{TRACE}-{CALLER}-01", True),
        (f"cc-{TRACE}-{CALLER}-01-what-the-future-holds", True),
    ],
)
def test_the_callers_trace_is_taken_over(header: str, sampled: bool) -> None:
    assert caller_trace(header) == TraceContext(trace_id=TRACE, parent_id=CALLER, sampled=sampled)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00",
        f"00-{TRACE}-{CALLER}",
        f"00-{TRACE.upper()}-{CALLER}-01",
        f"00-{'0' * 32}-{CALLER}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{CALLER}-01-more",
        f"cc-{TRACE}-{CALLER}-01.more",
        f"ff-{TRACE}-{CALLER}-01",
        f"00-{TRACE[1:]}-{CALLER}-01",
        f"00-{TRACE}-{CALLER}-zz",
        f"00-{TRACE}-{CALLER}-01\n00-{TRACE}-{CALLER}-01",
        f"٠٠-{TRACE}-{CALLER}-01",
        "00-" + "a" * 100_000,
    ],
)
def test_what_is_no_valid_header_is_no_trace(header: str) -> None:
    assert caller_trace(header) == NO_TRACE


def test_a_trace_that_begins_here_has_an_id_of_its_own() -> None:
    one, other = new_trace(), new_trace()
    assert one.trace_id != other.trace_id
    assert caller_trace(f"00-{one.trace_id}-{CALLER}-01").trace_id == one.trace_id
    assert not one.parent_id
