"""What the API counts and measures, in Prometheus' words.

Counters and histograms are this process's alone, from its start on: several servers are scraped
each by itself and added up by whoever asks. What lies in the records is read from there at the
scrape, and is the same in every server of a workspace. No label has a value that a caller can
choose, and none names a tenant.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northloop.app.telemetry import Counts
from northloop.core.canary import Standing
from northloop.core.costs import Prices, spent_on
from northloop.core.interaction import Interaction
from northloop.core.tracing import SpanCounts

_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_ANSWER_S = (0.001, 0.0025, *_REQUEST_S)
GONE = "499"
"""Stands for the status of a request whose client left before the response began."""


class _Spans(Collector):
    """Counts that are kept elsewhere; nothing where nobody is told of spans."""

    found: SpanCounts | None = None

    def collect(self) -> Iterator[CounterMetricFamily]:
        if self.found is None:
            return
        family = CounterMetricFamily(
            "northloop_spans", "Spans by whether the receiver took them.", labels=("outcome",)
        )
        family.add_metric(("exported",), self.found.exported)
        family.add_metric(("dropped",), self.found.dropped)
        yield family


class _FromRecords:
    """What is read from the records at the scrape."""

    def __init__(self, registry: CollectorRegistry) -> None:
        gauge = partial(Gauge, registry=registry)
        self._ready = gauge("northloop_ready", "1 if questions can be answered, else 0.")
        self._live = gauge(
            "northloop_live_info", "What is live, by its hashes.", ("release", "knowledge")
        )
        self._kept = gauge("northloop_answers_kept", "Answers in the records, without hand-offs.")
        self._reviewed = gauge(
            "northloop_answers_reviewed", "Of those drawn for review, with a verdict."
        )
        self._waiting = gauge("northloop_reviews_waiting", "Answers that wait for a verdict.")
        self._replies = gauge(
            "northloop_desk_replies",
            "What agents sent of the draft and the other answers that were before them.",
            ("took",),
        )
        self._customers = gauge(
            "northloop_canary_customers", "Customers drawn in the canary that goes on.", ("arm",)
        )
        self._evidence = gauge(
            "northloop_canary_evidence",
            "So many to one that the candidate is no worse in a figure, or harmful.",
            ("figure", "that"),
        )
        self._alerts = gauge(
            "northloop_alerts_open",
            "1 while an alert of the kind is open or acknowledged, else 0.",
            ("kind",),
        )
        self._drift = gauge(
            "northloop_drift_evidence",
            "That customers ask otherwise than before; 1 says nothing, 100 is an alert.",
        )
        self._harm = gauge(
            "northloop_harm_evidence",
            "That answers got worse, by verdicts; 1 says nothing, 40 is an alert.",
        )
        self._reuse = gauge(
            "northloop_semantic_cache",
            "The semantic cache of what is live: its entries, policies, those of them that are "
            "certified, their audits, and how often a fuse went.",
            ("what",),
        )
        self._spans = _Spans()
        registry.register(self._spans)

    def set(self, counts: Counts) -> None:
        """Say what the records say now."""
        self._ready.set(bool(counts.release))
        self._live.clear()
        if counts.release:
            self._live.labels(counts.release, counts.knowledge).set(1)
        self._kept.set(counts.answers)
        self._reviewed.set(counts.reviewed)
        self._waiting.set(counts.reviews_waiting)
        for took, number in counts.replies.items():
            self._replies.labels(took.value).set(number)
        self._tell(counts.canary)
        self._reuse.clear()
        if counts.reuse is not None:
            for what in counts.reuse.__struct_fields__:
                self._reuse.labels(what).set(getattr(counts.reuse, what))
        for kind, is_open in counts.alerts.items():
            self._alerts.labels(kind).set(is_open)
        self._drift.set(counts.drift)
        self._harm.set(counts.harm)
        self._spans.found = counts.spans

    def _tell(self, canary: Standing | None) -> None:
        """Set what there is to say of a canary; nothing without one."""
        self._customers.clear()
        self._evidence.clear()
        if canary is None:
            return
        for arm, count in zip(("canary", "control"), canary.customers, strict=True):
            self._customers.labels(arm).set(count)
        for figure in canary.figures:
            self._evidence.labels(figure.name, "no worse").set(figure.proven)
        for harm in canary.harms:
            self._evidence.labels(", ".join(harm.names), "harmful").set(harm.found)


class Measures:
    """The instruments of one server; safe for threads."""

    def __init__(self, waiting: Callable[[], int], prices: Prices | None = None) -> None:
        """`waiting` returns how many requests generate or wait for it now."""
        self._registry = CollectorRegistry()
        counter = partial(Counter, registry=self._registry)
        histogram = partial(Histogram, registry=self._registry)
        self._reading = threading.Lock()
        self._requests = counter(
            "northloop_http_requests", "Requests by address and status.", ("route", "status")
        )
        self._request_s = histogram(
            "northloop_http_request_seconds",
            "From a request's head to the end of its response.",
            ("route",),
            buckets=_REQUEST_S,
        )
        self._answers = counter(
            "northloop_answers",
            "Answers given: where from, by which treatment, why handed over, in which arm of a "
            "canary.",
            ("source", "treatment", "handoff", "arm"),
        )
        self._answer_s = histogram(
            "northloop_answer_seconds",
            "From the question to the whole answer, as it is kept.",
            ("source", "arm"),
            buckets=_ANSWER_S,
        )
        self._tokens = counter(
            "northloop_tokens",
            "Tokens of prompts (in, about) and of what was generated (out).",
            ("direction",),
        )
        self._prices = prices or Prices()
        self._cost = (
            counter(
                "northloop_cost", "What answers cost by `prices`, in their currency.", ("source",)
            )
            if self._prices.are_set
            else None
        )
        self._cache = counter(
            "northloop_cache_lookups", "What came of looking in the cache.", ("outcome",)
        )
        self._semantic = counter(
            "northloop_semantic_cache_lookups",
            "What came of looking for a question that means the same.",
            ("outcome",),
        )
        Gauge(
            "northloop_generations_waiting",
            "Requests that generate or wait for it.",
            registry=self._registry,
        ).set_function(waiting)
        self._told = _FromRecords(self._registry)

    def requested(self, route: str, status: str, seconds: float) -> None:
        """Count a request; `route` is the address as the table of routes writes it."""
        self._requests.labels(route, status).inc()
        self._request_s.labels(route).observe(seconds)

    def answered(self, kept: Interaction, *, again: bool = False) -> None:
        """Count an answer that was given; what was given `again` took no tokens."""
        source = kept.source.value
        handoff = kept.handoff.value if kept.handoff else ""
        arm = kept.canary.arm
        self._answers.labels(source, kept.treatment, handoff, arm).inc()
        self._answer_s.labels(source, arm).observe(kept.latency_ms / 1e3)
        if again:
            return
        spent = spent_on(kept)
        self._tokens.labels("in").inc(spent.tokens_in)
        self._tokens.labels("out").inc(spent.tokens_out)
        if self._cost is not None:
            self._cost.labels(source).inc(self._prices.of(kept))
        for step in kept.trace:
            if step.name == "cache":
                self._cache.labels(step.decision).inc()
            elif step.name == "semantic":
                self._semantic.labels(step.decision).inc()

    def text(self, found: Counts | None, accept: str) -> tuple[bytes, str]:
        """Return everything as `accept` asks for it, and its content type.

        `found` is what the records say, None where they cannot be read.
        """
        encode, media_type = choose_encoder(accept)
        with self._reading:
            self._told.set(found or Counts())
            return encode(self._registry), media_type


class Measured:
    """Counts every request by where it led and how it ended."""

    def __init__(self, app: ASGIApp, measures: Measures, routes: Mapping[int, str]) -> None:
        """`routes`: `id` of an endpoint → address; all else counts under the address ""."""
        self._app = app
        self._measures = measures
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = GONE
        began_s = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            status = "500"
            raise
        finally:
            route = self._routes.get(id(scope.get("endpoint")), "")
            self._measures.requested(route, status, time.perf_counter() - began_s)
