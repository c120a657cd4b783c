"""Programs in processes of their own, which begin with all that `northloop` imports imported.

They are forked from a server that the first one starts; everything else is as with `python -u -c`,
and they can be killed.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "northloop.cli.bars",
        "northloop.cli.demo_tables",
        "northloop.demo.run",
        "northloop.adapters.dbos_runner",
        "northloop.adapters.embedded.peft_trainer",
        "northloop.adapters.embedded.sqlite_records",
    ]
)


class Forked:
    """A running program, with what it reads and prints; left, it has ended."""

    def __init__(self, program: str, arguments: Sequence[str], env: Mapping[str, str] = {}) -> None:
        """Start a program; it has these variables beside those of this process."""
        read, asked = FORKS.Pipe(duplex=False)
        out, told_out = FORKS.Pipe(duplex=False)
        err, told_err = FORKS.Pipe(duplex=False)
        pipes = (read, told_out, told_err)
        given = (program, arguments, {**os.environ, **env}, pipes)
        self._process = FORKS.Process(target=_run, args=given)
        self._process.start()
        for pipe in pipes:
            pipe.close()
        self.stdin = os.fdopen(os.dup(asked.fileno()), "w", encoding="utf-8")
        self.stdout = os.fdopen(os.dup(out.fileno()), encoding="utf-8")
        self.stderr = os.fdopen(os.dup(err.fileno()), encoding="utf-8")
        for pipe in (asked, out, err):
            pipe.close()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def printed(self) -> tuple[str, str]:
        """Return what it prints until its end, on standard output and on standard error."""
        with ThreadPoolExecutor(1) as pool:
            err = pool.submit(self.stderr.read)
            return self.stdout.read(), err.result()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def wait(self) -> None:
        self._process.join()

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def __enter__(self) -> Forked:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.kill()
        self.stdin.close()
        self._process.join()
        self.stdout.close()
        self.stderr.close()


def northloop(*arguments: str, env: Mapping[str, str] = {}) -> Forked:
    """Start `northloop` with arguments."""
    return Forked("from northloop.cli.main import main; main()", arguments, env)


def _run(
    program: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    pipes: Sequence[Connection],
) -> None:
    os.environ.clear()
    os.environ.update(env)
    for number, pipe in enumerate(pipes):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = ["-c", *arguments]
    for printed in (sys.stdout, sys.stderr):
        printed.reconfigure(write_through=True)
    try:
        exec(program, {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()
