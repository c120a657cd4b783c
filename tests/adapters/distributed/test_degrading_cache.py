"""A real Redis that is killed, stopped and started again under a cache that may be down."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from northloop.adapters.distributed.degrading import Degrading
from northloop.adapters.distributed.degrading_cache import DegradingCache
from northloop.adapters.distributed.redis_cache import RedisCache
from northloop.core.errors import RemoteUnavailable
from northloop.core.interaction import CachedAnswer
from northloop.testing.contracts.answer_cache import ANSWER
from northloop.testing.servers import free_port

RETRY_S = 0.1


@contextmanager
def redis(port: int) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("redis-server")
    assert program, "apt-get install redis-server"
    settings = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    with subprocess.Popen([program, *settings], stdout=subprocess.DEVNULL) as running:
        try:
            until(lambda: reachable(port))
            yield running
        finally:
            running.send_signal(signal.SIGCONT)
            running.kill()


def reachable(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def until(true: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends_s
        time.sleep(0.02)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def cache(port: int) -> Iterator[DegradingCache]:
    cache = DegradingCache(RedisCache(f"redis://127.0.0.1:{port}/0"), RETRY_S)
    yield cache
    cache.close()


def test_a_killed_server_is_a_miss_and_comes_back_by_itself(
    cache: DegradingCache, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with redis(port):
        cache.put("k", ANSWER, 60)
        assert cache.get("k") == ANSWER
        assert cache.trouble == ""
    for number in range(50):
        assert cache.get("k") is None
        cache.put(f"k{number}", ANSWER, 60)
    assert "Redis does not answer" in cache.trouble
    with redis(port):
        until(lambda: cache.trouble == "")
        cache.put("k", ANSWER, 60)
        assert cache.get("k") == ANSWER
    said = [r.message for r in caplog.records if r.name == "northloop.cache"]
    assert len(said) == 2, "going down and coming back, once each"
    assert "unavailable" in said[0]
    assert "again" in said[1]


def test_a_hanging_server_costs_one_short_wait_in_all(cache: DegradingCache, port: int) -> None:
    with redis(port) as running:
        cache.put("k", ANSWER, 60)
        os.kill(running.pid, signal.SIGSTOP)
        took_s = []
        for _ in range(30):
            began_s = time.monotonic()
            assert cache.get("k") is None
            cache.put("k", ANSWER, 60)
            took_s.append(time.monotonic() - began_s)
            time.sleep(0.02)
        assert took_s[0] < 1.0
        assert sum(took_s[1:]) < 0.5, "nobody waits again while it hangs"
        os.kill(running.pid, signal.SIGCONT)
        until(lambda: cache.trouble == "")
        assert cache.get("k") == ANSWER


def test_a_host_that_swallows_everything_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        cache = DegradingCache(RedisCache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"), 60)
        began_s = time.monotonic()
        assert cache.get("k") is None
        assert time.monotonic() - began_s < 1.5
        cache.close()


def test_many_threads_log_one_line(cache: DegradingCache, caplog: pytest.LogCaptureFixture) -> None:
    threads = [threading.Thread(target=cache.get, args=("k",)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([r for r in caplog.records if r.name == "northloop.cache"]) == 1


def test_a_server_that_takes_no_more_writes_is_not_flapping(
    cache: DegradingCache, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with redis(port):
        cli = RedisCache(f"redis://127.0.0.1:{port}/0")
        cli._redis.config_set("maxmemory", "1")
        for _ in range(10):
            cache.put("k", ANSWER, 60)
            time.sleep(RETRY_S)
        cli.close()
    assert len([r for r in caplog.records if r.name == "northloop.cache"]) == 1


class Forgetful:
    """An answer cache that can be switched off; it stands for one with `remove`."""

    def __init__(self) -> None:
        self.down = False
        self.entries: dict[str, CachedAnswer] = {}

    def get(self, key: str) -> CachedAnswer | None:
        self._check()
        return self.entries.get(key)

    def put(self, key: str, answer: CachedAnswer, ttl_s: int) -> None:
        self._check()
        self.entries[key] = answer

    def remove(self, key: str) -> None:
        self._check()
        self.entries.pop(key, None)

    def close(self) -> None:
        self.down = False

    def _check(self) -> None:
        if self.down:
            raise RemoteUnavailable("down")


def test_what_was_to_be_forgotten_while_it_was_down_does_not_come_back() -> None:
    inner = Forgetful()
    cache = DegradingCache(inner, RETRY_S)
    for key in ("a", "b", "c", "d"):
        cache.put(key, ANSWER, 60)
    cache.remove("d")
    inner.down = True
    for key in ("a", "b"):
        cache.remove(key)
    inner.down = False
    until(lambda: cache.trouble == "")
    assert [cache.get(key) for key in "abcd"] == [None, None, ANSWER, None]
    cache.close()


def test_a_connection_that_is_closed_while_it_is_tried_ends_the_watch() -> None:
    asking, closed = threading.Event(), threading.Event()

    def probe() -> None:
        asking.set()
        assert closed.wait(10)
        raise ValueError("I/O operation on closed file.")

    def down() -> None:
        raise RemoteUnavailable("refused", where="redis", action="start it")

    state = Degrading("closed cache", probe, lambda key: None, retry_s=0.01)
    state.asked(down, None)
    assert asking.wait(10)
    [watch] = [one for one in threading.enumerate() if one.name == "closed cache watch"]
    state.stop()
    closed.set()
    watch.join(10)
    assert not watch.is_alive()
