"""Answers as spans: whoever traces a request through several programs finds ours in it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from northloop.app import background
from northloop.core.clock import stamp
from northloop.core.errors import NorthloopError
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Question
from northloop.core.tracing import SpanCounts, caller_trace, new_trace
from northloop.loop.pairs import load_release
from northloop.ports.spans import Spans
from northloop.settings import Settings
from northloop.stages.monitoring.spans import Served, When, of_answer, of_failure
from northloop.workspace import Workspace, tells_spans

__all__ = ["caller_trace", "counts", "in_trace", "is_on", "new_trace", "traced"]

_log = logging.getLogger("northloop.spans")
GONE = "client_gone"
"""The kind of failure of an answer that nobody waited for."""


def is_on(settings: Settings) -> bool:
    """Return whether somebody is told of spans, by the settings or OpenTelemetry's variables."""
    return tells_spans(settings.telemetry.otlp, os.environ)


def counts(workspace: Workspace) -> SpanCounts | None:
    """Return what became of this process's spans; None where nobody is told."""
    return workspace.spans.counts() if workspace.spans is not None else None


def in_trace(workspace: Workspace, question: Question) -> Question:
    """Return a question in a trace, if spans are told of; its caller's own, where it says one."""
    if workspace.spans is None or question.trace.trace_id:
        return question
    return msgspec.structs.replace(question, trace=new_trace())


def traced(
    workspace: Workspace, question: Question, pieces: Iterator[str | Interaction]
) -> Iterator[str | Interaction]:
    """Return the pieces of an answer; as its end comes, the spans of it are told of.

    The answer waits for no receiver, and what goes wrong with the telling does not concern it.
    """
    spans = workspace.spans
    if spans is None or not question.trace.sampled:
        return pieces
    return _told(workspace, spans, question, pieces)


def _told(
    workspace: Workspace, spans: Spans, question: Question, pieces: Iterator[str | Interaction]
) -> Iterator[str | Interaction]:
    began_ns = time.time_ns()
    error = GONE
    try:
        for piece in pieces:
            if isinstance(piece, Interaction):
                error = ""
                _tell(workspace, spans, question, piece, began_ns)
            yield piece
    except Exception as failure:
        error = type(failure).__name__
        raise
    finally:
        if isinstance(pieces, Generator):
            pieces.close()
        if error:
            when = When(began_ns=began_ns, ended_ns=time.time_ns())
            spans.tell(question.trace, of_failure(error, question.interaction_id, when))


def _tell(
    workspace: Workspace, spans: Spans, question: Question, kept: Interaction, began_ns: int
) -> None:
    try:
        again = kept.at < stamp(datetime.fromtimestamp(began_ns / 1e9, UTC))
        when = When(began_ns=began_ns, ended_ns=time.time_ns(), again=again)
        content = workspace.settings.telemetry.content
        span = of_answer(kept, when, _served(workspace, kept), content=content)
        spans.tell(question.trace, span)
    except Exception:  # noqa: BLE001 (an answer is worth more than its spans)
        _log.exception("the spans of an answer could not be made")


def _served(workspace: Workspace, kept: Interaction) -> Served:
    """Return what generated an answer."""
    if all(step.name != "generate" for step in kept.trace):
        return Served()
    remembered = background.of(workspace).remembered
    return remembered.get(
        f"served {kept.release}", kept.release, lambda: _model(workspace, kept.release)
    )


def _model(workspace: Workspace, release: Hash) -> Served:
    try:
        base = load_release(workspace.artefacts, release).base
    except NorthloopError:
        return Served()
    remote = workspace.served_elsewhere(base)
    if not remote:
        return Served(model=base)
    url = urlsplit(workspace.settings.serving.engine.url)
    port = url.port or (443 if url.scheme == "https" else 80)
    return Served(model=remote, host=url.hostname or "", port=port)
