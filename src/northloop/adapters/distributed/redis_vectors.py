"""The semantic answer cache in the vector sets of Redis 8: one for several serving processes.

Each space is a vector set of entry ids. An entry itself is a key of its own, which Redis drops when
its time is up; its id leaves the vector set when somebody meets it there, or with the next entries
that are put. Which entries rest on a passage, a set for each passage says, until their time is up.
`VSIM` and its kin came with Redis 8.0; Valkey and earlier servers have none.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import numpy as np
from redis.exceptions import RedisError, ResponseError

from northloop.adapters.distributed.redis_cache import connected, without_password
from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, RemoteUnavailable
from northloop.core.ids import Hash
from northloop.ports.semantic_cache import Entry, Neighbour, Vector

CAPACITY = 100_000
_PREFIX = "northloop:near:"
_AGES = f"{_PREFIX}ages"
"""Ids and spaces of all entries, by when their time is up."""
_EFFORT = 200
"""So many candidates the search looks at: of 10,000 random vectors the nearest are found."""
_TIDIED = 64
"""So many entries whose time is up leave at most with each that is put."""
_ROUNDS = 4


class RedisVectors:
    """Implements `ports.semantic_cache.SemanticCache` for `capacity` entries; safe for threads.

    `url` is as for `RedisCache`. Every method raises RemoteUnavailable if the server does not
    answer within half a second, ConfigurationError if it has no vector sets. An entry that an
    older Northloop wrote in another form counts as absent.
    """

    def __init__(self, url: str, capacity: int = CAPACITY) -> None:
        self._redis: Any = connected(url)
        self._where = without_password(url)
        self._capacity = capacity

    def near(
        self, space: Hash, vector: Vector, count: int, least: float = 0.0
    ) -> Sequence[Neighbour]:
        if not vector.any():
            return []
        with self._answering():
            for _ in range(_ROUNDS):
                found = self._nearest(space, vector, count)
                if not found:
                    return []
                bodies = self._redis.mget([_body(name) for _, name in found])
                read = [_entry(body) for body in bodies]
                gone = [name for (_, name), one in zip(found, read, strict=True) if one is None]
                if not gone:
                    break
                self._tidy([(name, space) for name in gone])
        return [
            Neighbour(at, entry)
            for (at, _), entry in zip(found, read, strict=True)
            if entry is not None and at >= least
        ]

    def put(self, entry: Entry, vector: Vector, ttl_s: int) -> None:
        if ttl_s <= 0 or not vector.any():
            return
        name, space = entry.entry_id, entry.space
        ends_s = time.time() + ttl_s
        with self._answering():
            before = _entry(self._redis.get(_body(name)))
            told = self._redis.pipeline(transaction=True)
            if before is not None:
                _leave(told, name, before.space)
            told.set(_body(name), msgspec.json.encode(entry), ex=ttl_s)
            told.execute_command("VADD", _set(space), "FP32", _blob(vector), name, "NOQUANT")
            told.expire(_set(space), ttl_s)
            told.zadd(_AGES, {_aged(name, space): ends_s})
            for passage in entry.answer.grounds.evidence:
                resting = _resting(passage)
                told.zadd(resting, {name: ends_s})
                told.zremrangebyscore(resting, "-inf", time.time())
                told.expire(resting, ttl_s, nx=True)
                told.expire(resting, ttl_s, gt=True)
            told.zrangebyscore(_AGES, "-inf", time.time(), start=0, num=_TIDIED)
            told.zcard(_AGES)
            *_, late, held = told.execute()
            if held - len(late) > self._capacity:
                spare = held - len(late) - self._capacity
                late += self._redis.zrange(_AGES, len(late), len(late) + spare - 1)
            self._tidy([_parted(one) for one in late])

    def refresh(self, entry: Entry) -> None:
        with self._answering():
            body = msgspec.json.encode(entry)
            self._redis.set(_body(entry.entry_id), body, xx=True, keepttl=True)

    def remove(self, entry_id: str) -> None:
        with self._answering():
            entry = _entry(self._redis.get(_body(entry_id)))
            if entry is not None:
                self._tidy([(entry_id, entry.space)])

    def drop(self, passages: Collection[Hash]) -> None:
        for passage in passages:
            with self._answering():
                resting = _resting(passage)
                while names := self._redis.zpopmin(resting, _TIDIED):
                    ids = [name.decode() for name, _ in names]
                    found = map(_entry, self._redis.mget([_body(name) for name in ids]))
                    self._tidy([(one.entry_id, one.space) for one in found if one is not None])

    def held(self) -> Mapping[str, Entry]:
        return {}

    def count(self) -> int:
        with self._answering():
            return int(self._redis.zcount(_AGES, time.time(), "+inf"))

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _nearest(self, space: Hash, vector: Vector, count: int) -> list[tuple[float, str]]:
        asked = ("VSIM", _set(space), "FP32", _blob(vector), "WITHSCORES")
        told = self._redis.execute_command(*asked, "COUNT", count, "EF", _EFFORT)
        # A score is (1 + cosine) / 2.
        scored = told.items() if isinstance(told, dict) else zip(told[::2], told[1::2], strict=True)
        found = [(2 * float(score) - 1, name.decode()) for name, score in scored]
        return sorted(found, key=lambda one: -one[0])

    def _tidy(self, entries: Sequence[tuple[str, Hash]]) -> None:
        if not entries:
            return
        told = self._redis.pipeline(transaction=False)
        for name, space in entries:
            _leave(told, name, space)
        told.execute()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except ResponseError as error:
            if "unknown command" not in str(error).lower():
                raise self._silent(error) from error
            raise ConfigurationError(
                "this Redis has no vector sets, which the semantic cache is kept in",
                where=self._where,
                action="use Redis 8 or later, or set serving.semantic_cache to 0",
            ) from error
        except RedisError as error:
            raise self._silent(error) from error

    def _silent(self, error: RedisError) -> RemoteUnavailable:
        return RemoteUnavailable(
            f"Redis does not answer: {error}",
            where=self._where,
            action="start the server, or correct the cache URL in northloop.toml",
        )


def _leave(told: Any, name: str, space: Hash) -> None:
    told.delete(_body(name))
    told.execute_command("VREM", _set(space), name)
    told.zrem(_AGES, _aged(name, space))


def _entry(body: object) -> Entry | None:
    if not isinstance(body, bytes):
        return None
    try:
        return decoded(body, Entry)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def _blob(vector: Vector) -> bytes:
    return np.ascontiguousarray(vector, "<f4").tobytes()


def _body(name: str) -> str:
    return f"{_PREFIX}entry:{name}"


def _set(space: Hash) -> str:
    return f"{_PREFIX}space:{space}"


def _resting(passage: Hash) -> str:
    return f"{_PREFIX}passage:{passage}"


def _aged(name: str, space: Hash) -> str:
    return f"{space} {name}"


def _parted(aged: bytes) -> tuple[str, Hash]:
    space, _, name = aged.decode().partition(" ")
    return name, space
