"""Rows out of Parquet files, nested values included."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

from northloop.core.errors import InputError
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.places import Place, opened

BATCH_ROWS = 1_000
MAX_PACKED_BYTES = 2**31
"""Of a Parquet file inside an archive, which has to be held whole."""


def rows(place: Place) -> Iterator[Mapping[str, Json]]:
    """Yield the rows of a file, a batch in memory at a time.

    Dates come as ISO 8601. InputError, OSError.
    """
    # Costly to import, and most exports are no Parquet.
    arrow, files = import_module("pyarrow"), import_module("pyarrow.parquet")
    with place.path.open("rb") as raw:
        plain = place.path if raw.read(4) == b"PAR1" else None
    try:
        with opened(place) as file:
            source = plain or io.BytesIO(file.read(MAX_PACKED_BYTES))
            for batch in files.ParquetFile(source).iter_batches(BATCH_ROWS):
                for row in batch.to_pylist():
                    yield {str(name): _plain(value) for name, value in row.items()}
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"the Parquet file cannot be read: {error}", where=place.label, action="write it again"
        ) from error


def _plain(value: Any) -> Json:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float | str) else None
