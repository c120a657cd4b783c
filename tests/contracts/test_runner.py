"""Every workflow runner passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.adapters.dbos_runner import DbosRunner
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.ports.jobs import Runner
from northloop.testing.contracts.runner import RunnerContract
from northloop.testing.records import MemoryRecords
from northloop.testing.runner import LocalRunner


class TestLocalRunnerInMemory(RunnerContract):
    @pytest.fixture
    def runner(self) -> Runner:
        return LocalRunner(MemoryRecords())


class TestLocalRunnerOnSqlite(RunnerContract):
    @pytest.fixture
    def runner(self, tmp_path: Path) -> Iterator[Runner]:
        records = SqliteRecords(tmp_path / "records.sqlite")
        yield LocalRunner(records)
        records.close()


class TestDbosRunnerOnSqlite(RunnerContract):
    @pytest.fixture
    def runner(self, tmp_path: Path) -> Iterator[Runner]:
        runner = DbosRunner(f"sqlite:///{tmp_path / 'workflows.sqlite'}")
        yield runner
        runner.close()


class TestDbosRunnerOnPostgres(RunnerContract):
    @pytest.fixture
    def runner(self, postgres_url: str) -> Iterator[Runner]:
        runner = DbosRunner(postgres_url)
        yield runner
        runner.close()
