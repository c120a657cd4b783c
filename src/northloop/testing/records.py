"""Records in memory."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from northloop.ports.stores import not_kept

R = TypeVar("R", bound=msgspec.Struct)


class _Kept(msgspec.Struct, frozen=True):
    subject: str
    body: bytes


class MemoryRecords:
    """Implements `ports.stores.Records`; encodes, as a real store does, but forgets at the end."""

    def __init__(self) -> None:
        self._kept: dict[type[msgspec.Struct], dict[str, _Kept]] = {}

    def add(self, record: msgspec.Struct, subject: str = "") -> bool:
        kept = _Kept(subject, msgspec.json.encode(record))
        return self._of(type(record)).setdefault(_id(record), kept) is kept

    def replace(self, record: msgspec.Struct, subject: str = "") -> None:
        self._of(type(record))[_id(record)] = _Kept(subject, msgspec.json.encode(record))

    def get(self, type_: type[R], record_id: str) -> R:
        kept = self._of(type_).get(record_id)
        if kept is None:
            raise not_kept(type_, record_id)
        return msgspec.json.decode(kept.body, type=type_)

    def list(self, type_: type[R], subject: str | None = None, limit: int | None = None) -> list[R]:
        found = [
            msgspec.json.decode(kept.body, type=type_)
            for kept in self._of(type_).values()
            if subject is None or kept.subject == subject
        ]
        return found if limit is None else found[max(len(found) - limit, 0) :]

    def count(self, type_: type[msgspec.Struct], subject: str | None = None) -> int:
        return len(self.list(type_, subject))

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> None:
        self._of(type_).pop(record_id, None)

    def close(self) -> None:
        """There is no connection."""

    def _of(self, type_: type[msgspec.Struct]) -> dict[str, _Kept]:
        return self._kept.setdefault(type_, {})


def _id(record: msgspec.Struct) -> str:
    value = getattr(record, record.__struct_fields__[0])
    assert isinstance(value, str)
    return value
