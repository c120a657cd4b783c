"""Measurements that a user makes on data of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from northloop import registry
from northloop import settings as configuration
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.ports.progress import Progress, silent
from northloop.stages.evaluation.cache_replay import Replayed, ReplaySpec, RuleOutcome, replay
from northloop.stages.evaluation.cache_stream import read_stream
from northloop.statistics.audited import AuditSpec
from northloop.workspace import STATE

__all__ = ["ReplaySpec", "Replayed", "RuleOutcome", "replay_cache", "replay_spec"]


def replay_spec(wrong: float, audits: tuple[float, float], tuning: float) -> ReplaySpec:
    """Return how a stream is replayed: tolerated share of wrong hits, share of audits at first and
    once they suffice, part that tunes the static threshold."""
    spec = AuditSpec(share=audits[0], settled=audits[1]).tolerating(wrong)
    return ReplaySpec(audit=spec, tuning=tuning)


def replay_cache(
    folder: Path,
    actor: Actor,
    stream: Path,
    spec: ReplaySpec,
    flags: Mapping[str, str] = {},
    progress: Progress = silent,
) -> Replayed:
    """Return what each rule of an answer cache would have made of a stream of questions.

    By the embedder that the settings of a folder name; it need not be a workspace. InputError for a
    stream that cannot be read, MissingComponent if the embedder is not installed.
    """
    require_team(actor)
    rows = read_stream(stream)
    settings = configuration.load(folder, os.environ, flags)
    embedder = registry.EMBEDDER.open(settings.serving.embedder, folder / STATE)
    return replay(rows, embedder, spec, progress)
