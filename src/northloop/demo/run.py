"""The demo: the sample company begins at once, answers, and retrains from what people decided.

It plays the people too: customers, agents, reviewers, and whoever promotes what passes the gate.

Everything here can be killed and started again: the workspace is made whole or not at all, turns
are journalled, questions and verdicts have fixed ids.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Protocol

import msgspec

from northloop import sample
from northloop.app import intake, releases, turns
from northloop.core.artefacts import Objective
from northloop.core.conversation import Message
from northloop.core.deployment import Pair
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.prompt import compose
from northloop.demo import people, table
from northloop.demo.result import Corrected, Demo, DemoResult
from northloop.loop import promote
from northloop.loop.pairs import open_pair
from northloop.ports.catalogue import note
from northloop.ports.jobs import State
from northloop.ports.stores import Records
from northloop.workspace import Workspace

PLAIN = 6
"""So many questions are answered by plain Transformers too, which takes seconds for each."""


@note()
class PlainTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Kept once measured, so that a demo taken up again does not measure twice."""

    measurement_id: str
    ms: tuple[float, ...]


@note()
class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """How long a part of the demo took."""

    part_id: str
    seconds: float


class Audience(Protocol):
    """Who is told how the demo goes on."""

    def begun(self) -> None:
        """Hear that a release is live."""
        ...

    def corrected(self, found: Corrected, /) -> None:
        """Hear what has become of the first correction."""
        ...


def run_demo(workspace: Workspace, demo: Demo, audience: Audience) -> DemoResult:
    """Run the demo, or finish it, and return its table."""
    clock: dict[str, float] = {}
    timed = partial(_timed, workspace.records, clock)
    with timed("begin"):
        releases.begin_at_once(workspace, people.TEAM)
    first = promote.deployments(workspace.records)[0]  # taken up again, another may be live
    began = Pair(first.release, first.knowledge)
    objective = _measured(workspace, table.dataset(workspace, began))
    audience.begun()
    stream = sample.live_conversations(2 * demo.questions, demo.seed)
    corrected = None
    with timed("serving"):
        for start in range(0, demo.questions, people.DAY):
            people.spend_day(workspace, stream[: demo.questions], start)
            if corrected is None and (corrected := people.first_correction(workspace, stream)):
                audience.corrected(corrected)
    turn = turns.carry_out(workspace, people.TEAM, people.proposal(workspace).proposal_id).state
    with timed("latency"):
        plain = _plain_times(workspace, stream[: demo.questions], turn)
    with timed("after the turn"):
        waits = people.go_on(workspace, stream, demo.questions)
    run = table.Run(began, turn, stream, corrected, plain, clock, waits)
    return table.table(workspace, demo, objective, run)


def _measured(workspace: Workspace, dataset: Hash) -> Objective:
    """The contract with its baseline, which goes into northloop.toml."""
    objective = workspace.settings.objective
    if objective is None or objective.baseline is None:
        objective = intake.measure_baseline(workspace, people.TEAM, dataset)
    if objective is None:
        raise NotFound("northloop.toml has no objective", where=str(workspace.folder))
    return objective


def _plain_times(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], turn: State
) -> Sequence[float]:
    """Milliseconds that plain Transformers takes for a sample of the stream, tuned model."""
    try:
        return workspace.records.get(PlainTimes, "plain").ms
    except NotFound:
        pass
    release, index = open_pair(workspace.parts, Pair(turn["release"], turn["knowledge"]))
    folder = workspace.parts.adapter_folder(release.adapter)
    times: list[float] = []
    asked = [q for q in stream if not q.asks_human]
    for number, question in enumerate(asked[:: max(1, len(asked) // PLAIN)][:PLAIN], 1):
        began = time.perf_counter()
        text = workspace.redact(question.text).text
        hits = index.search(text, release.passages)
        messages = compose(release.prompt, [h.passage for h in hits], [Message("user", text)])
        workspace.trainer(release.base).generate(
            folder, release.template.prompt(messages), release.max_answer_tokens
        )
        times.append((time.perf_counter() - began) * 1e3)
        workspace.progress("latency", number, PLAIN, "plain Transformers, for comparison")
    workspace.records.add(PlainTimes(measurement_id="plain", ms=tuple(times)))
    return times


@contextmanager
def _timed(records: Records, clock: dict[str, float], name: str) -> Iterator[None]:
    """Put the seconds that a part took into `clock`: those of the attempt that finished it."""
    began = time.perf_counter()
    yield
    records.add(Spent(part_id=name, seconds=time.perf_counter() - began))
    clock[name] = records.get(Spent, name).seconds
