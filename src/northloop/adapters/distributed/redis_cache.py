"""The answer cache in Redis (or Valkey): one cache for several serving processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, MissingComponent, RemoteUnavailable
from northloop.core.interaction import CachedAnswer

try:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as ConnectionLost
    from redis.exceptions import RedisError
    from redis.retry import Retry
except ModuleNotFoundError as error:
    raise MissingComponent(
        "the Redis driver is not installed",
        where="redis",
        action="in the clone: pip install -c constraints.txt '.[redis]'",
    ) from error

_TIMEOUT_S = 0.5
"""An answer waits for the cache, which is there to make it faster."""
_PREFIX = "northloop:answer:"


class RedisCache:
    """Implements `ports.cache.AnswerCache`; safe for threads. Redis itself drops what expires.

    `url` is `redis://host:6379/0` (`rediss://` for TLS). Every method raises RemoteUnavailable
    if the server does not answer within half a second. An entry that an older Northloop
    wrote in another form counts as absent.
    """

    def __init__(self, url: str) -> None:
        self._redis = connected(url)
        self._where = without_password(url)

    def get(self, key: str) -> CachedAnswer | None:
        with self._answering():
            body = self._redis.get(_PREFIX + key)
        if not isinstance(body, bytes):
            return None
        try:
            return decoded(body, CachedAnswer)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return None

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        if ttl_s <= 0:
            return
        with self._answering():
            self._redis.set(_PREFIX + key, msgspec.json.encode(answer), ex=ttl_s)

    def refresh(self, key: str, answer: CachedAnswer) -> None:
        with self._answering():
            self._redis.set(_PREFIX + key, msgspec.json.encode(answer), xx=True, keepttl=True)

    def remove(self, key: str) -> None:
        with self._answering():
            self._redis.delete(_PREFIX + key)

    def held(self) -> Mapping[str, CachedAnswer]:
        return {}

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except RedisError as error:
            raise RemoteUnavailable(
                f"Redis does not answer: {error}",
                where=self._where,
                action="start the server, or correct the cache URL in northloop.toml",
            ) from error


def connected(url: str) -> Redis:
    """Return a client that waits for half a second at most; ConfigurationError for no Redis URL."""
    try:
        return Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # Once more at once for a connection that the server closed meanwhile; whoever does
            # not answer in time is not waited for again.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
        )
    except ValueError as error:
        raise ConfigurationError(
            "this is not a Redis URL",
            where="storage.cache",
            action="write it as redis://host:6379/0",
        ) from error


def without_password(url: str) -> str:
    """Return a URL as it may be shown."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
