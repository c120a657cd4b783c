"""Every trainer passes the one suite."""

from __future__ import annotations

import pytest

from adapters.embedded.tiny_llama import write_tiny_llama
from loop.world import FakeTrainer
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.ports.trainer import Trainer
from northloop.testing.contracts.trainer import TrainerContract


class TestFakeTrainer(TrainerContract):
    @pytest.fixture(scope="class")
    @classmethod
    def trainer(cls) -> Trainer:
        return FakeTrainer()


class TestPeftTrainer(TrainerContract):
    @pytest.fixture(scope="class")
    @classmethod
    def trainer(cls, tmp_path_factory: pytest.TempPathFactory) -> Trainer:
        folder = tmp_path_factory.mktemp("tiny")
        return PeftTrainer(write_tiny_llama(folder / "tiny.gguf"), folder / "converted")
