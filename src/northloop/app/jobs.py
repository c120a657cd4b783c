"""Long work in the background of this process, looked at until it is done.

A job is work with a name, made from a version of something. Whoever looks at it first starts it,
the others find it going on. What it came to is kept in memory, of the last few jobs only: it can be
made again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar, cast

import msgspec

from northloop.core.errors import InputError, NorthloopError
from northloop.ports.progress import Progress

MOST_KEPT = 6
"""So many results are kept; a preview holds a whole dataset."""
T = TypeVar("T")
_log = logging.getLogger("northloop.jobs")


class Stage(msgspec.Struct, frozen=True):
    """How far work is."""

    task: str = ""
    done: int = 0
    total: int = 0
    """0 if nobody knows."""
    note: str = ""


class _Dropped(Exception):
    """Nobody wants to know any more."""


class Job(Generic[T]):
    """Work that goes on in a thread of its own, or has ended."""

    def __init__(self, version: object, make: Callable[[Progress], T]) -> None:
        self.version = version
        self._make = make
        self._dropped = False
        self._ended = threading.Event()
        self._result: T | None = None
        self.stage = Stage()
        self.error: NorthloopError | None = None
        """Why it came to nothing."""

    @property
    def going_on(self) -> bool:
        """Whether it has not ended yet. To be read before what it came to, which stands once it
        has."""
        return not self._ended.is_set()

    @property
    def result(self) -> T | None:
        """What it came to; None while it goes on, and if it came to nothing."""
        return self._result

    def wait(self, seconds: float) -> Job[T]:
        """Return the job once it has ended, or after so many seconds."""
        self._ended.wait(seconds)
        return self

    def drop(self) -> None:
        """Let it end at its next sign of life."""
        self._dropped = True

    def run(self) -> None:
        """Do the work."""
        try:
            self._result = self._make(self._progress)
        except _Dropped:
            self.error = NorthloopError("it was given up")
        except NorthloopError as error:
            self.error = error
        except OSError as error:
            self.error = no_room(error)
        except Exception:  # noqa: BLE001 (the end of a thread: kept and logged)
            _log.exception("work in the background broke")
            self.error = NorthloopError("something broke", action="the log has the details")
        finally:
            self._ended.set()

    def _progress(self, task: str, done: int, total: int, note: str = "") -> None:
        if self._dropped:
            raise _Dropped
        self.stage = Stage(task, done, total, note)


class Jobs:
    """The jobs of one workspace in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, Job[object]] = {}

    def look(self, name: str, version: object, make: Callable[[Progress], T]) -> Job[T]:
        """Return the job of a name, begun now if there is none of this version."""
        with self._lock:
            known = self._jobs.pop(name, None)
            if known is not None and known.version == version:
                self._jobs[name] = known
                return cast(Job[T], known)
            if known is not None:
                known.drop()
            job: Job[T] = Job(version, make)
            self._jobs[name] = cast(Job[object], job)
            self._forget_the_oldest()
        threading.Thread(target=job.run, name=name, daemon=True).start()
        return job

    def find(self, name: str) -> Job[object] | None:
        """Return the job of a name, whatever it was made from; None if there is none."""
        return self._jobs.get(name)

    def forget(self, name: str) -> None:
        """Let a job end, and forget what it came to."""
        with self._lock:
            job = self._jobs.pop(name, None)
        if job is not None:
            job.drop()

    def _forget_the_oldest(self) -> None:
        ended = [name for name, job in self._jobs.items() if not job.going_on]
        for name in ended[: max(0, len(self._jobs) - MOST_KEPT)]:
            del self._jobs[name]


def no_room(error: OSError) -> InputError:
    """Return what the disk refused as an error that says what to do."""
    refused = InputError(
        f"it cannot be kept: {error.strerror or error}",
        where="this machine's disk",
        action="free some space, or allow the server to write there, and try again",
    )
    refused.http_status = 507
    return refused
