"""Durable workflows without a database of their own: the journal is kept as records."""

from __future__ import annotations

import msgspec

from northloop.core.ids import derived_id
from northloop.ports.catalogue import note
from northloop.ports.jobs import State, StepStatus, Workflow
from northloop.ports.stores import Records

_BEGIN = "(begin)"


@note(found_by="run_id")
class _JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one completed step added; the first entry of a run holds its initial state."""

    entry_id: str
    run_id: str
    step: str
    added: dict[str, str]


class LocalRunner:
    """Implements `ports.jobs.Runner`: steps run one after the other in the calling thread.

    As durable as the records are. Journal entries are added once and never changed, so two
    processes that run the same `run_id` at the same time agree on the first result of a step.
    """

    def __init__(self, records: Records) -> None:
        self._records = records

    def run(self, workflow: Workflow, run_id: str, initial: State) -> State:
        journal = {entry.step: entry.added for entry in self._entries(run_id)}
        state = dict(journal[_BEGIN] if journal else self._kept(run_id, _BEGIN, initial))
        for step in workflow.steps:
            added = journal.get(step.name)
            if added is None:
                added = self._kept(run_id, step.name, step.run(state))
            state.update(added)
        return state

    def status(self, run_id: str) -> list[StepStatus]:
        return [
            StepStatus(entry.step, True, entry.added)
            for entry in self._entries(run_id)
            if entry.step != _BEGIN
        ]

    def close(self) -> None:
        """Nothing runs in the background."""

    def _entries(self, run_id: str) -> list[_JournalEntry]:
        return self._records.list(_JournalEntry, subject=run_id)

    def _kept(self, run_id: str, step: str, added: State) -> dict[str, str]:
        """Keep a step's result, or return the one that another process kept before us."""
        entry_id = derived_id(run_id, step)
        entry = _JournalEntry(entry_id=entry_id, run_id=run_id, step=step, added=dict(added))
        if self._records.add(entry, subject=run_id):
            return entry.added
        return self._records.get(_JournalEntry, entry_id).added
