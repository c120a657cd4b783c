"""Records in SQL tables, the same on SQLite and PostgreSQL; which tables, `ports.catalogue` says.

What differs between the two (opening, dialect, the meaning of driver errors) comes in as a
`Database` from `embedded.sqlite_records` and `distributed.postgres_records`. A reading is one
statement. A change is a transaction; they follow each other one by one over all processes, so that
a record's place, the change numbers and what a transaction has read can be relied on.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import batched
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from northloop.adapters import migrations
from northloop.adapters.sql_tables import CHANGES, COUNTERS, TABLES_OF
from northloop.core.errors import CorruptArtefact, InputError, NorthloopError
from northloop.ports.catalogue import TEXT, Kept, folded, id_of, kept_as, plain
from northloop.ports.stores import Condition, Containing, Page, Span, Where, not_kept

R = TypeVar("R", bound=msgspec.Struct)
