"""Durable workflows on DBOS Transact, its journal in SQLite or PostgreSQL.

DBOS binds a workflow to the code that was registered when the process started; ours are put
together at run time. So one generic workflow is registered: an *attempt* at a run, with the DBOS
id `<run id>:<n>`. A new attempt takes over what the earlier ones completed and runs the rest as
DBOS steps, in the caller's thread. DBOS's own recovery and queues never start anything here: every
process is an executor of its own, and which steps a run has is known to the caller alone.
"""

from __future__ import annotations

import socket
import threading
import uuid
from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowStatus
from dbos import error as dbos_error
from sqlalchemy.exc import ArgumentError, DBAPIError

from northloop.core.errors import ConfigurationError, NorthloopError, RemoteUnavailable
from northloop.ports.jobs import State, StepStatus, Workflow, WorkflowStep

_ATTEMPT = "northloop.attempt"
# Pinned: by default DBOS derives it from the source, and a release would orphan unfinished runs.
_APPLICATION_VERSION = "northloop"

_Attempt = Callable[[str, dict[str, str]], dict[str, str]]


class _Work(msgspec.Struct, frozen=True):
    """What an attempt needs and the DBOS journal cannot hold."""

    workflow: Workflow
    journal: dict[str, dict[str, str]]
    """Step → what it added in an earlier attempt."""


class DbosRunner:
    """Implements `ports.jobs.Runner`. One at a time in a process, as DBOS is a process's singleton.

    `database_url` is `sqlite:///<path>` or `postgresql://…` (DBOS keeps to its schema `dbos`).
    RemoteUnavailable if the database does not answer. Starting a run that another process still
    has in hand takes it over: the other one stops before its next step. A run whose database goes
    away waits until it is back. Not to be called from within a step, nor from a thread with a
    running asyncio loop.
    """

    _alive = threading.Lock()

    def __init__(self, database_url: str) -> None:
        if not self._alive.acquire(blocking=False):
            raise ConfigurationError(
                "a DBOS runner is open in this process already",
                where="runner",
                action="share it, or close it first",
            )
        self._work: dict[str, _Work] = {}
        try:
            self._launch(database_url)
        except BaseException:
            self.close()
            raise

    def run(self, workflow: Workflow, run_id: str, initial: State) -> State:
        attempts = self._attempts(run_id)
        for attempt in attempts:
            if attempt.status == "PENDING":
                DBOS.cancel_workflow(attempt.workflow_id)
        attempt_id = f"{run_id}:{len(attempts) + 1}"
        journal = {status.step: status.added for status in self.status(run_id)}
        self._work[attempt_id] = _Work(workflow, journal)
        try:
            with SetWorkflowID(attempt_id):
                return self._attempt(attempt_id, _first_initial(attempts, initial))
        except dbos_error.DBOSAwaitedWorkflowCancelledError as error:
            raise NorthloopError(
                "another process took the run over",
                where=run_id,
                action="let that process finish it",
            ) from error
        finally:
            del self._work[attempt_id]

    def status(self, run_id: str) -> list[StepStatus]:
        return [
            StepStatus(step["function_name"], True, step["output"])
            for attempt in self._attempts(run_id)
            for step in DBOS.list_workflow_steps(attempt.workflow_id)
            if step["error"] is None
        ]

    def close(self) -> None:
        DBOS.destroy(destroy_registry=True)
        self._alive.release()

    def _launch(self, database_url: str) -> None:
        try:
            DBOS(config=_config(database_url))
            self._attempt: _Attempt = DBOS.workflow(name=_ATTEMPT)(_run_steps(self._work))
            DBOS.launch()
        except (ArgumentError, ValueError) as error:
            raise ConfigurationError(
                "this is not a database URL",
                where="storage.records",
                action="write it as sqlite:///path or postgresql://user:password@host/name",
            ) from error
        except DBAPIError as error:
            raise RemoteUnavailable(
                f"the database of the durable workflows cannot be used: {error.orig}",
                where=sa.make_url(database_url).render_as_string(hide_password=True),
                action="start the server, or check the URL and the permissions of the file",
            ) from error

    def _attempts(self, run_id: str) -> list[WorkflowStatus]:
        prefix = f"{run_id}:"
        found = DBOS.list_workflows(workflow_id_prefix=prefix, name=_ATTEMPT, load_output=False)
        own = [a for a in found if a.workflow_id.removeprefix(prefix).isdecimal()]
        return sorted(own, key=_number)


def _config(database_url: str) -> DBOSConfig:
    return DBOSConfig(
        name="northloop",
        system_database_url=database_url,
        application_version=_APPLICATION_VERSION,
        executor_id=f"{socket.gethostname()}-{uuid.uuid4()}",
        # JSON rather than pickles: readable, and untouched by changes of our classes.
        serializer=DBOSPortableJSONSerializer(),
        log_level="CRITICAL",
        # Bounds how long `close` waits for the listener; it polls nothing while nobody waits.
        notification_listener_polling_interval_sec=0.05,
    )


def _run_steps(work: dict[str, _Work]) -> _Attempt:
    """Return the generic workflow; its arguments are what DBOS keeps of an attempt."""

    def attempt(attempt_id: str, initial: dict[str, str]) -> dict[str, str]:
        workflow, journal = work[attempt_id].workflow, work[attempt_id].journal
        state = dict(initial)
        for step in workflow.steps:
            added = journal.get(step.name)
            if added is None:
                added = DBOS.run_step({"name": step.name}, _run_step, step, state)
            state.update(added)
        return state

    return attempt


def _run_step(step: WorkflowStep, state: State) -> dict[str, str]:
    return dict(step.run(state))


def _number(attempt: WorkflowStatus) -> int:
    return int(attempt.workflow_id.rpartition(":")[2])


def _first_initial(attempts: list[WorkflowStatus], otherwise: State) -> dict[str, str]:
    """Return the state the run began with: the first attempt's, whatever is passed later."""
    if not attempts:
        return dict(otherwise)
    _, initial = attempts[0].input["args"]
    return dict(initial)
