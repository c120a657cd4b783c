import importlib
import sys
from pathlib import Path

import pytest
from redis import Redis

from northloop.adapters.distributed.redis_cache import RedisCache
from northloop.core.errors import ConfigurationError, MissingComponent, RemoteUnavailable
from northloop.testing.contracts.answer_cache import ANSWER
from northloop.testing.servers import free_port, redis_server


def test_two_processes_share_answers(redis_url: str) -> None:
    one, other = RedisCache(redis_url), RedisCache(redis_url)
    one.put("k", ANSWER, ttl_s=60)
    assert other.get("k") == ANSWER
    one.close()
    other.close()


def test_an_entry_in_another_form_counts_as_absent(redis_url: str) -> None:
    cache = RedisCache(redis_url)
    with Redis.from_url(redis_url) as client:
        for body in ("not json", '{"answer": 1}'):
            client.set("northloop:answer:k", body)
            assert cache.get("k") is None
    cache.close()


def test_a_server_that_went_away_is_named_with_the_next_action(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        cache = RedisCache(url)
        cache.put("k", ANSWER, ttl_s=60)
    for use in (lambda: cache.get("k"), lambda: cache.put("k", ANSWER, ttl_s=60)):
        with pytest.raises(RemoteUnavailable, match=r"redis://127.*Redis does not answer.*start"):
            use()
    cache.close()


def test_a_password_is_not_shown() -> None:
    cache = RedisCache(f"redis://user:s3cret@127.0.0.1:{free_port()}/0")
    with pytest.raises(RemoteUnavailable) as raised:
        cache.get("k")
    assert "s3cret" not in str(raised.value)
    assert "127.0.0.1" in str(raised.value)
    cache.close()


def test_what_is_no_url_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="redis://host"):
        RedisCache("localhost")


def test_without_its_driver_the_next_action_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, RedisCache.__module__)
    with pytest.raises(MissingComponent, match=r"pip install -c constraints.txt '.\[redis\]'"):
        importlib.import_module(RedisCache.__module__)
