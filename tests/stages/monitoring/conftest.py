from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.ports.stores import Records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """An empty store in a file."""
    store = SqliteRecords(tmp_path / "records.sqlite")
    yield store
    store.close()
