"""The demo, by itself or beside a server that shows how it goes on."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli import demo_tables, present, serving
from northloop.cli.bars import Bars
from northloop.demo.company import make_workspace
from northloop.demo.result import Corrected, Demo
from northloop.demo.run import run_demo
from northloop.workspace import Workspace

_log = logging.getLogger("northloop.demo")


def demo(folder: Path, asked: Demo, json: bool) -> None:
    """Run the demo to its end and print its tables."""
    make_workspace(folder, asked.rows, asked.seed)
    with Bars() as bars:
        workspace = Workspace.open(folder, progress=bars)
        try:
            _Shown(workspace, asked, json).run()
        finally:
            workspace.close()


def demo_beside_server(folder: Path, asked: Demo, json: bool) -> None:
    """Run the demo, and serve API and console from the moment on that its first release is live.

    Interrupted, it ends at once; the same command takes the demo up again. What keeps it from
    beginning is raised; if it fails later, what there is stays served.
    """
    make_workspace(folder, asked.rows, asked.seed)
    with Bars() as bars:
        workspace = Workspace.open(folder, progress=bars)
        beside = _Shown(workspace, asked, json)
        beside.begin()
        serving.serve(LazyWorkspace.of(workspace))
    if beside.goes_on:
        present.out.print("The demo was stopped; the same command takes it up where it was.")
        sys.stdout.flush()
        os._exit(0)  # its thread is in the middle of something, which is made for kill -9
    workspace.close()


class _Shown:
    """The demo, told as it goes on; by itself or in a thread of its own."""

    def __init__(self, workspace: Workspace, asked: Demo, json: bool) -> None:
        self._workspace, self._asked, self._json = workspace, asked, json
        self._begun = threading.Event()
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._beside, name="demo", daemon=True)

    @property
    def goes_on(self) -> bool:
        return self._thread.is_alive()

    def run(self) -> None:
        result = run_demo(self._workspace, self._asked, self)
        if self._json:
            present.document(result)
        else:
            demo_tables.demo(result)

    def begin(self) -> None:
        """Run it in a thread, and return when a release is live; raise what went wrong before."""
        self._thread.start()
        self._begun.wait()
        if self._failure is not None:
            raise self._failure

    def begun(self) -> None:
        self._begun.set()

    def corrected(self, found: Corrected) -> None:
        if not self._json:
            demo_tables.corrected(found)

    def _beside(self) -> None:
        try:
            self.run()
        except Exception as failure:  # noqa: BLE001 (told by whoever waits, or in the log)
            if self._begun.is_set():
                _log.exception("the demo failed; the same command takes it up where it was")
            self._failure = failure
            self._begun.set()
