"""The product as the loop's benchmarks open it, but for what takes a language model."""

from __future__ import annotations

from loop.world import FakeTrainer
from northloop.ports.jobs import Runner
from northloop.ports.trainer import Trainer
from northloop.testing.runner import LocalRunner
from scripted_workspace import ScriptedWorkspace


class Shop(ScriptedWorkspace):
    """See the module."""

    def trainer(self, name: str) -> Trainer:
        return FakeTrainer()

    @property
    def runner(self) -> Runner:  # type: ignore[override]
        return LocalRunner(self.records)
