"""Every record store passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.adapters.distributed.postgres_records import PostgresRecords
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.ports.stores import Records
from northloop.testing.contracts.records import RecordsContract
from northloop.testing.records import MemoryRecords


class TestMemoryRecords(RecordsContract):
    @pytest.fixture
    def records(self) -> Records:
        return MemoryRecords()


class TestSqliteRecords(RecordsContract):
    @pytest.fixture
    def records(self, tmp_path: Path) -> Iterator[Records]:
        store = SqliteRecords(tmp_path / "state" / "records.sqlite")
        yield store
        store.close()


class TestPostgresRecords(RecordsContract):
    @pytest.fixture
    def records(self, postgres_url: str) -> Iterator[Records]:
        store = PostgresRecords(postgres_url)
        yield store
        store.close()
